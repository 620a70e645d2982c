"""A process of its own for a reader, and the pipe to it: each line asks for the next thing that the measure yields."""

import json
import os
import subprocess
import sys
from contextlib import closing
from types import TracebackType
from typing import Any, Self

import attrs

from benchmarks.measures import ROOT, Setting, UnavailableError
from benchmarks.rows import ROWS


class Process:
    """A module of this folder that runs until this is closed.

    Args:
        arguments: The module's name, and its arguments.
        core: Which of the cores it keeps to, where the system lets us choose.
    """

    def __init__(self, *arguments: str, core: int) -> None:
        self._arguments = arguments
        # The server is on this machine.
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
        """What a reader's process yields next."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return json.loads(self.line())


def reader_process(key: str, reader: str, setting: Setting, *, core: int) -> Process:
    """The process of a reader in a row."""
    return Process("benchmarks.worker", key, reader, json.dumps(attrs.asdict(setting)), core=core)


def main(key: str, reader: str, setting: str) -> None:
    """Be the process of a reader in a row."""
    [row] = [row for row in ROWS if row.key == key]
    with closing(row.measure(reader, Setting(**json.loads(setting)))) as measure:
        for _ in sys.stdin:
            try:
                result: Any = next(measure)
            except (ImportError, UnavailableError) as error:
                result = {"missing": str(error)}
            print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
