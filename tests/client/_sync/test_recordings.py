# Derived from tests/client/_async/test_recordings.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""What three servers answered once, served again to the byte: all of it arrives, typed, and every failure as what it is."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import orjson
import pytest

from langgraph_runs import (
    Client,
    LangGraphError,
    PartialRun,
    Run,
    RunCreateMetadata,
    RunFailedError,
    ThreadState,
    UpdatesEvent,
    ValuesEvent,
)
from langgraph_runs_api.models.run_status import RUN_STATUS_VALUES
from tests.client._sync.calls import result_of, stream_of
from tests.support.network import Request
from tests.support.recordings import Recording, load_recording, load_recordings
from tests.support.replay import Replay, Response
from tests.support.samples import (
    DISGUISED,
    EVENT_CLASSES,
    REFUSALS,
    RecordedEvent,
    is_stream,
    recorded_events,
    run_json,
    sse,
    unset_places,
)

pytestmark = pytest.mark.anyio

ANSWERS = [
    recording for recording in load_recordings() if not is_stream(recording) and "/stream" not in recording.target
]
STREAMS = [recording for recording in load_recordings() if recording not in ANSWERS]
OPEN_STREAMS = [recording for recording in STREAMS if recording.status == 200]
WELL_ENDED = [recording for recording in OPEN_STREAMS if recording.name not in DISGUISED]
SERVERS = ("aegra", "langgraph-js", "langgraph-python")


EXPECTED_FAILURES: dict[str, tuple[type[LangGraphError], dict[str, Any]]] = {
    **{name: (kind, {"detail": detail}) for name, (kind, detail) in REFUSALS.items()},
    **DISGUISED,
}


def named(recordings: Sequence[Recording]) -> pytest.MarkDecorator:
    """For a test of each of these."""
    return pytest.mark.parametrize("recording", recordings, ids=lambda recording: recording.name)


# -- answers


@named(ANSWERS)
def test_every_answer_becomes_its_result_or_its_error(recording: Recording, replay: Replay) -> None:
    server = replay(Response.recorded(recording))
    failure: LangGraphError | None = None
    result = None
    with Client(server.url, max_retries=0) as client:
        try:
            result = result_of(client, recording)
        except LangGraphError as error:
            failure = error
    [request] = server.requests
    demand_same_request(request, recording)
    if recording.name in EXPECTED_FAILURES:
        demand_failure(failure, recording, request, server.url)
    else:
        assert failure is None
        demand_result(result, recording)


def demand_same_request(request: Request, recording: Recording) -> None:
    """The request is the recorded one, but for what the client says more precisely."""
    sent, recorded = urlsplit(request.target), urlsplit(recording.target)
    assert (request.method, sent.path) == (recording.method, recorded.path)
    assert set(parse_qsl(recorded.query)) <= set(parse_qsl(sent.query))
    if isinstance(recording.request_body, dict):
        assert isinstance(request.json, dict)
        assert recording.request_body.items() <= request.json.items()
        assert None not in request.json.values()
    elif isinstance(recording.request_body, list):
        assert request.json == recording.request_body
    assert request.headers.get("last-event-id") == recording.request_headers.get("last-event-id")


def demand_failure(failure: LangGraphError | None, recording: Recording, request: Request, url: str) -> None:
    """The failure is the one that the recording shows, and names the request or the run."""
    kind, attributes = EXPECTED_FAILURES[recording.name]
    assert type(failure) is kind
    assert {name: getattr(failure, name) for name in attributes} == attributes
    if isinstance(failure, RunFailedError):
        run_id, thread_id = place(recording)
        assert (failure.run_id, failure.thread_id) == (run_id, thread_id)
        assert str(run_id) in str(failure)
    else:
        assert str(failure).startswith(f"{request.method} {url}{request.target.partition('?')[0]}: ")


def demand_result(result: Any, recording: Recording) -> None:
    """The result is what the recording's JSON says."""
    content = orjson.loads(recording.body) if recording.body else None
    scenario = recording.scenario
    if "/cancel" in recording.target or recording.method == "DELETE":
        assert result is None
    elif "/runs" not in recording.target:
        demand_beside_runs(result, content)
    elif scenario in ("batch", "list", "list_select"):
        assert isinstance(content, list)
        for run, fields in zip(result, content, strict=True):
            demand_run(run, fields, PartialRun if scenario == "list_select" else Run)
    elif isinstance(content, dict) and "run_id" in content:
        demand_run(result, content, Run)
    else:
        assert result == content
        assert content is not None


