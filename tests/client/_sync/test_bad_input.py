# Derived from tests/client/_async/test_bad_input.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""Wrong arguments, wrong servers, broken answers: each a typed error that names the request and says what to do."""

import logging
from collections.abc import Iterator
from typing import Any

import attrs
import httpx
import orjson
import pytest

from langgraph_runs import (
    APIConnectionError,
    APIResponseError,
    APIStatusError,
    BadRequestError,
    Client,
    CustomEvent,
    InternalServerError,
    LangGraphError,
    NotFoundError,
    RunFailedError,
    StreamDisconnectedError,
    ValuesEvent,
)
from tests.client._sync.calls import ALL_CALLS, drained
from tests.support.network import refusing_url
from tests.support.replay import Replay, ReplayServer, Response
from tests.support.samples import run_json, sse, unset_places, without

pytestmark = pytest.mark.anyio

KEY = "lsv2-very-secret"
PAGE = b"<!DOCTYPE html><html><head><title>Welcome</title></head><body>It works!</body></html>"
HTML = (("content-type", "text/html"),)
STREAM_AT = (("location", "/threads/t/runs/r/stream"),)

each_call = pytest.mark.parametrize("name", sorted(ALL_CALLS))
STREAMS = [name for name in sorted(ALL_CALLS) if "stream" in name and "resumable" not in name]
# What is answered in JSON, and what of these with a run or a list of runs.
IN_JSON = [
    name for name in sorted(ALL_CALLS) if name not in {*STREAMS, "cancel_many", "cancel_many by status", "delete"}
]
RUNS = ["create", "stateless create", "get", "stateless resumable stream"]
LISTS = ["list", "list select", "iter", "create_batch"]


def failure_of(name: str, url: str, **options: Any) -> LangGraphError:
    """What a method fails with at a server."""
    with Client(url, api_key=KEY, max_retries=0, **options) as client:
        with pytest.raises(LangGraphError) as caught:
            ALL_CALLS[name](client.runs)
    assert KEY not in f"{caught.value} {caught.value!r} {vars(caught.value)}"
    return caught.value


def demand_named(error: LangGraphError, server: ReplayServer) -> None:
    """The error names the request as it was sent, but for the query, which may be secret."""
    [request] = server.requests
    url = server.url + request.target.partition("?")[0]
    assert str(error).startswith(f"{request.method} {url}: ")
    assert (error.method, error.url) == (request.method, url)  # type: ignore[attr-defined] # those that have


# -- a wrong URL, a refused connection, something else than a LangGraph server


@each_call
def test_a_refused_connection(name: str) -> None:
    with refusing_url() as url:
        error = failure_of(name, url)
    assert type(error) is APIConnectionError
    assert f" {url}/" in str(error)
    assert "is a LangGraph server listening there?" in str(error)
    assert isinstance(error.__cause__, httpx.ConnectError)
    assert not error.sent


def test_a_host_that_does_not_exist() -> None:
    error = failure_of("get", "http://nowhere.invalid")
    assert type(error) is APIConnectionError
    assert str(error).startswith("GET http://nowhere.invalid/threads/t/runs/r: connecting failed (")


def test_a_server_that_speaks_no_http(replay: Replay) -> None:
    server = replay(Response(raw=b"220 mail.example ESMTP\r\n"))
    error = failure_of("get", server.url)
    assert type(error) is APIConnectionError
    assert "the connection was lost (" in str(error)


def test_https_where_there_is_none() -> None:
    with ReplayServer(Response.json({}), on_connect=lambda _: "fin") as server:
        error = failure_of("get", server.url.replace("http:", "https:"))
    assert type(error) is APIConnectionError
    assert "connecting failed (" in str(error)


@each_call
def test_a_page_from_a_proxy(name: str, replay: Replay) -> None:
    server = replay(Response(502, HTML, PAGE))
    error = failure_of(name, server.url)
    assert type(error) is InternalServerError
    demand_named(error, server)
    assert str(error).endswith(
        ": 502 an HTML page, so probably not from a LangGraph server but from a proxy in front of it; check the URL"
    )


