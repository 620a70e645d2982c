"""The live view of a stream: what has happened scrolls by, and what is happening is redrawn below it."""

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from attrs import define
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from langgraph_runs import (
    CustomEvent,
    Event,
    Message,
    MessageFolder,
    MessagesEvent,
    MessageTupleEvent,
    MetadataEvent,
    TasksEvent,
    UpdatesEvent,
    message_text,
)
from langgraph_runs._cli.session import shown, to_line, write_line
from langgraph_runs_api.values import is_object


class Lines:
    """Writes each event as one line of JSON, at once.

    Attributes:
        last_event_id: The id of the last event that was written; what `join-stream --last-event-id` goes on from.
    """

    def __init__(self, last_event_id: str | None) -> None:
        self.last_event_id = last_event_id

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def show(self, event: Event, last_event_id: str | None) -> None:
        """Write it, with what `join-stream --last-event-id` goes on from."""
        line = to_line({"event": event.event, "data": event.data, "last_event_id": last_event_id})
        before, self.last_event_id = self.last_event_id, last_event_id
        try:
            write_line(line)  # if a signal comes, Python writes the rest when it ends
        except OSError:
            self.last_event_id = before
            raise


@define
class _Progress:
    label: str
    done: float
    total: float | None


class LiveView:
    """Shows events to a person.

    Attributes:
        last_event_id: The id of the last event that was shown.
    """

    def __init__(self, console: Console, last_event_id: str | None) -> None:
        self.last_event_id = last_event_id
        self._console = console
        self._started = time.monotonic()
        self._running: dict[str, tuple[str, float]] = {}  # nodes by their tasks' ids, and since when
        self._asks = False  # whether the run waits for a human
        self._has_tasks = False  # then updates say nothing new
        self._folder = MessageFolder()
        self._growing: dict[str, tuple[object, Message]] = {}  # the message of each node that is not whole yet
        self._progress: dict[str, _Progress] = {}
        self._spinner = Spinner("dots", style="cyan")
        # The thread that draws calls `_now` eight times a second, however many events come.
        self._live = Live(console=console, get_renderable=self._now, refresh_per_second=8, transient=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for node in [*self._growing]:
            self._whole(node)
        for progress in self._progress.values():
            self._console.print(_bar(progress, ended=True))
        self._progress.clear()
        self._live.stop()
        word, style = ("done", "magenta" if self._asks else "green") if kind is None else ("stopped", "red")
        self._console.print(Text(f"{word} after {self._elapsed():.1f} s", style))

    def show(self, event: Event, last_event_id: str | None) -> None:
        """Show an event."""
        self.last_event_id = last_event_id
        place = "".join(f"{graph.partition(':')[0]} > " for graph in event.namespace)
        match event:
            case MetadataEvent():
                self._line("run", event.data.get("run_id"), "dim")
            case TasksEvent():
                self._has_tasks = True
                self._task(place, event.data)
            case UpdatesEvent():
                if not self._has_tasks:
                    for node, update in event.data.items():
                        self._ended(place + node, update)
            case MessageTupleEvent():
                self._message(place + str(event.metadata.get("langgraph_node", "")), event)
            case MessagesEvent():
                for number, message in enumerate(event.messages):
                    self._message(f"{place}message {number + 1}", event, message)
            case CustomEvent() if progress := progress_of(event.data):
                self._progress[progress.label] = progress
            case _:
                self._line(event.event.partition("|")[0], to_line(event.data), "bold")

    def _task(self, place: str, data: Any) -> None:
        if not is_object(data):
            return
        node, id = place + str(data.get("name")), str(data.get("id"))
        if "result" not in data:
            self._running[id] = node, time.monotonic()
            return
        _, since = self._running.pop(id, (node, None))
        if (error := data.get("error")) is not None:
            self._whole(node)
            self._line(f"✗ {node}", to_line(error), "red")
        elif data.get("interrupts"):
            self._asks = True
            self._line(f"… {node}", "waits for a human", "magenta")
        else:
            self._ended(node, data["result"], since)

    def _ended(self, node: str, update: Any, since: float | None = None) -> None:
        if node.endswith("__interrupt__"):
            return
        self._whole(node)
        seconds = "" if since is None else f"{time.monotonic() - since:.1f} s  "
        self._line(f"✓ {node}", seconds + to_line(update), "green")

    def _message(self, node: str, event: Event, message: Message | None = None) -> None:
        message = self._folder.add(event) if message is None else message
        if message is None:
            return
        if node in self._growing and self._growing[node][0] != message.get("id"):
            self._whole(node)
        self._growing[node] = message.get("id"), message

    def _whole(self, node: str) -> None:
        """A message will not grow any more."""
        if node in self._growing:
            _, message = self._growing.pop(node)
            self._console.print(_said(node, _text(message)))

    def _line(self, label: str, text: object, style: str) -> None:
        # Nothing bold is coloured: terminals brighten that, and bright green vanishes on white.
        rest = " ".join(str(shown(text)).split())
        line = Text.assemble((str(shown(label)), style), "  ", (rest, "dim" if style == "dim" else ""))
        self._console.print(line, no_wrap=True, overflow="ellipsis", crop=True)

    def _elapsed(self) -> float:
        return time.monotonic() - self._started

    def _now(self) -> RenderableType:
        """What is going on. Another thread calls it, so it reads copies."""
        growing, bars = [*self._growing.items()], [*self._progress.values()]
        room = max(3, (self._console.height - len(bars) - 2) // max(1, len(growing)))
        nodes = ", ".join(node for node, _ in [*self._running.values()])
        self._spinner.update(text=shown(f"{self._elapsed():.0f} s  {nodes}"))
        said = (_said(node, _text(message), room, self._console) for node, (_, message) in growing)
        return Group(*said, *map(_bar, bars), self._spinner)


def _text(message: Message) -> str:
    calls: Any = message.get("tool_calls") or ()
    called = (f"→ {call.get('name')}({to_line(call.get('args'))})" for call in calls if is_object(call))
    return "\n".join(filter(None, [message_text(message), *called]))


def _said(node: str, text: str, room: int | None = None, console: Console | None = None) -> RenderableType:
    """A node's message; with `room`, so many of its last lines."""
    label, body = shown(node, "bold"), shown(text)
    if room is not None and console is not None:
        width = max(10, console.width - label.cell_len - 2)
        body = Text("\n").join(shown(text[-room * width :]).wrap(console, width)[-room:])
    table = Table.grid(padding=(0, 2))
    table.add_row(label, body)
    return table


def _bar(progress: _Progress, *, ended: bool = False) -> RenderableType:
    count = f"{progress.done:g}" + ("" if progress.total is None else f"/{progress.total:g}")
    bar = ProgressBar(
        progress.total,
        progress.done,
        width=40,
        pulse=progress.total is None,
        style="dim",
        complete_style="cyan",
        finished_style="green",
        pulse_style="cyan",
    )
    table = Table.grid(padding=(0, 2))
    table.add_row(shown(progress.label, "bold"), "" if ended and bar.pulse else bar, count)
    return table


def progress_of(data: Any) -> _Progress | None:
    """The progress that custom data tells: a count, perhaps of a total, or a share."""
    if not is_object(data):
        return None
    numbers = {key: value for key, value in data.items() if isinstance(value, int | float) and type(value) is not bool}
    done, total = _first(numbers, _DONE), _first(numbers, _TOTAL)
    if done is None and (share := _first(numbers, ("percent", "percentage", "progress"))) is not None:
        done, total = share, total or (1 if "progress" in numbers and share <= 1 else 100)
    if done is None or (total is None and data.get("type") != "progress"):
        return None
    label = next((data[key] for key in _LABEL if isinstance(data.get(key), str)), "progress")
    return _Progress(label, done, total)


def _first(numbers: Mapping[str, float], names: tuple[str, ...]) -> float | None:
    return next((numbers[name] for name in names if name in numbers), None)


_DONE = ("current", "completed", "done", "step", "i", "n")
_TOTAL = ("total", "of", "steps", "count", "max")
_LABEL = ("label", "description", "task", "name", "type")
