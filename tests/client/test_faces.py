"""Both faces are alike, their options say what the methods take, and who knows the official client knows these methods."""

import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from types import FunctionType
from typing import Any, Literal, Unpack, get_args, get_origin, get_overloads, get_type_hints
from unittest.mock import Mock

import attrs
import pytest
from langgraph_sdk._async.assistants import AssistantsClient as OfficialAsyncAssistantsClient
from langgraph_sdk._async.runs import RunsClient as OfficialAsyncRunsClient
from langgraph_sdk._async.threads import ThreadsClient as OfficialAsyncThreadsClient
from langgraph_sdk._sync.assistants import SyncAssistantsClient as OfficialAssistantsClient
from langgraph_sdk._sync.runs import SyncRunsClient as OfficialRunsClient
from langgraph_sdk._sync.threads import SyncThreadsClient as OfficialThreadsClient

import langgraph_runs
from langgraph_runs import (
    AssistantsClient,
    AsyncAssistantsClient,
    AsyncClient,
    AsyncRunsClient,
    AsyncRunStream,
    AsyncThreadsClient,
    Client,
    MetadataEvent,
    RunCreate,
    RunsClient,
    RunStream,
    StreamMode,
    ThreadsClient,
    UpdatesEvent,
    ValuesEvent,
    events,
    options,
)
from langgraph_runs._sansio.checks import declared
from langgraph_runs._sansio.signatures import _arguments, _descriptions, descriptions, documented
from langgraph_runs_api.models import RunCreateStateless

TWINS = [
    (AsyncThreadsClient, ThreadsClient),
    (AsyncAssistantsClient, AssistantsClient),
    (AsyncClient, Client),
    (AsyncRunsClient, RunsClient),
    (AsyncRunStream, RunStream),
]
SYNC_NAMES = {
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
    "aclose": "close",
    "_async": "_sync",
}
WORDS = re.compile(r"\b(?:([Aa])n (`?))?(?:(Async)(?=[A-Z])|async (?=for|with)|(aclose|_async))")


def in_sync(text: str) -> str:
    """The words of the synchronous face."""

    def word(match: re.Match[str]) -> str:
        article, quote, _, name = match.groups()
        return (f"{article} {quote}" if article else "") + SYNC_NAMES.get(name, "")

    return WORDS.sub(word, text)


def members(kind: type) -> dict[str, Any]:
    """A class's own members: all public ones, and what the language calls."""
    python = {"__module__", "__dict__", "__weakref__", "__orig_bases__", "__parameters__", "__annotations__"}
    return {
        name: value
        for name, value in vars(kind).items()
        if not name.startswith("_") or (name.startswith("__") and name not in python)
    }


def defined(module: Any, attribute: str) -> list[Any]:
    """The public classes that the module defines and that have this attribute."""
    return [
        kind
        for name, kind in vars(module).items()
        if isinstance(kind, type) and kind.__module__ == module.__name__ and name[0] != "_" and hasattr(kind, attribute)
    ]


def function(member: Any) -> Any:
    return member.fget if isinstance(member, property) else member


def shown(signature: inspect.Signature) -> str:
    """Parameters, kinds, defaults and types in words."""
    parameters = [
        f"{parameter.kind.description} {parameter.name}: {inspect.formatannotation(parameter.annotation)}"
        f" = {parameter.default!r}"
        for parameter in signature.parameters.values()
    ]
    return "\n".join([*parameters, inspect.formatannotation(signature.return_annotation)])


@pytest.mark.parametrize(("asynchronous", "synchronous"), TWINS)
def test_both_faces_have_the_same_members(asynchronous: type, synchronous: type) -> None:
    names = {SYNC_NAMES.get(name, name) for name in members(asynchronous)}
    assert names == members(synchronous).keys()
    assert in_sync(asynchronous.__name__) == synchronous.__name__
    assert in_sync(inspect.getdoc(asynchronous) or "") == inspect.getdoc(synchronous)
    parameters = [
        [str(parameter) for parameter in getattr(kind, "__parameters__", ())] for kind in (asynchronous, synchronous)
    ]
    assert parameters[0] == parameters[1]


METHODS = [
    pytest.param(member, members(synchronous)[SYNC_NAMES.get(name, name)], id=f"{synchronous.__name__}.{name}")
    for asynchronous, synchronous in TWINS
    for name, member in members(asynchronous).items()
    if callable(function(member))
]


