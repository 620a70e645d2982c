"""How long to wait for the next byte of a stream or a wait; pure, the callers bring the time."""

from collections.abc import Mapping

from attrs import define

# Servers send a sign of life every 5 s (JS every second on waits, never on streams).
_LEAST, _MOST, _MISSED = 6.0, 30.0, 3
_GREETING = 0.5


@define
class Patience:
    """The bounds of one connection; times are seconds on the monotonic clock.

    Attributes:
        read_timeout: Silence that is borne while no heartbeat has ever come; None bears any.
        idle_timeout: Silence that is borne, whatever comes; None works it out from the heartbeats: three of their
            intervals, but at least 6 and at most 30 s.
        deadline: When to stop waiting, whatever comes.
    """

    read_timeout: float | None
    idle_timeout: float | None = None
    deadline: float | None = None
    _last_beat: float = 0.0
    _interval: float | None = None

    def connected(self, now: float) -> None:
        """A connection was opened; its heartbeats start anew."""
        self._last_beat = now
        self._interval = None

    def for_head(self, limits: Mapping[str, float | None], now: float) -> "Patience":
        """The bounds until an answer begins: it takes no longer than all steps of its request may take together.

        Args:
            limits: The seconds that each step may take; None for any.
            now: The time.
        """
        steps = list(limits.values())
        ends = [self.deadline, None if None in steps else now + sum(step for step in steps if step is not None)]
        return Patience(self.silence(), deadline=min((end for end in ends if end is not None), default=None))

    def beat(self, now: float) -> bool:
        """A heartbeat came.

        Returns:
            Whether it shows that waiting makes sense. One that comes along with the connection does not: a server that greets and
            hangs up would be asked again for ever.
        """
        self._interval = now - self._last_beat
        self._last_beat = now
        return self._interval >= _GREETING

    def silence(self) -> float | None:
        """Seconds of silence after which the connection counts as lost."""
        if self.idle_timeout is not None:
            return self.idle_timeout
        if self._interval is None:
            return self.read_timeout
        return min(max(_MISSED * self._interval, _LEAST), _MOST)

    def remaining(self, now: float) -> float | None:
        """Seconds left until the deadline, not below zero; None without one."""
        return None if self.deadline is None else max(0.0, self.deadline - now)

    def expired(self, now: float) -> bool:
        """Whether the deadline has passed."""
        return self.deadline is not None and now >= self.deadline

    def next_read(self, now: float) -> float | None:
        """Seconds that the next read may take; None for any."""
        silence = self.silence()
        if self.deadline is None:
            return silence
        remaining = max(self.deadline - now, 0.001)
        return remaining if silence is None else min(silence, remaining)
