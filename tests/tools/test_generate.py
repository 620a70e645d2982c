"""`scripts/codegen`: what it generates, and what it refuses to generate at all rather than in part."""

import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import ROOT
from scripts.codegen import generate
from scripts.codegen.__main__ import main
from scripts.codegen.generate import PACKAGE, RUNTIME
from scripts.codegen.overrides import OVERRIDES

CHECKED_IN = ROOT / "generated" / PACKAGE

SMALL = """\
openapi: 3.1.1
info: {title: Small, version: "1"}
paths:
  /things/{thing_id}:
    get:
      operationId: get_thing
      parameters:
        - {name: thing_id, in: path, required: true, schema: {type: string}}
      responses:
        "200":
          description: A thing.
          content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}
        "404":
          description: None.
          content: {application/json: {schema: {$ref: "#/components/schemas/Problem"}}}
components:
  schemas:
    Thing:
      type: object
      required: [id]
      properties:
        id: {type: string}
        note: {type: string}
    Problem:
      type: object
      properties:
        detail: {type: string}
"""
BAD_SCHEMA = """\
    Thing:
      enum: [1, a]
    Problem:
"""


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> int:
    """The exit code of the command with these arguments."""
    monkeypatch.setattr(sys, "argv", ["codegen", *map(str, arguments)])
    return main()


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of every file of a package."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture
def description(tmp_path: Path) -> Path:
    """A small description."""
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    return path


@pytest.fixture
def old_package(tmp_path: Path) -> Path:
    """A package that was generated before."""
    package = tmp_path / "generated" / "some_api"
    (package / "models").mkdir(parents=True)
    (package / "models" / "old.py").write_text("old = True\n")
    return package


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package generated from the small description."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "small.yaml").write_text(SMALL)
    return generate.generate(folder / "small.yaml", folder)


