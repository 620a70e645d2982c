"""Runs a command: every end has an exit code, and a failure one line."""

import os
import signal
import sys
from io import TextIOWrapper
from pathlib import Path
from types import FrameType

import click

from langgraph_runs._cli.commands import cli
from langgraph_runs._cli.failures import ExitCode, exit_code, one_line
from langgraph_runs._cli.session import PROGRAM, discard_output, shown


def run() -> int:
    """Run the command that `sys.argv` names, and return its exit code."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:  # as nohup ignores SIGHUP
            signal.signal(number, _exit)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # it was closed, as by `>&-`
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - until the program ends
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that can't show a character still shows the rest
    try:
        return cli.main(prog_name=PROGRAM, standalone_mode=False) or ExitCode.DONE
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return ExitCode.USAGE
    except click.Abort:
        return ExitCode.STOPPED
    except (Exception, KeyboardInterrupt) as error:
        code = exit_code(error)
        if code is None:
            raise
        if not isinstance(error, KeyboardInterrupt):
            sys.stderr.write(f"{PROGRAM}: {shown(one_line(error))}\n")
        try:
            sys.stdout.flush()
        except OSError:  # what could not be written would fail once more when Python ends
            discard_output()
        return code


def _exit(number: int, _: FrameType | None) -> None:
    sys.exit(128 + number)
