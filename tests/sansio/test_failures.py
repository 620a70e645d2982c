"""Failures become the right exceptions. Messages have the request, the response and advice, but no secret."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest

import langgraph_runs
from langgraph_runs import (
    APIConnectionError,
    APIResponseError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    InternalServerError,
    Interrupt,
    LangGraphError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RunFailedError,
    RunInterruptedError,
    StreamDisconnectedError,
    UnprocessableEntityError,
    WaitTimeoutError,
)
from langgraph_runs._sansio.failures import connection_error, response_error, run_failure, shown_url, status_error
from langgraph_runs._sansio.location import RunLocation
from tests.support.recordings import Recording, load_recording, load_recordings
from tests.support.samples import DISGUISED, REFUSALS, URL, is_stream, recorded_events, request


def refusal(status: int, content: bytes = b"", headers: dict[str, str] | None = None) -> APIStatusError:
    """The exception for an answer with this status."""
    return status_error(request(), status, httpx.Headers(headers), content)


# -- by status


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, APIStatusError),
        (400, BadRequestError),
        (401, AuthenticationError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (405, APIStatusError),
        (408, APIStatusError),
        (409, ConflictError),
        (418, APIStatusError),
        (422, UnprocessableEntityError),
        (429, RateLimitError),
        (500, InternalServerError),
        (503, InternalServerError),
        (599, InternalServerError),
        (799, InternalServerError),
    ],
)
def test_a_status_has_its_class(status: int, kind: type[APIStatusError]) -> None:
    error = refusal(status, b'{"detail": "why"}')
    assert type(error) is kind
    assert (error.status_code, error.detail, error.body) == (status, "why", {"detail": "why"})


def test_a_status_error_tells_all_about_the_request_and_the_answer() -> None:
    error = refusal(503, b'{"detail": "busy"}', {"X-Request-ID": "abc", "Retry-After": "7"})
    assert (error.method, error.url, error.request_id, error.retry_after) == ("GET", URL, "abc", "7")
    assert str(error) == f"GET {URL}: 503 busy"
    assert (refusal(503).request_id, refusal(503).retry_after) == (None, None)


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (301, "redirects are not followed; this one leads to nowhere"),
        (401, "no API key was sent: set api_key or LANGGRAPH_API_KEY"),
        (403, "no API key was sent: set api_key or LANGGRAPH_API_KEY"),
    ],
)
def test_a_status_that_one_can_do_something_about_says_what(status: int, advice: str) -> None:
    assert str(refusal(status)).endswith(f"({advice})")


# -- by body


@pytest.mark.parametrize(
    "recording",
    [recording for recording in load_recordings() if recording.status >= 400],
    ids=lambda recording: recording.name,
)
def test_every_recorded_refusal_has_its_class_and_the_servers_own_words(recording: Recording) -> None:
    kind, detail = REFUSALS[recording.name]
    error = refusal(recording.status, recording.body)
    assert type(error) is kind
    assert error.detail == detail
    assert str(error).startswith(f"GET {URL}: {recording.status} ")
    assert "\n" not in str(error)
    is_json = recording.header("content-type") == "application/json"
    assert error.body == (orjson.loads(recording.body) if is_json else detail)


def test_the_tables_of_what_recordings_become_are_complete() -> None:
    refused = {recording.name for recording in load_recordings() if recording.status >= 400}
    disguised = {
        recording.name
        for recording in load_recordings()
        if recording.status < 400
        and (
            any(event.name == "error" for event in recorded_events(recording.body))
            if is_stream(recording)
            else b"__error__" in recording.body
        )
    }
    assert refused == set(REFUSALS)
    assert disguised == set(DISGUISED)


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (b'{"detail": "text"}', "text"),
        (b'{"detail": [{"loc": ["body", 1], "msg": "bad"}, {"loc": [], "msg": "worse"}]}', "body.1: bad; : worse"),
        (b'{"detail": ["first", {"other": 1}]}', 'first; {"other":1}'),
        (b'{"error": "not_found", "message": "no run", "details": null}', "no run"),
        (b'{"error": "not_found"}', "not_found"),
        (b'{"error": {"message": "inner"}}', "inner"),
        (b'{"error": {"issues": [{"path": ["a", 0], "message": "bad"}], "name": "ZodError"}}', "a.0: bad"),
        (b'{"detail": {"a": 1}}', '{"detail":{"a":1}}'),
        (b"[1]", "[1]"),
        (b"7", "7"),
        (b"  plain text\n", "plain text"),
        (b'"a JSON text"', "a JSON text"),
        (b"{cut", "{cut"),
        (b"\xff\xfe", "\N{REPLACEMENT CHARACTER}" * 2),
        (b"", "Bad Gateway"),
        (b"null", "Bad Gateway"),
        (b"{}", "Bad Gateway"),
    ],
)
def test_the_detail_is_found_in_any_body(content: bytes, detail: str) -> None:
    assert refusal(502, content).detail == detail


@pytest.mark.parametrize(
    "page",
    [
        b"<html><head><title>502 Bad Gateway</title></head></html>",
        b"<!DOCTYPE html>\n<title>x</title>",
        b"\n  <!doctype HTML>",
        b"<?xml version='1.0'?>\n<HTML></HTML>",
    ],
)
def test_an_html_page_is_not_shown_but_named_with_what_to_do(page: bytes) -> None:
    error = refusal(502, page)
    assert "HTML page" in error.detail
    assert "check the URL" in str(error)
    assert error.body == page.decode()


def test_a_huge_body_is_shown_in_part() -> None:
    assert len(str(refusal(500, b"x" * 10**6))) < 2200
    assert len(str(refusal(500, orjson.dumps({"a": "x" * 10**6})))) < 2200


# -- failures dressed as success


@pytest.mark.parametrize("name", sorted(DISGUISED))
def test_every_recorded_disguise_is_seen_through(name: str) -> None:
    recording = load_recording(name)
    if is_stream(recording):
        [payload] = [event.json for event in recorded_events(recording.body) if event.name == "error"]
    else:
        payload = orjson.loads(recording.body)["__error__"]
    error = run_failure(payload, request(), RunLocation("r", "t"))
    kind, attributes = DISGUISED[name]
    assert type(error) is kind
    assert {name: getattr(error, name) for name in attributes} == attributes


@pytest.mark.parametrize(
    ("payload", "error", "message"),
    [
        ({"error": "ValueError", "message": "boom"}, "ValueError", "boom"),
        ({"error": "Error", "message": '{"error":"TypeError","message":"inner"}'}, "TypeError", "inner"),
        ({"error": "Error", "message": '"a text"'}, "Error", "a text"),
        ({"error": "Error", "message": '{"not": "an error"}'}, "Error", '{"not": "an error"}'),
        (
            {"error": "Error", "message": '{"error": {"a": 1}, "message": "x"}'},
            "Error",
            '{"error": {"a": 1}, "message": "x"}',
        ),
        ({"error": "Error", "message": '"cut'}, "Error", '"cut'),
        ({"error": "Error", "message": ""}, "Error", ""),
        ({"error": 7, "message": {"a": [1]}}, "7", '{"a":[1]}'),
        ({"message": "alone"}, "Error", "alone"),
        ({"error": "alone"}, "Error", '{"error":"alone"}'),
        ("a text", "Error", "a text"),
        (None, "Error", "null"),
        ([1], "Error", "[1]"),
        ({"error": "HTTPException", "message": "500: other"}, "HTTPException", "500: other"),
    ],
)
def test_a_failure_is_understood_in_any_form(payload: Any, error: str, message: str) -> None:
    failure = run_failure(payload, request(), RunLocation("r", "t"))
    assert isinstance(failure, RunFailedError)
    assert (failure.error, failure.message, failure.run_id, failure.thread_id) == (error, message, "r", "t")
    assert str(failure) == f"run r failed with {error}: {message}"


def test_a_failure_of_a_run_whose_id_is_unknown() -> None:
    failure = run_failure({"error": "E", "message": "m"}, request(), RunLocation())
    assert str(failure) == "run (id unknown) failed with E: m"


@pytest.mark.parametrize(
    "payload",
    [
        {"error": "HTTPException", "message": "404: Run not found"},
        {"error": "Error", "message": '"Run not found"'},
        "Run not found",
    ],
)
def test_a_run_that_does_not_exist_is_not_found_in_any_form(payload: Any) -> None:
    error = run_failure(payload, request(), RunLocation("r", "t"))
    assert isinstance(error, NotFoundError)
    assert (error.status_code, error.detail, error.method, error.url) == (404, "Run not found", "GET", URL)
    assert str(error) == f"GET {URL}: Run not found"


# -- no answer


@pytest.mark.parametrize(
    ("cause", "kind", "sent", "said"),
    [
        (
            httpx.ConnectError("refused"),
            APIConnectionError,
            False,
            "connecting failed (refused); is a LangGraph server listening there?",
        ),
        (
            httpx.ConnectTimeout("x"),
            APITimeoutError,
            False,
            "connecting timed out; is a LangGraph server listening there?",
        ),
        (httpx.PoolTimeout("x"), APITimeoutError, False, "raise the pool's limits"),
        (httpx.UnsupportedProtocol("x"), APIConnectionError, False, "x"),
        (httpx.ReadTimeout("x"), APITimeoutError, True, "the server sent nothing for too long (ReadTimeout)"),
        (httpx.WriteTimeout("x"), APITimeoutError, True, "WriteTimeout"),
        (httpx.ReadError("reset"), APIConnectionError, True, "the connection was lost (reset)"),
        (httpx.ReadError(""), APIConnectionError, True, "the connection was lost (ReadError)"),
        (httpx.RemoteProtocolError("cut"), APIConnectionError, True, "the connection was lost (cut)"),
        (httpx.StreamClosed(), APIConnectionError, True, "the connection was lost"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_every_failure_of_httpx_becomes_ours(cause: Any, kind: type[APIConnectionError], sent: bool, said: str) -> None:
    error = connection_error(cause, request("POST"))
    assert type(error) is kind
    assert isinstance(error, APIConnectionError)
    assert (error.method, error.url, error.sent) == ("POST", URL, sent)
    assert str(error).startswith(f"POST {URL}: ")
    assert said in str(error)
    assert isinstance(error, TimeoutError) == (kind is APITimeoutError)


# -- an answer that is none


def test_an_answer_that_breaks_its_promise_is_shown_in_part() -> None:
    error = response_error(request(), "unexpected status 299", b"abc" * 10000)
    assert isinstance(error, APIResponseError)
    assert str(error).startswith(f"GET {URL}: unexpected status 299")
    assert "abcabc" in str(error)
    assert len(str(error)) < 600
    assert error.body is not None
    assert len(error.body) == 2000


def test_an_answer_without_a_body_shows_none() -> None:
    error = response_error(request(), "the response is empty")
    assert error.body is None
    assert str(error).startswith(f"GET {URL}: the response is empty")


def test_an_html_page_in_place_of_an_answer_says_what_to_do() -> None:
    assert "check the URL" in str(response_error(request(), "does not match the API", b"<!doctype html><p>Hello"))


# -- for all of them

SAMPLES: list[LangGraphError | RunInterruptedError] = [
    LangGraphError("m"),
    APIConnectionError("m", method="GET", url=URL, sent=False),
    APITimeoutError("m", method="GET", url=URL),
    refusal(404, b'{"detail": "m"}', {"retry-after": "3"}),
    refusal(429),
    response_error(request(), "m", b"body"),
    RunFailedError("ValueError", "m", run_id="r", thread_id="t"),
    RunInterruptedError([Interrupt("go on?", "i")], {"n": 1}, run_id="r", thread_id="t"),
    WaitTimeoutError("m", run_id="r", thread_id=None),
    StreamDisconnectedError("m", run_id="r", thread_id=None, last_event_id="7"),
]


def pickled(protocol: int) -> Callable[[Exception], Exception]:
    """Sends an exception through pickle, as a process pool does."""
    return lambda error: pickle.loads(pickle.dumps(error, protocol))  # noqa: S301 - our own


COPIES = {"copy": copy.copy, **{f"pickle {n}": pickled(n) for n in range(2, pickle.HIGHEST_PROTOCOL + 1)}}


@pytest.mark.parametrize("copied", COPIES.values(), ids=list(COPIES))
@pytest.mark.parametrize("error", SAMPLES, ids=lambda error: type(error).__name__)
def test_exceptions_survive_a_copy_with_message_and_attributes(error: Exception, copied: Any) -> None:
    again = copied(error)
    assert type(again) is type(error)
    assert (str(again), again.args, vars(again)) == (str(error), error.args, vars(error))


def test_all_exceptions_are_public_and_have_one_base() -> None:
    ours = {
        kind
        for name in langgraph_runs.__all__
        if isinstance(kind := getattr(langgraph_runs, name), type) and issubclass(kind, Exception)
    }
    ours.remove(RunInterruptedError)  # nothing failed
    assert all(issubclass(kind, LangGraphError) for kind in ours)
    assert {
        kind
        for kind in vars(langgraph_runs.errors).values()
        if isinstance(kind, type) and issubclass(kind, LangGraphError)
    } == ours
    assert {kind for kind in ours if issubclass(kind, TimeoutError)} == {APITimeoutError, WaitTimeoutError}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://me:secret@host:1/a?b=c", "http://host:1/a"),
        ("http://me@host/a", "http://host/a"),
        ("http://me:s%40cret@host/a@b", "http://host/a@b"),
        ("http://[::1]:1/a", "http://[::1]:1/a"),
        ("http://host/a", "http://host/a"),
        ("http://me:secret@[host", "http://[host"),
        ("//me:secret@host/a#b", "//host/a"),
        ("/a@b?c=//d@e", "/a@b"),
    ],
)
def test_a_shown_url_has_no_user_name_password_and_query(url: str, shown: str) -> None:
    assert shown_url(url) == shown


def test_no_message_holds_the_user_name_or_the_password_or_the_key() -> None:
    sent = httpx.Request("GET", "http://me:secret@host/a", headers={"x-api-key": "secret"})
    errors: list[LangGraphError] = [
        status_error(sent, 500, httpx.Headers(), b"x"),
        connection_error(httpx.ConnectError("x"), sent),
        response_error(sent, "x", b"y"),
        run_failure("Run not found", sent, RunLocation()),
    ]
    for error in errors:
        assert "http://host/a" in str(error)
        assert "secret" not in f"{error} {error!r} {vars(error)}"
        assert "me" not in f"{vars(error)['url']}"


@pytest.mark.parametrize("name", ["x-api-key", "Authorization"])
def test_a_key_that_was_sent_was_refused(name: str) -> None:
    sent = httpx.Request("GET", URL, headers={name: "k"})
    assert str(status_error(sent, 401, {}, b"")).endswith("(the API key was refused)")
    assert str(status_error(sent, 403, {}, b"")).endswith("(the API key does not allow this)")


def test_a_redirects_target_is_shown_without_secrets() -> None:
    assert str(refusal(302, headers={"location": "http://["})).endswith("; this one leads to http://[)")
    assert len(str(refusal(302, headers={"location": "/" * 100_000}))) < 3000
    error = refusal(307, headers={"location": "https://me:secret@elsewhere/a?key=secret"})
    assert str(error).endswith("(redirects are not followed; this one leads to https://elsewhere/a)")


@pytest.mark.parametrize(
    ("path", "detail", "hinted"),
    [
        ("/threads/t/runs", "Thread or assistant not found.", True),
        ("/threads/t/runs/stream", "Thread 't' not found", True),
        ("/threads/t/runs/wait", "thread not found", True),
        ("/threads/t/runs", 'No assistant found for "nope".', False),
        ("/threads/t/runs/r/cancel", "Thread not found", False),
        ("/runs", "Thread not found", False),
    ],
)
def test_a_missing_thread_can_be_created(path: str, detail: str, hinted: bool) -> None:
    error = status_error(httpx.Request("POST", f"http://server:2024{path}"), 404, {}, orjson.dumps({"detail": detail}))
    assert str(error).endswith('(if_not_exists="create" creates the thread)') is hinted


@pytest.mark.parametrize(
    "body", [b"Internal Server Error", b"", b'{"detail":"Internal Server Error"}', b"KeyError: 'n'"]
)
def test_a_failure_without_a_reason_says_where_the_reason_is(body: bytes) -> None:
    assert str(refusal(500, body)).endswith(" (the server's log has the reason)") is (b"KeyError" not in body)


def test_a_validators_message_is_one_line_with_the_field() -> None:
    detail = '"zzz" is not one of "a"\n\nFailed validating "enum" in schema["x"]\n\nOn instance["config"]["tags"]:\n    "zzz"'
    error = refusal(422, orjson.dumps({"detail": detail}))
    assert str(error) == f'GET {URL}: 422 config.tags: "zzz" is not one of "a"'
    assert error.detail == detail
    whole = (
        '"assistant_id" is a required property\n\nFailed validating "required" in schema\n\nOn instance:\n    {"a": 1}'
    )
    assert str(refusal(422, orjson.dumps({"detail": whole}))) == f'GET {URL}: 422 "assistant_id" is a required property'
    long = refusal(422, orjson.dumps({"detail": detail.replace('"zzz"', f'{"x" * 5000}\n\n"')}))
    assert str(long).startswith(f"GET {URL}: 422 config.tags: xxx")
    assert str(long).endswith('xxx " is not one of "a"')
    assert len(str(long)) < 700
    lines = refusal(422, b'{"detail": "Invalid assistant: nope. Must be either:\\n- a UUID"}')
    assert str(lines).endswith(": 422 Invalid assistant: nope. Must be either: - a UUID")


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        ({"error": "HTTPException", "message": "404: Run not found"}, NotFoundError),
        ("Run not found", NotFoundError),
        ({"error": "Error", "message": '"Run not found"'}, NotFoundError),
        ({"error": "HTTPException", "message": "404: customer 7 not found"}, RunFailedError),
        ({"error": "HTTPException", "message": "404: Thread not found"}, RunFailedError),
        ({"error": "HTTPException", "message": "404: Run not found in the ledger"}, RunFailedError),
        ({"error": "Error", "message": "404: Run not found"}, RunFailedError),
        ({"error": "HTTPException", "message": "404"}, RunFailedError),
        ({"error": "HTTPException", "message": "500: Run not found"}, RunFailedError),
        ({"error": "KeyError", "message": "Run not found"}, RunFailedError),
    ],
)
def test_only_the_servers_own_words_say_that_a_run_is_missing(payload: Any, kind: type[Exception]) -> None:
    error = run_failure(payload, request(), RunLocation("r", "t"))
    assert type(error) is kind
    if isinstance(error, RunFailedError):
        assert (error.run_id, error.thread_id) == ("r", "t")


def test_a_run_that_exists_has_failed_whatever_its_graph_says() -> None:
    payload = {"error": "HTTPException", "message": "404: Run not found"}
    assert type(run_failure(payload, request(), RunLocation("r", "t"), exists=True)) is RunFailedError
