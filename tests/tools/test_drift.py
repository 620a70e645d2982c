"""`scripts/drift`: what notes decide, and what is printed. What is refused: test_refused.py. Real servers: tests/integration."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from packaging.specifiers import SpecifierSet

from langgraph_runs import __tested_servers__
from scripts.codegen.__main__ import main as generate
from scripts.drift import served
from scripts.drift.__main__ import main as drift
from scripts.drift.comparison import compare
from scripts.drift.difference import Difference, Occurrence, Place
from scripts.drift.document import parse, read
from scripts.drift.notes import NOTES, Note, Servers, decide, read_notes
from scripts.drift.operations import api_operations
from scripts.drift.server import ServerInfo
from tests.tools.conftest import Run
from tests.tools.test_comparison import FROZEN, OURS

PY = ServerInfo("PY", "0.16.7")


@pytest.fixture
def server_file(tmp_path: Path) -> Path:
    """A server's document: ours with one field more, one operation less and one more success."""
    contents = copy.deepcopy(OURS.contents)
    contents["components"]["schemas"]["PartialRun"]["properties"]["cost"] = {"type": "number"}
    del contents["paths"]["/runs/batch"]
    contents["paths"]["/runs/wait"]["post"]["responses"]["202"] = {}
    path = tmp_path / "server.json"
    path.write_text(json.dumps(contents))
    return path


DECIDED = """
PY:
  - why: Nobody
      pays.
    differences: ["Run.cost: added"]
  - why: Batches are over.
    differences:
      - "operation POST /runs/batch: removed"
      - {difference: "status 202: added", in: [wait_stateless_run]}
"""


def found(text: str, *operations: str, effect: Any = "breaking") -> Difference:
    subject, _, change = text.partition(": ")
    return Difference(
        subject, change, tuple(Occurrence(name, effect, Place(f"/{name}"), Place(f"/{name}")) for name in operations)
    )


def decided(
    notes: list[Note], *differences: Difference, server: ServerInfo = PY, facts_checked: bool = True
) -> list[list[str]]:
    """What is undecided, on purpose and stale, in short."""
    decision = decide(differences, notes, server, facts_checked=facts_checked)

    def shown(difference: Difference) -> str:
        return f"{difference} {' '.join(difference.operations)}".strip()

    return [
        [shown(difference) for difference in decision.undecided],
        [shown(difference) for difference, _ in decision.on_purpose],
        [f"{stale.note.difference} {' '.join(stale.operations)}".strip() for stale in decision.stale],
    ]


def test_a_note_decides_the_difference_that_it_names_and_no_other(notes: Callable[[str], Path]) -> None:
    read_in = read_notes(notes("PY: [{why: Because., differences: ['a: added', 'b: 1 -> 2']}]"))
    assert decided(read_in, found("a: added", "x", "y"), found("b: 1 -> 2", "x")) == [
        [],
        ["a: added x y", "b: 1 -> 2 x"],
        [],
    ]
    assert decided(read_in, found("a: removed", "x"), found("b: 1 -> 3", "x")) == [
        ["a: removed x", "b: 1 -> 3 x"],
        [],
        ["a: added", "b: 1 -> 2"],
    ]


def test_a_note_may_be_about_several_differences(notes: Callable[[str], Path]) -> None:
    text = "PY: [{why: Ids are text., differences: [{difference: '*.ids[]: none -> *', in: [x, y]}]}]"
    read_in = read_notes(notes(text))
    one, other = found("a.ids[]: none -> uuid", "x"), found("b.ids[]: none -> (a|b)", "y")
    assert decided(read_in, one, other, found("a.ids: none -> uuid", "x")) == [
        ["a.ids: none -> uuid x"],
        ["a.ids[]: none -> uuid x", "b.ids[]: none -> (a|b) y"],
        [],
    ]
    assert decided(read_in, one)[2] == ["*.ids[]: none -> * y"]
    assert decided(read_in)[2] == ["*.ids[]: none -> *"]


def test_a_note_on_some_operations_leaves_the_others_undecided(notes: Callable[[str], Path]) -> None:
    read_in = read_notes(notes("PY: [{why: Because., differences: [{difference: 'a: added', in: [x, y]}]}]"))
    assert decided(read_in, found("a: added", "x", "y", "z")) == [["a: added z"], ["a: added x y"], []]
    assert decided(read_in, found("a: added", "x")) == [[], ["a: added x"], ["a: added y"]]
    assert decided(read_in) == [[], [], ["a: added"]]


def test_an_undecided_difference_has_the_effect_of_its_undecided_operations(notes: Callable[[str], Path]) -> None:
    (note,) = read_notes(notes("PY: [{why: Because., differences: [{difference: 'a: added', in: [x]}]}]"))
    breaking, new = found("a: added", "x").occurrences, found("a: added", "y", effect="new").occurrences
    difference = Difference("a", "added", (*breaking, *new))
    assert difference.effect == "breaking"
    (rest,) = decide([difference], [note], PY, facts_checked=True).undecided
    assert rest.effect == "new"


