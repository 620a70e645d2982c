"""The shell in docs/cli.md, as it stands there."""

import os
import re
import shlex
import subprocess
from pathlib import Path

from langgraph_runs._cli.commands import cli
from langgraph_runs._cli.failures import ExitCode
from tests.cli.program import PROGRAM, environment
from tests.support.tree import ROOT


def test_the_shell_of_the_page_works(server_url: str, tmp_path: Path) -> None:
    page = (ROOT / "docs/cli.md").read_text()
    _, *blocks = re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)  # the first installs it
    program = tmp_path / "langgraph-runs"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(PROGRAM)} "$@"\n')
    program.chmod(0o755)
    path = os.pathsep.join([str(tmp_path), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
        cwd=tmp_path,
        env=environment(server_url, PATH=path),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("Resume it: langgraph-runs stream agent --thread-id") == 1
    assert len((tmp_path / "results.jsonl").read_text().splitlines()) == 5


def test_the_page_and_help_have_all_exit_codes() -> None:
    page = re.findall(r"^\| (\d+) \|", (ROOT / "docs/cli.md").read_text(), re.MULTILINE)
    shown = re.findall(r"^ +(\d+) ", str(cli.help), re.MULTILINE)
    assert [*map(int, page)] == [*map(int, shown)] == [*ExitCode]
