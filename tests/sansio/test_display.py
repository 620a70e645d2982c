"""What people see of runs, events and messages in an editor, a notebook and a REPL, and make by hand in their tests."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import attrs
import pytest
import rich.console
from rich.pretty import pretty_repr

import langgraph_runs
from langgraph_runs import (
    APIConnectionError,
    APIResponseError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    CheckpointsEvent,
    ConflictError,
    CustomEvent,
    DebugEvent,
    InternalServerError,
    Interrupt,
    MessageFolder,
    MessageTupleEvent,
    NotFoundError,
    PartialRun,
    PermissionDeniedError,
    RateLimitError,
    Run,
    RunFailedError,
    RunInterruptedError,
    StreamDisconnectedError,
    ThreadState,
    UnprocessableEntityError,
    ValuesEvent,
    WaitTimeoutError,
)
from langgraph_runs_api import models
from langgraph_runs_api.models.error_body import ErrorBody
from tests.support.samples import run_json

ID, THREAD = str(UUID(int=1)), str(UUID(int=2))
SECRET = "sk-do-not-show"  # noqa: S105 - of nobody
LONG_RUN = Run(
    run_id=ID,
    thread_id=THREAD,
    assistant_id=ID,
    status="interrupted",
    metadata={"note": "x" * 1000},
    kwargs={"config": {"configurable": {"model_key": SECRET}}},
    config={"configurable": {"model_key": SECRET}},
    context={"model_key": SECRET},
    error_message="line\nline",
)
CHECKPOINT: Any = {
    "config": {"configurable": {"model_key": SECRET}},
    "parent_config": {"configurable": {"model_key": SECRET}},
    "metadata": {"model_key": SECRET},
    "values": {"n": 1},
    "tasks": [{"id": "1", "name": "n", "state": {"configurable": {"model_key": SECRET}}}],
}
DEBUG: Any = {"type": "checkpoint", "payload": CHECKPOINT}
STATE: ThreadState[Any] = ThreadState({"n": 1}, metadata={"source": "loop", "model_key": SECRET})
FOLDER = MessageFolder()
for part in ("Hello", " <you>"):
    FOLDER.add(MessageTupleEvent([{"type": "AIMessageChunk", "id": "1", "content": part}, {}]))
SHOWN: list[Any] = [
    LONG_RUN,
    PartialRun(status="running\n"),
    STATE,
    ThreadState({"n": 1}, tasks=[{"id": "1", "name": "n", "state": dict(STATE)}]),
    ErrorBody(detail=["\n"] * 100),
    CheckpointsEvent(CHECKPOINT),
    DebugEvent(DEBUG),
    CustomEvent({"<b>": [["\n"] * 100] * 100}, "custom|sub:1", "7"),
    ValuesEvent(["x\n" * 1000] * 9),
    CustomEvent(Interrupt("<b>\n")),
    CustomEvent("half an emoji \ud83d"),
    FOLDER,
]


class Cells(HTMLParser):
    """The tags and texts of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("shown", SHOWN, ids=[f"{type(shown).__name__} {n}" for n, shown in enumerate(SHOWN)])
def test_what_is_shown_is_short_and_tells_no_secret(shown: Any) -> None:
    line, html, pretty = repr(shown), shown._repr_html_(), pretty_repr(shown)
    assert line.startswith(f"{type(shown).__name__}(")
    assert len(line.splitlines()) == 1
    assert len(line) <= (120 if hasattr(shown, "additional_properties") else 300)
    assert Cells(html).tags == {"table", "caption", "tr", "th", "td", "pre"}
    assert len((line + html).encode()) < 50_000
    assert not any(SECRET in text for text in (line, html, pretty))


@pytest.mark.parametrize("name", sorted(models.__all__))
def test_no_model_of_a_request_or_an_answer_shows_a_secret(name: str) -> None:
    """Whatever its fields are, also those of a schema that is added later."""
    kind: Any = getattr(models, name)
    if not attrs.has(kind):
        return
    keys = {"configurable": {"model_key": SECRET}}
    state = {"values": {}, "next": [], "metadata": keys, "tasks": [{"id": "1", "name": "n", "state": keys}]}
    secret = {"config": keys, "context": keys, "kwargs": keys, "webhook": SECRET, "tasks": [{"state": state}]}
    secret |= {"before": keys} | ({"metadata": keys} if name == "ThreadState" else {})
    fields = {one.name: secret[one.name] for one in attrs.fields(kind) if one.name in secret}
    missing = {one.name: "" for one in attrs.fields(kind) if one.init and one.default is attrs.NOTHING}
    shown: Any = kind(**missing | fields)
    shown.additional_properties["api_key"] = SECRET
    assert not any(SECRET in text for text in (repr(shown), shown._repr_html_(), pretty_repr(shown)))


