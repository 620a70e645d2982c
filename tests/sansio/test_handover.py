"""What a tracker hands out, and what another one makes of it."""

import os
import subprocess
import sys
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langgraph_runs._sansio.resume import ReplayGapError, ResumeTracker
from langgraph_runs_api.models.run import Run
from tests.support.samples import run_json
from tests.support.sent import Sent, delivered, ms, sent

METADATA = Sent("metadata", b"{}", ms(1))


def handed_out(events: Iterable[Sent], tracker: ResumeTracker | None = None) -> str:
    tracker = tracker or ResumeTracker()
    for event in events:
        tracker.is_new(*event)
    return tracker.handover or ""


def run(status: str = "success", **kwargs: object) -> Run:
    return Run.from_dict({**run_json(status=status), "kwargs": kwargs})


def test_it_is_the_last_complete_id_and_what_was_delivered_after_it() -> None:
    tracker = ResumeTracker()
    assert tracker.handover == "-1"
    assert handed_out([sent("a", ms(1))], tracker).startswith("-1+1.0.")
    assert handed_out([sent("b", ms(1))], tracker).startswith("-1+2.0.")
    assert handed_out([sent("c", ms(2))], tracker).startswith(f"{ms(1)}+1.0.")
    tracker.reconnected()
    assert handed_out([], tracker) == handed_out([sent("c", ms(2))], tracker)


def test_it_stays_as_it_was_given_until_an_event_is_delivered() -> None:
    for given_one in ("-1", ms(7), "a+b", "a+1.b"):
        assert ResumeTracker(given_one).handover == given_one
    rest = [sent("b", ms(2)), sent("c", ms(2))]
    tracker = ResumeTracker(given_one := handed_out([sent("a", ms(1)), *rest]))
    for cut in (0, 1, 1, 0):
        assert delivered(tracker, rest[:cut]) == ""
        assert tracker.handover == given_one
        tracker.reconnected()
    assert delivered(tracker, [*rest, sent("d", ms(2))]) == "d"


def test_it_is_the_same_again_once_what_was_delivered_has_come_again() -> None:
    again = [sent("b", ms(2)), sent("b", ms(2)), METADATA._replace(id=ms(2)), Sent("values", bytes(2**20), ms(2))]
    first = handed_out([sent("a", ms(1)), *again])
    second = ResumeTracker(first)
    assert second.resume_from == ms(1)
    assert not second.caught_up
    assert delivered(second, again) == ""
    assert second.caught_up
    assert second.handover == first
    assert delivered(ResumeTracker(second.handover), [*again, sent("b", ms(2)), sent("c", ms(3))]) == "bc"


