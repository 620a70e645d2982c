"""Makes `generated/langgraph_runs_api` from `openapi.yaml` with openapi-python-client; `--check` only compares.

The generator exits with 0 also when it drops an endpoint that it cannot process, so what it made is checked here: a warning,
a missing operation or a missing schema fails the run, and the old package stays as it was.
"""

import argparse
import copy
import difflib
import hashlib
import importlib.metadata
import importlib.resources
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openapi_spec_validator import OpenAPIV31SpecValidator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from documents import Document, DocumentError
from template_overrides import OVERRIDES

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "langgraph_runs_api"
GENERATOR = "openapi-python-client"
CONFIG = f"""\
package_name_override: {PACKAGE}
literal_enums: true
post_hooks: []
"""


class GenerationError(Exception):
    """Why nothing was generated, in words for the person who ran the script."""


def main() -> int:
    """Generate, or with --check compare; the exit code is 0 when all is well, 1 when they differ, 2 on bad input."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the package is not up to date")
    parser.add_argument("--openapi", type=Path, default=ROOT / "openapi.yaml", help="the description to read")
    parser.add_argument("--output", type=Path, default=ROOT / "generated" / PACKAGE, help="the package to write")
    arguments = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory() as scratch:
            made = generate(arguments.openapi, Path(scratch))
            if arguments.check:
                return report_differences(made, arguments.output)
            replace(made, arguments.output)
    except GenerationError as error:
        print(f"generate: {error}", file=sys.stderr)
        return 2
    print(f"{arguments.output.name}: {len(list(arguments.output.rglob('*.py')))} modules from {arguments.openapi.name}")
    return 0


def generate(source: Path, scratch: Path) -> Path:
    """Generate into `scratch` and return the package's folder there.

    Raises:
        GenerationError: If the generator, the description, a template or the result is not right.
    """
    demand_pinned_generator()
    document = load(source)
    (scratch / "description.json").write_text(json.dumps(for_generator(document)))
    (scratch / "config.yaml").write_text(CONFIG)
    write_templates(scratch / "templates")
    made = scratch / PACKAGE
    run_generator(scratch, made)
    demand_everything(document, made)
    finish(made, source)
    return made


def demand_pinned_generator() -> None:
    """Refuse any version of the generator but the one that pyproject.toml pins: another one gives another package."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    pins = [one.removeprefix(f"{GENERATOR}==") for extra in extras.values() for one in extra if GENERATOR in one]
    try:
        installed = importlib.metadata.version(GENERATOR)
    except importlib.metadata.PackageNotFoundError:
        installed = "none"
    if pins != [installed]:
        raise GenerationError(
            f"{GENERATOR} {installed} is installed, and pyproject.toml pins {' and '.join(pins) or 'none'}: "
            "`make clean generate` starts from what it pins"
        )


def load(source: Path) -> dict[str, Any]:
    """Read and validate the description."""
    try:
        document = YAML(typ="safe").load(source)
    except (OSError, YAMLError) as error:
        raise GenerationError(f"{source}: {one_line(error)}") from error
    if not isinstance(document, dict) or "openapi" not in document:
        raise GenerationError(f"{source}: not an OpenAPI document")
    if not document.get("paths"):
        raise GenerationError(f"{source}: it has no paths")
    if not (document.get("components") or {}).get("schemas"):
        raise GenerationError(f"{source}: it has no schemas")
    try:
        Document(str(source), document).check_references()
        errors = [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()]
    except DocumentError as error:
        raise GenerationError(str(error)) from error
    except Exception as error:  # the validator raises whatever its resolver raises, for a reference into nowhere
        raise GenerationError(f"{source}: {one_line(error)}") from error
    if errors:
        raise GenerationError(f"{source}: {one_line(errors[0])}")
    for operation in operations(document):
        if "operationId" not in operation:
            raise GenerationError(f"{source}: an operation has no operationId: {one_line(operation)}")
    return document


def one_line(text: object) -> str:
    """The start of the text as one line; validators show whole documents."""
    return textwrap.shorten(str(text), 500, placeholder=" ...")


