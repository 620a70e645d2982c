"""Lists of runs and threads, as a table or as lines of JSON."""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import click
import humanize
from rich.live import Live
from rich.table import Table
from rich.text import Text

from langgraph_runs import Run, Thread
from langgraph_runs._cli.session import Session, shown, to_line, write_line

_STYLES = {
    "pending": "dim",
    "running": "bold",
    "success": "green",
    "error": "red",
    "timeout": "red",
    "interrupted": "magenta",
    "idle": "green",
    "busy": "bold",
}
_WIDE = 110
_SET_BY_SERVERS = ("created_by", "graph_id", "assistant_id")


def show_list(
    session: Session, items: Callable[[], Iterable[Any]], limit: int | None = None, watch: float | None = None
) -> None:
    """Show runs or threads, once or again and again."""
    if watch is not None:
        if not session.live:
            raise click.UsageError("--watch needs a terminal, without --json.")
        _watch(session, watch, lambda: islice(items(), limit))
    elif session.live:
        session.out.print(_table(session, islice(items(), limit)))
    else:
        for item in islice(items(), limit):
            write_line(to_line(item.to_dict()))


def _watch(session: Session, seconds: float, items: Callable[[], Iterator[Any]]) -> None:
    with Live(console=session.out, screen=True, auto_refresh=False) as live:
        while True:
            room = max(1, session.out.height - 3)  # the heading, the line below, and the prompt's
            table = _table(session, islice(items(), room))
            table.caption = f"{datetime.now():%H:%M:%S}, every {seconds:g} s; Ctrl-C ends"  # noqa: DTZ005 - local
            live.update(table, refresh=True)
            time.sleep(seconds)


def _table(session: Session, items: Iterable[Run | Thread]) -> Table:
    wide = session.out.width >= _WIDE
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold", caption_justify="left")
    table.add_column("id", no_wrap=True, min_width=36)
    table.add_column("status", no_wrap=True, min_width=11)
    table.add_column("age")
    table.add_column("created", no_wrap=True)
    if wide:
        table.add_column("metadata")
    for item in items:
        row: list[Text | str] = [
            shown(item.run_id if isinstance(item, Run) else item.thread_id),
            shown(item.status, _STYLES.get(item.status, "")),
            _one_line(humanize.naturaltime(datetime.now(UTC) - item.created_at)),
            f"{item.created_at.astimezone():%Y-%m-%d %H:%M}",
        ]
        # What the user has set comes first.
        metadata = dict(sorted(item.metadata.items(), key=lambda entry: entry[0] in _SET_BY_SERVERS))
        table.add_row(*row, *([_one_line(to_line(metadata))] if wide else []))
    return table


def _one_line(value: str) -> Text:
    """What gives way where the table is too wide; columns without wrapping would all be cut alike."""
    text = shown(value)
    text.no_wrap, text.overflow = True, "ellipsis"
    return text
