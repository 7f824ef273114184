"""The service in a process of its own, ready to answer, for as long as something is measured against it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from assistant.errors import SetupError
from assistant.settings import Settings

START_SECONDS = 120


@contextmanager
def served(settings: Settings, folder: Path, sites: str) -> Iterator[str]:
    """Serve the settings' knowledge with everything kept in `folder` and `sites` as the sites file; gives the address.

    Raises SetupError when the service does not get ready.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    path = folder / "sites.yaml"
    path.write_text(sites, encoding="utf-8")
    environment = os.environ | {
        "ASSISTANT_HOST": "127.0.0.1", "ASSISTANT_PORT": str(port), "ASSISTANT_INDEX_DIR": str(settings.index_dir),
        "ASSISTANT_DATA_DIR": str(folder / "data"), "ASSISTANT_DATABASE_URL": "", "ASSISTANT_DOCUMENTS_DIR": str(folder / "none"),
        "ASSISTANT_SITES_FILE": str(path), "ASSISTANT_LOG_LEVEL": "WARNING",
    }
    process = subprocess.Popen([sys.executable, "-m", "assistant", "serve"], env=environment)
    try:
        _wait(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except (HTTPException, OSError):
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    raise SetupError("服务没有起来，请先运行 assistant serve 看看哪里不对。")
