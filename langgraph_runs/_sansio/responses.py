"""Answers to results: through the generated parsers, with what servers put in different places brought to one."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from attrs import frozen

from langgraph_runs._sansio.failures import CHECK_URL, UPDATE, Sent, response_error, run_failure
from langgraph_runs_api.errors import UnexpectedStatus
from langgraph_runs_api.models.partial_run import PartialRun
from langgraph_runs_api.models.run import Run
from langgraph_runs_api.values import is_object

T = TypeVar("T")
SomeRun = TypeVar("SomeRun", Run, PartialRun)
Parse: TypeAlias = Callable[[int, bytes], T | None]
"""A generated `parse_response`."""


@frozen
class Answer:
    """An answer with a success status, read to its end."""

    request: Sent
    status_code: int
    headers: Mapping[str, str]
    content: bytes


def parsed(parse: Parse[T], answer: Answer) -> T:
    """What a generated `parse_response` makes of the answer.

    Raises:
        APIResponseError: If the answer isn't what openapi.yaml says; the message names the field.
    """
    request, content = answer.request, answer.content
    try:
        result = parse(answer.status_code, content)
    except UnexpectedStatus as error:
        problem = f"unexpected status {answer.status_code}"
        raise response_error(request, problem, content, advice=CHECK_URL) from error
    except KeyError as error:
        problem = f"the field {error.args[0]!r} is missing"
        raise response_error(request, problem, content, advice=UPDATE) from error
    except (TypeError, ValueError, AttributeError) as error:
        problem = f"not what the API promises ({error})" if content.strip() else "the answer is empty"
        raise response_error(request, problem, content, advice=CHECK_URL) from error
    if result is None:
        raise response_error(request, "the answer is null", content, advice=CHECK_URL)
    return result


def one_run(parse: Parse[Run], answer: Answer) -> Run:
    """A run.

    Raises:
        APIResponseError: If the answer is none.
    """
    return lifted(parsed(parse, answer), answer)


def run_list(parse: Parse[list[Run]], answer: Answer) -> list[Run]:
    """A list of runs.

    Raises:
        APIResponseError: If the answer is none.
    """
    return [lifted(run, answer) for run in _items(parse, answer)]


def listed(parse: Parse[list[PartialRun | Run]], answer: Answer, kind: type[SomeRun]) -> list[SomeRun]:
    """A list of whole runs, or of partial ones.

    Raises:
        APIResponseError: If the answer is none, or lacks a field that a whole run has.
    """
    return [lifted(_as(kind, run, answer), answer) for run in _items(parse, answer)]


def lifted(run: SomeRun, answer: Answer) -> SomeRun:
    """The run with its config, context and input at the top level also where the server has them in `kwargs`.

    Raises:
        APIResponseError: If a field that every run has is of another type; the generated models don't look.
    """
    for name, kind in _KINDS.items():
        value = getattr(run, name)
        if not isinstance(value, kind) and (value is not None or isinstance(run, Run)):
            problem = f"the field {name!r} is {type(value).__name__}, not {kind.__name__}"
            raise response_error(answer.request, problem, answer.content, advice=UPDATE)
    kwargs = run.kwargs
    for name in ("config", "context"):
        if not getattr(run, name) and isinstance(value := kwargs.get(name), dict):
            setattr(run, name, value)
    if run.input_ is None:
        run.input_ = kwargs.get("input")
    return run


def values(parse: Parse[Any], answer: Answer, *, run_id: str | None, thread_id: str | None) -> Any:
    """A run's final values.

    Raises:
        RunFailedError: If the run failed.
        NotFoundError: If there is no such run, also where the server says so in a 200.
        APIResponseError: If the answer is no JSON.
    """
    result = None if answer.content.strip() == b"null" else parsed(parse, answer)
    if is_object(result) and "__error__" in result:
        raise run_failure(result["__error__"], answer.request, run_id=run_id, thread_id=thread_id)
    return result


def done(parse: Parse[Any], answer: Answer) -> None:
    """Nothing, where the answer says only that it is done.

    Raises:
        APIResponseError: If it isn't what openapi.yaml says.
    """

    def accept(status_code: int, content: bytes) -> bool:
        parse(status_code, content or b"null")
        return True

    parsed(accept, answer)


_KINDS = {
    "run_id": str,
    "thread_id": str,
    "assistant_id": str,
    "status": str,
    "created_at": datetime,
    "updated_at": datetime,
}


def _items(parse: Parse[list[T]], answer: Answer) -> list[T]:
    items = parsed(parse, answer)
    # To the generated parsers, an empty object is an empty list.
    if not items and not answer.content.lstrip().startswith(b"["):
        raise response_error(answer.request, "not a list", answer.content, advice=CHECK_URL)
    return items


def _as(kind: type[SomeRun], run: Run | PartialRun, answer: Answer) -> SomeRun:
    """The run as that kind: the parser takes what lacks a field for a partial run, and what lacks none for a whole one."""
    if isinstance(run, kind):
        return run
    new = run.additional_properties
    fields = {name: value for name, value in run.to_dict().items() if value is not None or name in new}

    def build(_status_code: int, _content: bytes) -> SomeRun:
        return kind.from_dict(fields)

    return parsed(build, answer)
