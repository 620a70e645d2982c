"""What a resumable stream delivers, whatever cuts it: each rule by itself, then models of the servers it meets."""

import tracemalloc

import pytest

from langgraph_runs._sansio.resume import ReplayGapError, ResumeTracker
from tests.support.sent import Sent, delivered, ms, sent

# --- where to resume ---


def test_a_stream_that_delivered_nothing_resumes_from_the_start() -> None:
    assert ResumeTracker().resume_from == "-1"
    assert ResumeTracker().obstacle is None


def test_a_stream_that_delivered_nothing_resumes_from_where_the_user_started() -> None:
    assert ResumeTracker(ms(5)).resume_from == ms(5)
    assert ResumeTracker("-1").resume_from == "-1"


def test_an_id_is_complete_when_another_came_after_it() -> None:
    tracker = ResumeTracker()
    steps = [("a", 1, "-1"), ("b", 1, "-1"), ("c", 2, ms(1)), ("d", 2, ms(1)), ("e", 3, ms(2))]
    for text, number, expected in steps:
        assert tracker.is_new(*sent(text, ms(number)))
        assert tracker.resume_from == expected


def test_the_users_start_holds_until_a_newer_id_is_complete() -> None:
    tracker = ResumeTracker(ms(5))
    assert delivered(tracker, [sent("a", ms(6)), sent("b", ms(6))]) == "ab"
    assert tracker.resume_from == ms(5)
    assert delivered(tracker, [sent("c", ms(7))]) == "c"
    assert tracker.resume_from == ms(6)


def test_the_place_to_resume_from_does_not_move_while_repeats_are_dropped() -> None:
    tracker = ResumeTracker()
    delivered(tracker, [sent("a", ms(1)), sent("b", ms(2)), sent("c", ms(2))])
    tracker.reconnected()
    assert tracker.resume_from == ms(1)
    assert delivered(tracker, [sent("b", ms(2))]) == ""
    assert tracker.resume_from == ms(1)
    tracker.reconnected()  # cut in the middle of the replay
    assert delivered(tracker, [sent("b", ms(2)), sent("c", ms(2)), sent("d", ms(2))]) == "d"
    assert tracker.resume_from == ms(1)


def test_a_live_stream_has_no_place_to_resume_from_until_two_ids_were_seen() -> None:
    tracker = ResumeTracker(live=True)
    for events in [[], [sent("a", ms(1))]]:
        delivered(tracker, events)
        assert tracker.resume_from is None
        assert "too recently" in (tracker.obstacle or "")
    delivered(tracker, [sent("b", ms(2))])
    assert (tracker.obstacle, tracker.resume_from) == (None, ms(1))


# --- what is dropped ---


def test_nothing_is_dropped_on_a_connection_that_was_never_resumed() -> None:
    tracker = ResumeTracker()
    events = [sent("a", ms(1)), sent("a", ms(1)), sent("a", ms(2)), sent("b", ms(1)), sent("a", ms(2)), sent("x", None)]
    assert delivered(tracker, events) == "aaabax"


def test_after_a_cut_the_newest_id_is_replayed_and_only_its_missing_events_are_delivered() -> None:
    tracker = ResumeTracker()
    delivered(tracker, [sent("a", ms(1)), sent("b", ms(2)), sent("c", ms(2))])
    tracker.reconnected()
    assert delivered(tracker, [sent(x, ms(2)) for x in "bcde"]) == "de"
    assert delivered(tracker, [sent("f", ms(3))]) == "f"
    assert tracker.resume_from == ms(2)


def test_equal_events_of_one_id_are_counted() -> None:
    tracker = ResumeTracker()
    delivered(tracker, [sent("a", ms(1)), sent("a", ms(1))])
    tracker.reconnected()
    assert delivered(tracker, [sent("a", ms(1))] * 5) == "aaa"


def test_name_and_size_tell_events_apart() -> None:
    for other in (Sent("values", b"1", ms(1)), sent("11", ms(1)), sent("", ms(1))):
        tracker = ResumeTracker()
        delivered(tracker, [sent("1", ms(1)), sent("2", ms(1))])
        tracker.reconnected()
        assert tracker.is_new(*other)


