"""Whether to try again, and after how long; no sleeping here."""

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from langgraph_runs._sansio.config import RetryPolicy
from langgraph_runs.errors import APIConnectionError, APIStatusError

_RETRIED = frozenset({408, 429})


def may_retry(error: BaseException, *, repeatable: bool) -> bool:
    """Whether the request that failed so may be sent again.

    Args:
        error: What it failed with.
        repeatable: True for reads and joins. False for whatever changes something: that is sent again only when it certainly
            never reached the server, or the server said that it was not taken. So a run is never created twice.
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


def pause(policy: RetryPolicy, attempt: int, error: BaseException, now: datetime | None = None) -> float | None:
    """Seconds to wait before trying again, or None when the server asks for more patience than the policy has.

    Args:
        policy: The bounds.
        attempt: 0 before the first retry.
        error: What the last try failed with; its Retry-After counts.
        now: The time, for a Retry-After that is a date; the clock's when left out.
    """
    asked = retry_after(error, now or datetime.now(UTC))
    if asked is not None:
        return asked if asked <= policy.maximum else None
    # Full jitter: clients that failed together don't come back together.
    return random.uniform(0, min(policy.maximum, policy.initial * 2 ** min(attempt, 32)))  # noqa: S311 - no secret


def retry_after(error: BaseException, now: datetime) -> float | None:
    """The seconds that an answer's Retry-After asks for; None where there is none that can be understood."""
    text = error.retry_after if isinstance(error, APIStatusError) else None
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # the latter for a time zone beyond all bounds
        return None
    return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - now).total_seconds())
