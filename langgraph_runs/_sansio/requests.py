"""Checked options to generated request models. What can't be sent is a TypeError or ValueError that names the option.

An option that is None is left out: servers refuse null for most fields. Inside `input`, `command` and other free-form
JSON, None is sent as null.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeAlias, TypeVar, cast

import attrs
import orjson

from langgraph_runs._sansio.checks import checked, declared, keyed, mapping, path_id
from langgraph_runs._sansio.location import RunLocation
from langgraph_runs.options import (
    CancelManyOptions,
    HistoryOptions,
    RunCreate,
    StateGetArguments,
    ThreadCreateOptions,
    ThreadUpdateOptions,
)
from langgraph_runs.types import Checkpoint, Id
from langgraph_runs_api.api.runs import create_run_batch, join_run_stream, join_stateless_run_stream
from langgraph_runs_api.api.threads import get_thread_state, get_thread_state_at_checkpoint
from langgraph_runs_api.models.run_create_stateless import RunCreateStateless
from langgraph_runs_api.models.runs_cancel import RunsCancel
from langgraph_runs_api.models.thread_create import ThreadCreate
from langgraph_runs_api.models.thread_history import ThreadHistory
from langgraph_runs_api.models.thread_state_at import ThreadStateAt
from langgraph_runs_api.models.thread_update import ThreadUpdate

RequestKwargs: TypeAlias = dict[str, Any]
"""A request as the generated modules build it: method, url, params, headers, content."""
Body = TypeVar("Body", bound="_Body")


class _Body(Protocol):
    def __init__(self, *_: Any, **fields: Any) -> None: ...
    def to_dict(self) -> dict[str, Any]: ...
    def __setitem__(self, key: str, value: Any) -> None: ...


def request_body(model: type[Body], kind: type, given: Mapping[str, Any], **fields: Any) -> Body:
    """A body of these fields, and of the checked options in `given`, which the typed dict `kind` declares."""
    known, options = attrs.fields_dict(cast("Any", model)), declared(kind)
    for name, value in given.items():
        if name == "extra_body":
            continue
        rule = options[name].rule
        field = rule.field or name
        if field not in known:
            raise ValueError(f"{name}: it needs {rule.needs}")
        fields[field] = value
    body = model(**fields)
    sent, extra_body = body.to_dict(), given.get("extra_body", {})
    for name, value in extra_body.items():
        if name in sent:
            raise ValueError(f"extra_body: {name!r} is given by an argument already")
        body[name] = value
    return body


def batch(payloads: Sequence[RunCreate]) -> RequestKwargs:
    """The request that starts several stateless runs."""
    if isinstance(payloads, str | Mapping) or not isinstance(payloads, Sequence):
        raise TypeError(f"payloads: must be a list of mappings, not {type(payloads).__name__}")
    if not payloads:
        raise ValueError("payloads: the list is empty")
    bodies: list[RunCreateStateless] = []
    for number, payload in enumerate(payloads):
        options = mapping(f"payloads[{number}]", payload)
        try:
            given = checked("create_batch", RunCreate, options)
            assistant_id = path_id("assistant_id", given.pop("assistant_id"))
            bodies.append(request_body(RunCreateStateless, RunCreate, given, assistant_id=assistant_id))
        except (TypeError, ValueError) as error:
            raise type(error)(f"payloads[{number}].{error}") from error
    try:
        return create_run_batch.get_kwargs(body=bodies)
    except TypeError as error:
        raise TypeError(f"payloads{error}") from error


def each(payloads: Iterable[RunCreate]) -> Iterator[RunCreate]:
    """An iterator over the payloads of many runs, which are checked one by one."""
    given: Any = payloads
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        raise TypeError(f"payloads: must be an iterable of mappings, not {type(payloads).__name__}")
    return iter(payloads)


def runs_cancel(given: Mapping[str, Any]) -> RunsCancel:
    """The body that cancels several runs, of checked options: all in a status, or some of a thread."""
    extra_body = given.get("extra_body", {})
    named = {*given, *extra_body}
    if "status" in named and named & {"thread_id", "run_ids"}:
        raise ValueError("status: give either status, or thread_id and run_ids")
    if not extra_body and "status" not in named and not {"thread_id", "run_ids"} <= named:
        raise ValueError("run_ids: give thread_id and run_ids, or status")
    return request_body(RunsCancel, CancelManyOptions, given)


def new_thread(given: dict[str, Any]) -> tuple[ThreadCreate, bool]:
    """The body that creates a thread, and whether it may be sent twice."""
    if graph_id := given.pop("graph_id", None):
        given["metadata"] = {**given.get("metadata", {}), "graph_id": graph_id}
    made = request_body(ThreadCreate, ThreadCreateOptions, _with_ttl(given))
    sent = made.to_dict()
    return made, "thread_id" in sent and sent.get("if_exists") == "do_nothing" and "supersteps" not in sent


def thread_change(given: Mapping[str, Any]) -> ThreadUpdate:
    """The body that changes a thread."""
    return request_body(ThreadUpdate, ThreadUpdateOptions, _with_ttl(given))


def state_request(thread_id: str, given: dict[str, Any]) -> RequestKwargs:
    """The request for the latest state of a thread, or for that at a checkpoint."""
    if not {"checkpoint", "checkpoint_id"} & given.keys():
        return get_thread_state.get_kwargs(thread_id, subgraphs=given["subgraphs"])
    checkpoint = {"checkpoint_ns": "", **given.pop("checkpoint", {})}
    if "checkpoint_id" in given:
        checkpoint["checkpoint_id"] = given.pop("checkpoint_id")
    at = request_body(ThreadStateAt, StateGetArguments, given, checkpoint={"thread_id": thread_id, **checkpoint})
    return get_thread_state_at_checkpoint.get_kwargs(thread_id, body=at)


def history(given: dict[str, Any]) -> ThreadHistory:
    """The body that asks for the states of a thread."""
    if isinstance(before := given.get("before"), Id):
        before = {"checkpoint_id": path_id("before", before)}
    if before is not None:
        one = keyed([*Checkpoint.__annotations__, "configurable"], "before", before)
        # The Python server reads it as a config, Aegra as a checkpoint.
        given["before"] = {"configurable": one, **one}
    return request_body(ThreadHistory, HistoryOptions, given)


def join_request(options: Mapping[str, Any], location: RunLocation, last_event_id: str | None) -> RequestKwargs:
    """The request that joins a run's stream with these options of the query, at whichever address of it is known."""
    query = dict(options)
    modes = query.get("stream_mode", "")
    if not isinstance(modes, str):
        # The one form of several modes that every server understands.
        query["stream_mode"] = orjson.dumps(modes).decode()
    if query.pop("cancel_on_disconnect", False):
        query["cancel_on_disconnect"] = 1
    if last_event_id is not None:
        query["last_event_id"] = last_event_id
    run_id = str(location.run_id)
    if location.thread_id is None:
        return join_stateless_run_stream.get_kwargs(run_id, **query)
    return join_run_stream.get_kwargs(location.thread_id, run_id, **query)


def has_mode(mode: str, modes: Any) -> bool:
    """Whether the mode is among these: one or several, also such as came in `extra_body`, unchecked."""
    return mode in modes if isinstance(modes, list | tuple | set | frozenset) else mode == modes


def _with_ttl(given: Mapping[str, Any]) -> dict[str, Any]:
    ttl = given.get("ttl")
    if ttl is None:
        return dict(given)
    is_number = isinstance(ttl, int | float) and not isinstance(ttl, bool)
    return {**given, "ttl": {"ttl": ttl, "strategy": "delete"} if is_number else mapping("ttl", ttl)}