def test_replayed_events_may_come_in_another_order() -> None:
    tracker = ResumeTracker()
    delivered(tracker, [sent("a", ms(1)), sent("b", ms(2)), sent("c", ms(2))])
    tracker.reconnected()
    assert delivered(tracker, [sent("c", ms(2)), sent("b", ms(2)), sent("d", ms(2))]) == "d"


def test_a_server_that_replays_more_than_it_was_asked_for_doubles_nothing() -> None:
    tracker = ResumeTracker()
    delivered(tracker, [sent("a", "9"), sent("b", "10"), sent("c", "11")])
    tracker.reconnected()
    assert delivered(tracker, [sent("a", "9"), sent("b", "10"), sent("c", "11"), sent("d", "12")]) == "d"


def test_a_repeat_that_starts_at_an_older_id_runs_through_the_newest_one() -> None:
    tracker = ResumeTracker()
    delivered(tracker, [sent("a", ms(1))])
    tracker.reconnected()
    rest = [sent("b", ms(2)), sent("c", ms(3)), sent("d", ms(3))]
    assert delivered(tracker, [sent("a", ms(1)), *rest]) == "bcd"
    assert delivered(tracker, rest) == ""
    assert not tracker.in_doubt
    # The repeat has passed: what is equal to it now is new, and costs as little as on a first connection.
    assert delivered(tracker, [sent("c", ms(3)), sent("d", ms(3)), sent("e", ms(4)), sent("e", ms(4))]) == "cdee"
    assert tracker.resume_from == ms(3)
    assert tracker._replay is None


def test_a_cut_in_the_middle_of_a_repeat() -> None:
    tracker = ResumeTracker()
    delivered(tracker, [sent("a", ms(1))])
    tracker.reconnected()
    delivered(tracker, [sent("a", ms(1)), sent("b", ms(2)), sent("c", ms(3)), sent("d", ms(3))])
    assert delivered(tracker, [sent("b", ms(2)), sent("c", ms(3))]) == ""
    assert tracker.resume_from == ms(2)
    tracker.reconnected()
    assert delivered(tracker, [sent("c", ms(3)), sent("d", ms(3)), sent("d", ms(3)), sent("e", ms(4))]) == "de"


def test_a_join_from_the_start_can_meet_a_repeat_on_its_first_connection() -> None:
    tracker = ResumeTracker("-1")
    assert delivered(tracker, [sent("a", ms(1)), sent("b", ms(2)), sent("a", ms(1)), sent("b", ms(2))]) == "ab"


@pytest.mark.parametrize("id", ["7f3c2a3e-0c56-4c8e-9d2b-1d7e3f9b6a10", "1795323641012-0", "12", "run_event_12"])
@pytest.mark.parametrize(("log", "missing"), [("aabc", "abc"), ("abc", "bc")], ids=["it was new", "it was a repeat"])
def test_an_event_equal_to_one_of_the_newest_id_is_in_doubt_and_another_connection_settles_it(
    id: str, log: str, missing: str
) -> None:
    tracker = ResumeTracker("-1")
    assert delivered(tracker, [sent("a", id)]) == "a"
    assert delivered(tracker, [sent("a", id)]) == ""
    assert tracker.in_doubt
    assert delivered(tracker, [sent("b", id), sent("c", id)]) == ""  # they would come before what is in doubt
    assert (tracker.resume_from, tracker.obstacle) == ("-1", None)
    tracker.reconnected()
    assert not tracker.in_doubt
    assert delivered(tracker, [sent(text, id) for text in log]) == missing


def test_what_was_received_while_in_doubt_cannot_be_in_doubt_again() -> None:
    tracker = ResumeTracker("-1")
    ticks = [sent("t", ms(number)) for number in range(1, 200) for _ in range(3)]
    assert delivered(tracker, ticks) == "t"
    tracker.reconnected()
    assert delivered(tracker, ticks[:100]) == "t" * 99
    tracker.reconnected()
    assert delivered(tracker, ticks[99:]) == "t" * (len(ticks) - 100)  # from the 34th id on
    assert not tracker.in_doubt
    assert delivered(tracker, [sent("t", ms(200))] * 2) == "t"
    assert tracker.in_doubt