def demand_beside_runs(result: Any, content: Any) -> None:
    """A thread, a state, an assistant, or a list of them has what the server sent."""
    if isinstance(content, list):
        for one, fields in zip(result, content, strict=True):
            demand_beside_runs(one, fields)
        return
    assert unset_places(result) == []
    plain: dict[str, Any] = {"config": {}, "values": None, "metadata": {}, "tasks": [], "next": []}
    for name, value in content.items():
        if name == "interrupts" and isinstance(result, ThreadState):
            assert [dict(interrupt.data) for interrupt in result.interrupts] == value
        elif name.endswith("_at"):
            assert getattr(result, name) == (value and datetime.fromisoformat(value))
        elif hasattr(result, name):
            assert getattr(result, name) == (plain.get(name) if value is None else value), name
        else:
            assert result.additional_properties[name] == value


def demand_run(run: Any, fields: dict[str, Any], kind: type) -> None:
    """The run has what the server sent, and nothing of the generator's."""
    assert {type(run)} == {kind}
    assert unset_places(run) == []
    assert run.additional_properties == {}
    times: dict[str, Any] = {
        name: datetime.fromisoformat(fields[name]) for name in ("created_at", "updated_at") if name in fields
    }
    shown = {**run.to_dict(), "created_at": run.created_at, "updated_at": run.updated_at}
    assert {name: shown[name] for name in fields} == {**fields, **times}
    assert run.status in RUN_STATUS_VALUES
    kept = fields.get("kwargs", fields)
    assert (run.config, run.context, run.input_) == tuple(
        kept.get(name, {} if name != "input" else None) for name in ("config", "context", "input")
    )


@pytest.mark.parametrize("server_name", SERVERS)
@pytest.mark.parametrize(
    "scenario", ["create", "stateless_create", "wait_interrupt", "stateless_wait", "stream_values"]
)
def test_who_asks_is_told_once_that_the_run_is_created(server_name: str, scenario: str, replay: Replay) -> None:
    recording = load_recording(f"{server_name}/{scenario}")
    server = replay([Response.recorded(recording), Response.json(run_json())])
    told: list[RunCreateMetadata] = []
    arguments = {**recording.request_body, "on_run_created": told.append}
    thread_id = "t" if recording.target.startswith("/threads/") else None
    with Client(server.url) as client:
        if scenario == "stream_values":
            for _ in client.runs.stream(thread_id, **arguments):
                assert len(told) == 1
        elif scenario.endswith("create"):
            client.runs.create(thread_id, **arguments)
        else:
            client.runs.wait(thread_id, **arguments)
    run_id, known_thread = place(recording)
    if thread_id is not None:
        known_thread = thread_id
    if scenario.endswith("create"):
        content = orjson.loads(recording.body)
        run_id, known_thread = content["run_id"], content["thread_id"]
    assert told == [{"run_id": run_id, "thread_id": known_thread}]


# -- streams


@named(STREAMS)
def test_every_stream_delivers_all_its_events_typed(recording: Recording, replay: Replay) -> None:
    server = replay([Response.recorded(recording), Response.json(run_json(status=status_after(recording)))])
    events: list[Any] = []
    failure: LangGraphError | None = None
    with Client(server.url, max_retries=0) as client:
        stream = stream_of(client.runs, recording)
        try:
            with stream:
                run_id, thread_id = place(recording)
                assert (stream.run_id, stream.thread_id) == (run_id, thread_id)
                for event in stream:
                    assert (stream.last_event_id is None) == (event.id is None)
                    events.append(event)
        except LangGraphError as error:
            failure = error
    demand_same_request(server.requests[0], recording)
    demand_events(events, recording)
    if recording.name in EXPECTED_FAILURES:
        demand_failure(failure, recording, server.requests[0], server.url)
        assert len(server.requests) == 1
        return
    assert failure is None
    asked = [(request.method, request.path) for request in server.requests[1:]]
    if (events and events[-1].event == "end") or place(recording)[1] is None:
        assert asked == []
    else:
        # A stream that just ends could have been cut: the server is asked whether the run is over.
        assert asked == [("GET", f"/threads/{place(recording)[1]}/runs/{place(recording)[0]}")]


