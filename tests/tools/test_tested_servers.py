"""`__tested_servers__` agrees with pyproject.toml and docs/servers.md, and `scripts/test_servers.py` compares the servers."""

import sys
import tomllib
from collections.abc import Callable

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import langgraph_runs
from langgraph_runs import __tested_servers__
from scripts import ROOT, test_servers
from scripts.drift.facts import FACTS
from scripts.drift.server import ServerError
from scripts.test_servers import BEHAVIOURS, END, PAGE, START, Result


def test_the_versions_are_sorted() -> None:
    versions = [*map(Version, __tested_servers__)]
    assert versions == sorted(set(versions))
    assert len(versions) >= 5
    assert "__tested_servers__" in langgraph_runs.__all__


def test_the_newest_version_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pins = {one.name: one.specifier for one in map(Requirement, project["optional-dependencies"]["server"])}
    assert str(pins["langgraph-api"]) == f"=={__tested_servers__[-1]}"


def test_readme_shows_the_versions_and_the_date() -> None:
    report = PAGE.read_text().partition(START)[2].partition(END)[0]
    assert report.splitlines()[1].startswith("Tested on 2")
    assert f"|  | {' | '.join(__tested_servers__)} |\n" in report
    assert "failed" not in report


def test_the_report_separates_what_differs_from_what_does_not() -> None:
    facts = {one.name: one.expected["PY"] for one in FACTS}
    old = Result("0.4.48", "2 passed, 1 failed", {**facts, "cancel": "204 a|b"}, good=False)
    text = test_servers.table([old, Result("0.16.7", "3 passed", facts, good=True)])
    assert "|  | 0.4.48 | 0.16.7 |\n| --- | --- | --- |\n| tests | 2 passed, 1 failed | 3 passed |\n" in text
    assert "| cancel | `204 a\\|b` | `202 empty` |\n" in text
    assert "| cancel with `wait` | `200 values` |\n" in text
    assert text.count("\n| ") == len(BEHAVIOURS) + 5


def test_the_report_replaces_the_old_one() -> None:
    page = f"before\n{START}old\n{END}after\n"
    assert test_servers.with_table(page, "new\n") == f"before\n{START}\nnew\n\n{END}after\n"
    with pytest.raises(ValueError, match="the comments around the table are missing"):
        test_servers.with_table("before\nafter\n", "new\n")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs the command with arguments and returns its exit code; the servers' results are made up."""

    def tested(version: str, *, write: bool) -> Result:
        assert write is ("--write" in sys.argv)
        if version == "0.0":
            raise ServerError("langgraph-api 0.0 cannot be installed")
        return Result(version, "3 passed", {one.name: "yes" for one in FACTS}, good=version != "0.10.3")

    def call(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["script", *arguments])
        monkeypatch.setattr(test_servers, "_started_and_tested", tested)
        return test_servers.main()

    return call


def test_it_succeeds_only_if_all_servers_do(run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--versions", "oldest 0.13.8 newest") == 0
    assert f"|  | {__tested_servers__[0]} | 0.13.8 | {__tested_servers__[-1]} |" in capsys.readouterr().out
    assert run("--versions", "oldest 0.10.3") == 1
    assert run() == 1
    capsys.readouterr()
    assert run("--versions", "0.0 newest") == 2
    out, said = capsys.readouterr()
    assert said == "test_servers: langgraph-api 0.0 cannot be installed\n"
    assert f"|  | {__tested_servers__[-1]} |" in out


def test_what_does_not_end_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["script", "--url", "http://127.0.0.1:9"])
    monkeypatch.setattr(test_servers, "_TIMEOUT", 0)
    assert test_servers.main() == 2
    command = "`python -m scripts.drift --url http://127.0.0.1:9 --json`"
    assert capsys.readouterr() == ("", f"test_servers: {command} did not end within 0 minutes\n")


def test_it_writes_the_table_only_for_all_versions(run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    before = PAGE.read_text()
    with pytest.raises(SystemExit):
        run("--versions", "oldest", "--write")
    assert "--write needs the results of all versions" in capsys.readouterr().err
    assert run("--write") == 1
    assert PAGE.read_text() == before
