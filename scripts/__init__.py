"""The tools of this repository. `make help` lists the commands that run them."""

import argparse
import functools
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class CommandError(Exception):
    """Why a command can't go on, in words for the person who ran it."""


def command(name: str) -> Callable[[Callable[[], int]], Callable[[], int]]:
    """Make a `main` print the reason of a CommandError and return 2, and end without a traceback after Ctrl-C."""

    def decorate(main: Callable[[], int]) -> Callable[[], int]:
        @functools.wraps(main)
        def guarded() -> int:
            try:
                return main()
            except CommandError as error:
                print(f"{name}: {error}", file=sys.stderr)
                return 2
            except KeyboardInterrupt:
                print(f"{name}: interrupted, nothing is half-written", file=sys.stderr)
                return 130

        return guarded

    return decorate


def command_line(name: str, description: str | None) -> argparse.ArgumentParser:
    """A parser for `python -m scripts.NAME`; the description is the first line of a docstring."""
    return argparse.ArgumentParser(prog=f"python -m scripts.{name}", description=(description or "").partition("\n")[0])
