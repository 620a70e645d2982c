"""Runs the generator, which goes on without an operation or a schema that it can't process: here, that is an error."""

import contextlib
import hashlib
import importlib.metadata
import importlib.resources
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.protocol import Value
from openapi_python_client.schema import Reference, UntrustedString
from openapi_python_client.strings import PythonCode

from scripts import ROOT
from scripts.codegen.description import GenerationError, for_generator, is_free_form, load, one_line
from scripts.codegen.overrides import OVERRIDES
from scripts.drift.document import Document, DocumentError, Part

RUNTIME = Path(__file__).resolve().parent / "runtime"
PACKAGE = "langgraph_runs_api"
GENERATOR = "openapi-python-client"
SETTINGS = ConfigFile(package_name_override=PACKAGE, literal_enums=True, docstrings_on_attributes=True, post_hooks=[])


def generate(source: Path, scratch: Path) -> Path:
    """Generate into the folder `scratch`.

    Returns:
        The package's folder in it.
    """
    check_generator()
    document = load(source)
    write_templates(scratch / "templates")
    package = scratch / PACKAGE
    run_generator(document, for_generator(document), scratch / "templates", package)
    copied = {Path(shutil.copy(module, package)) for module in RUNTIME.glob("*.py")}
    tidy(package)
    write_headers(package, source, copied)
    return package


def check_generator() -> None:
    """Refuse any version of the generator but the pinned one, because another version makes another package."""
    pin = f"{GENERATOR}=={importlib.metadata.version(GENERATOR)}"
    if f'"{pin}"' not in (ROOT / "pyproject.toml").read_text():
        raise GenerationError(
            f"{pin} is not what pyproject.toml pins: `make clean generate` installs the pinned version"
        )


def write_templates(folder: Path) -> None:
    """Write the templates that we override; the generator uses its own for the rest."""
    originals = importlib.resources.files("openapi_python_client") / "templates"
    outdated: list[str] = []
    for override in OVERRIDES:
        target = folder / override.template
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text((originals / override.template).read_text())
        text = target.read_text()
        if (found := text.count(override.old)) != override.expected:
            outdated.append(f"{override.template}: {override.why}\n  found {found} times: {override.old!r}")
        target.write_text(text.replace(override.old, override.new))
    if outdated:
        raise GenerationError("the generator's templates have changed: adapt overrides.py\n" + "\n".join(outdated))


def run_generator(document: Document, translated: dict[str, Any], templates: Path, package: Path) -> None:
    """Run the generator; a warning is an error."""
    config = Config.from_sources(SETTINGS, MetaType.NONE, document.name, "utf-8", overwrite=False, output_path=package)
    try:
        data = GeneratorData.from_dict(translated, config=config)
        if isinstance(data, GeneratorError):
            raise failure(document, data)
        describe(translated, data)
        give_defaults(translated, data)
        project = Project(openapi=data, config=config, custom_template_path=templates)
        project.env.tests["free_form"] = free_form
        with contextlib.redirect_stdout(io.StringIO()):
            problems = [*data.errors, *project.build()]
    except DocumentError:
        raise
    except Exception as error:
        raise GenerationError(f"{document.name}: the generator failed: {error!r}") from error
    if problems:
        raise failure(document, problems[0])
    for model in filter(free_form, data.models):
        module = package / "models" / f"{model.class_info.module_name}.py"
        module.write_text(f"from typing import Any, TypeAlias\n\n{model.class_info.name}: TypeAlias = dict[str, Any]\n")


def failure(document: Document, error: GeneratorError) -> DocumentError:
    """The generator's error with the line of the operation or schema that it names."""
    text = re.sub("<[^>]*>", "...", f"{error.header} {error.detail or ''}")  # texts that it hides from its templates
    pointer = ""
    if operation := re.search(r"parsing ([A-Z]+) (/\S*) within", text):
        pointer = f"/paths/{operation[2].replace('/', '~1')}/{operation[1].lower()}"
    elif schema := re.search(r"/components/schemas/\w+", text):
        pointer = schema[0]
    return document.error(Part(None, pointer), f"the generator says: {one_line(text)}")


