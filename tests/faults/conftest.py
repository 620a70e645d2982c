"""What the tests of faults share."""

import os
import signal
from collections.abc import Iterator

import pytest

# What hangs is to fail, on a machine of any speed; no test takes a tenth of it.
_ENDLESS = 300


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    """Ends a test that hangs."""

    def end(*_: object) -> None:
        pytest.fail(f"not done within {_ENDLESS} s")  # which no code takes for a failure of its own

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, 0 if os.environ.get("LANGGRAPH_RUNS_SOAK") else _ENDLESS)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)
