"""`scripts/drift` and a real server: nothing is undecided today, and what neither a note nor a fact says is found."""

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from attrs import evolve

from scripts import ROOT
from scripts.drift import __main__ as drift
from scripts.drift.document import read
from scripts.drift.facts import FACTS
from scripts.drift.notes import NOTES, read_notes
from scripts.drift.operations import api_operations
from scripts.drift.report import ON_PURPOSE
from tests.support.conformance import forgive


def test_nothing_is_undecided_with_the_server_that_is_started() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.drift", "--json"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["server"]["kind"] == "PY"
    assert report["operations"] == len(api_operations(read(ROOT / "openapi.yaml")))
    assert report["facts"] == len(FACTS)
    assert report["stale"] == []
    assert {one["effect"] for one in report["differences"]} == {"differs on purpose"}
    with pytest.raises(httpx.ConnectError):
        httpx.get(report["server"]["source"], trust_env=False)


def test_little_is_printed_if_nothing_has_changed(
    server_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["drift", "--url", server_url, "--document-only"])
    assert drift.main() == 0
    text = capsys.readouterr().out
    assert len(text.splitlines()) <= 15
    assert text.endswith("to decide: nothing\n")


def test_a_difference_without_its_note_is_undecided_and_named(
    server_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = '      - {difference: "status 202: removed", in: [cancel_run]}\n'
    text = NOTES.read_text()
    assert line in text
    notes = tmp_path / "notes.yaml"
    notes.write_text(text.replace(line, '      - {difference: "status 201: removed", in: [cancel_run]}\n'))
    monkeypatch.setattr(sys, "argv", ["drift", "--url", server_url, "--document-only", "--notes", str(notes), "--json"])
    assert drift.main() == 1
    report = json.loads(capsys.readouterr().out)
    undecided = [one for one in report["differences"] if one["effect"] != ON_PURPOSE]
    assert [(one["difference"], one["effect"]) for one in undecided] == [("status 202: removed", "breaking")]
    pointer = "/paths/~1threads~1{thread_id}~1runs~1{run_id}~1cancel/post"
    assert [place["pointer"] for place in undecided[0]["openapi"]] == [f"{pointer}/responses/202"]
    assert undecided[0]["server"] == [{"pointer": pointer, "line": None}]
    assert [one["difference"] for one in report["stale"]] == ["status 201: removed"]


def test_a_server_that_behaves_otherwise_is_undecided_and_named_unless_a_note_says_why(
    server_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (delete,) = [one for one in FACTS if one.name == "delete"]
    # A note on a fact that is not checked would be stale, and the server may be an older one that has some.
    noted = {note.difference.partition(":")[0].removeprefix("fact ") for note in read_notes(NOTES)}
    otherwise = [evolve(delete, expected={"PY": "200 empty"}), *(one for one in FACTS if one.name in noted)]
    monkeypatch.setattr(drift, "FACTS", otherwise)
    monkeypatch.setattr(sys, "argv", ["drift", "--url", server_url])
    assert drift.main() == 1
    text = capsys.readouterr().out
    assert "to decide: 1\n  breaking  fact delete: 200 empty -> 204 empty\n" in text
    assert "            relied on: Deleting a run returns 204. (langgraph_runs/_async/runs.py)\n" in text

    notes = tmp_path / "notes.yaml"
    why = '\nPY:\n  - why: It is content.\n    differences: ["fact delete: 200 empty -> 204 empty"]\n'
    notes.write_text(NOTES.read_text().replace("\nPY:\n", why, 1))
    monkeypatch.setattr(sys, "argv", ["drift", "--url", server_url, "--notes", str(notes), "--verbose"])
    assert drift.main() == 0
    assert "  It is content.\n    fact delete: 200 empty -> 204 empty\n" in capsys.readouterr().out
    forgive("")  # the notes judge what the facts show
