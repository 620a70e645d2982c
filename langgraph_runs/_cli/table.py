"""`list`: the runs of a thread as a table, or as lines of JSON."""

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

from langgraph_runs import Client, Run
from langgraph_runs._cli.session import Session, shown, to_line, write_line

_STYLES = {
    "pending": "dim",
    "running": "cyan",
    "success": "green",
    "error": "red",
    "timeout": "red",
    "interrupted": "magenta",
}
_WIDE = 110


def list_runs(
    session: Session, thread_id: str, limit: int | None = None, watch: float | None = None, **given: Any
) -> None:
    """Show the runs, once or again and again."""
    with session.client() as client:
        if watch is not None:
            if not session.live:
                raise click.UsageError("--watch needs a terminal.")
            _watch(session, watch, lambda: _runs(client, thread_id, limit, given))
        elif session.live:
            session.out.print(_table(session, _runs(client, thread_id, limit, given)))
        else:
            for run in _runs(client, thread_id, limit, given):
                write_line(run.to_dict())


def _runs(client: Client, thread_id: str, limit: int | None, given: dict[str, Any]) -> Iterator[Run]:
    return islice(client.runs.iter(thread_id, **given), limit)


def _watch(session: Session, seconds: float, runs: Callable[[], Iterator[Run]]) -> None:
    with Live(console=session.out, screen=True, auto_refresh=False) as live:
        while True:
            room = max(1, session.out.height - 3)  # the heading, the line below, and the prompt's
            table = _table(session, islice(runs(), room))
            table.caption = f"{datetime.now():%H:%M:%S}, every {seconds:g} s; Ctrl-C ends"  # noqa: DTZ005 - local
            live.update(table, refresh=True)
            time.sleep(seconds)


def _table(session: Session, runs: Iterable[Run]) -> Table:
    wide = session.out.width >= _WIDE
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold", caption_justify="left")
    table.add_column("run", no_wrap=True, min_width=36)
    table.add_column("status", no_wrap=True, min_width=11)
    table.add_column("age", no_wrap=True)
    table.add_column("created", no_wrap=True)
    if wide:
        table.add_column("metadata", no_wrap=True, overflow="ellipsis")
    for run in runs:
        row: list[Text | str] = [
            shown(run.run_id),
            shown(run.status, _STYLES.get(run.status, "")),
            humanize.naturaltime(datetime.now(UTC) - run.created_at),
            f"{run.created_at.astimezone():%Y-%m-%d %H:%M}",
        ]
        table.add_row(*row, *([shown(to_line(run.metadata), "dim")] if wide else []))
    return table
