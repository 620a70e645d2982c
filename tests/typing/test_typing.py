"""What mypy and pyright, both strict, say of the files beside this one, of the examples, and of README and docs."""

import functools
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.pages import python_blocks

ROOT = Path(__file__).parents[2]
TYPING = ROOT / "tests" / "typing"
REFUSED = sorted(TYPING.rglob("*refused.py"))
# The graph in the folder `agent` needs LangGraph, which not every environment has.
ACCEPTED = [path for path in sorted([*TYPING.rglob("*.py"), *(ROOT / "examples").glob("*.py")]) if path not in REFUSED]

Complaints = dict[Path, dict[int, list[str]]]
"""For each file and line what a checker has against it."""


@functools.cache
def pages(folder: Path) -> tuple[Path, ...]:
    """The Python in README and docs, a file for each block."""
    # What is shown of the official client alone has that client's types.
    blocks = [code for code in python_blocks().values() if "langgraph_runs" in code]
    paths = tuple(folder / f"page_{number}.py" for number in range(len(blocks)))
    for path, code in zip(paths, blocks, strict=True):
        path.write_text(code, encoding="utf-8")
    return paths


def mypy(paths: list[Path]) -> Complaints:
    done = run("-m", "mypy", "--strict", "--output=json", "--config-file", ROOT / "pyproject.toml", *paths)
    complaints: Complaints = {}
    for line in done.stdout.splitlines():
        said = json.loads(line)
        if said["severity"] == "error":
            note(complaints, ROOT / said["file"], said["line"], f"{said['message']} [{said['code']}]")
    assert done.returncode == bool(complaints), done.stdout + done.stderr
    return complaints


def pyright(paths: list[Path]) -> Complaints:
    # It runs on the Node.js that `pyright[nodejs]` brings, and looks for packages where the interpreter has them.
    done = run("-m", "pyright", "--outputjson", "--pythonpath", sys.executable, *paths)
    complaints: Complaints = {}
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] == len(paths)
    for said in report["generalDiagnostics"]:
        note(complaints, Path(said["file"]), said["range"]["start"]["line"] + 1, said["message"])
    assert done.returncode == bool(complaints), done.stdout + done.stderr
    return complaints


def note(complaints: Complaints, path: Path, line: int, message: str) -> None:
    complaints.setdefault(path.resolve(), {}).setdefault(line, []).append(message)


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)


CHECKERS: dict[str, Callable[[list[Path]], Complaints]] = {"mypy": mypy, "pyright": pyright}


@pytest.fixture(scope="module", params=CHECKERS)
def complaints(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Complaints:
    """What a checker has against all these files; it runs once."""
    folder = tmp_path_factory.getbasetemp()
    return CHECKERS[request.param]([*ACCEPTED, *REFUSED, *pages(folder)])


def test_nothing_is_found_where_nothing_is_wrong(complaints: Complaints) -> None:
    assert {path: found for path, found in complaints.items() if path not in REFUSED} == {}


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: str(path.relative_to(TYPING)))
def test_every_marked_line_is_refused_and_no_other(path: Path, complaints: Complaints) -> None:
    lines = path.read_text().splitlines()
    marked = {number: line.strip() for number, line in enumerate(lines, 1) if line.endswith("# refused")}
    found = complaints.get(path, {})
    accepted = [line for number, line in marked.items() if number not in found]
    assert marked
    assert not accepted
    assert {number: messages for number, messages in found.items() if number not in marked} == {}


@pytest.mark.parametrize("complaints", ["mypy"], indirect=True)
def test_mypys_first_line_names_a_misspelt_option(complaints: Complaints) -> None:
    named = 0
    for path in REFUSED:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if misspelt := re.search(r"\b(metadat|on_recconect|limits|subgraphs)=", line):
                assert f'"{misspelt[1]}"' in complaints[path][number][0]
                named += 1
    assert named == 2 * 5


def test_the_pages_have_python_and_there_are_examples(tmp_path: Path) -> None:
    assert len(pages(tmp_path)) >= 7
    assert any(path.parent.name == "examples" for path in ACCEPTED)
    assert len(REFUSED) == 3
