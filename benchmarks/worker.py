"""A reader at work in a process of its own, and the pipe to it: each line asks for the next thing that the row's work gives."""

import json
import os
import subprocess
import sys
from contextlib import closing
from types import TracebackType
from typing import Any, Self

from benchmarks.rows import ROOT, ROWS


class Process:
    """A module of this folder that runs until this is closed.

    Args:
        core: Which of the cores that we may use it keeps to, where the system lets us say so.
        arguments: The module's name, and its arguments.
    """

    def __init__(self, *arguments: str, core: int) -> None:
        self._arguments = arguments
        # Proxies are for the world outside.
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if sys.platform == "linux":
            os.sched_setaffinity(self._process.pid, {sorted(os.sched_getaffinity(0))[core]})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._process:  # closes the pipes, which ends it, and waits
            pass

    def line(self) -> str:
        """The next line that it prints."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._arguments} ended with {self._process.wait()}")
        return line

    def ask(self) -> Any:
        """What a reader's process answers."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return json.loads(self.line())


def main(key: str, reader: str, url: str, quick: str) -> None:
    """Be the process of one reader in one row."""
    [row] = [row for row in ROWS if row.key == key]
    with closing(row.work(reader, url, bool(quick))) as work:
        for _ in sys.stdin:
            try:
                answer = next(work)
            except ImportError as error:  # this environment does not have the reader
                answer = {"missing": str(error)}
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
