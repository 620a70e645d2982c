"""How long the next read may take: by the read timeout, then by the heartbeats seen, always within the deadline."""

import pytest

from langgraph_runs._sansio.timeouts import Patience


@pytest.mark.parametrize("read_timeout", [300.0, None])
def test_without_a_heartbeat_the_read_timeout_counts(read_timeout: float | None) -> None:
    patience = Patience(read_timeout)
    patience.connected(100.0)
    assert patience.silence() == read_timeout
    assert patience.next_read(1000.0) == read_timeout


@pytest.mark.parametrize(
    ("interval", "silence"),
    [(0.01, 6.0), (1.0, 6.0), (2.0, 6.0), (3.0, 9.0), (5.0, 15.0), (10.0, 30.0), (1000.0, 30.0)],
)
def test_three_heartbeats_may_be_missed_within_bounds(interval: float, silence: float) -> None:
    patience = Patience(300.0)
    patience.connected(100.0)
    patience.beat(100.0 + interval)
    assert patience.silence() == silence


def test_the_last_interval_counts() -> None:
    patience = Patience(300.0)
    patience.connected(0.0)
    for now in (1.0, 2.0, 7.0):
        patience.beat(now)
    assert patience.silence() == 15.0


def test_a_heartbeat_that_comes_with_the_connection_is_no_reason_to_wait() -> None:
    patience = Patience(300.0)
    patience.connected(100.0)
    assert not patience.beat(100.4)
    assert patience.beat(101.0)
    patience.connected(200.0)
    assert not patience.beat(200.0)


def test_a_new_connection_has_its_heartbeats_still_to_come() -> None:
    patience = Patience(300.0)
    patience.connected(0.0)
    patience.beat(5.0)
    patience.connected(100.0)
    assert patience.silence() == 300.0
    patience.beat(104.0)
    assert patience.silence() == 12.0


def test_an_idle_timeout_counts_before_all() -> None:
    patience = Patience(300.0, idle_timeout=2.5)
    assert patience.silence() == 2.5
    patience.connected(0.0)
    patience.beat(5.0)
    assert patience.silence() == 2.5


def test_the_deadline_bounds_each_read() -> None:
    patience = Patience(300.0, deadline=50.0)
    assert (patience.remaining(20.0), patience.next_read(20.0), patience.expired(20.0)) == (30.0, 30.0, False)
    assert (patience.remaining(50.0), patience.expired(50.0)) == (0.0, True)
    assert (patience.remaining(70.0), patience.expired(70.0)) == (0.0, True)
    # Zero would mean not to wait at all, on some backends for ever.
    assert patience.next_read(70.0) == pytest.approx(0.001)


def test_without_a_deadline_nothing_expires() -> None:
    patience = Patience(None)
    assert (patience.remaining(1e9), patience.expired(1e9), patience.next_read(1e9)) == (None, False, None)


def test_the_silence_counts_where_it_ends_before_the_deadline() -> None:
    patience = Patience(300.0, idle_timeout=5.0, deadline=50.0)
    assert patience.next_read(20.0) == 5.0
    assert patience.next_read(47.0) == 3.0
