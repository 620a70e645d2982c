"""How long the next read may take: by the read timeout, then by the heartbeats seen, always within the deadline."""

from typing import Any

import pytest

from langgraph_runs._sansio.timeouts import Timeouts

STEPS = {"connect": 10.0, "read": 300.0, "write": 60.0, "pool": 30.0}


class Clock:
    """A clock that tests set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def timeouts(clock: Clock, *, read: float | None = 300.0, **options: Any) -> Timeouts:
    """Timeouts with the usual steps but this read timeout."""
    return Timeouts(STEPS | {"read": read}, clock=clock, **options)


def after_heartbeats(*times: float, **options: Any) -> Timeouts:
    """Timeouts of a response that began at 0 s, after heartbeats at these times."""
    clock = Clock()
    made = timeouts(clock, **options)
    made.response_started()
    for clock.now in times:
        made.heartbeat()
    return made


@pytest.mark.parametrize("read", [300.0, None])
def test_without_a_heartbeat_the_read_timeout_counts(read: float | None) -> None:
    assert after_heartbeats(read=read).get("read") == read


@pytest.mark.parametrize(
    ("times", "silence"),
    [
        # Regular ones
        ((1.0, 2.0), 6.0),
        ((2.0, 4.0), 6.0),
        ((5.0, 10.0), 15.0),
        ((10.0, 20.0), 30.0),
        # Slow ones: what the read timeout says, or longer
        ((15.0, 30.0), 300.0),
        ((40.0, 80.0), 300.0),
        ((200.0, 400.0), 600.0),
        # Not regular yet: a greeting, and what a stall has held back
        ((), 300.0),
        ((0.01,), 300.0),
        ((5.0,), 300.0),
        ((0.01, 0.02), 300.0),
        ((0.01, 5.0), 300.0),
        ((10.0, 10.001), 300.0),
        ((0.01, 0.02, 10.0, 10.001), 300.0),
        # The longest interval counts, wherever it was
        ((5.0, 10.0, 18.0, 23.0, 28.0), 24.0),
        ((1.0, 2.0, 7.0), 15.0),
        ((8.0, 9.0, 10.0, 11.0), 24.0),
    ],
)
def test_silence_is_as_long_as_heartbeats_show(times: tuple[float, ...], silence: float) -> None:
    assert after_heartbeats(*times).get("read") == silence


def test_slow_heartbeats_never_shorten_an_unlimited_or_short_read_timeout() -> None:
    assert after_heartbeats(40.0, 80.0, read=None).get("read") is None
    assert after_heartbeats(40.0, 80.0, read=50.0).get("read") == 120.0


def test_a_heartbeat_that_comes_with_the_connection_shows_no_life() -> None:
    clock = Clock()
    made = timeouts(clock)
    made.response_started()
    clock.now = 0.4
    assert not made.heartbeat()
    clock.now = 1.0
    assert made.heartbeat()
    clock.now = 1.2
    assert not made.heartbeat()
    made.response_started()
    assert not made.heartbeat()


def test_each_request_waits_for_heartbeats_of_its_own() -> None:
    made = after_heartbeats(5.0, 10.0, read=100.0)
    made.request_started()
    made.response_started()
    assert made.get("read") == 100.0


def test_an_idle_timeout_counts_before_all() -> None:
    assert after_heartbeats(idle_timeout=2.5).get("read") == 2.5
    assert after_heartbeats(5.0, 10.0, idle_timeout=2.5).get("read") == 2.5


def test_the_deadline_bounds_each_step() -> None:
    clock = Clock()
    made = timeouts(clock, deadline=50.0)
    for now, left in ((20.0, 30.0), (50.0, 0.0), (70.0, 0.0)):
        clock.now = now
        assert (made.remaining, made.expired) == (left, left == 0)
        # Zero would mean not to wait at all, and on some backends to wait for ever.
        assert made.get("read") == pytest.approx(left or 0.001)
        assert made.get("connect") == pytest.approx(min(left, 10.0) or 0.001)


def test_without_a_deadline_nothing_expires() -> None:
    clock = Clock()
    clock.now = 1e9
    made = timeouts(clock, read=None)
    assert (made.remaining, made.expired, made.get("read")) == (None, False, None)


def test_the_silence_counts_where_it_ends_before_the_deadline() -> None:
    clock = Clock()
    made = timeouts(clock, idle_timeout=5.0, deadline=50.0)
    assert made.get("read") == 5.0
    clock.now = 47.0
    assert made.get("read") == 3.0


def test_a_head_takes_no_longer_than_all_steps_together() -> None:
    clock = Clock()
    made = timeouts(clock)
    made.request_started()
    clock.now = 390.0
    assert made.get("read") == 10.0
    made.response_started()
    assert made.get("read") == 300.0
    unlimited = timeouts(clock, read=None)
    unlimited.request_started()
    assert unlimited.get("read") is None


def test_it_is_a_mapping_as_transports_expect() -> None:
    made = timeouts(Clock())
    assert dict(made) == STEPS
    assert len(made) == 4
