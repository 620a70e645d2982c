"""Whether and when to send a request again. Nothing here sleeps."""

import random
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

from attrs import define

from langgraph_runs._sansio.config import RetryPolicy
from langgraph_runs.errors import APIConnectionError, APIStatusError, LangGraphError


class Cut(NamedTuple):
    """The loss of a connection that a request makes up for.

    Attributes:
        cause: Why the connection ended.
        stalled: How many connections in a row ended without progress. After the first the request is sent at once; from
            then on the waits grow, and count as retries of one failing request.
        quiet: The reconnection only settles a doubt about a repeated event: nothing was lost, and nobody needs to know.
        asked: Seconds that the server wants a reconnection to wait (`retry` of an event stream).
        run_id: The run, if known.
    """

    cause: LangGraphError
    stalled: int
    quiet: bool = False
    asked: float = 0.0
    run_id: str | None = None


@define(eq=False, repr=False)
class Retries:
    """The retries of one request.

    Attributes:
        policy: Their limits.
        repeatable: Whether the request may be sent again after it may have reached the server.
        last_start: When no further retry may start, on the caller's clock.
        cut: The lost connection that the request makes up for, if it does.
        number: How many retries there were.
        doubtful: Whether a try that failed may have reached the server all the same.
    """

    policy: RetryPolicy
    repeatable: bool
    last_start: float
    cut: Cut | None = None
    number: int = 0
    doubtful: bool = False

    def __attrs_post_init__(self) -> None:
        if self.cut is not None:
            self.number = max(0, self.cut.stalled - 1)

    def next_wait(self, error: LangGraphError, now: float, remaining: float | None) -> float | None:
        """Seconds to wait before the next try; None if there is none.

        Args:
            error: Why the last try failed.
            now: The time.
            remaining: Seconds until the call must be done; None for no limit.
        """
        if self.number >= self.policy.max_retries or not may_retry(error, repeatable=self.repeatable):
            return None
        # The first reconnection starts at once, unless the server wants it to wait.
        wait = 0.0 if self.cut is not None and self.number == 0 else backoff(self.policy, self.number, error)
        if self.cut is not None and wait is not None:
            wait = max(wait, min(self.cut.asked, self.policy.maximum))
        if wait is None or now + wait > self.last_start or (remaining is not None and remaining <= wait):
            return None
        self.number += 1
        self.doubtful = self.doubtful or not may_retry(error, repeatable=False)
        return wait


def may_retry(error: BaseException, *, repeatable: bool) -> bool:
    """Whether a request that failed with this error may be sent again.

    Args:
        error: Why it failed.
        repeatable: True for reads and joins. False for whatever changes something: that is sent again only if it
            certainly never reached the server, or the server said that it did not accept it. So a run is never created
            twice.
    """
    match error:
        case APIConnectionError():
            return repeatable or not error.sent
        case APIStatusError(status_code=code):
            if repeatable:
                return code in _RETRIED or code >= 500  # noqa: PLR2004 - what 5xx means
            return code == 429 or (code == 503 and error.retry_after is not None)  # noqa: PLR2004
        case _:
            return False


def backoff(policy: RetryPolicy, attempt: int, error: BaseException, now: datetime | None = None) -> float | None:
    """Seconds to wait before a retry, or None if the server asks for a longer wait than the policy allows.

    Args:
        policy: The limits.
        attempt: 0 before the first retry.
        error: Why the last try failed; its Retry-After counts.
        now: The time, for a Retry-After that is a date. Default: the current time.
    """
    asked = retry_after(error, now or datetime.now(UTC))
    if asked is not None:
        return asked if asked <= policy.maximum else None
    # Full jitter: clients that failed together do not return together.
    return random.uniform(0, min(policy.maximum, policy.initial * 2 ** min(attempt, 32)))  # noqa: S311 - no secret


def retry_after(error: BaseException, now: datetime) -> float | None:
    """The seconds that a response's Retry-After asks for; None if it has none, or one that can't be parsed."""
    text = error.retry_after if isinstance(error, APIStatusError) else None
    if not text:
        return None
    if _SECONDS(text):
        return float(text[:9])
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # OverflowError: an absurd time zone
        return None
    return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - now).total_seconds())


_RETRIED: Final = frozenset({408, 429})
_SECONDS = re.compile(r"\d+(\.\d*)?", re.ASCII).fullmatch
