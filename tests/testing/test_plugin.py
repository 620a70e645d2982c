"""The pytest plugin, in a pytest of its own."""

import subprocess
import sys
from pathlib import Path

import langgraph_runs_pytest

# The project's own options name plugins that are not there.
PLUGIN = ["-o", "addopts=", "-p", langgraph_runs_pytest.__name__, "-p", "no:cacheprovider"]
ROOT = Path(__file__).resolve().parents[2]

USES_IT = """
def test_one(fake_server):
    fake_server.on_wait("agent", {"n": 1})
    with fake_server.client() as client:
        assert client.runs.wait(None, "agent") == {"n": 1}

def test_each_has_its_own(fake_server):
    assert not fake_server.requests
"""
IS_WITHOUT_IT = """
import sys

def test_nothing_was_imported():
    assert not [name for name in sys.modules if name.partition(".")[0] in ("langgraph_runs", "httpx", "attrs")]
"""


def pytest_of(folder: Path, *arguments: str, text: str = "") -> str:
    """What pytest prints that finds this test."""
    if text:
        (folder / "test_it.py").write_text(text)
    path = [str(ROOT), str(ROOT / "generated")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *PLUGIN, *arguments],
        cwd=folder,
        env={"PYTHONPATH": ":".join(path), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_fixture_is_a_new_fake_server(tmp_path: Path) -> None:
    assert "2 passed" in pytest_of(tmp_path, text=USES_IT)


def test_a_start_without_the_fixture_imports_nothing(tmp_path: Path) -> None:
    assert "1 passed" in pytest_of(tmp_path, text=IS_WITHOUT_IT)


def test_the_example_of_a_service_is_tested_with_it() -> None:
    assert "passed" in pytest_of(ROOT / "examples" / "fastapi_service", "-p", "anyio", "test_service.py")
