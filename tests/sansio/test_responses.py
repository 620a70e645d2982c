"""Responses become results, the same on all servers. Invalid ones become errors with the request and the problem."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, get_args

import attrs
import httpx
import orjson
import pytest

from langgraph_runs import (
    APIResponseError,
    Assistant,
    NotFoundError,
    PartialRun,
    Run,
    RunFailedError,
    RunStatus,
    Thread,
)
from langgraph_runs._sansio import responses
from langgraph_runs._sansio.location import RunLocation
from langgraph_runs._sansio.responses import APIResponse, check_done, one, page, values
from langgraph_runs_api.api.runs import (
    cancel_run,
    cancel_runs,
    create_run_batch,
    delete_run,
    get_run,
    join_run,
    list_runs,
)
from tests.support.recordings import Recording, load_recording, load_recordings
from tests.support.samples import URL, request, run_json, unset_places, without

HTML = b"<html><body>Hello</body></html>"
# What no run is, and what the error says of it.
NO_RUNS = [
    (b"", "the response is empty"),
    (b"\n \n", "the response is empty"),
    (HTML, "an HTML page"),
    (b'{"run_id": "r", "thr', "does not match the API"),
    (b"\xff\xfe", "does not match the API"),
    (b"null", "does not match the API"),
    (b"7", "does not match the API"),
    (b'"text"', "does not match the API"),
    (b"[1]", "does not match the API"),
    (orjson.dumps(run_json(created_at="yesterday")), "does not match the API"),
    (orjson.dumps(run_json(updated_at=5)), "does not match the API"),
    (orjson.dumps(run_json(metadata=["a"])), "does not match the API"),
    (orjson.dumps(run_json(kwargs="a")), "does not match the API"),
    *(
        (orjson.dumps(without(run_json(), name)), f"the field '{name}' is missing")
        for name in ("run_id", "thread_id", "assistant_id", "status", "created_at", "updated_at")
    ),
    *(
        (orjson.dumps(run_json(**{name: value})), f"the field '{name}' is {type(value).__name__}, not str")
        for name in ("run_id", "thread_id", "assistant_id", "status")
        for value in (5, None, ["r"])
    ),
]
no_runs = pytest.mark.parametrize(("content", "problem"), NO_RUNS, ids=[f"{i}" for i in range(len(NO_RUNS))])


def answer(content: bytes, status: int = 200) -> APIResponse:
    """An answer of a server."""
    return APIResponse(request(), status, httpx.Headers(), content)


def run_of(fields: dict[str, Any]) -> Run:
    """The run that a server's JSON becomes."""
    return one(get_run.parse_response, answer(orjson.dumps(fields)))


# -- a run


def test_a_run_of_which_little_is_known_reads_as_plain_python() -> None:
    run = run_of(run_json())
    assert (run.run_id, run.thread_id, run.assistant_id, run.status) == ("r", "t", "a", "success")
    assert run.created_at == datetime(2026, 11, 22, 5, 0, 0, tzinfo=UTC)
    assert (run.metadata, run.kwargs, run.config, run.context) == ({}, {}, {}, {})
    assert (run.multitask_strategy, run.langsmith_session_name, run.error_message, run.user_id) == (None,) * 4
    assert (run.input_, run.output) == (None, None)
    assert unset_places(run) == []


def test_null_reads_as_what_is_missing() -> None:
    names = ("metadata", "kwargs", "config", "context", "input", "output", "multitask_strategy", "user_id")
    assert run_of(run_json(**dict.fromkeys(names))) == run_of(run_json())


def test_fields_of_tomorrow_are_kept() -> None:
    run = run_of(run_json(priority=3, deep={"a": [None]}))
    assert run.additional_properties == {"priority": 3, "deep": {"a": [None]}}
    assert run["priority"] == 3
    assert "priority" in run
    assert run.to_dict()["deep"] == {"a": [None]}


def test_values_of_tomorrow_are_values_like_others() -> None:
    run = run_of(run_json(status="paused", multitask_strategy="merge"))
    assert (run.status, run.multitask_strategy) == ("paused", "merge")


def test_what_servers_keep_in_kwargs_is_lifted() -> None:
    kwargs = {"config": {"tags": ["x"]}, "context": {"user": "me"}, "input": {"n": 1}}
    run = run_of(run_json(kwargs=kwargs))
    assert (run.config, run.context, run.input_) == (kwargs["config"], kwargs["context"], kwargs["input"])
    assert run.kwargs == kwargs


def test_what_is_at_the_top_level_counts_before_kwargs() -> None:
    run = run_of(run_json(config={"a": 1}, context={"b": 2}, input=0, kwargs={"config": 1, "context": {}, "input": 1}))
    assert (run.config, run.context, run.input_) == ({"a": 1}, {"b": 2}, 0)


@pytest.mark.parametrize("config", [None, 5, "text", ["a"]])
def test_a_config_that_is_none_is_not_lifted(config: Any) -> None:
    assert run_of(run_json(kwargs={"config": config})).config == {}


