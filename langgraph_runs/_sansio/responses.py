"""Parses responses with the generated parsers, and hides where servers differ.

A response that does not match openapi.yaml is an APIResponseError that names the problem.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar, cast

from langgraph_runs._sansio.conversion import Converters
from langgraph_runs._sansio.failures import CHECK_URL, UPDATE, SentRequest, response_error, run_failure
from langgraph_runs._sansio.location import RunLocation
from langgraph_runs.events import interrupts_in
from langgraph_runs.payloads import CheckpointTask
from langgraph_runs.states import ThreadState
from langgraph_runs.types import Checkpoint
from langgraph_runs_api.errors import UnexpectedStatus
from langgraph_runs_api.models.partial_assistant import PartialAssistant
from langgraph_runs_api.models.partial_run import PartialRun
from langgraph_runs_api.models.partial_thread import PartialThread
from langgraph_runs_api.models.run import Run
from langgraph_runs_api.models.thread_state import ThreadState as ReceivedState
from langgraph_runs_api.values import is_object

# The statuses of a run that has ended. Any other, also one that this client does not know, is taken for active.
ENDED_WELL: Final = ("success", "interrupted")
FAILED: Final = ("error", "timeout")

T = TypeVar("T")
Item = TypeVar("Item")
Parse: TypeAlias = Callable[[int, bytes], T | None]
"""A generated `parse_response`."""


class APIResponse(NamedTuple):
    """A complete response with a success status."""

    request: SentRequest
    status_code: int
    headers: Mapping[str, str]
    content: bytes


def is_event_stream(request: SentRequest, status_code: int, headers: Mapping[str, str]) -> bool:
    """Whether a response with a success status brings events; False for 204, which says that there are none.

    Raises:
        APIResponseError: If it brings something else.
    """
    if status_code == HTTPStatus.NO_CONTENT:
        return False
    if status_code != HTTPStatus.OK:
        raise response_error(request, f"not an event stream, since the status is {status_code}", advice=CHECK_URL)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "text/event-stream":
        raise response_error(request, f"not an event stream but {kind or 'of no content type'}", advice=CHECK_URL)
    return True


def ended_by_server(headers: Mapping[str, str], extensions: Mapping[str, Any]) -> bool:
    """Whether the end of a response's body shows that the server ended it.

    HTTP/1 without a length or chunks does not tell an end from a lost connection. HTTP/2, and transports without a
    network (ASGI), always do.
    """
    framed = "transfer-encoding" in headers or "content-length" in headers
    return framed or not extensions.get("http_version", b"").startswith(b"HTTP/1")


def parsed(parse: Parse[T], response: APIResponse) -> T:
    """The result of a generated `parse_response`."""
    result = _parsed_or_none(parse, response)
    if result is None:
        raise _mismatch(response, "the response is null")
    return result


def one(parse: Parse[Item], response: APIResponse) -> Item:
    """A run, a thread or an assistant."""
    return _normalized(parsed(parse, response), response)


def page(parse: Parse[list[Any]], response: APIResponse, kind: type[Item]) -> list[Item]:
    """A page of a list, of complete or of partial items."""
    return [_normalized(_as(kind, item, response), response) for item in _items(parse, response)]


def one_state(parse: Parse[ReceivedState], response: APIResponse, converters: Converters) -> ThreadState[Any]:
    """The state of a thread."""
    return _state(parsed(parse, response), response, converters)


def state_list(
    parse: Parse[list[ReceivedState]], response: APIResponse, converters: Converters
) -> list[ThreadState[Any]]:
    """States of a thread."""
    return [_state(state, response, converters) for state in _items(parse, response)]


def values(parse: Parse[Any], response: APIResponse, run: RunLocation, *, exists: bool = False) -> Any:
    """A run's final values; the run's failure as an exception, even if the server reports it with status 200."""
    result = _parsed_or_none(parse, response)
    if is_object(result) and "__error__" in result:
        raise run_failure(result["__error__"], response.request, run, exists=exists)
    return result


def check_done(parse: Parse[Any], response: APIResponse) -> None:
    """Check a response that only acknowledges the request."""
    _parsed_or_none(parse, response._replace(content=response.content or b"null"))


_NO_SUCH_FIELD = object()
_BLANK = b"\xef\xbb\xbf \t\r\n"  # also a byte order mark
_REQUIRED: dict[str, type] = {
    **dict.fromkeys(("run_id", "thread_id", "assistant_id", "graph_id", "name", "status"), str),
    **dict.fromkeys(("created_at", "updated_at"), datetime),
}


def _parsed_or_none(parse: Parse[T], response: APIResponse) -> T | None:
    try:
        return parse(response.status_code, response.content)
    except UnexpectedStatus as error:
        raise _mismatch(response, f"unexpected status {response.status_code}") from error
    except KeyError as error:
        raise _mismatch(response, f"the field {error.args[0]!r} is missing", UPDATE) from error
    except (TypeError, ValueError, AttributeError) as error:
        is_empty = not response.content.strip()
        problem = "the response is empty" if is_empty else f"the body does not match the API ({error})"
        raise _mismatch(response, problem) from error


def _mismatch(response: APIResponse, problem: str, advice: str = CHECK_URL) -> Exception:
    return response_error(response.request, problem, response.content, advice=advice)


def _normalized(item: Item, response: APIResponse) -> Item:
    """The item, checked as the parser does not, and a run with config, context and input at its top level."""
    partial = isinstance(item, PartialRun | PartialThread | PartialAssistant)
    for name, kind in _REQUIRED.items():
        value = getattr(item, name, _NO_SUCH_FIELD)
        if value is not _NO_SUCH_FIELD and not isinstance(value, kind) and not (partial and value is None):
            problem = f"the field {name!r} is {type(value).__name__}, not {kind.__name__}"
            raise _mismatch(response, problem, UPDATE)
    if isinstance(item, Run | PartialRun):
        for name in ("config", "context"):
            if not getattr(item, name) and isinstance(value := item.kwargs.get(name), dict):
                setattr(item, name, value)
        if item.input_ is None:
            item.input_ = item.kwargs.get("input")
    return item


def _state(state: ReceivedState, response: APIResponse, converters: Converters) -> ThreadState[Any]:
    interrupts = state.interrupts
    if interrupts is None:  # LangGraph.js has them only here
        interrupts = [one for task in state.tasks for one in task.get("interrupts") or ()]
    return ThreadState(
        values=converters.state_values(state.values, response.request),
        next=state.next_,
        tasks=cast("list[CheckpointTask]", state.tasks),
        interrupts=interrupts_in({"__interrupt__": interrupts}),
        checkpoint=cast("Checkpoint | None", state.checkpoint or None),
        parent_checkpoint=cast("Checkpoint | None", state.parent_checkpoint or None),
        metadata=state.metadata,
        created_at=state.created_at,
        additional_properties=state.additional_properties,
    )


def _items(parse: Parse[list[T]], response: APIResponse) -> list[T]:
    items = parsed(parse, response)
    # The generated parsers read an empty object as an empty list.
    if not items and not response.content.lstrip(_BLANK).startswith(b"["):
        raise _mismatch(response, "the body is not a list")
    return items


def _as(kind: type[Item], item: Any, response: APIResponse) -> Item:
    """The item as this class. The parser chooses between two by whether a required field is missing."""
    if isinstance(item, kind):
        return item
    new = item.additional_properties
    fields = {name: value for name, value in item.to_dict().items() if value is not None or name in new}

    found: Item = parsed(lambda _status, _content: cast("Any", kind).from_dict(fields), response)
    return found
