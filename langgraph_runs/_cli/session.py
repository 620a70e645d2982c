"""What all commands share: the client, the two outputs, and the lines that say how to go on."""

import json
import logging
import os
import shlex
import sys
from typing import Any, TextIO

import orjson
from attrs import define, field
from rich.console import Console
from rich.text import Text
from rich.theme import Theme

from langgraph_runs import Client
from langgraph_runs._sansio.config import NOT_GIVEN
from langgraph_runs._sansio.failures import shown_url
from langgraph_runs_api.values import plain

PROGRAM = "langgraph-runs"


def shown(value: object, style: str = "") -> Text:
    """What a server or user wrote, for the terminal; its control characters must not get there."""
    return Text(str(value).translate(_CONTROLS), style)


def to_line(value: Any, *, indent: bool = False) -> str:
    """JSON, also of what orjson can't write but servers send: half an emoji, or an integer of more than 64 bits."""
    try:
        return orjson.dumps(value, default=plain, option=orjson.OPT_INDENT_2 if indent else None).decode()
    except TypeError:
        return json.dumps(value, default=plain, indent=2 if indent else None)


_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}
# rich's own yellow vanishes on a light background.
_THEME = Theme(dict.fromkeys(("progress.elapsed", "progress.remaining", "progress.download"), "dim"))


@define
class Session:
    """One command's client and outputs.

    Attributes:
        url: The server, if a flag names it.
        api_key: The key, if a flag gives it.
        max_retries: As of `Client`.
        as_json: Whether to write JSON lines also to a terminal.
        debug: Whether to log everything.
    """

    url: str | None
    api_key: str | None = field(repr=False)
    max_retries: int
    as_json: bool
    debug: bool
    out: Console = field(factory=lambda: _console(sys.stdout), init=False)
    err: Console = field(factory=lambda: _console(sys.stderr, stderr=True), init=False)

    def __attrs_post_init__(self) -> None:
        if self.live and self.err.is_terminal:
            self.err = self.out  # one for one screen: what is told goes above a live view, and not through it
        logger = logging.getLogger("langgraph_runs")
        logger.setLevel(logging.DEBUG if self.debug else logging.WARNING)
        logger.addHandler(_ToConsole(self.err))

    @property
    def live(self) -> bool:
        """Whether a person looks at the output."""
        return self.out.is_terminal and not self.as_json

    def client(self) -> Client:
        """A client of the server."""
        key = NOT_GIVEN if self.api_key is None else self.api_key
        return Client(self.url, api_key=key, max_retries=self.max_retries)

    def note(self, text: object, style: str = "") -> None:
        """Tell the user something that is no result; not wrapped, so that commands in it can be copied."""
        self.err.print(shown(text, style), soft_wrap=True)

    def write(self, value: Any) -> None:
        """Write a result as JSON: indented for a person, otherwise as one line."""
        if self.live:
            self.out.print(shown(to_line(value, indent=True)), soft_wrap=True)
        else:
            write_line(to_line(value))

    def command(self, name: str, *arguments: object) -> str:
        """A command for the same server, as it is typed in a shell."""
        url = ["--url", shown_url(self.url)] if self.url else []
        return shlex.join([PROGRAM, name, *map(str, arguments), *url])


def write_line(line: str) -> None:
    """Write a line to stdout, for a program that reads it now.

    Raises:
        BrokenPipeError: If nobody reads any more.
    """
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def discard_output() -> int:
    """Let Python's own flush at the end go nowhere, and return the exit code of a broken pipe, as of `| head`."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 128 + 13  # SIGPIPE, as a shell shows it


def _console(file: TextIO, **options: Any) -> Console:
    # FORCE_COLOR, which many CI systems set, must not make a pipe a terminal.
    return Console(force_terminal=file.isatty(), highlight=False, theme=_THEME, **options)


class _ToConsole(logging.Handler):
    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        self._console.print(shown(record.getMessage(), "dim"), soft_wrap=True)
