"""The command line as tests run it: inside this process or in one of its own, and what a failed command may say."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from .conftest import KNOWLEDGE

ROOT = KNOWLEDGE.parent
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


def one_sentence(ran: Ran) -> str:
    """The sentence of a failed command: Chinese, one line, no traceback, nothing on the other stream."""
    assert ran.code == 2
    said = ran.err.strip()
    assert CHINESE.search(said)
    assert "\n" not in said
    assert "Traceback" not in said
    assert ran.out == ""
    return said


def in_a_process(*arguments: str, **environment: object) -> Ran:
    """The command line as a process of its own."""
    settings = {f"ASSISTANT_{name}": str(value) for name, value in environment.items()}
    ended = subprocess.run(
        [sys.executable, "-m", "assistant", *arguments], cwd=ROOT, env={**os.environ, **settings}, capture_output=True,
        text=True, timeout=60, check=False,
    )
    return Ran(ended.returncode, ended.stdout, ended.stderr)