def describe(translated: dict[str, Any], data: GeneratorData) -> None:
    """Add the descriptions that the generator drops: of parameters, and beside a $ref."""
    described = {
        (operation["operationId"], parameter["name"]): parameter.get("description")
        for methods in translated["paths"].values()
        for operation in methods.values()
        for parameter in operation["parameters"]
    }
    for collection in data.endpoint_collections_by_tag.values():
        for endpoint in collection.endpoints:
            for _, parameter in endpoint.iter_all_parameters():
                if text := described[endpoint.name, parameter.name.get_untrusted_value()]:
                    parameter.description = UntrustedString(" ".join(text.split()))
    for model in data.models:
        for field in [*(model.required_properties or ()), *(model.optional_properties or ())]:
            schema = (model.data.properties or {})[field.name]
            if isinstance(schema, Reference) and (text := (schema.model_extra or {}).get("description")):
                field.description = UntrustedString(text.strip())


def give_defaults(translated: dict[str, Any], data: GeneratorData) -> None:
    """Give defaults to the fields of answers, for people who make one by hand; the parser ignores them."""
    for model in data.models:
        schema = model.data.model_dump(exclude_unset=True, mode="json", by_alias=True)
        for field in model.required_properties or () if "x-answer" in schema else ():
            if default := default_of(schema["properties"][field.name], translated["components"]["schemas"]):
                field.default = Value(PythonCode(default), None)


def default_of(schema: dict[str, Any], schemas: dict[str, Any]) -> str:
    """The code of what stands for nothing in a field; empty if its type is a class."""
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    members = schema.get("anyOf") or schema.get("oneOf") or [schema]
    first, *_ = members
    if any("null" in member.get("type", ("null",)) for member in members if "$ref" not in member):
        return "None"  # also for any JSON
    if first is not schema:
        return default_of(first, schemas)
    if "enum" in schema or "const" in schema:
        return repr(schema.get("const", *schema.get("enum", ())[:1]))
    if schema.get("format") == "date-time":
        return "datetime.datetime.fromtimestamp(0, datetime.UTC)"
    if is_free_form(schema):
        return "_attrs_field(factory=dict)"
    defaults = {"string": '""', "integer": "0", "number": "0.0", "boolean": "False"}
    return defaults.get(schema["type"], "_attrs_field(factory=list)" if schema["type"] == "array" else "")


def free_form(model: ModelProperty) -> bool:
    """Whether the model is any JSON object, which becomes a dict instead of a class."""
    return is_free_form(model.data.model_dump(exclude_unset=True, mode="json"))


def tidy(package: Path) -> None:
    """Delete unused imports, modernize and format the code."""
    ruff = [sys.executable, "-m", "ruff"]
    settings = ["--isolated", "--line-length", "120", "--target-version", "py311"]
    for command in (
        [*ruff, "check", *settings, "--quiet", "--fix-only", "--select", "F,I,UP,RUF100", str(package)],
        [*ruff, "format", *settings, "--quiet", str(package)],
    ):
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise GenerationError(f"ruff can't read the generated code: {one_line(done.stderr)}")


def write_headers(package: Path, source: Path, copied: set[Path]) -> None:
    """Write into each module where it comes from, and into the package the version of its source."""
    for module in package.rglob("*.py"):
        origin = (
            f"Copied from scripts/codegen/runtime/{module.name}" if module in copied else "Generated from openapi.yaml"
        )
        module.write_text(f"# {origin} by `make generate`; do not edit.\n{module.read_text()}")
    generator = f"{GENERATOR} {importlib.metadata.version(GENERATOR)}"
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    init = package / "__init__.py"
    init.write_text(f"# openapi.yaml sha256 {digest}, {generator}\n{init.read_text()}")
    (package / "py.typed").touch()