def test_doubts_do_not_end_where_an_id_received_in_doubt_is_never_replayed() -> None:
    tracker = ResumeTracker("-1")
    delivered(tracker, [sent("a", ms(1)), sent("a", ms(1)), sent("not logged", ms(2))])
    tracker.reconnected()
    assert delivered(tracker, [sent("a", ms(1)), sent("b", ms(3)), sent("b", ms(3))]) == "b"
    assert tracker.in_doubt


def test_nor_where_a_repeat_has_passed_in_between() -> None:
    a, b, c, d, e = (sent(text, f"{text * 8}-4c8e-9d2b-1d7e3f9b6a1{text}") for text in "abcde")
    tracker = ResumeTracker("-1")
    delivered(tracker, [a, a, Sent("custom", b"not logged", "ffffffff-4c8e-9d2b-1d7e3f9b6a1f")])
    tracker.reconnected()
    assert delivered(tracker, [a, b, c, b, c, d, d]) == "bcdd"
    tracker.reconnected()
    assert delivered(tracker, [d, d, e, e]) == "e"
    assert tracker.in_doubt


def test_data_in_a_buffer_that_is_used_again() -> None:
    buffer = bytearray(b"one")
    tracker = ResumeTracker()
    assert tracker.is_new("custom", memoryview(buffer), ms(1))
    buffer[:] = b"two"
    tracker.reconnected()
    assert not tracker.is_new("custom", b"one", ms(1))
    assert tracker.is_new("custom", memoryview(buffer), ms(1))


def test_large_events_are_told_apart() -> None:
    large = bytes(3 * 2**20)
    tracker = ResumeTracker()
    assert tracker.is_new("values", large, ms(1))
    assert tracker.is_new("values", memoryview(large + b"!"), ms(1))
    tracker.reconnected()
    for other in (large + b"?", b"?" + large, large + b"\0"):
        assert tracker.is_new("values", other, ms(1))
    assert not tracker.is_new("values", memoryview(large), ms(1))
    assert not tracker.is_new("values", large + b"!", ms(1))


# --- clocks, and ids without order ---


def test_ids_are_compared_as_numbers() -> None:
    tracker = ResumeTracker("-1")
    assert delivered(tracker, [sent("a", "8"), sent("b", "9"), sent("c", "10")]) == "abc"
    assert tracker.resume_from == "9"
    tracker.reconnected()
    assert delivered(tracker, [sent("b", "9"), sent("c", "10"), sent("d", "11")]) == "d"


def test_a_clock_set_back_loses_nothing() -> None:
    tracker = ResumeTracker("-1")
    assert delivered(tracker, [sent("a", ms(50)), sent("b", ms(20)), sent("c", ms(21)), sent("b", ms(20))]) == "abc"


def test_a_clock_set_back_is_not_resumed_before_it_has_caught_up() -> None:
    tracker = ResumeTracker()
    delivered(tracker, [sent("a", ms(49)), sent("b", ms(50)), sent("c", ms(20))])
    assert "clock was set back" in (tracker.obstacle or "")
    delivered(tracker, [sent("d", ms(51))])
    assert tracker.obstacle is None
    assert tracker.resume_from == ms(50)


def test_beyond_what_is_remembered_an_older_id_is_a_repeat() -> None:
    tracker = ResumeTracker("-1")
    events = [sent("x", ms(number)) for number in range(20_000)]
    assert len(delivered(tracker, events)) == 20_000
    assert delivered(tracker, events) == ""
    assert delivered(tracker, [sent("x", ms(20_000))]) == "x"
    assert not tracker.in_doubt


# --- what can't be resumed says so ---


def test_a_server_without_ids_cannot_be_resumed_once_it_has_delivered() -> None:
    tracker = ResumeTracker()
    assert tracker.obstacle is None
    assert delivered(tracker, [sent("a", None), sent("a", None)]) == "aa"
    assert "no ids" in (tracker.obstacle or "")


def test_an_event_without_id_does_no_harm_once_an_id_is_complete() -> None:
    tracker = ResumeTracker()
    delivered(tracker, [sent("a", None), sent("b", ms(1))])
    assert "no ids" in (tracker.obstacle or "")
    delivered(tracker, [sent("c", ms(2))])
    assert tracker.obstacle is None
    tracker.reconnected()
    assert delivered(tracker, [sent("e", None), sent("c", ms(2)), sent("d", ms(3))]) == "ed"