def test_breaking_differences_come_first() -> None:
    differences = [found("a: added", "x", effect="new"), found("b: removed", "x"), found("c: added", "x", effect="new")]
    assert decided([], *differences)[0] == ["b: removed x", "a: added x", "c: added x"]


@pytest.mark.parametrize(
    ("server", "concerned"),
    [
        (ServerInfo("PY", "0.4.48"), True),
        (ServerInfo("PY", "0.9.9rc1"), True),
        (ServerInfo("PY", "0.10"), False),
        (ServerInfo("JS", "0.4.48"), False),
    ],
)
def test_a_note_is_about_servers_of_a_kind_and_version(
    server: ServerInfo, concerned: bool, notes: Callable[[str], Path]
) -> None:
    read_in = read_notes(notes("PY >=0.4, <0.10: [{why: Because., differences: ['a: added', 'gone: added']}]"))
    undecided, on_purpose, stale = decided(read_in, found("a: added", "x"), server=server)
    assert (undecided == []) is concerned
    assert (on_purpose == ["a: added x"]) is concerned
    assert (stale == ["gone: added"]) is concerned


def test_a_note_on_versions_is_not_stale_if_the_version_is_unknown(notes: Callable[[str], Path]) -> None:
    read_in = read_notes(notes("PY <0.10: [{why: Because., differences: ['a: added', 'gone: added']}]"))
    for version in ("", "a build of mine"):
        undecided, on_purpose, _ = decided(read_in, found("a: added", "x"), server=ServerInfo("PY", version))
        assert (undecided, on_purpose) == ([], ["a: added x"])
    assert decided(read_in, found("a: added", "x"), server=ServerInfo("PY", ""))[2] == []