@pytest.mark.parametrize("name", IN_JSON)
def test_a_page_with_a_success(name: str, replay: Replay) -> None:
    server = replay(Response(200, HTML, PAGE))
    error = failure_of(name, server.url)
    assert type(error) is APIResponseError
    demand_named(error, server)
    assert str(error).endswith("check the URL")
    assert error.body == PAGE.decode()


@pytest.mark.parametrize("name", ["delete", "cancel_many", "cancel_many by status"])
def test_a_success_where_another_was_promised(name: str, replay: Replay) -> None:
    server = replay(Response(200, HTML, PAGE))
    error = failure_of(name, server.url)
    assert type(error) is APIResponseError
    demand_named(error, server)
    assert "unexpected status 200" in str(error)
    assert str(error).endswith("check the URL")


@pytest.mark.parametrize("name", STREAMS)
@pytest.mark.parametrize("kind", ["text/html", "application/json", "text/plain; charset=utf-8", None])
def test_a_stream_that_is_none(name: str, kind: str | None, replay: Replay) -> None:
    headers = () if kind is None else (("content-type", kind),)
    server = replay(Response(200, headers, PAGE))
    error = failure_of(name, server.url)
    assert type(error) is APIResponseError
    demand_named(error, server)
    shown = kind.partition(";")[0] if kind else "of no content type"
    assert f": not an event stream but {shown}" in str(error)
    assert "check the URL" in str(error)


def test_a_stream_that_is_none_is_closed_at_once(replay: Replay) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 1000

    server = replay(Response(200, HTML, endless()))
    with Client(server.url) as client:
        with pytest.raises(APIResponseError):
            with client.runs.stream("t", "agent"):
                pass
        server.wait_for(lambda: server.accepted == 1 and server.open == 0)


# -- broken answers


EMPTY = pytest.mark.parametrize("body", [b"", b"\n\n"], ids=["nothing", "heartbeats"])


@EMPTY
@pytest.mark.parametrize("name", [*RUNS, *LISTS])
def test_an_empty_answer(name: str, body: bytes, replay: Replay) -> None:
    server = replay(Response(200, (("content-type", "application/json"),), body))
    error = failure_of(name, server.url)
    assert type(error) is APIResponseError
    demand_named(error, server)
    assert str(error).endswith("(check the URL, it may not lead to a LangGraph server)")
    assert ": the response is empty" in str(error)


@EMPTY
@pytest.mark.parametrize("name", ["wait", "stateless wait", "join"])
def test_a_wait_that_ends_without_the_values(name: str, body: bytes, replay: Replay) -> None:
    server = replay(Response(200, (("content-type", "application/json"),), body))
    error = failure_of(name, server.url)
    assert type(error) is StreamDisconnectedError
    [request] = server.requests
    what = f"{request.method} {server.url}{request.target}: the response ended before the values"
    assert str(error).endswith(what)