def test_an_id_shared_by_too_many_events_cannot_be_resumed() -> None:
    tracker = ResumeTracker()
    assert delivered(tracker, [sent("x", ms(1))] * 4096) == "x" * 4096
    assert tracker.obstacle is None
    assert delivered(tracker, [sent("x", ms(1))]) == "x"
    assert "share one id" in (tracker.obstacle or "")
    delivered(tracker, [sent("y", ms(2))])
    assert tracker.obstacle is None


def test_a_repeat_of_an_id_shared_by_too_many_events_is_in_doubt_for_good() -> None:
    tracker = ResumeTracker("-1")
    crowd = [sent(str(i % 10), ms(2)) for i in range(5000)]
    assert delivered(tracker, [sent("a", ms(1))]) == "a"
    assert len(delivered(tracker, [Sent("custom", b"%d" % i, ms(2)) for i in range(5000)])) > 5000
    assert delivered(tracker, [sent("a", ms(1)), *crowd]) == ""
    assert tracker.in_doubt
    assert "share one id" in (tracker.obstacle or "")


def test_a_server_that_does_not_replay_what_it_sent_is_found_out() -> None:
    tracker = ResumeTracker()
    delivered(tracker, [sent("a", ms(1)), sent("b", ms(2)), sent("c", ms(2))])
    tracker.reconnected()
    assert not tracker.caught_up
    assert not tracker.is_new(*sent("b", ms(2)))
    with pytest.raises(ReplayGapError, match=ms(9)):
        tracker.is_new(*sent("x", ms(9)))
    assert tracker.resume_from == ms(1)


def test_caught_up_when_all_that_was_delivered_has_come_again() -> None:
    tracker = ResumeTracker()
    delivered(tracker, [sent("a", ms(1)), sent("b", ms(2))])
    assert tracker.caught_up
    tracker.reconnected()
    assert not tracker.caught_up
    delivered(tracker, [sent("b", ms(2))])
    assert tracker.caught_up


# --- hostile ids ---


@pytest.mark.parametrize(
    "id", ["", "9" * 5000, "9" * 100, "a1" * 60, "\u0663", "-", "x" * 10_000, "1-2-3", " 7", "\n3"]
)
def test_any_id_will_do(id: str) -> None:
    tracker = ResumeTracker("-1")
    assert delivered(tracker, [sent("a", ms(1)), sent("b", id), sent("c", ms(2))]) == "abc"
    assert delivered(tracker, [sent("a", ms(1)), sent("b", id)]) == ""


# --- memory ---


@pytest.mark.parametrize("resumed", [False, True], ids=["first connection", "resumed"])
@pytest.mark.parametrize("shared", [1, 3, 100_000], ids=["own ids", "shared ids", "one id"])
def test_what_is_remembered_does_not_grow_with_the_stream(*, resumed: bool, shared: int) -> None:
    tracker = ResumeTracker("-1" if resumed else None)
    for i in range(100_000):
        assert tracker.is_new("custom", b"%d" % i, ms(i // shared))
    state = [*vars(tracker).values()]
    if tracker._replay is not None:
        state += vars(tracker._replay).values()
    assert 0 < sum(len(part) for part in state if isinstance(part, (list, set))) <= 3 * 4096


def test_large_events_are_not_kept() -> None:
    tracker = ResumeTracker()
    tracemalloc.start()
    try:
        for i in range(200):
            tracker.is_new("values", bytes([i]) * 2**20, ms(1))
            tracker.is_new("values", bytes([i]) * 60_000, ms(1))
        kept = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert kept < 5 * 2**20


@pytest.mark.parametrize(("id", "kept"), [("1795323641862-0", False), ("7", True), ("run_event_7", True)])
def test_a_stream_of_messages_is_not_resumed_on_the_python_server_which_does_not_keep_them(
    id: str, *, kept: bool
) -> None:
    came, asked_for = ResumeTracker(), ResumeTracker(fleeting=True)
    assert "messages-tuple" in (asked_for.obstacle or "")
    assert came.is_new("messages/partial", b"[]", id)
    assert asked_for.is_new("metadata", b"{}", id)
    for tracker in [came, asked_for]:
        assert (tracker.obstacle is None) is kept