@pytest.mark.parametrize(("asynchronous", "synchronous"), METHODS)
def test_a_member_is_the_same_on_both_faces(asynchronous: Any, synchronous: Any) -> None:
    assert type(asynchronous) is type(synchronous)
    ours, twin = function(asynchronous), function(synchronous)
    assert in_sync(shown(inspect.signature(ours))) == shown(inspect.signature(twin))
    assert in_sync(inspect.getdoc(ours) or "") == (inspect.getdoc(twin) or "")
    overloads = [[shown(inspect.signature(overload)) for overload in get_overloads(face)] for face in (ours, twin)]
    assert [in_sync(overload) for overload in overloads[0]] == overloads[1]
    assert not inspect.iscoroutinefunction(twin)


def test_what_waits_is_awaited_on_one_face_alone() -> None:
    at_once = {"stream", "join_stream", "iter", "map", "__init__"}
    for name, member in members(AsyncRunsClient).items():
        if callable(member):
            assert inspect.iscoroutinefunction(member) != (name in at_once), name


def test_every_public_member_has_a_docstring() -> None:
    for asynchronous, _ in TWINS:
        for name, member in members(asynchronous).items():
            assert name.startswith("__") or inspect.getdoc(function(member)), name


# Options


OPTIONS = defined(options, "__required_keys__")


@pytest.mark.parametrize("kind", OPTIONS)
def test_every_option_has_a_description_and_a_default(kind: type) -> None:
    described = descriptions(kind)
    hints = get_type_hints(kind)
    assert described.keys() == hints.keys()
    for name, option in declared(kind).items():
        if name not in kind.__required_keys__:  # type: ignore[attr-defined] # every typed dict has them
            may_be_left_out = option.rule.default is not None or type(None) in get_args(option.type)
            assert may_be_left_out or option.type is Any, name


@pytest.mark.parametrize(
    "method",
    [pytest.param(member, id=name) for name, member in members(RunsClient).items() if not name.startswith("_")],
)
def test_a_method_shows_every_option_in_its_signature_and_its_docstring(method: Callable[..., Any]) -> None:
    (kind,) = method.__annotations__["options"].__args__
    parameters = _parameters(method)
    shown_options = {
        name: parameter for name, parameter in parameters.items() if parameter.kind is parameter.KEYWORD_ONLY
    }
    assert {name: parameter.annotation for name, parameter in shown_options.items()} == get_type_hints(kind)
    assert not any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    lines = (inspect.getdoc(method) or "").splitlines()
    described = [
        line.partition(":")[0].strip() for line in lines[lines.index("Args:") :] if re.match(r"    \w+: ", line)
    ]
    assert described[: len(parameters) - 1] == [name for name in parameters if name != "self"]
    for overload in get_overloads(method):
        own = {name for name in _parameters(overload) if name != "options"}
        (narrower,) = _parameters(overload)["options"].annotation.__args__
        assert own | get_type_hints(narrower).keys() == parameters.keys()


