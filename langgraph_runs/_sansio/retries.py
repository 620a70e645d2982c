"""Whether and when to send a request again. Nothing here sleeps."""

import random
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from langgraph_runs._sansio.config import RetryPolicy
from langgraph_runs.errors import APIConnectionError, APIStatusError, LangGraphError


class Cut(NamedTuple):
    """The loss of a connection that a request makes up for."""

    cause: LangGraphError
    # How many connections in a row ended without progress. After the first the request is sent at once; from then on
    # the waits grow, and count as retries of one failing request.
    stalled: int
    quiet: bool = False  # it only settles a doubt about a repeated event: nothing was lost, and nobody needs to know
    asked: float = 0.0  # seconds that the server wants a reconnection to wait (`retry` of an event stream)
    run_id: str | None = None  # the run, if known


class Retries:
    """The retries of one request.

    Args:
        policy: How often to retry, and how long to wait.
        repeatable: Whether the request may be sent again after it may have reached the server.
        last_start: When no further retry may start, on the caller's clock.
        cut: The loss that the request makes up for.
    """

    def __init__(self, policy: RetryPolicy, *, repeatable: bool, last_start: float, cut: Cut | None = None) -> None:
        self.policy = policy
        self.repeatable = repeatable
        self.last_start = last_start
        self.cut = cut
        self.number: int = 0 if cut is None else max(0, cut.stalled - 1)  # how many retries there were
        self.doubtful: bool = False  # whether a try that failed may have reached the server all the same

    def next_wait(self, error: LangGraphError, now: float, remaining: float | None) -> float | None:
        """Seconds to wait before the next try; None if there is none, also because the call must be done before it."""
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

    Reads and joins are repeatable. Whatever changes something is sent again only if it certainly never reached the
    server, or the server said that it did not accept it. So a run is never created twice.
    """
    match error:
        case APIConnectionError():
            return repeatable or not error.sent
        case APIStatusError(status_code=code):
            if repeatable:
                return code in (408, 429) or code >= 500  # noqa: PLR2004 - what 5xx means
            return code == 429 or (code == 503 and error.retry_after is not None)  # noqa: PLR2004
        case _:
            return False


def backoff(policy: RetryPolicy, attempt: int, error: BaseException, now: datetime | None = None) -> float | None:
    """Seconds to wait before a retry, 0 being the first; None if the server asks for more than the policy allows."""
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


_SECONDS = re.compile(r"\d+(\.\d*)?", re.ASCII).fullmatch
