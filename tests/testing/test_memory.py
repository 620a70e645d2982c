"""Many runs through a fake server: only those under way take memory."""

import gc
from collections.abc import Iterator

from langgraph_runs import RunCreate
from langgraph_runs.testing import FakeRequest, FakeServer
from langgraph_runs.testing._runs import Run, Thread

KEPT = 10


def living(kind: type) -> int:
    """How many objects of this class there are."""
    return sum(isinstance(one, kind) for one in gc.get_objects())


def test_ten_thousand_inputs_run_in_constant_memory() -> None:
    fake = FakeServer(keep_requests=KEPT)
    fake.on_stream("agent", lambda run: [("values", run.input)])
    payloads: Iterator[RunCreate] = ({"assistant_id": "agent", "input": {"n": n}} for n in range(10_000))
    total, most = 0, 0
    with fake.client() as client, client.runs.map(payloads, concurrency=16) as results:
        for number, (_, result) in enumerate(results):
            assert not isinstance(result, Exception)
            total += result["n"]
            if number % 2000 == 0:
                gc.collect()
                most = max(most, *(living(kind) for kind in (Run, Thread, FakeRequest)))
    assert total == sum(range(10_000))
    assert most <= KEPT + 2 * 16
