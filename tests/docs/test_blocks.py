"""Every block of code in README and docs: Python is run against a real server, as people paste it, tests by pytest."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from langgraph_runs._sansio.config import DEFAULT_URL
from tests.support.pages import ROOT, blocks, python_blocks

# What can't be run: the tree of exceptions, what a program prints, parts of a file.
OTHER = {"", "text", "diff", "html", "json", "toml", "yaml"}


@pytest.mark.parametrize("place", python_blocks())
def test_python_runs(place: str, server_url: str, tmp_path: Path) -> None:
    code = python_blocks()[place].replace(DEFAULT_URL, server_url)
    command = ["-c", code]
    if re.search("^(async )?def test_", code, re.MULTILINE):
        (tmp_path / "test_page.py").write_text(code, encoding="utf-8")
        # The tools of the server bring plugins that take a second to start.
        plugins = ["-p", "langgraph_runs_pytest", "-p", "no:langsmith_plugin", "-p", "no:schemathesis"]
        command = ["-m", "pytest", *plugins, str(tmp_path)]
    done = subprocess.run(
        [sys.executable, *command],
        cwd=tmp_path,
        env=os.environ | {"LANGGRAPH_API_URL": server_url},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_shell_names_targets_that_there_are() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = re.findall(
        r"^make ([\w-]+)", "".join(text for kind, text in blocks().values() if kind == "sh"), re.MULTILINE
    )
    assert named
    assert set(named) <= targets


def test_no_block_has_a_language_that_is_not_tested() -> None:
    assert {place: kind for place, (kind, _) in blocks().items() if kind not in {"python", "sh", *OTHER}} == {}