def place(recording: Recording) -> tuple[str | None, str | None]:
    """The run and the thread that a recording tells of, by its headers or by its address."""
    told = recording.header("location") or recording.header("content-location") or recording.target
    parts = urlsplit(told).path.split("/")
    found = dict(zip(parts[1::2], parts[2::2], strict=False))
    return found.get("runs"), found.get("threads")


def status_after(recording: Recording) -> str:
    """The status of a recording's run, once the stream has ended."""
    return "interrupted" if recording.scenario == "stream_interrupt" else "success"


def demand_events(events: list[Any], recording: Recording) -> None:
    """These are the recording's events, up to an error."""
    expected: list[RecordedEvent] = []
    for recorded in recorded_events(recording.body):
        if recorded.name == "error":
            break
        expected.append(recorded)
    if recording.scenario.startswith(("stream", "resume", "stateless")):
        assert expected
    assert [event.event for event in events] == [recorded.name for recorded in expected]
    assert [type(event) for event in events] == [EVENT_CLASSES[recorded.mode] for recorded in expected]
    for event, recorded in zip(events, expected, strict=True):
        assert event.data == recorded.json
        assert event.id == recorded.id
        assert event.namespace == tuple(recorded.name.split("|")[1:])
        assert event.timestamp.tzinfo is not None
        assert all(isinstance(tag, str) for tag in event.tags)
        if isinstance(event, ValuesEvent | UpdatesEvent):
            waiting = recorded.json.get("__interrupt__", [])
            assert [(found.value, found.id) for found in event.interrupts] == [
                (entry["value"], entry["id"]) for entry in waiting
            ]


@pytest.mark.parametrize("server_name", SERVERS)
def test_an_interrupt_is_seen_in_updates_and_in_the_last_values(server_name: str, replay: Replay) -> None:
    recording = load_recording(f"{server_name}/stream_interrupt")
    server = replay([Response.recorded(recording), Response.json(run_json(status="interrupted"))])
    with Client(server.url) as client:
        events = [event for event in stream_of(client.runs, recording)]
    waiting = [event for event in events if isinstance(event, ValuesEvent | UpdatesEvent) and event.interrupts]
    assert {type(event) for event in waiting} == {ValuesEvent, UpdatesEvent}
    assert [interrupt.value for event in waiting for interrupt in event.interrupts] == [{"q": "go on?"}] * 2


@pytest.mark.parametrize("server_name", SERVERS)
def test_a_threads_interrupt_is_seen_once(server_name: str, replay: Replay) -> None:
    recording = load_recording(f"{server_name}/thread_state_interrupted")
    server = replay(Response.recorded(recording))
    with Client(server.url) as client:
        state = result_of(client, recording)
    assert [interrupt.value for interrupt in state.interrupts] == [{"q": "go on?"}]


@pytest.mark.parametrize("server_name", SERVERS)
def test_a_subgraphs_events_carry_its_namespace(server_name: str, replay: Replay) -> None:
    recording = load_recording(f"{server_name}/stream_all_modes_subgraphs")
    server = replay([Response.recorded(recording), Response.json(run_json())])
    with Client(server.url) as client:
        events = [event for event in stream_of(client.runs, recording)]
    namespaces = {event.namespace for event in events}
    assert len(namespaces) == 2
    assert () in namespaces
    [(subgraph,)] = namespaces - {()}
    assert subgraph.startswith("sub:")


# -- streams in other pieces


