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
        idle_timeout: Seconds of silence after which a connection counts as lost. Default: the read timeout, until the
            connection has had two intervals between heartbeats; then three times the longest interval, at least 6 s,
            and at least the read timeout if that interval is longer than 10 s.
        deadline: When the whole call must be done; None for never.
        clock: Tells the time.
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
        self._heartbeats = 0
        self._last_heartbeat = 0.0
        self._longest_interval = 0.0

    def request_started(self) -> None:
        """Limit the time until the response's head: all steps together take no longer than the sum of their timeouts.

        Otherwise a server that sends a byte of it now and then would be waited for without end.
        """
        steps = [seconds for seconds in self._steps.values() if seconds is not None]
        self._heartbeats, self._longest_interval, self._head_deadline = 0, 0.0, None
        if len(steps) == len(self._steps):
            self._head_deadline = self._clock() + sum(steps)

    def response_started(self) -> None:
        """The head of a successful response has arrived; heartbeats are counted from here."""
        self._head_deadline = None
        self._last_heartbeat = self._clock()

    def heartbeat(self) -> bool:
        """A heartbeat has arrived. Events are not told: they say nothing about when the next heartbeat is due.

        Returns:
            Whether it shows that the server is alive. One that comes with the response's head does not: a server that
            greets and hangs up would be asked again without end. Nor does one that comes with the heartbeat before it:
            a stall held it back, so the time between them is no interval of the server.
        """
        now = self._clock()
        interval = now - self._last_heartbeat
        if interval < _TOGETHER:
            return False
        if self._heartbeats:
            self._longest_interval = max(self._longest_interval, interval)
        self._heartbeats, self._last_heartbeat = self._heartbeats + 1, now
        return True

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

    def __getitem__(self, step: str) -> float | None:
        return self.get(step)

    def __iter__(self) -> Iterator[str]:
        return iter(self._steps)

    def __len__(self) -> int:
        return len(self._steps)

    def _silence(self) -> float | None:
        if self._idle_timeout is not None:
            return self._idle_timeout
        read = self._steps.get("read")
        if self._heartbeats <= _KNOWN:
            return read
        silence = max(_INTERVALS * self._longest_interval, _SHORTEST)
        if self._longest_interval > _SLOW:
            return None if read is None else max(silence, read)
        return silence


# Servers send a heartbeat every 5 s; LangGraph.js every second while waiting, and none on streams; gateways send a
# greeting, then a heartbeat every 15 to 40 s.
_KNOWN: Final = 2  # intervals
_INTERVALS: Final = 3
_SHORTEST: Final = 6.0
_SLOW: Final = 10.0
_TOGETHER: Final = 0.5
