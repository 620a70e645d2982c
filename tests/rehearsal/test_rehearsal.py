"""A change of the server's API, in a copy of the tree: what follows by itself, and what a failing test asks for.

CONTRIBUTING walks through the same change.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

# A new optional field of Run, a new stream mode, a new status, a new query parameter, a new body field, a new
# operation; one less.
NEW_FIELD = (
    "        user_id: {type:",
    "        urgency: {type: integer, description: How urgent it is.}\n        user_id: {type:",
)
NEW_MODE = ("tasks, checkpoints, custom]", "tasks, checkpoints, custom, heartbeats]")
NEW_STATUS = ("success, timeout, interrupted]", "success, timeout, interrupted, parked]")
NEW_PARAMETER = (
    "        - name: offset\n",
    "        - name: newest_first\n          in: query\n          schema: {type: boolean}\n        - name: offset\n",
)
NEW_BODY_FIELD = (
    "        langsmith_tracer:\n",
    "        region: {type: string, description: Where to run.}\n        langsmith_tracer:\n",
)
NEW_OPERATION = (
    "  /runs/cancel:\n",
    """\
  /runs/summary:
    get:
      operationId: summarize_runs
      tags: [runs]
      summary: Tell how many runs there are.
      responses:
        "200":
          description: How many there are.
          content:
            application/json:
              schema: {type: integer}
  /runs/cancel:
""",
)


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Path]:
    copy = tmp_path / "tree"
    shutil.copytree(
        ROOT,
        copy,
        ignore=shutil.ignore_patterns(
            ".git", ".venv", ".servers", ".*_cache", ".hypothesis", "__pycache__", "recordings", "results"
        ),
    )
    yield copy
    shutil.rmtree(copy)


def change(tree: Path, *edits: tuple[str, str]) -> None:
    description = tree / "openapi.yaml"
    text = description.read_text()
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    description.write_text(text)


def add_keys(tree: Path, **keys: str) -> None:
    """Add a key to each of these typed dicts, as its first."""
    source = tree / "langgraph_runs" / "options.py"
    text = source.read_text()
    for kind, key in keys.items():
        text, count = re.subn(rf'(class {kind}\(.*\n    """.*"""\n\n)', rf'\1    {key}\n    """Rehearsed."""\n', text)
        assert count == 1, kind
    source.write_text(text)


def run(tree: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": f"{tree}:{tree / 'generated'}", "PATH": str(Path(sys.executable).parent)}
    return subprocess.run(
        [sys.executable, *command], cwd=tree, env=environment, capture_output=True, text=True, check=False
    )


def test_a_bigger_api_is_followed_by_one_command_and_one_named_place(tree: Path) -> None:
    change(tree, NEW_FIELD, NEW_MODE, NEW_STATUS)
    outdated = run(tree, "-m", "scripts.codegen", "--check")
    assert outdated.returncode == 1
    assert "run `make generate`" in outdated.stdout

    assert run(tree, "-m", "scripts.codegen").returncode == 0
    assert run(tree, "-m", "scripts.codegen", "--check").returncode == 0
    # What servers answer is picked up with no edit.
    seen = run(
        tree,
        "-c",
        "from typing import get_args\n"
        "from langgraph_runs import Run, RunStatus, StreamMode\n"
        "run = Run.from_dict({'run_id': 'r', 'thread_id': 't', 'assistant_id': 'a', 'status': 'parked',"
        " 'created_at': '2026-01-01T00:00:00Z', 'updated_at': '2026-01-01T00:00:00Z', 'urgency': 7})\n"
        "print(run.urgency, run.status, 'parked' in get_args(RunStatus), 'heartbeats' in get_args(StreamMode))",
    )
    assert seen.stdout.split() == ["7", "parked", "True", "True"], seen.stderr
    followed = run(tree, "-m", "pytest", "-q", "tests/client/test_reachable.py", "tests/client/test_faces.py")
    assert followed.returncode == 0, followed.stdout

    # What callers may send is asked for by a test that names the place.
    change(tree, NEW_PARAMETER, NEW_BODY_FIELD)
    assert run(tree, "-m", "scripts.codegen").returncode == 0
    asked = run(tree, "-m", "pytest", "-q", "tests/client/test_reachable.py")
    assert asked.returncode == 1
    assert "list() sends no 'newest_first'" in asked.stdout
    assert "stream() sends no 'region'" in asked.stdout
    assert "langgraph_runs/options.py" in asked.stdout

    # One key for each is all that it takes.
    add_keys(tree, RunFields="region: str | None", ListOptions="newest_first: bool | None")
    assert run(tree, "scripts/derive_sync.py").returncode == 0
    assert run(tree, "scripts/public_api.py").returncode == 0
    sent = run(tree, "-m", "pytest", "-q", "tests/client/test_reachable.py", "tests/client/test_faces.py")
    assert sent.returncode == 0, sent.stdout


def test_a_new_operation_is_generated_and_asked_for(tree: Path) -> None:
    change(tree, NEW_OPERATION)
    assert run(tree, "-m", "scripts.codegen").returncode == 0
    assert (tree / "generated/langgraph_runs_api/api/runs/summarize_runs.py").exists()
    asked = run(tree, "-m", "pytest", "-q", "tests/client/test_reachable.py")
    assert asked.returncode == 1
    assert "a new operation needs a method" in asked.stdout


def test_a_removed_operation_is_missed_where_it_is_used(tree: Path) -> None:
    description = tree / "openapi.yaml"
    text = description.read_text()
    start = text.index("  /runs/batch:\n")
    end = text.index("  /runs/stream:\n")
    description.write_text(text[:start] + text[end:])
    assert run(tree, "-m", "scripts.codegen").returncode == 0
    assert not (tree / "generated/langgraph_runs_api/api/runs/create_run_batch.py").exists()
    used = run(tree, "-c", "from langgraph_runs import Client")
    assert used.returncode == 1
    assert "create_run_batch" in used.stderr