class Pieces(httpx.SyncByteStream):
    """A body that comes in these pieces."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            yield piece


def events_in_pieces(recording: Recording, pieces: Iterator[bytes]) -> list[Any]:
    """The events of a stream that comes in these pieces."""

    def answer(request: httpx.Request) -> httpx.Response:
        if "/stream" in request.url.path:
            return httpx.Response(200, headers=list(recording.headers), stream=Pieces(pieces))
        return httpx.Response(200, json=run_json())

    with httpx.Client(transport=httpx.MockTransport(answer)) as http_client:
        client = Client("http://server", http_client=http_client)
        return [event for event in stream_of(client.runs, recording)]


@named(WELL_ENDED)
def test_a_stream_may_come_byte_by_byte(recording: Recording) -> None:
    body = recording.body
    # The largest would take seconds. Of them, what is between line ends comes in larger pieces.
    pieces = (body[at : at + 1] for at in range(len(body))) if len(body) < 12000 else around_line_ends(body)
    demand_events(events_in_pieces(recording, pieces), recording)


def around_line_ends(body: bytes) -> Iterator[bytes]:
    """Single bytes where lines end and where characters are of several bytes, and whole pieces between."""
    held = bytearray()
    for byte in body:
        if byte in b"\r\n" or byte >= 0x80:
            yield bytes(held)
            yield bytes((byte,))
            held.clear()
        else:
            held.append(byte)
    yield bytes(held)


@named(WELL_ENDED)
@pytest.mark.parametrize("seed", range(3))
def test_a_stream_may_come_in_any_pieces(recording: Recording, seed: int) -> None:
    chance = random.Random(f"{recording.name} {seed}")
    demand_events(events_in_pieces(recording, cut_at_random(recording.body, chance)), recording)


def cut_at_random(body: bytes, chance: random.Random) -> Iterator[bytes]:
    """The body in pieces of random lengths."""
    most = chance.choice([10, 100, 5000]) if len(body) < 12000 else 5000
    at = 0
    while at < len(body):
        length = chance.randint(1, most)
        yield body[at : at + length]
        at += length


@named([recording for recording in OPEN_STREAMS if recording not in WELL_ENDED])
def test_a_failure_may_come_byte_by_byte(recording: Recording, replay: Replay) -> None:
    pieces = [bytes((byte,)) for byte in recording.body]
    server = replay(Response.recorded(recording, body=pieces))
    events: list[Any] = []
    with Client(server.url) as client:
        with pytest.raises(LangGraphError) as caught:
            for event in stream_of(client.runs, recording):
                events.append(event)  # noqa: PERF401 - what came before the failure counts
    demand_events(events, recording)
    demand_failure(caught.value, recording, server.requests[0], server.url)


# -- what the server says of the run when its stream has just ended

STREAM = load_recording("langgraph-python/stream_values")


@pytest.mark.parametrize("status", ["success", "interrupted"])
def test_a_stream_has_ended_when_the_run_is_over(status: str, replay: Replay) -> None:
    server = replay([Response.recorded(STREAM), Response.json(run_json(status=status))])
    with Client(server.url) as client:
        events = [event for event in stream_of(client.runs, STREAM)]
    demand_events(events, STREAM)


@pytest.mark.parametrize("status", ["error", "timeout"])
def test_a_stream_that_ends_well_though_the_run_failed_raises_the_runs_error(status: str, replay: Replay) -> None:
    failed = {"__error__": {"error": "ValueError", "message": "boom"}}
    server = replay([Response.recorded(STREAM), Response.json(run_json(status=status)), Response.json(failed)])
    events: list[Any] = []
    with Client(server.url) as client:
        with pytest.raises(RunFailedError, match="failed with ValueError: boom$") as caught:
            for event in stream_of(client.runs, STREAM):
                events.append(event)  # noqa: PERF401 - what came before the failure counts
    demand_events(events, STREAM)
    assert (caught.value.run_id, caught.value.thread_id) == place(STREAM)
    assert server.requests[-1].path.endswith("/join")


def test_a_run_that_is_gone_when_its_stream_has_ended_is_over(replay: Replay) -> None:
    server = replay([Response.recorded(STREAM), Response.json({"detail": "Run not found"}, 404)])
    with Client(server.url) as client:
        events = [event for event in stream_of(client.runs, STREAM)]
    demand_events(events, STREAM)


@pytest.mark.parametrize("status", ["pending", "running", "a status of tomorrow"])
def test_a_run_that_is_just_ending_is_joined(status: str, replay: Replay) -> None:
    server = replay([Response.recorded(STREAM), Response.json(run_json(status=status)), Response.json({"n": 1})])
    with Client(server.url) as client:
        events = [event for event in stream_of(client.runs, STREAM)]
    demand_events(events, STREAM)
    assert [request.path.rpartition("/")[2] for request in server.requests[2:]] == ["join"]


def test_the_end_event_is_taken_at_its_word(replay: Replay) -> None:
    body = sse("metadata", {"run_id": "r"}) + sse("values", {"n": 1}) + sse("end", {"status": "success"})
    server = replay([Response.events([body], (("location", "/threads/t/runs/r/stream"),))])
    with Client(server.url) as client:
        events = [event for event in client.runs.stream("t", "agent")]
    assert [event.event for event in events] == ["metadata", "values", "end"]
    assert len(server.requests) == 1
