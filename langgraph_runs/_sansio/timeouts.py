"""How long each step of a request may take: by the caller's timeouts, the heartbeats received and the deadline."""

from collections.abc import Callable, Iterator, Mapping
from time import monotonic
from typing import Final


class Timeouts(Mapping[str, float | None]):
    """The timeouts of one call, computed anew whenever a transport looks one up.

    It is passed as the `timeout` of a request's extensions, with httpx's names for the steps: `connect`, `write`,
    `pool` and `read`. Our transport looks up `read` before each read, so what happens while a response arrives counts.
    Others look it up once for a response.

    Args:
        steps: Seconds that each step may take; None for any time.
        idle_timeout: Seconds of silence after which a connection counts as lost. Default: three of the heartbeat
            intervals seen, between 6 and 30 s, or the read timeout before the first heartbeat.
        deadline: When the whole call must be done, on `clock`; None for never.
        clock: The current time in seconds.
    """

    def __init__(
        self,
        steps: Mapping[str, float | None],
        *,
        idle_timeout: float | None = None,
        deadline: float | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._steps = steps
        self._idle_timeout = idle_timeout
        self._deadline = deadline
        self._clock = clock
        self._head_deadline: float | None = None
        self._last_heartbeat = 0.0
        self._interval: float | None = None

    def request_started(self) -> None:
        """Limit the time until the response's head: all steps together take no longer than the sum of their timeouts.

        Otherwise a server that sends a byte of it now and then would be waited for without end.
        """
        steps = [*self._steps.values()]
        self._interval = None
        self._head_deadline = None
        if None not in steps:
            self._head_deadline = self._clock() + sum(seconds for seconds in steps if seconds is not None)

    def response_started(self) -> None:
        """The response's head has arrived; heartbeats are counted from here."""
        self._head_deadline = None
        self._last_heartbeat = self._clock()

    def heartbeat(self) -> bool:
        """A heartbeat has arrived.

        Returns:
            Whether it shows that the server is alive. One that comes with the response's head does not: a server that
            greets and hangs up would be asked again without end.
        """
        now = self._clock()
        self._interval, self._last_heartbeat = now - self._last_heartbeat, now
        return self._interval >= _GREETING

    @property
    def remaining(self) -> float | None:
        """Seconds until the deadline, not negative; None without one."""
        return None if self._deadline is None else max(0.0, self._deadline - self._clock())

    @property
    def expired(self) -> bool:
        """Whether the deadline has passed."""
        return self._deadline is not None and self._clock() >= self._deadline

    def get(self, step: str, default: None = None) -> float | None:  # type: ignore[override]
        """Seconds that this step may take from now on; None for any time."""
        limit = self._silence() if step == "read" else self._steps.get(step, default)
        for end in (self._deadline, self._head_deadline):
            if end is not None:
                # Sockets take zero for "do not wait at all".
                left = max(end - self._clock(), 0.001)
                limit = left if limit is None else min(limit, left)
        return limit

    __getitem__ = get

    def __iter__(self) -> Iterator[str]:
        return iter(self._steps)

    def __len__(self) -> int:
        return len(self._steps)

    def _silence(self) -> float | None:
        if self._idle_timeout is not None:
            return self._idle_timeout
        if self._interval is None:
            return self._steps.get("read")
        return min(max(_INTERVALS * self._interval, _SHORTEST), _LONGEST)


# Servers send a heartbeat every 5 s; LangGraph.js every second while waiting, and none on streams.
_INTERVALS: Final = 3
_SHORTEST: Final = 6.0
_LONGEST: Final = 30.0
_GREETING: Final = 0.5
