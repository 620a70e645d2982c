"""What the tests of faults share."""

from collections.abc import Iterator

import pytest
import stamina.instrumentation

_TOTALS = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session", autouse=True)
def quiet() -> Iterator[None]:
    """Keeps stamina's own hooks from logging each of thousands of retries."""
    stamina.instrumentation.set_on_retry_hooks([])
    yield
    stamina.instrumentation.set_on_retry_hooks(None)


@pytest.fixture(scope="session")
def totals(pytestconfig: pytest.Config) -> list[str]:
    """Lines to be shown after the tests."""
    return pytestconfig.stash.setdefault(_TOTALS, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Shows them."""
    for line in config.stash.get(_TOTALS, []):
        terminalreporter.write_line(line)
