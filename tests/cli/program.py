"""The command line as a process of its own, also on a terminal."""

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Generator
from types import TracebackType
from typing import Any, Self

import orjson

from tests.support.tree import ROOT

PROGRAM = [sys.executable, "-m", "langgraph_runs"]


def environment(url: str | None = None, **changes: str) -> dict[str, str]:
    """Of this process, without its settings for clients and terminals."""
    ours = ("LANGGRAPH_", "LANGSMITH_", "LANGCHAIN_", "NO_COLOR", "FORCE_COLOR", "TTY_", "COLUMNS", "LINES")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    path = os.pathsep.join([str(ROOT), str(ROOT / "generated")])
    return {**kept, "PYTHONPATH": path, "TERM": "xterm-256color", "LANGGRAPH_API_URL": url or "", **changes}


def run(url: str | None, *arguments: object, stdin: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
    """A command, to its end."""
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        env=environment(url, **changes),
        timeout=60,
        check=False,
    )


def run_each(url: str, commands: list[list[str]], **changes: str) -> list[subprocess.CompletedProcess[str]]:
    """Many commands that end at once, one after another in one process, since starting one takes a while."""
    done = subprocess.run(
        [sys.executable, "-c", _ONE_AFTER_ANOTHER],
        input=orjson.dumps(commands).decode() + "\n",
        capture_output=True,
        text=True,
        env=environment(url, **changes),
        timeout=60,
        check=True,
    )
    return [
        subprocess.CompletedProcess(arguments, *ended)
        for arguments, ended in zip(commands, lines(done.stdout), strict=True)
    ]


_ONE_AFTER_ANOTHER = """
import contextlib, io, json, sys
from langgraph_runs.__main__ import main

for arguments in json.loads(sys.stdin.readline()):
    sys.argv = ["langgraph-runs", *arguments]
    code, out, err = None, io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as ended:
            code = ended.code
    print(json.dumps([code, out.getvalue(), err.getvalue()]))
"""


@contextlib.contextmanager
def start(url: str, *arguments: object) -> Generator[subprocess.Popen[str]]:
    """A command under way, its outputs piped; killed in the end if it still runs."""
    with subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(url),
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def lines(text: str) -> list[Any]:
    """The values of JSON lines."""
    return [orjson.loads(line) for line in text.splitlines()]


def one_line(text: str) -> str:
    """The only line of what a command says about its failure."""
    (line,) = text.splitlines()
    return line


class Terminal:
    """A command on a terminal of its own. `text` is what it has shown, without escape sequences; `raw` with them."""

    def __init__(self, url: str, *arguments: object, width: int = 80, height: int = 24, **changes: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self.process = subprocess.Popen(
            [*PROGRAM, *map(str, arguments)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment(url, **changes),
            start_new_session=True,
        )
        os.close(slave)
        self.raw = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)

    @property
    def text(self) -> str:
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.raw).replace("\r\n", "\n")

    def until(self, text: str) -> None:
        """Reads until the command has shown this text."""
        deadline = time.monotonic() + 60
        while text not in self.text:
            assert time.monotonic() < deadline and self._read(), f"{text!r} is not in {self.text[-2000:]!r}"  # noqa: PT018

    def end(self) -> int:
        """Reads to the end, and returns the exit code."""
        while self._read():
            pass
        return self.process.wait(timeout=30)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._master], [], [], 60)
        assert ready, f"nothing more came after {self.text!r}"
        try:
            data = os.read(self._master, 65536)
        except OSError:  # Linux's way to say that nobody has the terminal open any more
            data = b""
        self.raw += data.decode(errors="replace")
        return bool(data)
