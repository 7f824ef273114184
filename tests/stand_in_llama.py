"""A program that is started like llama.cpp's server and answers like it: 503 while it loads, then the same words for every question."""

import argparse
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Answers(BaseHTTPRequestHandler):
    """Two requests long it loads."""

    loading = 2

    def do_GET(self) -> None:
        """/health"""
        Answers.loading -= 1
        self.send_response(503 if Answers.loading >= 0 else 200)
        self.end_headers()

    def do_POST(self) -> None:
        """/v1/chat/completions, streamed"""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for delta, end in (({"role": "assistant", "content": "你好，请看下面。"}, None), ({}, "stop")):
            chunk = {
                "id": "1", "object": "chat.completion.chunk", "created": 1, "model": "stand-in",
                "choices": [{"index": 0, "delta": delta, "finish_reason": end}],
            }
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *_: object) -> None:
        """Nothing."""


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("-m", type=Path)
    parser.add_argument("--host")
    parser.add_argument("--port", type=int)
    given, _ = parser.parse_known_args()
    if given.m.read_bytes() != b"GGUF":
        print("loading\nfailed to read magic")
        sys.exit(1)
    ThreadingHTTPServer((given.host, given.port), Answers).serve_forever()
