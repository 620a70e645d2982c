"""When something is sent again, and after how long: never a create that may have been taken."""

from datetime import UTC, datetime

import httpx
import pytest

from langgraph_runs import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    LangGraphError,
    RetryPolicy,
    RunFailedError,
    StreamDisconnectedError,
)
from langgraph_runs._sansio.failures import response_error, status_error
from langgraph_runs._sansio.retries import Cut, Retries, backoff, may_retry, retry_after
from tests.support.samples import URL, request

NOW = datetime(2026, 11, 22, 5, 0, 0, tzinfo=UTC)


def refusal(status: int, retry_after: str | None = None) -> APIStatusError:
    """A refusal with this Retry-After."""
    headers = [] if retry_after is None else [(b"retry-after", retry_after.encode())]
    return status_error(request(), status, httpx.Headers(headers), b"")


def unconnected(*, sent: bool) -> APIConnectionError:
    """A failure of the connection, before or after the request was sent."""
    return APIConnectionError("m", method="GET", url=URL, sent=sent)


def label(error: BaseException) -> str:
    """What tells this error from others in a test's name."""
    if isinstance(error, APIStatusError):
        return f"{error.status_code}{' with Retry-After' if error.retry_after else ''}"
    return type(error).__name__


@pytest.mark.parametrize(
    ("error", "read", "create"),
    [
        (unconnected(sent=False), True, True),
        (unconnected(sent=True), True, False),
        (APITimeoutError("m", method="GET", url=URL, sent=True), True, False),
        (APITimeoutError("m", method="GET", url=URL, sent=False), True, True),
        *((refusal(status), False, False) for status in (302, 400, 401, 403, 404, 409, 418, 422)),
        (refusal(408), True, False),
        (refusal(429), True, True),
        (refusal(429, "1"), True, True),
        (refusal(500), True, False),
        (refusal(500, "1"), True, False),
        (refusal(502), True, False),
        (refusal(503), True, False),
        (refusal(503, "1"), True, True),
        (refusal(504, "1"), True, False),
        (response_error(request(), "m"), False, False),
        (RunFailedError("E", "m", run_id=None, thread_id=None), False, False),
        (StreamDisconnectedError("m", run_id=None, thread_id=None, last_event_id=None), False, False),
        (LangGraphError("m"), False, False),
        (ValueError("m"), False, False),
        (KeyboardInterrupt(), False, False),
    ],
    ids=lambda value: label(value) if isinstance(value, BaseException) else None,
)
def test_what_may_be_sent_again(error: BaseException, read: bool, create: bool) -> None:
    assert may_retry(error, repeatable=True) is read
    assert may_retry(error, repeatable=False) is create


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("7", 7.0),
        ("120", 120.0),
        ("9" * 5000, 999999999.0),
        ("Sun, 22 Nov 2026 05:00:30 GMT", 30.0),
        ("Sun, 22 Nov 2026 05:00:30 -0000", 30.0),
        ("Sun, 22 Nov 2026 06:00:30 +0100", 30.0),
        ("Sun, 22 Nov 2026 04:00:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("0.5", 0.5),
        ("1.5", 1.5),
        ("2.", 2.0),
        (".5", None),
        ("1e3", None),
        ("nan", None),
        ("1.5.5", None),
        ("\u0663", None),
        ("Sun, 99 Nov 2026 05:00:30 GMT", None),
        ("Sun, 22 Nov 2026 05:00:30 +99999999999999999999", None),
        ("22 Nov 99999 05:00:30", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: float | None) -> None:
    assert retry_after(refusal(429, text), NOW) == seconds


def test_only_an_answer_has_a_retry_after() -> None:
    assert retry_after(refusal(429), NOW) is None
    assert retry_after(unconnected(sent=False), NOW) is None


def test_retry_after_is_waited_for_up_to_the_policys_maximum() -> None:
    policy = RetryPolicy(maximum=30.0)
    assert backoff(policy, 0, refusal(429, "30"), NOW) == 30.0
    assert backoff(policy, 9, refusal(503, "2"), NOW) == 2.0
    assert backoff(policy, 0, refusal(429, "31"), NOW) is None
    assert backoff(policy, 0, refusal(429, "Sun, 22 Nov 2026 05:00:20 GMT"), NOW) == 20.0


@pytest.mark.parametrize(
    ("attempt", "most"),
    [(0, 0.5), (1, 1.0), (2, 2.0), (5, 16.0), (6, 30.0), (32, 30.0), (10**6, 30.0)],
)
def test_waits_grow_and_are_random_from_zero_on(attempt: int, most: float, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[float, float]] = []

    def uniform(least: float, most: float) -> float:
        asked.append((least, most))
        return most / 2

    monkeypatch.setattr("random.uniform", uniform)
    assert backoff(RetryPolicy(), attempt, unconnected(sent=False)) == most / 2
    assert asked == [(0, most)]


def test_clients_that_failed_together_do_not_come_back_together() -> None:
    waits = {backoff(RetryPolicy(), 3, unconnected(sent=True)) for _ in range(20)}
    assert len(waits) > 10
    assert all(seconds is not None and 0 <= seconds <= 4 for seconds in waits)


def retries(cut: Cut | None = None, *, repeatable: bool = True) -> Retries:
    """The retries of a request that began at 0 s and may begin its last one at 10 s."""
    return Retries(RetryPolicy(3), repeatable=repeatable, last_start=10.0, cut=cut)


def test_a_request_is_retried_as_often_as_the_policy_says() -> None:
    counted = retries()
    waits = [counted.next_wait(refusal(503, "1"), 0.0, None) for _ in range(4)]
    assert waits == [1.0, 1.0, 1.0, None]
    assert counted.number == 3


def test_what_may_not_be_repeated_is_not() -> None:
    assert retries(repeatable=False).next_wait(unconnected(sent=True), 0.0, None) is None


@pytest.mark.parametrize(("now", "remaining"), [(9.5, None), (0.0, 1.0), (0.0, 0.0)])
def test_no_retry_starts_too_late(now: float, remaining: float | None) -> None:
    assert retries().next_wait(refusal(503, "1"), now, remaining) is None


def test_a_connection_that_was_cut_is_made_up_for_at_once_and_then_like_any_failure() -> None:
    cut = unconnected(sent=True)
    assert retries(Cut(cut, stalled=1)).next_wait(cut, 0.0, None) == 0.0
    again = retries(Cut(cut, stalled=3))
    assert again.next_wait(refusal(503, "2"), 0.0, None) == 2.0
    assert again.number == 3
    assert again.next_wait(cut, 0.0, None) is None


def test_a_reconnection_waits_as_long_as_the_stream_asks_up_to_the_policys_maximum() -> None:
    cut = unconnected(sent=True)
    assert retries(Cut(cut, stalled=1, asked=1.5)).next_wait(cut, 0.0, None) == 1.5
    policy = RetryPolicy(3, maximum=2.0)
    for stalled in (1, 2):
        patient = Retries(policy, repeatable=True, last_start=10.0, cut=Cut(cut, stalled, asked=3600.0))
        assert patient.next_wait(cut, 0.0, None) == 2.0
