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
@pytest.mark.parametrize(
    "times",
    [
        [],
        pytest.param([0.0], id="a greeting"),
        pytest.param([0.0, 15.0], id="a greeting and a heartbeat"),
        pytest.param([5.0, 10.0], id="one interval"),
        pytest.param([60.0, 60.0, 60.1, 60.2], id="a stall delivers all at once"),
        pytest.param([5.0, 60.0, 60.0], id="a stall delivers two at once"),
    ],
)
def test_before_two_intervals_are_known_the_read_timeout_counts(times: list[float], read: float | None) -> None:
    assert after_heartbeats(*times, read=read).get("read") == read


@pytest.mark.parametrize(("interval", "silence"), [(1.0, 6.0), (2.0, 6.0), (3.0, 9.0), (5.0, 15.0), (10.0, 30.0)])
def test_three_heartbeats_may_be_missed(interval: float, silence: float) -> None:
    for read in (300.0, 8.0, None):
        assert after_heartbeats(interval, 2 * interval, 3 * interval, read=read).get("read") == silence


@pytest.mark.parametrize(
    ("interval", "read", "silence"),
    [(15.0, 300.0, 300.0), (40.0, 300.0, 300.0), (40.0, 60.0, 120.0), (150.0, 300.0, 450.0), (40.0, None, None)],
)
def test_slow_heartbeats_never_shorten_the_read_timeout(
    interval: float, read: float | None, silence: float | None
) -> None:
    assert after_heartbeats(interval, 2 * interval, 3 * interval, read=read).get("read") == silence


def test_a_server_with_a_heartbeat_every_40_s_is_never_cut() -> None:
    clock = Clock()
    made = timeouts(clock)
    made.request_started()
    made.response_started()
    for number in range(1, 100):
        silence = made.get("read")
        assert silence is not None
        assert silence > 40
        clock.now = 40.0 * number
        assert made.heartbeat()


@pytest.mark.parametrize(
    ("times", "silence"),
    [
        pytest.param([1.0, 2.0, 7.0, 8.0], 15.0, id="an irregular server"),
        pytest.param([5.0, 12.0, 12.1, 17.0], 21.0, id="a short stall"),
        pytest.param([0.1, 5.0, 10.0, 15.0], 15.0, id="a greeting is no heartbeat"),
        pytest.param([0.3 * number for number in range(9)], 6.0, id="faster than counted"),
    ],
)
def test_the_longest_interval_counts(times: list[float], silence: float) -> None:
    assert after_heartbeats(*times).get("read") == silence


def test_a_heartbeat_that_comes_with_the_connection_or_another_shows_no_life() -> None:
    clock = Clock()
    made = timeouts(clock)
    made.response_started()
    clock.now = 0.4
    assert not made.heartbeat()
    clock.now = 1.0
    assert made.heartbeat()
    assert not made.heartbeat()
    made.response_started()
    assert not made.heartbeat()


def test_each_request_waits_for_heartbeats_of_its_own() -> None:
    made = after_heartbeats(5.0, 10.0, 15.0, read=100.0)
    made.request_started()
    made.response_started()
    assert made.get("read") == 100.0


def test_an_idle_timeout_counts_before_all() -> None:
    assert after_heartbeats(idle_timeout=2.5).get("read") == 2.5
    assert after_heartbeats(5.0, 10.0, 15.0, idle_timeout=2.5).get("read") == 2.5
    assert after_heartbeats(40.0, 80.0, 120.0, idle_timeout=2.5).get("read") == 2.5


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
