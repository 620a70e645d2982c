"""Heartbeats: signs of life while a run is silent, without waiting for any."""

import pytest

from langgraph_runs.testing import Pause
from langgraph_runs.testing._reader import Reader
from langgraph_runs.testing._runs import Run, Thread

START = 1_000_000.0


def paused_run(seconds: float | None) -> Run:
    """A run that is in a pause since START."""
    thread = Thread("t", START, {})
    run = Run(thread, "a", {}, [Pause(seconds), ("values", {"n": 1})], START, {}, "enqueue", ready=START)
    thread.runs[run.run_id] = run
    thread.advance(START)
    return run


@pytest.mark.parametrize(("events", "heartbeat"), [(True, b": heartbeat\r\n\r\n"), (False, b"\n")])
def test_a_silent_run_has_a_heartbeat_every_five_seconds(events: bool, heartbeat: bytes) -> None:
    run = paused_run(12)
    reader = Reader(run, START, events=events)
    found = {second: reader.poll(START + second) for second in (1, 5, 6, 10, 11)}
    assert found == {1: 4.0, 5: heartbeat, 6: 4.0, 10: heartbeat, 11: 1.0}


def test_only_a_release_ends_a_pause_without_seconds() -> None:
    run = paused_run(None)
    assert Reader(run, START, events=False).poll(START) == 5.0
    assert not run.play(START + 1e6)