def test_without_docstrings_the_signature_is_whole() -> None:
    code = (
        "import inspect; from langgraph_runs import RunsClient as it\n"
        "print(it.stream.__doc__, *inspect.signature(it.stream).parameters)"
    )
    done = subprocess.run([sys.executable, "-OO", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["None", *_parameters(RunsClient.stream)]


def test_without_source_the_docstring_has_the_arguments_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def method(thread_id: str, **options: Unpack[options.CallOptions]) -> None:
        """Do nothing.

        Args:
            thread_id: A thread.

        Returns:
            Nothing.
        """

    whole = inspect.getdoc(documented(copied(method))) or ""
    assert re.findall(r"^    (\w+): ", whole, re.MULTILINE) == ["thread_id", "headers", "params", "timeout"]
    assert whole.endswith("\n\nReturns:\n    Nothing.")
    monkeypatch.setattr(inspect, "getsource", Mock(side_effect=OSError("could not get source code")))
    for cached in (_descriptions, _arguments):
        cached.cache_clear()
    assert inspect.getdoc(documented(copied(method))) == inspect.getdoc(method)
    assert "timeout" in _parameters(documented(copied(method)))
    for cached in (_descriptions, _arguments):
        cached.cache_clear()


def copied(method: Any) -> Any:
    """A function like it, to be decorated."""
    copy = FunctionType(method.__code__, method.__globals__, method.__name__)
    copy.__annotations__, copy.__doc__ = method.__annotations__, method.__doc__
    return copy


@pytest.mark.parametrize("method", [RunsClient.stream, RunsClient.join_stream])
def test_every_mode_with_a_class_has_its_own_overload(method: Callable[..., Any]) -> None:
    kinds = [get_args(_parameters(overload)["stream_mode"].annotation)[0] for overload in get_overloads(method)]
    modes = [get_args(kind) for kind in kinds if get_origin(kind) is Literal]
    # A mode of tomorrow works without either: its events come as UnknownEvent.
    with_class = {*events._MODES.values()}
    assert with_class <= {*get_args(StreamMode)}
    assert sorted(mode for (mode, *others) in modes if not others) == sorted(with_class)


def test_a_batch_takes_all_that_a_stateless_run_can_have() -> None:
    fields = {name for name in attrs.fields_dict(RunCreateStateless) if name != "additional_properties"}
    taken = {option.rule.field or name for name, option in declared(RunCreate).items()}
    assert taken == fields | {"extra_body"}
    assert "assistant_id" in RunCreate.__required_keys__


# Events


@pytest.mark.parametrize("kind", defined(events, "timestamp"))
def test_every_event_has_what_events_have(kind: Any) -> None:
    assert getattr(langgraph_runs, kind.__name__) is kind
    event = kind(None, "values|a:1|b:2", "7")
    assert (event.event, event.data, event.id) == ("values|a:1|b:2", None, "7")
    assert (event.namespace, event.tags) == (("a:1", "b:2"), ())
    assert event.timestamp.tzinfo is not None
    assert hasattr(event, "interrupts") == (kind in {ValuesEvent, UpdatesEvent})
    assert not hasattr(event, "__dict__")
    assert kind in get_args(events.Event) or kind in {get_origin(one) for one in get_args(events.Event)}


def test_iterating_tells_of_the_events_that_always_come() -> None:
    for method in (AsyncRunStream.__anext__, RunStream.__next__):
        assert {MetadataEvent, events.UnknownEvent} <= {*get_args(inspect.signature(method).return_annotation)}


# The official client

LEFT_OUT = {
    "checkpoint_during": "deprecated there in favour of `durability`",
    "raise_error": "a failure is an exception here, always",
    "strict_resume": "no released server documents it; `extra_body` sends it",
    "version": "it chooses between shapes of untyped events",
}
# Methods; docs/moving.md says so.
NOT_HERE = {
    "ThreadsClient": {"copy", "count", "join_stream", "prune", "stream"},
    "AssistantsClient": {
        *(
            "count",
            "create",
            "delete",
            "get_graph",
            "get_schemas",
            "get_subgraphs",
            "get_versions",
            "set_latest",
            "update",
        ),
    },
}
# Parameters that only these methods leave out.
LEFT_OUT_BY = {
    "return_minimal": {"update"},
    "response_format": {"search"},
    "select": {"get_state", "get_history"},
}
OFFICIAL = [
    pytest.param(theirs, ours, name, id=f"{ours.__name__}.{name}")
    for theirs, ours in (
        (OfficialAsyncRunsClient, AsyncRunsClient),
        (OfficialRunsClient, RunsClient),
        (OfficialAsyncThreadsClient, AsyncThreadsClient),
        (OfficialThreadsClient, ThreadsClient),
        (OfficialAsyncAssistantsClient, AsyncAssistantsClient),
        (OfficialAssistantsClient, AssistantsClient),
    )
    for name in vars(theirs)
    if not name.startswith("_")
    and callable(getattr(theirs, name))
    and name not in NOT_HERE.get(in_sync(ours.__name__), ())
]


@pytest.mark.parametrize(("theirs", "ours", "method"), OFFICIAL)
def test_every_method_of_the_official_client_is_here_with_its_parameters(theirs: type, ours: type, method: str) -> None:
    wanted = {
        name: parameter
        for name, parameter in _parameters(getattr(theirs, method)).items()
        if name not in LEFT_OUT and method not in LEFT_OUT_BY.get(name, ())
    }
    present = _parameters(getattr(ours, method))
    assert wanted.keys() <= present.keys()
    for parameter in wanted.values():
        assert present[parameter.name].kind is parameter.kind
        # What is required there may be left out here.
        assert present[parameter.name].default in (
            parameter.default,
            *([None] if parameter.default is parameter.empty else []),
        )
    # Keywords have no order.
    in_order = [name for name, parameter in wanted.items() if parameter.kind is not parameter.KEYWORD_ONLY]
    assert in_order == [*present][: len(in_order)]


def test_nothing_is_left_out_without_need() -> None:
    theirs = {parameter for case in OFFICIAL for parameter in _parameters(getattr(case.values[0], str(case.values[2])))}
    ours = {parameter for case in OFFICIAL for parameter in _parameters(getattr(case.values[1], str(case.values[2])))}
    assert LEFT_OUT.keys() | {"return_minimal", "response_format"} == theirs - ours


def test_the_official_client_was_found() -> None:
    assert {case.values[2] for case in OFFICIAL} == {
        *(
            "cancel",
            "cancel_many",
            "create",
            "create_batch",
            "delete",
            "get",
            "join",
            "join_stream",
            "list",
            "stream",
            "wait",
        ),
        *("get_history", "get_state", "search", "update", "update_state"),
    }


def _parameters(method: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(method).parameters)