def test_a_note_on_a_fact_is_not_stale_if_none_was_checked(notes: Callable[[str], Path]) -> None:
    read_in = read_notes(notes("PY: [{why: Because., differences: ['fact cancel: 202 -> 204']}]"))
    assert decided(read_in, facts_checked=False) == [[], [], []]
    assert decided(read_in, facts_checked=True) == [[], [], ["fact cancel: 202 -> 204"]]
    assert decided(read_in, Difference("fact cancel", "202 -> 204")) == [[], ["fact cancel: 202 -> 204"], []]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[]", "this must be an object with a list of notes for each server"),
        ("", "this must be an object with a list of notes for each server"),
        ("PY: 1", ":1: /PY: this must be a list"),
        ("PY:\n- 1", ":2: a note has `why` and `differences`, and nothing else"),
        ("PY: [{why: ' ', differences: [a]}]", ":1: a note has `why` and `differences`, and nothing else"),
        ("PY: [{why: x, differences: []}]", ":1: a note has `why` and `differences`, and nothing else"),
        ("PY: [{why: x, differences: [a], more: 1}]", ":1: a note has `why` and `differences`, and nothing else"),
        (
            "PY: [{why: x, differences: [1]}]",
            ":1: a difference is a text, or has `difference` and a list of operations `in`",
        ),
        ("PY: [{why: x, differences: [{difference: a, in: []}]}]", ":1: a difference is a text, or has `difference`"),
        ("PY: [{why: x, differences: [a,\n a]}]", ":2: 'a' is listed twice"),
        ("PY: [{why: x, differences: [{difference: a, in: [b, b]}]}]", ":1: 'a' is listed twice"),
        ("RB: []", ":1: unknown server 'RB'; known are PY, JS, AE"),
        ("PY newest: []", ":1: 'newest' are not versions; an example is '>=0.10,<0.16'"),
        ("PY: []\nPY: []", ':2: found duplicate key "PY"'),
    ],
)
def test_invalid_notes_are_one_clear_line(
    text: str, line: str, notes: Callable[[str], Path], server_file: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--file", server_file, "--notes", notes(text)) == 2
    out, said = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(rf"drift: .*notes\.yaml:? ?{re.escape(line)}.*\n", said)


def test_our_notes_have_reasons_that_are_sentences() -> None:
    for note in read_notes(NOTES):
        assert re.fullmatch(r"[A-Z].*\.", note.why), note


# What is printed


def test_an_undecided_difference_fails_with_its_places(
    run: Run, notes: Callable[[str], Path], server_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--file", server_file, "--notes", notes("{}")) == 1
    text = capsys.readouterr().out
    assert text.startswith("tests/tools/frozen.yaml and langgraph-api (version unknown) at ")
    assert f": {len(api_operations(OURS))} operations compared, 0 facts checked\n" in text
    assert "to decide: 3\n" in text
    line = OURS.line("/paths/~1runs~1batch/post")
    assert (
        "  breaking  operation POST /runs/batch: removed\n"
        f"            ours    tests/tools/frozen.yaml:{line}  /paths/~1runs~1batch/post\n"
        "            server  /paths\n"
        "            in      create_run_batch\n"
    ) in text
    assert "  new       Run.cost: added\n" in text


def test_a_decided_difference_is_shown_with_its_reason(
    run: Run, notes: Callable[[str], Path], server_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = notes(DECIDED)
    assert run("--file", server_file, "--notes", path, "--verbose") == 0
    text = capsys.readouterr().out
    assert f"differences: 3 on purpose, see {path}\n" in text
    line = OURS.line("/components/schemas/PartialRun")
    assert f"  Nobody pays.\n    tests/tools/frozen.yaml:{line}  Run.cost: added (" in text
    assert text.endswith("to decide: nothing\n")

    assert run("--file", server_file, "--notes", path) == 0
    _, *lines = capsys.readouterr().out.splitlines()
    assert lines == [f"differences: 3 on purpose, see {path} (VERBOSE=1 lists them)", "", "to decide: nothing"]


def test_a_stale_note_fails_and_is_shown_with_its_line(
    run: Run, notes: Callable[[str], Path], server_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = '  - why: Gone.\n    differences:\n      - "Run.gone: added"\n'
    path = notes(DECIDED.replace("[wait_stateless_run]", "[wait_stateless_run, wait_run]") + more)
    assert run("--file", server_file, "--notes", path) == 1
    text = capsys.readouterr().out
    assert "stale notes: 2\n" in text
    delete = "and no tested server has it: delete it)"
    assert f"{path}:9  status 202: added (no longer found in wait_run; {delete}\n" in text
    assert f"{path}:12  Run.gone: added (no longer found; {delete}\n" in text
    assert text.endswith("to decide: nothing\n")


def test_the_report_as_json(
    run: Run, notes: Callable[[str], Path], server_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = 'PY: [{why: Nobody pays., differences: ["Run.cost: added", "Run.gone: added"]}]'
    assert run("--file", server_file, "--notes", notes(text), "--json", "--server", "PY 0.17.0") == 1
    report = json.loads(capsys.readouterr().out)
    assert report["server"] == {
        "name": "langgraph-api 0.17.0",
        "kind": "PY",
        "version": "0.17.0",
        "source": str(server_file),
    }
    assert (report["operations"], report["facts"]) == (len(api_operations(OURS)), 0)
    effects = [(one["difference"], one["effect"], one["why"]) for one in report["differences"]]
    assert effects == [
        ("operation POST /runs/batch: removed", "breaking", None),
        ("status 202: added", "breaking", None),
        ("Run.cost: added", "differs on purpose", "Nobody pays."),
    ]
    removed = report["differences"][0]
    assert removed["operations"] == ["create_run_batch"]
    pointer = "/paths/~1runs~1batch/post"
    assert removed["openapi"] == [{"pointer": pointer, "line": OURS.line(pointer)}]
    assert removed["server"] == [{"pointer": "/paths", "line": None}]
    assert report["stale"] == [{"difference": "Run.gone: added", "operations": [], "why": "Nobody pays.", "line": 1}]


def test_the_changelog_has_what_is_undecided(
    run: Run, notes: Callable[[str], Path], server_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--file", server_file, "--notes", notes('PY: [{why: X., differences: ["status 202: added"]}]')]
    assert run(*arguments, "--server", "PY 0.17.0", "--changelog") == 0
    assert capsys.readouterr().out == (
        "- langgraph-api 0.17.0, breaking: `operation POST /runs/batch` removed (create_run_batch)\n"
        "- langgraph-api 0.17.0, new: `Run.cost` added (list_runs, create_run, get_run, create_stateless_run)\n"
    )


# The documents of tested servers


def test_what_breaks_nothing_and_was_there_before_is_decided() -> None:
    note = Note("b: added", None, "Because.", Servers("PY", SpecifierSet("")), 1)
    differences = [
        found("a: added", "x", "y", effect="new"),
        found("b: added", "x", effect="new"),
        found("c: added", "x"),
        Difference("fact d", "1 -> 2"),
    ]
    before = [found("a: added", "x", effect="new"), found("b: added", "x"), found("c: added", "x")]
    decision = decide(differences, [note], PY, before=before, facts_checked=True)
    shown = [[f"{one} {' '.join(one.operations)}" for one in some] for some in (decision.undecided, decision.as_before)]
    assert shown == [["c: added x", "a: added y", "fact d: 1 -> 2 "], ["a: added x"]]
    assert [str(difference) for difference, _ in decision.on_purpose] == ["b: added"]


@pytest.fixture
def kept_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for the documents of tested servers."""
    monkeypatch.setattr(served, "SERVED", tmp_path)
    monkeypatch.setattr("scripts.drift.__main__.ROOT", tmp_path)
    return tmp_path


def test_a_new_server_is_compared_with_its_predecessor(
    run: Run, notes: Callable[[str], Path], server_file: Path, kept_documents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contents = json.loads(server_file.read_text())
    decided = notes("""
    PY: [{why: Gone., differences: ['operation POST /runs/batch: removed', 'status 202: added']}]
    """)
    arguments = ["--file", server_file, "--notes", decided, "--server"]
    assert run(*arguments, "PY 0.9") == 1
    assert "to decide: 1\n  new       Run.cost: added\n" in (text := capsys.readouterr().out)
    assert text.endswith("WRITE=1 keeps the server's document, and accepts what breaks nothing.\n")
    assert run(*arguments, "PY 0.9", "--write") == 0
    assert capsys.readouterr().out.endswith("to decide: nothing\n")
    assert [path.name for path in kept_documents.glob("PY-*")] == ["PY-0.9.json"]

    assert run(*arguments, "PY 0.9") == 0
    assert "; 1 that break nothing and are not new (VERBOSE" in capsys.readouterr().out
    contents["components"]["schemas"]["PartialRun"]["properties"]["shard"] = {"type": "string"}
    server_file.write_text(json.dumps(contents))
    assert run(*arguments, "PY 0.10") == 1
    assert "to decide: 1\n  new       Run.shard: added\n" in capsys.readouterr().out
    # An older server is no successor, and no other kind is.
    for other in ("PY 0.8", "JS 0.10"):
        assert run(*arguments, other) == 1
        assert "  new       Run.cost: added\n" in capsys.readouterr().out
    # A server of unknown version is taken for the newest.
    assert run("--file", server_file, "--notes", decided) == 1
    assert "to decide: 1\n  new       Run.shard: added\n" in capsys.readouterr().out


@pytest.mark.usefixtures("kept_documents")
def test_a_stale_note_that_an_older_server_needs_is_moved(
    run: Run, notes: Callable[[str], Path], server_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decided = notes("""
    PY: [{why: Gone., differences: ['operation POST /runs/batch: removed', 'status 202: added']}]
    """)
    arguments = ["--notes", decided, "--server"]
    run("--file", server_file, *arguments, "PY 0.9", "--write")
    capsys.readouterr()
    assert run("--file", FROZEN, *arguments, "PY 0.10") == 1
    text = capsys.readouterr().out
    move = "(no longer found; but in 0.9: limit it to the versions <0.10)"
    assert f"{decided}:2  operation POST /runs/batch: removed {move}\n" in text


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["PY"], "the server's version is unknown; give it with --server, such as 'PY 0.17.0'"),
        (["PY 0.9"], "something breaking is undecided; see the report without --write"),
    ],
)
def test_a_document_is_kept_only_if_nothing_breaking_is_undecided(
    arguments: list[str],
    problem: str,
    run: Run,
    notes: Callable[[str], Path],
    server_file: Path,
    kept_documents: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("--file", server_file, "--notes", notes("{}"), "--write", "--server", *arguments) == 2
    assert capsys.readouterr() == ("", f"drift: --write: {problem}\n")
    assert not [*kept_documents.glob("PY-*")]


def test_what_is_kept_is_compared_as_the_document_itself_and_has_no_text(server_file: Path) -> None:
    document = read(server_file)
    contents = served.reduced(document)
    text = json.dumps(contents)
    assert compare(document, parse(text, "kept")) == []
    assert not any(f'"{word}":' in text for word in ("description", "summary", "operationId", "example"))


def test_a_schema_that_a_server_names_and_lacks_is_any_and_in_ours_is_refused(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contents = copy.deepcopy(OURS.contents)
    contents["components"]["schemas"]["RunStatus"] = {"$ref": "#/components/schemas/Missing"}
    server = parse(json.dumps(contents), "server")
    differences = compare(OURS, server)
    assert {"Run.status", "query status"} == {one.subject for one in differences}
    kept = parse(json.dumps(served.reduced(server)), "kept")
    assert [*map(str, compare(OURS, kept))] == [*map(str, differences)]
    kept.check_references()

    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(contents))
    for arguments, main in ((["--file", FROZEN], drift), (["--output", tmp_path / "made"], generate)):
        assert run("--openapi", path, *arguments, main=main) == 2
        assert "the $ref '#/components/schemas/Missing' leads nowhere\n" in capsys.readouterr().err


def test_the_documents_of_all_tested_servers_are_kept_and_no_others() -> None:
    kept = [str(version) for version in served.kept("PY")]
    assert kept == [*__tested_servers__], (
        "run `make drift VERSION=... WRITE=1`, or delete the file in scripts/drift/served"
    )
