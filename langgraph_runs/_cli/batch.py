"""`batch`: a run for each line of a file, and a line for each result, so that an interrupted batch can go on."""

from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Any

import click
import orjson
from attrs import define, field
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from langgraph_runs import (
    APIConnectionError,
    APIResponseError,
    AuthenticationError,
    PermissionDeniedError,
    RunCreate,
    RunInterruptedError,
)
from langgraph_runs._cli.failures import ExitCode
from langgraph_runs._cli.session import Session, to_line, write_line
from langgraph_runs._sansio import requests
from langgraph_runs_api.values import is_object


def batch(
    session: Session,
    file: IO[bytes],
    output: Path | None = None,
    assistant_id: str | None = None,
    retry_failed: bool = False,
    **given: Any,
) -> int:
    """Run what is not finished yet, and write each result as soon as it is there."""
    output = None if output == Path("-") else output
    with _seekable(file) as lines:
        payloads = partial(_payloads, lines, lines.tell(), file.name, assistant_id)
        total = last = 0
        for number, _ in payloads():  # all lines are checked before anything is sent
            total, last = total + 1, number
        if not total:
            raise click.UsageError(f"{file.name} has no lines.")
        with _Results.to(output, retry_failed) if output else nullcontext(_Results()) as results:
            if (unknown := max(results.finished, default=0)) > last:
                raise click.UsageError(f"{output} has results of line {unknown}, which {file.name} does not have.")
            try:
                with _bar(
                    session, total, results.count.total(), hidden=output is None and session.out.is_terminal
                ) as progress:
                    _run(session, payloads(), results, progress, given)
            except BaseException:
                rest = "" if output is None else " The same command goes on with the rest."
                session.note(f"{results.count.total()} of {total} lines are finished.{rest}")
                raise
    if failed := results.count["error"]:
        session.note(f"{failed} of {total} lines failed.")
        return ExitCode.FAILED
    return ExitCode.INTERRUPTED if results.count["interrupts"] else ExitCode.DONE


def _run(
    session: Session,
    payloads: Iterable[tuple[int, RunCreate]],
    results: "_Results",
    progress: Progress,
    given: dict[str, Any],
) -> None:
    numbers: dict[int, int] = {}  # of the lines under way, by their payloads' ids

    def to_do() -> Iterator[RunCreate]:
        for number, payload in payloads:
            if number not in results.finished:
                numbers[id(payload)] = number
                yield payload

    with session.client() as client, client.runs.map(to_do(), **given) as runs:
        for payload, result in runs:
            if _is_hopeless(result, results):
                raise result
            results.add(numbers.pop(id(payload)), result)
            progress.update(progress.task_ids[0], advance=1, description=f"{results.count['error']} failed")


_ENDS = ("values", "interrupts", "error")
_START = b'{"line":'


@define
class _Results:
    """How lines ended: with `values`, `interrupts` or an `error`, which is also the key in the results' lines."""

    finished: AbstractSet[int] = frozenset()  # lines not to run, since the file had their results before
    count: Counter[str] = field(factory=Counter[str])
    _file: IO[bytes] | None = None

    @classmethod
    @contextmanager
    def to(cls, path: Path, retry_failed: bool) -> Generator["_Results"]:
        """The results in a file, which others are added to."""
        if path.exists() and not path.is_file():
            raise click.UsageError(f"{path} is no regular file; leave --output out for stdout.")
        with path.open("a+b") as file:
            _lock(file, path)
            file.seek(0)
            ends: dict[int, str] = {}
            for line in file:
                if not line.endswith(b"\n") and line.startswith(_START[: len(line)]):
                    file.truncate(file.tell() - len(line))  # it was being written when the batch was stopped
                    break
                result = _json(line) if line.endswith(b"\n") else {}
                end = next((end for end in _ENDS if end in result), None)
                if end is None or not isinstance(number := result.get("line"), int):
                    raise click.UsageError(f"{path} holds something else than results; choose another --output.")
                ends[number] = end
            ends = {number: end for number, end in ends.items() if not (retry_failed and end == "error")}
            yield cls(ends.keys(), Counter(ends.values()), file)

    def add(self, number: int, result: Any) -> None:
        """Write the result of a line."""
        match result:
            case RunInterruptedError():
                end: dict[str, Any] = {"interrupts": [interrupt.data for interrupt in result.interrupts]}
            case Exception():
                end = {"error": type(result).__name__, "message": str(result)}
            case _:
                end = {"values": result}
        line = to_line({"line": number, **end})
        if self._file is None:
            write_line(line)
        else:
            self._file.write(line.encode() + b"\n")
            self._file.flush()
        self.count[next(iter(end))] += 1


@contextmanager
def _seekable(file: IO[bytes]) -> Generator[IO[bytes]]:
    """The file, or a copy of what can be read only once, such as a pipe."""
    if file.seekable():
        yield file
        return
    with TemporaryFile() as copy:
        copyfileobj(file, copy)
        copy.seek(0)
        yield copy


def _payloads(file: IO[bytes], start: int, name: str, assistant_id: str | None) -> Iterator[tuple[int, RunCreate]]:
    """What to run, each with the number of its line."""
    file.seek(start)
    for number, line in enumerate(file, 1):
        content = line.removeprefix(BOM_UTF8).strip()
        if not content:
            continue
        try:
            value = orjson.loads(content)
            payload: RunCreate = value if assistant_id is None else {"assistant_id": assistant_id, "input": value}
            requests.batch([payload])
        except (TypeError, ValueError) as error:
            problem = f"not JSON: {error}" if isinstance(error, orjson.JSONDecodeError) else str(error)
            problem = problem.removeprefix("payloads[0]").lstrip(".: ")
            advice = "" if assistant_id else " With --assistant-id, each line is the input of a run."
            raise click.UsageError(f"{name}, line {number}: {problem}.{advice}") from error
        yield number, payload


def _is_hopeless(result: Any, results: _Results) -> bool:
    """Whether all other lines would fail in the same way."""
    match result:
        case AuthenticationError() | PermissionDeniedError():
            return True
        case APIConnectionError():
            return not result.sent
        case APIResponseError():
            return not results.count["values"]
        case _:
            return False


def _bar(session: Session, total: int, done: int, *, hidden: bool) -> Progress:
    columns = (
        BarColumn(style="dim", complete_style="cyan", finished_style="green"),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    # Through the bar, results would come to the terminal as broken lines.
    hidden = hidden or not session.err.is_terminal
    progress = Progress(*columns, console=session.err, disable=hidden, redirect_stdout=False)
    progress.add_task("", total=total, completed=done)
    return progress


def _json(line: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {}
    return value if is_object(value) else {}


def _lock(file: IO[bytes], path: Path) -> None:
    """Keep another batch from running the same lines at the same time, where the system has such locks."""
    with suppress(ImportError):
        import fcntl  # noqa: PLC0415

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise click.UsageError(f"Another batch is writing to {path}.") from error