def test_it_is_the_same_in_every_process() -> None:
    script = (
        "from langgraph_runs._sansio.resume import ResumeTracker as T; t = T();"
        "[t.is_new('custom', b'%d' % i, '5-0') for i in range(100)]; print(t.handover)"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


@pytest.mark.parametrize(
    "replay",
    [
        [sent("x", ms(2))],  # other content
        [sent("c", ms(2))],  # not all of it
        [Sent("values", b"b", ms(2)), sent("c", ms(2))],  # another mode
        [sent("a2", ms(2)), sent("b", ms(2)), sent("c", ms(2))],  # a mode that was not asked for before
        [sent("b", ms(2)), sent("d", ms(3))],  # the log was trimmed
        [sent("d", ms(3))],
        [Sent("metadata", b"{}", ms(2)), sent("b", ms(2)), sent("c", ms(2))],
    ],
)
def test_nothing_is_delivered_if_the_replay_is_another(replay: list[Sent]) -> None:
    given_one = handed_out([sent("a", ms(1)), sent("b", ms(2)), sent("c", ms(2))])
    tracker = ResumeTracker(given_one)
    passed = ""
    with pytest.raises(ReplayGapError, match="use the same stream_mode"):
        passed = delivered(tracker, [*replay, sent("y", ms(8)), sent("z", ms(9))])
    assert passed == ""
    assert tracker.handover == given_one


def test_metadata_may_be_missing_where_a_join_names_its_modes() -> None:
    rest = [sent("a", ms(1)), sent("b", ms(2))]
    for seen in ([METADATA], [METADATA, sent("a", ms(1))], [sent("a", ms(1)), METADATA]):
        given_one = handed_out(seen)
        expected = "b" if len(seen) > 1 else "ab"
        after = rest[len(rest) - len(expected) :]
        with_it, without = ResumeTracker(given_one), ResumeTracker(given_one)
        assert delivered(with_it, [*seen, *after]) == delivered(without, rest) == expected
        assert with_it.handover == handed_out([*seen, *after])
    assert delivered(ResumeTracker(handed_out([METADATA])), [METADATA, METADATA]) == "{}"  # a second attempt


def test_a_server_that_replays_more_than_it_was_asked_for_doubles_nothing() -> None:
    log = [sent("a", "9"), sent("b", "10"), sent("c", "11")]
    assert delivered(ResumeTracker(handed_out(log)), [*log, sent("d", "12")]) == "d"


@pytest.mark.parametrize(
    ("tracker", "seen"),
    [
        (ResumeTracker(), [sent("a", ms(5)), sent("b", ms(3))]),  # a clock set back
        (ResumeTracker(), [sent("a", None), sent("b", ms(3))]),  # an event without id
        (ResumeTracker(), [sent("a", ms(1))] * 5000),
        (ResumeTracker(live=True), [sent("a", ms(1))]),
        (ResumeTracker(fleeting=True), [METADATA]),
    ],
)
def test_what_cannot_be_resumed_is_handed_over_as_an_error(tracker: ResumeTracker, seen: list[Sent]) -> None:
    second = ResumeTracker(handed_out(seen, tracker))
    with pytest.raises(ReplayGapError):
        delivered(second, [*seen, *(sent(str(i), ms(10 + i)) for i in range(5000))])


def test_a_stream_without_ids_hands_out_nothing() -> None:
    tracker = ResumeTracker()
    tracker.is_new(*sent("a", None))
    assert tracker.handover is None
    assert ResumeTracker(live=True).handover is None


@given(st.text(min_size=1))
def test_any_id_can_be_handed_over(id: str) -> None:
    log = [sent("a", id), sent("b", id + "+"), sent("c", id + "+1.0.x")]
    for stop in range(4):
        after = handed_out(log[:stop])
        begin = max(0, stop - 1)  # the server reads what stands before the suffix
        assert ResumeTracker(after).resume_from == (log[begin - 1].id if begin else "-1")
        assert delivered(ResumeTracker(after), log[begin:]) == "abc"[stop:]
    assert ResumeTracker(id).resume_from == id


# --- the end of a replay ---


def test_a_replay_that_brings_nothing_is_a_gap() -> None:
    for start, chosen, of_a_run, gap in [
        ("-1", False, run(), True),
        ("-1", False, run(resumable=True), True),
        ("-1", False, None, True),
        ("-1", False, run("interrupted"), False),  # cancelled before it began
        ("-1", True, run(), False),  # it may have no events of these modes
        (ms(1), False, run(), False),
        (handed_out([METADATA]), False, run(), True),
        (handed_out([METADATA]), True, run(), False),
        (handed_out([sent("a", ms(1))]), True, run("interrupted"), True),
    ]:
        assert bool(ResumeTracker(start, chosen=chosen).gap(of_a_run)) == gap, (start, chosen, of_a_run)


@pytest.mark.parametrize("start", ["-1", ms(1), handed_out([sent("a", ms(1))])])
def test_a_run_whose_events_are_not_kept_has_no_replay(start: str) -> None:
    tracker = ResumeTracker(start, chosen=True)
    with pytest.raises(ReplayGapError, match="stream_resumable"):
        tracker.gap(run("interrupted", resumable=False))
    with pytest.raises(ReplayGapError, match="no ids"):
        tracker.is_new(*sent("a", None))


def test_what_is_said_about_a_run_needs_no_id() -> None:
    for start in ("-1", ms(1)):
        assert ResumeTracker(start).is_new("error", b"{}", None)
        tracker = ResumeTracker(start)
        assert tracker.is_new("end", b"{}", None)  # Aegra's word that it is over
        assert bool(tracker.gap(run())) == (start == "-1")
    with pytest.raises(ReplayGapError):
        ResumeTracker(handed_out([sent("a", ms(1))])).is_new("end", b"{}", None)
