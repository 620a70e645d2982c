"""`scripts/codegen`: what it generates, and what it refuses to generate at all rather than in part."""

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import attrs
import pytest
from ruamel.yaml import YAML

from scripts.codegen import description as descriptions
from scripts.codegen import generate
from scripts.codegen.__main__ import main
from scripts.codegen.description import GenerationError
from scripts.codegen.generate import PACKAGE, ROOT, RUNTIME
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
BAD_OPERATION = """\
  /things:
    post:
      operationId: create_thing
      requestBody:
        content: {application/json: {schema: {type: array}}}
      responses: {"204": {description: Done.}}
components:
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
    thing.write_text(thing.read_text().replace("class Thing:", "class Edited:"))
    (package / "types.py").unlink()
    (package / "extra.py").write_text("extra = True\n")
    before = contents(package)
    assert run(monkeypatch, "--check", "--openapi", description, "--output", package) == 1
    shown = capsys.readouterr().out
    assert "-class Edited:\n" in shown
    assert "+class Thing:\n" in shown
    assert "-extra = True\n" in shown
    assert re.search(r"^\+\+\+ .*/types\.py", shown, re.MULTILINE)
    assert shown.endswith("3 files differ from what openapi.yaml gives: run `make generate`\n")
    assert contents(package) == before


def test_an_operation_that_the_generator_cannot_process_fails_with_the_reason_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, description: Path, old_package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    description.write_text(SMALL.replace("components:\n", BAD_OPERATION))
    before = contents(old_package)
    assert run(monkeypatch, "--openapi", description, "--output", old_package) == 2
    said = capsys.readouterr().err
    assert said.startswith("generate: the generator failed or warned:\n")
    assert re.search("POST /things .*Endpoint will not be generated", said)
    assert "type array must have items" in said
    assert contents(old_package) == before
    assert [path.name for path in old_package.parent.iterdir()] == ["some_api"]


def test_a_missing_operation_or_schema_fails(tmp_path: Path) -> None:
    (tmp_path / "api" / "default").mkdir(parents=True)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "__init__.py").write_text('__all__ = ("Problem",)\n')
    document = YAML(typ="safe").load(SMALL)
    with pytest.raises(GenerationError, match=r"^operations missing: \['get_thing'\]; not asked for: \[\]$"):
        generate.check_complete(document, tmp_path)
    (tmp_path / "api" / "default" / "get_thing.py").touch()
    with pytest.raises(GenerationError, match=r"^schemas missing: \['Thing'\]$"):
        generate.check_complete(document, tmp_path)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(SMALL + "    Thing: {type: object}\n", "found duplicate key .Thing. .* line 28,", id="duplicate"),
        pytest.param("a: 1\n", "not an OpenAPI document", id="other"),
        pytest.param("- 1\n", "not an OpenAPI document", id="list"),
        pytest.param("", "not an OpenAPI document", id="empty"),
        pytest.param(SMALL.split("paths:", maxsplit=1)[0], "it has no paths", id="no paths"),
        pytest.param(SMALL.split("paths:", maxsplit=1)[0] + "paths: {}\n", "it has no paths", id="empty paths"),
        pytest.param(SMALL.split("components:", maxsplit=1)[0], "it has no schemas", id="no schemas"),
        pytest.param("openapi: [\n", "while parsing a flow node", id="syntax"),
        pytest.param(SMALL.replace("3.1.1", "3.0.3"), "3\\.0\\.3", id="version"),
        pytest.param(SMALL.replace("schemas/Thing", "schemas/Nothing"), "schemas/Nothing", id="reference"),
        pytest.param(SMALL.replace("      operationId: get_thing\n", ""), "no operationId: .*thing_id", id="no id"),
        pytest.param(SMALL.replace('"200"', "200"), "int", id="number for a status"),
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
    assert re.fullmatch(rf"generate: {re.escape(str(description))}: .*{line}.*\n", said)
    assert len(said) < 1000
    assert contents(old_package) == before


def test_a_missing_description_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--openapi", tmp_path / "none.yaml", "--output", tmp_path / "out") == 2
    assert re.fullmatch(r"generate: .*none\.yaml: .*No such file or directory.*\n", capsys.readouterr().err)
    assert not (tmp_path / "out").exists()


def test_a_changed_template_fails_with_the_override(
    monkeypatch: pytest.MonkeyPatch, description: Path, old_package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *others = OVERRIDES
    changed = attrs.evolve(first, old="what the template of tomorrow does not say any more")
    monkeypatch.setattr(generate, "OVERRIDES", [changed, *others])
    before = contents(old_package)
    assert run(monkeypatch, "--openapi", description, "--output", old_package) == 2
    assert (
        f"template {first.template} has changed: it has the text below 0 times, not {first.count}\n"
        "what the template of tomorrow" in capsys.readouterr().err
    )
    assert contents(old_package) == before


def test_every_override_has_a_reason() -> None:
    assert all(override.why for override in OVERRIDES)


def test_optional_fields_become_nullable_only_in_responses() -> None:
    document = YAML(typ="safe").load(SMALL)
    before = json.dumps(document)
    schemas = descriptions.for_generator(document)["components"]["schemas"]
    assert schemas["Thing"]["required"] == ["id", "note"]
    assert schemas["Thing"]["properties"] == {"id": {"type": "string"}, "note": {"type": ["string", "null"]}}
    assert schemas["Problem"] == {"type": "object", "properties": {"detail": {"type": "string"}}}
    assert json.dumps(document) == before


@pytest.mark.parametrize(
    ("schema", "nullable"),
    [
        ({"type": "string"}, {"type": ["string", "null"]}),
        ({"type": ["string", "null"]}, {"type": ["string", "null"]}),
        ({"anyOf": [{"type": "string"}]}, {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        (
            {"$ref": "#/components/schemas/Thing"},
            {"anyOf": [{"$ref": "#/components/schemas/Thing"}, {"type": "null"}]},
        ),
        ({"$ref": "#/components/schemas/JsonObject"}, {"$ref": "#/components/schemas/JsonObject"}),
        ({"description": "anything"}, {"description": "anything"}),
    ],
)
def test_nullable(schema: dict[str, object], nullable: dict[str, object]) -> None:
    assert descriptions.nullable(schema) == nullable


def test_nested_all_of_is_merged() -> None:
    schemas: dict[str, Any] = {
        "A": {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
        "B": {"allOf": [{"$ref": "#/components/schemas/A"}, {"properties": {"b": {}}, "required": ["b"]}]},
        "C": {"description": "All.", "allOf": [{"$ref": "#/components/schemas/B"}, {"properties": {"c": {}}}]},
    }
    assert descriptions.merged(schemas["C"], schemas) == {
        "type": "object",
        "description": "All.",
        "properties": {"a": {"type": "string"}, "b": {}, "c": {}},
        "required": ["a", "b"],
    }