@EMPTY
def test_an_empty_answer_to_a_cancel_says_that_it_is_done(body: bytes, replay: Replay) -> None:
    server = replay(Response(200, (("content-type", "application/json"),), body))
    with Client(server.url) as client:
        client.runs.cancel("t", "r")
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", IN_JSON)
def test_json_that_is_cut_in_half(name: str, replay: Replay) -> None:
    whole = orjson.dumps([run_json()] if name in LISTS else run_json())
    server = replay(Response(200, (), whole[: len(whole) // 2]))
    error = failure_of(name, server.url)
    assert type(error) is APIResponseError
    demand_named(error, server)
    assert "does not match the API" in str(error)
    assert '"run_id":"r"' in str(error)


@pytest.mark.parametrize("name", RUNS)
def test_a_run_that_is_none(name: str, replay: Replay) -> None:
    for content, problem in (
        (without(run_json(), "status"), "the field 'status' is missing"),
        (without(run_json(), "created_at"), "the field 'created_at' is missing"),
        (run_json(run_id=7), "the field 'run_id' is int, not str"),
        (run_json(thread_id=None), "the field 'thread_id' is NoneType, not str"),
        (run_json(updated_at="soon"), "does not match the API"),
        ([run_json()], "does not match the API"),
        (None, "does not match the API"),
    ):
        server = replay(Response.json(content))
        error = failure_of(name, server.url)
        assert type(error) is APIResponseError
        demand_named(error, server)
        assert problem in str(error)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_is_none(name: str, replay: Replay) -> None:
    contents: list[Any] = [
        {},
        run_json(),
        {"detail": "no"},
        "",
        5,
        [5],
        [[]],
        [run_json(run_id=7)],
        [run_json(created_at="x")],
    ]
    for content in contents:
        server = replay(Response.json(content))
        error = failure_of(name, server.url)
        assert type(error) is APIResponseError
        demand_named(error, server)


@pytest.mark.parametrize("name", ["list", "iter", "create_batch"])
def test_one_partial_run_among_whole_ones(name: str, replay: Replay) -> None:
    server = replay(Response.json([run_json(), without(run_json(), "updated_at")]))
    error = failure_of(name, server.url)
    assert type(error) is APIResponseError
    assert "the field 'updated_at' is missing" in str(error)


def test_a_run_of_which_the_server_says_little_or_much(replay: Replay) -> None:
    unknown = {"status": "paused", "multitask_strategy": "merge", "priority": {"a": [None]}, "": 1}
    server = replay(
        [Response.json(run_json()), Response.json(run_json(**unknown)), Response.json([run_json(**unknown)])]
    )
    with Client(server.url) as client:
        little = client.runs.get("t", "r")
        much = client.runs.get("t", "r")
        [listed] = client.runs.list("t")
    assert (little.metadata, little.kwargs, little.config, little.context, little.input_) == ({}, {}, {}, {}, None)
    assert unset_places([little, much]) == []
    assert (much.status, much.multitask_strategy, much["priority"]) == ("paused", "merge", {"a": [None]})
    assert much.additional_properties == {"priority": {"a": [None]}, "": 1}
    assert listed == much


@pytest.mark.parametrize("name", IN_JSON)
def test_an_answer_that_is_too_long(name: str, replay: Replay) -> None:
    server = replay(Response(200, (), b"[" + b"1," * 10000 + b"1]", fault="silent", fault_after=20000))
    with Client(server.url) as client:
        client._http.settings = attrs.evolve(client._http.settings, max_bytes=10000)
        with pytest.raises(APIResponseError, match="the response is longer than 10000 bytes") as caught:
            ALL_CALLS[name](client.runs)
        demand_named(caught.value, server)
        # It is not read to its end, and nobody waits for that.
        server.wait_for(lambda: server.accepted == 1 and server.open == 0)


def test_a_failure_at_great_length_is_read_and_shown_in_part(replay: Replay) -> None:
    server = replay(Response(500, (), b"x" * (3 * 2**20), fault="silent", fault_after=2 * 2**20))
    with Client(server.url, max_retries=0) as client:
        with pytest.raises(InternalServerError) as caught:
            client.runs.get("t", "r")
        assert len(str(caught.value)) < 3000
        server.wait_for(lambda: server.accepted == 1 and server.open == 0)


def test_an_encoding_that_nobody_asked_for(replay: Replay) -> None:
    server = replay(Response(200, (("content-encoding", "br"),), b"\x0b\x02\x80{}\x03"))
    error = failure_of("get", server.url)
    assert type(error) is APIResponseError
    assert "the content encoding 'br', which the request did not accept" in str(error)


# -- statuses


@pytest.mark.parametrize("name", [name for name in sorted(ALL_CALLS) if name not in STREAMS])
@pytest.mark.parametrize("status", [299])
def test_a_success_that_is_not_known(name: str, status: int, replay: Replay) -> None:
    server = replay(Response(status, (), orjson.dumps(run_json()), reason="Fine"))
    error = failure_of(name, server.url)
    assert type(error) is APIResponseError
    demand_named(error, server)
    assert f": unexpected status {status}" in str(error)


@each_call
@pytest.mark.parametrize(("status", "kind"), [(418, APIStatusError), (599, InternalServerError)])
def test_a_failure_that_is_not_known(name: str, status: int, kind: type[APIStatusError], replay: Replay) -> None:
    server = replay(Response(status, (), b"short and stout", reason="Teapot"))
    error = failure_of(name, server.url)
    assert type(error) is kind
    assert isinstance(error, APIStatusError)
    demand_named(error, server)
    assert (error.status_code, error.detail, error.body) == (status, "short and stout", "short and stout")


def test_a_status_without_a_name_or_a_body(replay: Replay) -> None:
    server = replay(Response(499, reason=""))
    error = failure_of("get", server.url)
    assert str(error) == f"GET {server.url}/threads/t/runs/r: 499"


@each_call
@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_redirect_is_not_followed(name: str, status: int, replay: Replay) -> None:
    elsewhere = replay(Response.json(run_json()))
    server = replay(Response(status, (("location", f"{elsewhere.url}/threads/t/runs/r"),)))
    error = failure_of(name, server.url)
    assert type(error) is APIStatusError
    demand_named(error, server)
    assert error.status_code == status
    assert str(error).endswith(f"(redirects are not followed; this one leads to {elsewhere.url}/threads/t/runs/r)")
    assert elsewhere.accepted == 0


def test_a_redirect_is_not_followed_by_a_client_that_would(replay: Replay) -> None:
    elsewhere = replay(Response.json(run_json()))
    server = replay(Response(302, (("location", elsewhere.url),)))
    with httpx.Client(follow_redirects=True) as http_client:
        client = Client(server.url, http_client=http_client, max_retries=0)
        with pytest.raises(APIStatusError, match="302"):
            client.runs.get("t", "r")
    assert elsewhere.accepted == 0


@pytest.mark.parametrize("header", ["location", "content-location"])
def test_of_an_address_elsewhere_only_the_ids_are_used(header: str, replay: Replay) -> None:
    elsewhere = replay(Response.json(run_json()))
    place = ((header, f"{elsewhere.url}/threads/t/runs/r/stream"),)
    server = replay([Response.events([sse("values", {"n": 1})], place), Response.json(run_json())])
    with Client(server.url, api_key=KEY) as client, client.runs.stream("t", "agent") as stream:
        assert (stream.run_id, stream.thread_id) == ("r", "t")
        assert [event.data for event in stream] == [{"n": 1}]
    assert server.requests[1].path == "/threads/t/runs/r"
    assert elsewhere.accepted == 0


# -- broken streams


def test_an_error_event_that_is_no_json_is_the_runs_error_in_its_own_words(replay: Replay) -> None:
    for data, message in (
        (b"it {broke", "it {broke"),
        (b"\xff", "\N{REPLACEMENT CHARACTER}"),
        (b"", "no reason given"),
    ):
        server = replay(Response.events([b"event: error\ndata: " + data + b"\n\n"], STREAM_AT))
        with Client(server.url) as client:
            with pytest.raises(RunFailedError) as caught:
                drained(iter(client.runs.stream("t", "agent")))
        assert (caught.value.error, caught.value.message) == ("Error", message)
        assert (caught.value.run_id, caught.value.thread_id) == ("r", "t")


@pytest.mark.parametrize("data", [b"{cut", b"text", b'{"a": }', b"{} {}"])
def test_an_event_that_is_no_json_names_the_request_and_the_event(data: bytes, replay: Replay) -> None:
    body = sse("metadata", {"run_id": "r"}) + b"event: values|sub:1\ndata: " + data + b"\n\n"
    server = replay(Response.events([body], STREAM_AT))
    events: list[Any] = []
    with Client(server.url) as client:
        with pytest.raises(APIResponseError) as caught:
            for event in client.runs.stream("t", "agent"):
                events.append(event)  # noqa: PERF401 - what came before the failure counts
    assert [event.event for event in events] == ["metadata"]
    demand_named(caught.value, server)
    assert "the event 'values|sub:1' is no JSON (" in str(caught.value)
    assert data.decode() in str(caught.value)


def test_events_that_no_client_knows_are_events_like_others(replay: Replay) -> None:
    body = (
        sse("tomorrow", {"a": 1})
        + b"data: 7\n\n"
        + b"event: custom\ndata:\n\n"
        + b"event: \ndata: []\nfuture: field\n\n"
        + sse("values|a:1|b:2", None)
        + sse("end", None)
    )
    server = replay(Response.events([body], STREAM_AT))
    with Client(server.url) as client:
        events = drained(iter(client.runs.stream("t", "agent", stream_mode=["values", "custom"])))
    assert [(event.event, event.data) for event in events] == [
        ("tomorrow", {"a": 1}),
        ("message", 7),
        ("custom", None),
        ("message", []),
        ("values|a:1|b:2", None),
        ("end", None),
    ]
    assert isinstance(events[2], CustomEvent)
    assert isinstance(events[4], ValuesEvent)
    assert events[4].namespace == ("a:1", "b:2")
    assert events[4].interrupts == ()


def test_a_run_that_is_not_found_in_a_stream_is_not_found(replay: Replay) -> None:
    missing = {"error": "HTTPException", "message": "404: Run not found"}
    server = replay(Response.events([sse("error", missing)]))
    error = failure_of("join_stream", server.url)
    assert type(error) is NotFoundError
    demand_named(error, server)


# -- secrets


@each_call
def test_neither_key_nor_password_is_told_or_logged(
    name: str, replay: Replay, caplog: pytest.LogCaptureFixture
) -> None:
    server = replay(Response.json({"detail": "no"}, 400))
    url = server.url.replace("http://", f"http://me:{KEY}@")
    with caplog.at_level(logging.DEBUG, logger="langgraph_runs"):
        error = failure_of(name, url, headers={"authorization": KEY})
    assert type(error) is BadRequestError
    demand_named(error, server)
    assert server.requests[0].headers["x-api-key"] == KEY
    assert KEY not in "".join(record.getMessage() for record in caplog.records if record.name.startswith("langgraph"))


def test_a_calls_headers_take_the_place_of_the_clients_and_of_ours(replay: Replay) -> None:
    server = replay(Response.json(run_json()))
    with Client(server.url, api_key=KEY, headers={"X-Own": "client", "X-Kept": "yes"}) as client:
        client.runs.create(
            "t", "agent", headers={"x-OWN": "call", "Content-Type": "application/vnd.own+json", "X-Api-Key": "other"}
        )
    [request] = server.requests
    assert request.headers["x-own"] == "call"
    assert request.headers["x-kept"] == "yes"
    assert request.headers["x-api-key"] == "other"
    assert request.headers["content-type"] == "application/vnd.own+json"
    for name in (b"content-type", b"x-own", b"x-api-key"):
        assert request.head.lower().count(b"\r\n" + name + b":") == 1


def test_an_events_id_goes_back_as_it_came(replay: Replay) -> None:
    server = replay(Response.events([sse("end", None)]))
    with Client(server.url) as client:
        drained(iter(client.runs.join_stream("t", "r", last_event_id="\u65e5-1")))
    assert b"\r\nlast-event-id: \xe6\x97\xa5-1\r\n" in server.requests[0].head.lower()


def test_an_http_client_of_ones_own_may_have_no_network() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/stream"):
            return httpx.Response(
                200, headers={"content-type": "text/event-stream"}, content=sse("values", 1) + sse("end", 2)
            )
        return httpx.Response(200, json=run_json(run_id=request.url.path.rpartition("/")[2]))

    with httpx.Client(transport=httpx.MockTransport(answer)) as http_client:
        client = Client("http://server", http_client=http_client, max_retries=0)
        assert (client.runs.get("t", "x")).run_id == "x"
        assert [event.data for event in drained(iter(client.runs.stream("t", "agent")))] == [1, 2]
        client.close()
        assert not http_client.is_closed