@no_runs
def test_what_is_no_run_is_an_error_that_names_the_request_and_the_field(content: bytes, problem: str) -> None:
    with pytest.raises(APIResponseError) as caught:
        one(get_run.parse_response, answer(content))
    assert str(caught.value).startswith(f"GET {URL}: ")
    assert problem in str(caught.value)
    assert (caught.value.method, caught.value.url) == ("GET", URL)


@pytest.mark.parametrize("status", [201, 202, 204, 299])
def test_a_success_that_is_not_promised_is_an_error(status: int) -> None:
    with pytest.raises(APIResponseError, match=f"unexpected status {status}"):
        one(get_run.parse_response, answer(orjson.dumps(run_json()), status))


# -- several runs


def test_runs_keep_their_order_and_are_lifted_each() -> None:
    content = orjson.dumps([run_json(run_id=name, kwargs={"config": {"tags": [name]}}) for name in "cab"])
    runs = page(create_run_batch.parse_response, answer(content), Run)
    assert [(run.run_id, run.config) for run in runs] == [(name, {"tags": [name]}) for name in "cab"]
    assert page(list_runs.parse_response, answer(content), Run) == runs


def test_no_runs_are_an_empty_list() -> None:
    assert page(create_run_batch.parse_response, answer(b"[]"), Run) == []
    assert page(list_runs.parse_response, answer(b"[]"), Run) == []
    assert page(list_runs.parse_response, answer(b"[]"), PartialRun) == []


@no_runs
def test_one_that_is_no_run_spoils_the_list(content: bytes, problem: str) -> None:
    spoilt = b"[%b, %b]" % (orjson.dumps(run_json()), content)
    takes: list[Callable[[], Any]] = [
        lambda: page(create_run_batch.parse_response, answer(spoilt), Run),
        lambda: page(list_runs.parse_response, answer(spoilt), Run),
    ]
    for take in takes:
        with pytest.raises(APIResponseError) as caught:
            take()
        assert str(caught.value).startswith(f"GET {URL}: ")
        if "the field" in problem:
            assert problem in str(caught.value)


@pytest.mark.parametrize(
    "content", [b"", HTML, b"{}", b'""', b"null", b"5", b"[{]", b"[[]]", b"[null]", b'{"detail": "no"}']
)
def test_what_is_no_list_is_an_error(content: bytes) -> None:
    takes: list[Callable[[], Any]] = [
        lambda: page(create_run_batch.parse_response, answer(content), Run),
        lambda: page(list_runs.parse_response, answer(content), Run),
        lambda: page(list_runs.parse_response, answer(content), PartialRun),
    ]
    for take in takes:
        with pytest.raises(APIResponseError, match=f"^GET {URL}: "):
            take()


def test_selected_fields_are_partial_runs_whatever_the_server_sent() -> None:
    whole = run_json(metadata={"a": 1}, priority=3, kwargs={"config": {"tags": ["x"]}})
    content = orjson.dumps([{"run_id": "r", "status": "paused"}, whole, {}])
    some, all_, none = page(list_runs.parse_response, answer(content), PartialRun)
    assert type(some) is type(all_) is type(none) is PartialRun
    assert (some.run_id, some.status, some.thread_id, some.created_at) == ("r", "paused", None, None)
    assert (some.metadata, some.kwargs, some.config) == ({}, {}, {})
    assert (all_.thread_id, all_.metadata, all_.config) == ("t", {"a": 1}, {"tags": ["x"]})
    assert all_.created_at == datetime(2026, 11, 22, 5, 0, 0, tzinfo=UTC)
    assert all_.additional_properties == {"priority": 3}
    assert none == PartialRun.from_dict({})
    assert unset_places([some, all_, none]) == []


@pytest.mark.parametrize(
    "fields", [{"created_at": "yesterday"}, {"updated_at": 5}, {"run_id": 5}, {"metadata": [1]}, {"status": 5}]
)
def test_a_partial_run_is_no_excuse_for_wrong_fields(fields: dict[str, Any]) -> None:
    with pytest.raises(APIResponseError, match=f"^GET {URL}: "):
        page(list_runs.parse_response, answer(orjson.dumps([fields])), PartialRun)


# -- final values


@pytest.mark.parametrize(
    ("content", "result"),
    [
        (b'{"n": 1}', {"n": 1}),
        (b'\n\n{"n": 1}\n', {"n": 1}),
        (b'{"__interrupt__": [{"value": 1}]}', {"__interrupt__": [{"value": 1}]}),
        (b"{}", {}),
        (b"[]", []),
        (b"[1]", [1]),
        (b'"text"', "text"),
        (b"0", 0),
        (b"false", False),
        (b"null", None),
        (b"\nnull\n", None),
    ],
)
def test_the_final_values_are_any_json(content: bytes, result: Any) -> None:
    assert values(join_run.parse_response, answer(content), RunLocation("r", "t")) == result


