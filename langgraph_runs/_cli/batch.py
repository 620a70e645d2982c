"""`batch`: a run for each line of a file, and a line for each result, so that an interrupted batch can go on."""

from collections.abc import Generator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
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
    payloads = _payloads(file, assistant_id)
    with _Results.to(output) if output else nullcontext(_Results()) as results:
        if unknown := results.ends.keys() - payloads.keys():
            raise click.UsageError(f"{output} has results of line {max(unknown)}, which {file.name} does not have.")
        again = (None, "error") if retry_failed else (None,)
        to_do = {number: payload for number, payload in payloads.items() if results.ends.get(number) in again}
        try:
            with _bar(session, len(payloads), len(payloads) - len(to_do)) as progress:
                _run(session, to_do, results, progress, given)
        except BaseException:
            rest = "" if output is None else " The same command goes on with the rest."
            session.note(f"{len(results.ends)} of {len(payloads)} lines are finished.{rest}")
            raise
    if results.failed:
        session.note(f"{results.failed} of {len(payloads)} lines failed.")
        return ExitCode.FAILED
    return ExitCode.INTERRUPTED if "interrupts" in results.ends.values() else ExitCode.DONE


def _run(
    session: Session, to_do: dict[int, RunCreate], results: "_Results", progress: Progress, given: dict[str, Any]
) -> None:
    numbers = {id(payload): number for number, payload in to_do.items()}
    with session.client() as client, client.runs.map(to_do.values(), **given) as runs:
        for payload, result in runs:
            if _is_hopeless(result, results):
                raise result
            results.add(numbers[id(payload)], result)
            progress.update(progress.task_ids[0], advance=1, description=f"{results.failed} failed")


@define
class _Results:
    """How lines ended: with `values`, `interrupts` or an `error`, which is also the key in the results' lines."""

    ends: dict[int, str] = field(factory=dict[int, str])
    _file: IO[bytes] | None = None

    @classmethod
    @contextmanager
    def to(cls, path: Path) -> Generator["_Results"]:
        """The results in a file, which others are added to."""
        with path.open("a+b") as file:
            _lock(file, path)
            file.seek(0)
            ends: dict[int, str] = {}
            for line in file:
                if not line.endswith(b"\n"):
                    file.truncate(file.tell() - len(line))  # it was being written when the batch was stopped
                    break
                result = _json(line)
                end = next((end for end in ("values", "interrupts", "error") if end in result), None)
                if end is None or not isinstance(number := result.get("line"), int):
                    raise click.UsageError(f"{path} holds something else than results; choose another --output.")
                ends[number] = end
            yield cls(ends, file)

    @property
    def failed(self) -> int:
        """How many lines ended with an error."""
        return [*self.ends.values()].count("error")

    def add(self, number: int, result: Any) -> None:
        """Write the result of a line."""
        match result:
            case RunInterruptedError():
                end: dict[str, Any] = {"interrupts": [interrupt.data for interrupt in result.interrupts]}
            case Exception():
                end = {"error": type(result).__name__, "message": str(result)}
            case _:
                end = {"values": result}
        line = {"line": number, **end}
        if self._file is None:
            write_line(line)
        else:
            self._file.write(to_line(line).encode() + b"\n")
            self._file.flush()
        self.ends[number] = next(iter(end))


def _payloads(file: IO[bytes], assistant_id: str | None) -> dict[int, RunCreate]:
    """What to run, by line. All lines are checked before anything is sent."""
    payloads: dict[int, RunCreate] = {}
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            value = orjson.loads(line)
            payload: RunCreate = value if assistant_id is None else {"assistant_id": assistant_id, "input": value}
            requests.batch([payload])
        except (TypeError, ValueError) as error:
            problem = f"not JSON: {error}" if isinstance(error, orjson.JSONDecodeError) else str(error)
            problem = problem.removeprefix("payloads[0]").removeprefix(".")
            advice = "" if assistant_id else " With --assistant-id, each line is the input of a run."
            raise click.UsageError(f"{file.name}, line {number}: {problem}.{advice}") from error
        payloads[number] = payload
    if not payloads:
        raise click.UsageError(f"{file.name} has no lines.")
    return payloads


def _is_hopeless(result: Any, results: _Results) -> bool:
    """Whether all other lines would fail in the same way."""
    match result:
        case AuthenticationError() | PermissionDeniedError():
            return True
        case APIConnectionError():
            return not result.sent
        case APIResponseError():
            return "values" not in results.ends.values()
        case _:
            return False


def _bar(session: Session, total: int, done: int) -> Progress:
    columns = (
        BarColumn(style="dim", complete_style="cyan", finished_style="green"),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    # What goes to a pipe must not be redirected to the terminal.
    redirect = session.out.is_terminal
    progress = Progress(*columns, console=session.err, disable=not session.err.is_terminal, redirect_stdout=redirect)
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