def test_a_body_shows_what_is_set() -> None:
    class Array:  # of numpy, which has no truth
        __bool__ = None

        def __repr__(self) -> str:
            return "array([0, 1])"

    body = models.RunCreateStateful("agent", input_=Array(), stream_resumable=False, config={"tags": ["x"]})
    assert repr(body) == "RunCreateStateful('agent', input=array([0, 1]), stream_resumable=False)"


def test_a_run_is_one_line_with_its_ids_and_status() -> None:
    assert repr(LONG_RUN) == f"Run('{ID}', status='interrupted', thread_id='{THREAD}')"
    assert repr(PartialRun(status="success", input_={"n": 1})) == "PartialRun(status='success', input={'n': 1})"
    assert repr(Run()).startswith("Run(status='pending', created_at=")


def test_an_events_data_are_shown_but_for_the_config() -> None:
    tasks = [{"id": "1", "name": "n", "state": {}}]
    assert dict(CheckpointsEvent(CHECKPOINT).__rich_repr__()) == {"data": {"values": {"n": 1}, "tasks": tasks}}
    debug: Any = {"type": "checkpoint", "payload": {"config": {}, "next": []}}
    assert repr(DebugEvent(debug)) == "DebugEvent({'payload': {'next': []}, 'type': 'checkpoint'})"
    assert CheckpointsEvent(CHECKPOINT).data["config"]["configurable"] == {"model_key": SECRET}
    odd: Any = [None]
    assert repr(DebugEvent(odd)) == "DebugEvent([None])"


def test_a_state_is_one_line_with_its_values_and_what_comes_next() -> None:
    assert repr(ThreadState({"n": 1})) == "ThreadState({'n': 1})"
    waiting: ThreadState[Any] = ThreadState({"n": 1}, next=["ask"], interrupts=(Interrupt("go on?"),))
    assert repr(waiting) == "ThreadState({'n': 1}, next=['ask'], interrupts=(Interrupt(value='go on?', id=None),))"


def test_events_and_messages_in_one_line() -> None:
    assert repr(CustomEvent({"i": 1})) == "CustomEvent({'i': 1})"
    assert repr(CustomEvent({"i": 1}, "custom|a:1", "7")) == "CustomEvent({'i': 1}, event='custom|a:1', id='7')"
    assert repr(FOLDER) == "MessageFolder(messages=1, ai='Hello <you>')"
    assert repr(MessageFolder()) == "MessageFolder(messages=0)"


def test_what_rich_and_notebooks_show() -> None:
    console = rich.console.Console(width=200, color_system=None)
    with console.capture() as capture:
        console.print(Run(run_id="r", thread_id="t", metadata={"a": 1}))
    assert [line.strip() for line in capture.get().splitlines()][1:4] == [
        "run_id='r',",
        "status='pending',",
        "thread_id='t',",
    ]
    assert "metadata={'a': 1}" in capture.get()
    assert pretty_repr(CustomEvent(1, id="7")) == "CustomEvent(data=1, id='7')"
    cells = Cells(Run(run_id="<r>", created_at=datetime(2026, 11, 22, tzinfo=UTC))._repr_html_()).texts
    assert cells[:3] == ["Run", "run_id", "<r>"]
    assert "2026-11-22 00:00:00+00:00" in cells
    assert Cells(FOLDER._repr_html_()).texts == ["MessageFolder", "messages", "1", "ai", "Hello <you>"]


# -- made by hand


def test_a_run_takes_the_fields_that_matter() -> None:
    run = Run(run_id="r", status="success")
    assert (run.run_id, run.status, run.thread_id, run.metadata) == ("r", "success", "", {})
    assert run == Run("r", status="success")
    assert Run().metadata is not Run().metadata
    assert Run().created_at == datetime.fromtimestamp(0, UTC)
    assert Run.from_dict(run.to_dict()) == run
    assert PartialRun(status="error").run_id is None