@pytest.mark.parametrize("content", [b"", b"\n\n", HTML, b'{"n": ', b"\xff"])
def test_values_that_are_no_json_are_an_error(content: bytes) -> None:
    with pytest.raises(APIResponseError, match=f"^GET {URL}: "):
        values(join_run.parse_response, answer(content), RunLocation("r", "t"))


def test_a_failure_in_place_of_values_is_raised() -> None:
    failed = answer(b'{"__error__": {"error": "ValueError", "message": "boom"}, "n": 1}')
    with pytest.raises(RunFailedError) as caught:
        values(join_run.parse_response, failed, RunLocation("r", "t"))
    assert (caught.value.run_id, caught.value.thread_id) == ("r", "t")
    missing = answer(b'{"__error__": {"error": "HTTPException", "message": "404: Run not found"}}')
    with pytest.raises(NotFoundError):
        values(join_run.parse_response, missing, RunLocation("r", "t"))


# -- done


@pytest.mark.parametrize(("status", "content"), [(200, b"{}"), (200, b"\n{}"), (200, b""), (202, b""), (204, b"")])
def test_a_cancel_is_done_with_any_status_that_says_so(status: int, content: bytes) -> None:
    check_done(cancel_run.parse_response, answer(content, status))


@pytest.mark.parametrize(
    ("parse", "status"),
    [(cancel_run.parse_response, 201), (cancel_runs.parse_response, 200), (delete_run.parse_response, 299)],
)
def test_what_is_done_in_a_way_that_is_not_promised_is_an_error(parse: Any, status: int) -> None:
    with pytest.raises(APIResponseError, match=f"^GET {URL}: unexpected status {status}"):
        check_done(parse, answer(b"", status))


def test_a_page_in_place_of_a_done_cancel_is_an_error() -> None:
    with pytest.raises(APIResponseError, match="an HTML page"):
        check_done(cancel_run.parse_response, answer(HTML))


# -- the recordings


def recorded_runs() -> list[tuple[Recording, list[dict[str, Any]]]]:
    """All runs that the recorded servers answered, as JSON."""
    scenarios = ("create", "stateless_create", "get", "list", "batch", "create_busy_reject", "create_unknown_thread")
    found = []
    for recording in load_recordings():
        if recording.scenario in scenarios and recording.status == 200:
            content = orjson.loads(recording.body)
            found.append((recording, content if isinstance(content, list) else [content]))
    return found


@pytest.mark.parametrize(("recording", "runs"), recorded_runs(), ids=lambda value: getattr(value, "name", "runs"))
def test_every_recorded_run_is_whole_and_plain(recording: Recording, runs: list[dict[str, Any]]) -> None:
    if recording.scenario in ("list", "batch"):
        found = page(list_runs.parse_response, answer(recording.body), Run)
    else:
        found = [one(get_run.parse_response, answer(recording.body))]
    assert len(found) == len(runs)
    for run, fields in zip(found, runs, strict=True):
        assert unset_places(run) == []
        assert run.additional_properties == {}
        shown = run.to_dict()
        assert {name: shown[name] for name in fields if not name.endswith("_at")} == {
            name: value for name, value in fields.items() if not name.endswith("_at")
        }
        assert run.created_at == datetime.fromisoformat(fields["created_at"])
        assert run.updated_at.tzinfo is not None
        kept = fields.get("kwargs", fields)  # Aegra has no kwargs, and all of that at the top level.
        assert (run.config, run.context, run.input_) == (kept["config"], kept["context"], kept["input"])


@pytest.mark.parametrize("server", ["aegra", "langgraph-js", "langgraph-python"])
def test_the_config_answers_on_every_server(server: str) -> None:
    run = one(get_run.parse_response, answer(load_recording(f"{server}/create").body))
    assert run.config["tags"] == ["x"]
    assert run.input_ == {"n": 1}
    assert isinstance(run.context, dict)


@pytest.mark.parametrize("kind", [Run, Thread, Assistant])
def test_the_required_fields_have_the_types_of_openapi_yaml(kind: type[Any]) -> None:
    required = {
        # Of any status, so that a newer one is no error.
        field.name: "str" if field.name == "status" else str(field.type)
        for field in attrs.fields(kind)
        if field.name in responses._REQUIRED
    }
    types = {name: f"{kind.__module__}.{kind.__name__}" for name, kind in responses._REQUIRED.items()}
    checked = {name: types[name] for name in required}
    assert required == {name: kind.removeprefix("builtins.") for name, kind in checked.items()}, (
        "change _REQUIRED in langgraph_runs/_sansio/responses.py"
    )


@pytest.mark.parametrize("status", get_args(RunStatus))
def test_every_status_is_ended_or_active(status: str) -> None:
    active = ("pending", "running")
    assert status in {*responses.ENDED_WELL, *responses.FAILED, *active}, (
        f"{status!r}: add it to ENDED_WELL or FAILED in langgraph_runs/_sansio/responses.py if a run in it has ended, "
        "or to `active` here"
    )