def test_the_checked_in_package_is_up_to_date(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--check") == 0
    assert capsys.readouterr() == ("", "")


def test_generating_again_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "generated" / PACKAGE
    assert run(monkeypatch, "--output", package) == 0
    assert contents(package) == contents(CHECKED_IN)


def test_it_replaces_the_whole_old_package(
    monkeypatch: pytest.MonkeyPatch,
    description: Path,
    old_package: Path,
    made: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(monkeypatch, "--openapi", description, "--output", old_package) == 0
    assert contents(old_package) == contents(made)
    assert re.fullmatch(r"some_api: \d+ modules from small\.yaml\n", capsys.readouterr().out)
    assert [path.name for path in old_package.parent.iterdir()] == ["some_api"]


def test_the_package_holds_a_module_for_each_operation_and_schema(made: Path) -> None:
    expected = {"api/default/get_thing.py", "models/thing.py", "models/problem.py", "types.py", "values.py", "py.typed"}
    assert expected <= set(contents(made))


def test_every_module_names_its_origin_and_the_package_its_versions(made: Path) -> None:
    copied = {module.name for module in RUNTIME.glob("*.py")}
    assert copied
    for name, content in contents(made).items():
        origin = f"Copied from scripts/codegen/runtime/{name}" if name in copied else "Generated from openapi.yaml"
        assert name == "py.typed" or f"# {origin} by `make generate`; do not edit.\n".encode() in content
    first = (made / "__init__.py").read_text().splitlines()[0]
    assert re.fullmatch(r"# openapi\.yaml sha256 [0-9a-f]{64}, openapi-python-client [\d.]+", first)


def test_check_shows_changed_missing_and_extra_files_and_changes_none(
    monkeypatch: pytest.MonkeyPatch, description: Path, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = shutil.copytree(made, tmp_path / "checked in")
    thing = package / "models" / "thing.py"
    thing.write_text(thing.read_text().replace("class Thing(", "class Edited("))
    (package / "types.py").unlink()
    (package / "extra.py").write_text("extra = True\n")
    before = contents(package)
    assert run(monkeypatch, "--check", "--openapi", description, "--output", package) == 1
    shown = capsys.readouterr().out
    assert "-class Edited(Answer):\n" in shown
    assert "+class Thing(Answer):\n" in shown
    assert "-extra = True\n" in shown
    assert re.search(r"^\+\+\+ .*/types\.py", shown, re.MULTILINE)
    assert shown.endswith("3 files differ from what openapi.yaml gives: run `make generate`\n")
    assert contents(package) == before


def test_what_the_generator_cannot_process_fails_with_the_reason_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, description: Path, old_package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start, _, end = SMALL.partition("    Thing:\n")
    description.write_text(start + BAD_SCHEMA + end.partition("    Problem:\n")[2])
    before = contents(old_package)
    assert run(monkeypatch, "--openapi", description, "--output", old_package) == 2
    said = capsys.readouterr().err
    assert re.match(r"generate: \S*small\.yaml:18: /components/schemas/Thing: the generator says: ", said)
    assert "Enum values must all be the same type" in said
    assert said.count("\n") == 1
    assert contents(old_package) == before
    assert [path.name for path in old_package.parent.iterdir()] == ["some_api"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(SMALL + "    Thing: {type: object}\n", ":28: found duplicate key .Thing.", id="duplicate"),
        pytest.param("a: 1\n", ": not an OpenAPI 3 document", id="other"),
        pytest.param("- 1\n", ": not an OpenAPI 3 document", id="list"),
        pytest.param("", ": not an OpenAPI 3 document", id="empty"),
        pytest.param(SMALL.split("paths:", maxsplit=1)[0], ": it has no paths", id="no paths"),
        pytest.param(SMALL.split("paths:", maxsplit=1)[0] + "paths: {}\n", ": it has no paths", id="empty paths"),
        pytest.param(SMALL.split("components:", maxsplit=1)[0], ":15: .* leads nowhere", id="no schemas"),
        pytest.param("openapi: [\n", ":2: .*expected the node content", id="syntax"),
        pytest.param(SMALL.replace("3.1.1", "3.0.3"), ":1: /openapi: .*3\\.0\\.3", id="version"),
        pytest.param(
            SMALL.replace("required: true", "required: false"), ":8: .*true was expected", id="path parameter"
        ),
        pytest.param(SMALL.replace("schemas/Thing", "schemas/Nothing"), ":12: .*schemas/Nothing", id="reference"),
        pytest.param(
            SMALL.replace("{thing_id}", "{name}"), ":4: .*'name' for 'get' .*was not resolved", id="unresolved"
        ),
        pytest.param(SMALL.replace("openapi: ", "nested: " + "[" * 5000), ": it is nested too deeply", id="nested"),
    ],
)
def test_an_invalid_description_is_one_clear_line(
    text: str,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    description: Path,
    old_package: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    description.write_text(text)
    before = contents(old_package)
    assert run(monkeypatch, "--openapi", description, "--output", old_package) == 2
    out, said = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(rf"generate: {re.escape(str(description))}{line}.*\n", said)
    assert len(said) < 1000
    assert contents(old_package) == before


def test_a_missing_description_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--openapi", tmp_path / "none.yaml", "--output", tmp_path / "out") == 2
    assert re.fullmatch(r"generate: .*none\.yaml: .*No such file or directory.*\n", capsys.readouterr().err)
    assert not (tmp_path / "out").exists()


def test_all_overrides_that_no_longer_fit_are_listed_with_their_reasons(
    monkeypatch: pytest.MonkeyPatch, description: Path, old_package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, *others = OVERRIDES
    changed = [one._replace(old="what tomorrow's template lacks") for one in (first, second)]
    monkeypatch.setattr(generate, "OVERRIDES", [*changed, *others])
    before = contents(old_package)
    assert run(monkeypatch, "--openapi", description, "--output", old_package) == 2
    said = capsys.readouterr().err
    for one in changed:
        assert f'{one.template}: {one.why}\n  found 0 times: "what tomorrow\'s template lacks"' in said
    assert said.count("\n") == 1 + 2 * len(changed)
    assert contents(old_package) == before


def test_another_version_of_the_generator_is_refused(
    monkeypatch: pytest.MonkeyPatch, description: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda _: "0.1")
    assert run(monkeypatch, "--openapi", description, "--output", tmp_path / "made") == 2
    assert "openapi-python-client==0.1 is not what pyproject.toml pins" in capsys.readouterr().err
    assert not (tmp_path / "made").exists()


def test_every_override_has_a_reason() -> None:
    assert all(override.why for override in OVERRIDES)


# -- Ctrl-C

STEPS = """
import signal, sys
from pathlib import Path
from scripts.codegen import __main__ as command, generate

def wait_at(name, holder, attribute):
    real = getattr(holder, attribute)
    def waiting(*arguments, **options):
        result = real(*arguments, **options)
        print(name, flush=True)
        sys.stdin.readline()
        return result
    setattr(holder, attribute, waiting)

signal.signal(signal.SIGINT, signal.default_int_handler)  # a process started in the background ignores it
wait_at("generated", generate, "run_generator")
wait_at("copied", command.shutil, "copytree")
wait_at("renamed", Path, "rename")
sys.exit(command.main())
"""


@pytest.mark.parametrize("step", ["generated", "copied", "renamed"])
def test_ctrl_c_leaves_the_old_package_or_the_new_one_and_nothing_else(
    step: str, description: Path, old_package: Path, made: Path
) -> None:
    before = contents(old_package)
    command = [sys.executable, "-c", STEPS, "--openapi", str(description), "--output", str(old_package)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdin
        assert process.stdout
        while process.stdout.readline().strip() != step:
            process.stdin.write("\n")
            process.stdin.flush()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate("\n" * 10)
    if step == "generated":
        assert (process.returncode, said) == (130, "generate: interrupted, nothing is half-written\n")
        assert contents(old_package) == before
    else:
        assert (process.returncode, said) == (0, "")
        assert contents(old_package) == contents(made)
    assert [path.name for path in old_package.parent.iterdir()] == ["some_api"]


def test_the_type_checker_forgets_the_package_that_is_replaced(
    monkeypatch: pytest.MonkeyPatch, description: Path, old_package: Path
) -> None:
    cache = old_package.parents[1] / ".mypy_cache"
    (cache / "3.11").mkdir(parents=True)
    assert run(monkeypatch, "--check", "--openapi", description, "--output", old_package) == 1
    assert cache.exists()
    assert run(monkeypatch, "--openapi", description, "--output", old_package) == 0
    assert not cache.exists()