def for_generator(document: dict[str, Any]) -> dict[str, Any]:
    """The description in the form that gives the code we want.

    - Failures are left out: the generated functions answer with what succeeded and raise UnexpectedStatus otherwise.
    - In a schema of an answer, a field that may be missing becomes nullable and required: it always reads as a value, None
      (or {}) where the server left it out, instead of as the generator's UNSET.
    """
    schemas = document["components"]["schemas"]
    document = copy.deepcopy(document)
    for operation in operations(document):
        operation["responses"] = {
            status: response for status, response in operation["responses"].items() if status.startswith("2")
        }
    successes = [operation["responses"] for operation in operations(document)]
    for name in sorted(reached(successes, document)):
        schema = document["components"]["schemas"][name] = merged(schemas[name], schemas)
        required = schema.get("required", [])
        for field, field_schema in schema.get("properties", {}).items():
            if field not in required:
                schema["properties"][field] = nullable(field_schema)
        if "properties" in schema:
            schema["required"] = list(schema["properties"])
    return document


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every operation of the document."""
    for path in document["paths"].values():
        for method in ("get", "put", "post", "delete", "patch"):
            if method in path:
                yield path[method]


def reached(part: Any, document: dict[str, Any]) -> set[str]:
    """The names of the schemas that a part of the document refers to, however indirectly."""
    names: set[str] = set()
    pending = [part]
    seen: set[str] = set()
    while pending:
        item = pending.pop()
        if isinstance(item, list):
            pending.extend(item)
        elif isinstance(item, dict):
            pending.extend(item.values())
            reference = item.get("$ref")
            if isinstance(reference, str) and reference not in seen:
                seen.add(reference)
                _, _, kind, name = reference.split("/")
                pending.append(document["components"][kind][name])
                if kind == "schemas":
                    names.add(name)
    return names


def merged(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """The schema with its allOf written out."""
    if "allOf" not in schema:
        return copy.deepcopy(schema)
    whole: dict[str, Any] = {"type": "object", "description": schema.get("description", ""), "properties": {}}
    for part in schema["allOf"]:
        resolved = merged(schemas[part["$ref"].rpartition("/")[2]] if "$ref" in part else part, schemas)
        whole["properties"].update(resolved.get("properties", {}))
        whole.setdefault("required", []).extend(resolved.get("required", []))
    return whole


def nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema, also allowing null; a JSON object stays as it is, since a missing one reads as {}."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    if "$ref" in schema and not schema["$ref"].endswith("/JsonObject"):
        return {"anyOf": [schema, {"type": "null"}]}
    return schema


def write_templates(folder: Path) -> None:
    """The generator's own templates with our overrides applied."""
    originals = importlib.resources.files("openapi_python_client") / "templates"
    for override in OVERRIDES:
        target = folder / override.template
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text((originals / override.template).read_text())
        text = target.read_text()
        if (found := text.count(override.old)) != override.count:
            raise GenerationError(
                f"template {override.template} has changed: expected {override.count}, found {found} times\n{override.old}"
            )
        target.write_text(text.replace(override.old, override.new))


def run_generator(scratch: Path, made: Path) -> None:
    """Run the generator's command line; a warning is an error."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate"),
            *("--path", str(scratch / "description.json"), "--config", str(scratch / "config.yaml")),
            *("--custom-template-path", str(scratch / "templates")),
            *("--meta", "none", "--output-path", str(made), "--fail-on-warning"),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
    )
    said = f"{done.stdout}\n{done.stderr}".strip()
    if done.returncode or re.search("warning", said, re.IGNORECASE):
        raise GenerationError(f"the generator said:\n{said}")


def demand_everything(document: dict[str, Any], made: Path) -> None:
    """Fail unless every operation became a module and every schema a model."""
    wanted = {operation["operationId"] for operation in operations(document)}
    modules = {module.stem for module in (made / "api").rglob("*.py")} - {"__init__"}
    if wanted != modules:
        raise GenerationError(
            f"operations missing: {sorted(wanted - modules)}; not asked for: {sorted(modules - wanted)}"
        )
    exported = set(re.findall(r'"(\w+)"', (made / "models" / "__init__.py").read_text()))
    # A union has no class of its own; it is written out where it is used.
    schemas = {name for name, schema in document["components"]["schemas"].items() if "anyOf" not in schema}
    if missing := schemas - exported:
        raise GenerationError(f"schemas missing: {sorted(missing)}")


def finish(made: Path, source: Path) -> None:
    """Tidy the code and write down how it was made."""
    ruff = [sys.executable, "-m", "ruff"]
    settings = ["--isolated", "--line-length", "120", "--target-version", "py311"]
    for command in (
        [*ruff, "check", *settings, "--quiet", "--fix-only", "--select", "F,I,UP,RUF100", str(made)],
        [*ruff, "format", *settings, "--quiet", str(made)],
    ):
        subprocess.run(command, check=True)
    generator = f"{GENERATOR} {importlib.metadata.version(GENERATOR)}"
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    for module in made.rglob("*.py"):
        module.write_text(f"# Made by scripts/generate.py from openapi.yaml; do not edit.\n{module.read_text()}")
    package = made / "__init__.py"
    package.write_text(f"# openapi.yaml sha256 {digest}, {generator}\n{package.read_text()}")
    (made / "py.typed").touch()


def report_differences(made: Path, current: Path) -> int:
    """Print how the package differs from what the description gives; 1 if it does."""
    differences = 0
    for name in sorted(files(made) | files(current)):
        old, new = (text_of(folder / name) for folder in (current, made))
        if old != new:
            differences += 1
            print("".join(difflib.unified_diff(old, new, f"{PACKAGE}/{name} (checked in)", f"{PACKAGE}/{name} (made)")))
    if differences:
        print(f"{differences} files differ from what openapi.yaml gives: run `make generate`")
    return min(differences, 1)


def files(folder: Path) -> set[Path]:
    """The package's files, relative to its folder."""
    return {
        path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    }


def text_of(path: Path) -> list[str]:
    """The file's lines; none where there is no file."""
    return path.read_text().splitlines(keepends=True) if path.exists() else []


def replace(made: Path, target: Path) -> None:
    """Put the new package where the old one is, by two renames."""
    target.parent.mkdir(parents=True, exist_ok=True)
    incoming, outgoing = target.with_suffix(".new"), target.with_suffix(".old")
    for leftover in (incoming, outgoing):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(made, incoming)
    if target.exists():
        target.rename(outgoing)
    incoming.rename(target)
    shutil.rmtree(outgoing, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
