"""What all tests share."""

import contextlib
import itertools
import os
import resource
import signal
from collections import Counter
from collections.abc import Iterator

import pytest
import trustme

from examples.server import local_server
from tests.support.conformance import assert_none_violated, checked
from tests.support.replay import Replay, ReplayServer


def pytest_configure() -> None:
    """Makes the tests, and what they start, independent of the shell that runs them."""
    # The servers of the tests are on this machine; what else there is, pip may need a proxy for.
    excluded = [os.environ.pop(name, "") for name in ("no_proxy", "NO_PROXY")]
    os.environ["NO_PROXY"] = ",".join(filter(None, ["127.0.0.1,localhost,::1", *excluded]))
    # A shell lets what it starts in the background ignore Ctrl-C, which some tests send.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # Some tests have a thousand connections, both ends in one process.
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 5000 if hard == resource.RLIM_INFINITY else min(5000, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@pytest.fixture(scope="module", params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Runs every asynchronous test on both."""
    return str(request.param)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests of a real server, for `make test-servers`."""
    for item in items:
        if "server_url" in getattr(item, "fixturenames", ()):
            item.add_marker("real_server")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Sums up what tests/faults/test_exactly_once.py did, in whichever process that was."""
    n = Counter[str]()
    for report in itertools.chain(*terminalreporter.stats.values()):
        if getattr(report, "when", None) == "teardown":
            n.update(dict(report.user_properties).get("delivery", {}))
    if n:
        terminalreporter.write_line(
            f"{n['streams']} streams, {n['cuts']} cuts, {n['lost']} lost, {n['doubled']} doubled, {n['disordered']} disordered"
        )


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A real server: the one that LANGGRAPH_RUNS_TEST_URL names, else one that is started for the whole session.

    Its answers are checked; only TLS keeps them from being seen.
    """
    with contextlib.ExitStack() as running:
        url = os.environ.get("LANGGRAPH_RUNS_TEST_URL") or running.enter_context(local_server())
        yield url if url.startswith("https:") else running.enter_context(checked(url))


@pytest.fixture(autouse=True)
def conformant() -> Iterator[None]:
    """Fails a test during which a real server answered otherwise than openapi.yaml says."""
    yield
    assert_none_violated()


@pytest.fixture
def replay() -> Iterator[Replay]:
    """Starts scripted servers, such as `replay([Response.json(1), Response.none()])`, and stops them after the test."""
    with contextlib.ExitStack() as running:
        yield lambda script: running.enter_context(ReplayServer(script))


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Who signs the certificates of TLS servers."""
    return trustme.CA()