@pytest.mark.parametrize("name", ["run_id", "thread_id", "assistant_id", "status", "created_at", "updated_at"])
def test_a_server_has_to_send_what_a_run_made_by_hand_may_lack(name: str) -> None:
    fields = run_json()
    del fields[name]
    with pytest.raises(KeyError, match=name):
        Run.from_dict(fields)


ERRORS: list[tuple[Exception, dict[str, Any]]] = [
    (APIStatusError("m", status_code=418), {"status_code": 418, "detail": "m", "body": None, "method": "", "url": ""}),
    (BadRequestError("m"), {"status_code": 400}),
    (AuthenticationError("m"), {"status_code": 401}),
    (PermissionDeniedError("m"), {"status_code": 403}),
    (NotFoundError("m", detail="d"), {"status_code": 404, "detail": "d", "request_id": None}),
    (ConflictError("m"), {"status_code": 409}),
    (UnprocessableEntityError("m"), {"status_code": 422}),
    (RateLimitError("m", retry_after="3"), {"status_code": 429, "retry_after": "3"}),
    (InternalServerError("m"), {"status_code": 500}),
    (InternalServerError("m", status_code=503), {"status_code": 503}),
    (APIConnectionError("m"), {"sent": True, "url": ""}),
    (APITimeoutError("m"), {"sent": True, "method": ""}),
    (APIResponseError("m"), {"body": None}),
    (RunFailedError("ValueError", "m"), {"error": "ValueError", "message": "m", "run_id": None}),
    (WaitTimeoutError("m"), {"run_id": None, "thread_id": None}),
    (StreamDisconnectedError("m"), {"run_id": None, "last_event_id": None}),
    (RunInterruptedError([Interrupt("go on?")]), {"interrupts": (Interrupt("go on?"),), "values": None}),
]


@pytest.mark.parametrize(
    ("error", "attributes"), ERRORS, ids=[repr(error) + str(n) for n, (error, _) in enumerate(ERRORS)]
)
def test_an_error_takes_what_matters(error: Exception, attributes: dict[str, Any]) -> None:
    assert {name: getattr(error, name) for name in attributes} == attributes
    assert str(error)


def test_every_error_is_among_them() -> None:
    kinds = {getattr(langgraph_runs, name) for name in langgraph_runs.__all__ if name.endswith("Error")}
    assert {type(error) for error, _ in ERRORS} == kinds - {langgraph_runs.LangGraphError}


def test_errors_match_by_position() -> None:
    found = []
    for error, _ in ERRORS:
        match error:
            case NotFoundError(404, detail) | APIStatusError(418, detail):
                found.append(detail)
            case RunFailedError("ValueError", message):
                found.append(message)
            case RunInterruptedError((Interrupt(question),)):
                found.append(question)
            case _:
                pass
    assert found == ["m", "d", "m", "go on?"]


# -- read as the dicts of the official SDK


@pytest.mark.parametrize("kind", [Run, PartialRun])
def test_an_answer_reads_like_a_dict(kind: type[Run] | type[PartialRun]) -> None:
    run = kind.from_dict(run_json(metadata={"a": 1}, input=[1], priority=3, get="g"))
    assert run["status"] == run.status == "success"
    assert run["created_at"] is run.created_at
    assert run.get("metadata") == {"a": 1}
    assert run["input"] == run.input_ == [1]
    assert (run["priority"], run["get"]) == (3, "g")
    assert "status" in run
    assert "priority" in run
    assert dict(run).keys() == {*run} == run.to_dict().keys()
    assert dict(run) == {**run} == {key: run[key] for key in run}
    assert run.get("error_message", "-") is None
    for absent in ("unknown", "input_", "to_dict", "additional_properties", "keys", "_ATTRIBUTES"):
        assert absent not in run
        assert run.get(absent) is None
        assert run.get(absent, 1) == 1
        with pytest.raises(KeyError, match=absent):
            run[absent]


def test_reading_like_a_dict_follows_what_was_set() -> None:
    run = Run(run_id="r")
    run.status = "error"
    run.additional_properties["own"] = 1
    assert (run["status"], run["own"]) == ("error", 1)
    with pytest.raises(TypeError):
        run["status"] = "success"  # type: ignore[index]
