"""What the tests of faults tell when all is done."""

from collections.abc import Iterator

import pytest

_TOTALS = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def totals(pytestconfig: pytest.Config) -> Iterator[list[str]]:
    """Lines to be shown after the tests."""
    yield pytestconfig.stash.setdefault(_TOTALS, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Shows them."""
    for line in config.stash.get(_TOTALS, []):
        terminalreporter.write_line(line)
