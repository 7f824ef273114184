"""A local model end to end: starts llama.cpp's server with a GGUF file and runs a few cases with and without it (docs/evaluation.md).

By hand: `make e2e-model GGUF=/path/to/model.gguf`, or `python -m assistant.local_model model.gguf --small`. Not part of the tests.
"""

import argparse
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from assistant.answering import answering, made_of
from assistant.errors import AssistantError, SetupError
from assistant.evaluate import evaluate, read_cases, sampled
from assistant.settings import HOME, read_settings
from assistant.side_by_side import table

PROGRAM = "llama-server"
CASES = HOME / "tests" / "cases"
CONTEXT = 8192  # tokens: the prompt with its documents and an answer
LOADING_SECONDS = 300
SLOW_SECONDS = 120.0  # a processor reads a long prompt for a while


def main() -> None:
    """The command line; exit code 1 when the model's answers pass more seldom, 2 with one sentence when it cannot be tried."""
    parser = argparse.ArgumentParser(prog="python -m assistant.local_model")
    parser.add_argument("gguf", type=Path)
    parser.add_argument("--program", default=PROGRAM, help="llama.cpp 的服务程序")
    parser.add_argument("--cases", type=int, default=20)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--small", action="store_true", help="1–3B 的模型：只转述，不选工具")
    given = parser.parse_args()
    try:
        with serving(given.gguf, given.program) as address:
            better = run(address, given.gguf.stem, given.cases, print, small=given.small, save=given.save)
    except AssistantError as error:
        sys.exit(f"{error}")
    sys.exit(0 if better else 1)


def run(address: str, name: str, most: int, say: Callable[[str], object], *, small: bool, save: Path | None = None) -> bool:
    """Whether a model at that address passes no fewer of the cases than no model; tells both side by side."""
    settings = read_settings(
        model=f"openai:{name}", model_base_url=address, model_small=small, model_first_token_seconds=SLOW_SECONDS,
        model_turn_seconds=SLOW_SECONDS,
    )
    cases, columns = sampled(read_cases([CASES]), most), []
    for answerer, engine in answering(settings, "composer,model"):
        columns.append(evaluate(engine, cases, lambda *_: None, **made_of(settings, answerer)))
        if save is not None:
            say(f"已存 {columns[-1].save(save)}")
    say(table(columns, failing=True))
    return columns[1].rate >= columns[0].rate


@contextmanager
def serving(gguf: Path, program: str) -> Iterator[str]:
    """A server with that model; yields its address once it answers, ends it afterwards. Raises SetupError in a sentence."""
    found = shutil.which(program)
    if found is None:
        raise SetupError(f"找不到 {program}：请安装 llama.cpp，或用 LLAMA_SERVER=/path/to/llama-server 指定。")
    if not gguf.is_file():
        raise SetupError(f"找不到模型文件 {gguf}。")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [found, "-m", str(gguf), "--host", "127.0.0.1", "--port", str(port), "-c", str(CONTEXT), "--jinja"]
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)  # noqa: S603 - named by whoever runs this
        try:
            if not _answers(server, f"http://127.0.0.1:{port}/health"):
                said.seek(0)
                last = said.read().decode("utf-8", "replace").strip().splitlines()[-1:]
                raise SetupError(f"{program} 没有启动：{''.join(last) or '没有说原因'}")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _answers(server: "subprocess.Popen[bytes]", address: str) -> bool:
    """Whether it comes up; False when it ends or takes too long. While it loads it answers 503."""
    opener, until = build_opener(ProxyHandler({})), time.monotonic() + LOADING_SECONDS
    while server.poll() is None and time.monotonic() < until:
        try:
            with opener.open(address, timeout=2):
                return True
        except (URLError, OSError):
            time.sleep(0.2)
    return False


if __name__ == "__main__":
    main()
