"""`make bench` works, tried out on few events. How fast anything is does not matter here."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import __main__ as bench
from benchmarks.report import document, figures, missed_goals

ROOT = Path(__file__).resolve().parents[2]
ROWS = ("stream-sync", "fan-in", "resumable", "get")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The results of a few rows, in the folder `output`."""
    output = tmp_path_factory.mktemp("results")
    before = [path.read_bytes() for path in (ROOT / "README.md", ROOT / "docs" / "benchmarks.md")]
    chosen = [argument for row in ROWS for argument in ("--only", row)]
    command = [sys.executable, "-m", "benchmarks", "--quick", *chosen, "--output", str(output)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    # The documents show whole runs only.
    assert [path.read_bytes() for path in (ROOT / "README.md", ROOT / "docs" / "benchmarks.md")] == before
    results: dict[str, Any] = json.loads((output / "results.json").read_text(encoding="utf-8"))
    assert results["command"] == f'make bench ARGS="--quick {" ".join(chosen)}"'
    assert (output / "results.png").read_bytes().startswith(b"\x89PNG")
    missed = [f"goal missed: {goal}" for goal in missed_goals(results["rows"])]
    assert [line for line in done.stderr.splitlines() if line.startswith("goal missed")] == missed
    return results


def test_a_quick_run_gives_figures_for_every_reader(results: dict[str, Any]) -> None:
    assert [row["key"] for row in results["rows"]] == [*ROWS]
    for row in results["rows"]:
        assert row["readers"].keys() | row["missing"].keys() == set(row["measured"])
        for name, reader in row["readers"].items():
            for figure in reader.values():
                assert len(figure["values"]) == 2
                assert 0 < figure["min"] <= figure["median"] <= figure["max"]
                assert name != "langgraph-sdk" or figure["to_sdk"] == 1
        assert {goal["reached"] for goal in row["goals"]} <= {True, False}
    readers = results["rows"][0]["readers"].keys()
    assert {"langgraph-runs", "langgraph-sdk", "httpx-sse", "httpx", "socket"} <= readers


def test_the_figures_get_into_the_documents(results: dict[str, Any], tmp_path: Path) -> None:
    for name, text in (("README.md", figures(results["rows"])), ("docs/benchmarks.md", document(results))):
        copy = tmp_path / Path(name).name
        copy.write_text((ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
        bench._fill(copy, "an older table")
        bench._fill(copy, text)
        filled = copy.read_text(encoding="utf-8")
        assert text in filled
        assert "an older table" not in filled
        assert filled.startswith((ROOT / name).read_text(encoding="utf-8").partition(bench.BEGIN)[0])


def test_a_goal_that_is_missed_is_told(results: dict[str, Any]) -> None:
    [row] = [row for row in results["rows"] if row["key"] == "get"]
    goal = {**row["goals"][0], "value": 0.9, "reached": False}
    [line] = missed_goals([{**row, "goals": [goal]}])
    assert line == "get, one after another: CPU µs a call: 0.90x instead of at most 0.8x langgraph-sdk"
