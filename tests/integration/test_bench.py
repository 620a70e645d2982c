"""`make bench` works, tried out on few events. How fast anything is, is not looked at."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROW = "stream-sync"


def test_a_quick_row_gives_figures_for_every_reader(tmp_path: Path) -> None:
    before = (ROOT / "README.md").read_bytes()
    command = [sys.executable, "-m", "benchmarks", "--quick", "--only", ROW, "--output", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert results["command"] == f'make bench ARGS="--quick --only {ROW}"'
    [row] = results["rows"]
    assert row["key"] == ROW
    assert {"langgraph-runs", "langgraph-sdk", "httpx-sse", "httpx", "socket"} <= row["readers"].keys()
    assert row["readers"].keys() | row["missing"].keys() == set(row["measured"])
    for figures in row["readers"].values():
        for figure in figures.values():
            assert len(figure["values"]) == 2
            assert 0 < figure["min"] <= figure["median"] <= figure["max"]
    assert row["readers"]["langgraph-sdk"]["events/s"]["to_sdk"] == 1
    assert {goal["reached"] for goal in row["goals"] if goal["reader"] == "langgraph-runs"} <= {True, False}

    assert done.stdout.strip() in (tmp_path / "table.md").read_text(encoding="utf-8")
    assert (tmp_path / "results.png").read_bytes().startswith(b"\x89PNG")
    assert (ROOT / "README.md").read_bytes() == before  # it shows whole runs only
