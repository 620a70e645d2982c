"""Runs the generator, and checks that it left nothing out.

The generator exits with 0 even if it drops an endpoint that it cannot process. A warning, a missing operation or a
missing schema is therefore an error here.
"""

import hashlib
import importlib.metadata
import importlib.resources
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from scripts.codegen.description import GenerationError, for_generator, load, operations
from scripts.codegen.overrides import OVERRIDES

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = Path(__file__).resolve().parent / "runtime"
PACKAGE = "langgraph_runs_api"
GENERATOR = "openapi-python-client"
CONFIG = f"""\
package_name_override: {PACKAGE}
literal_enums: true
post_hooks: []
"""


def generate(source: Path, scratch: Path) -> Path:
    """Generate into the folder `scratch`.

    Returns:
        The package's folder in it.

    Raises:
        GenerationError: If the generator, the description, a template or the result is not as it must be.
    """
    check_generator()
    document = load(source)
    (scratch / "description.json").write_text(json.dumps(for_generator(document)))
    (scratch / "config.yaml").write_text(CONFIG)
    write_templates(scratch / "templates")
    package = scratch / PACKAGE
    run_generator(scratch, package)
    check_complete(document, package)
    copied = copy_runtime(package)
    tidy(package)
    write_headers(package, source, copied)
    return package


def check_generator() -> None:
    """Refuse any version of the generator but the pinned one, because another version makes another package."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    pins = [one.removeprefix(f"{GENERATOR}==") for extra in extras.values() for one in extra if GENERATOR in one]
    try:
        installed = importlib.metadata.version(GENERATOR)
    except importlib.metadata.PackageNotFoundError:
        installed = "none"
    if pins != [installed]:
        raise GenerationError(
            f"{GENERATOR} {installed} is installed, and pyproject.toml pins {' and '.join(pins) or 'none'}: "
            "`make clean generate` installs the pinned version"
        )


def write_templates(folder: Path) -> None:
    """Write the templates that we override; the generator uses its own for the rest."""
    originals = importlib.resources.files("openapi_python_client") / "templates"
    for override in OVERRIDES:
        target = folder / override.template
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text((originals / override.template).read_text())
        text = target.read_text()
        if (found := text.count(override.old)) != override.count:
            raise GenerationError(
                f"template {override.template} has changed: it has the text below {found} times, not {override.count}\n"
                f"{override.old}"
            )
        target.write_text(text.replace(override.old, override.new))


def run_generator(scratch: Path, package: Path) -> None:
    """Run the generator's command line; a warning is an error."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate"),
            *("--path", str(scratch / "description.json"), "--config", str(scratch / "config.yaml")),
            *("--custom-template-path", str(scratch / "templates")),
            *("--meta", "none", "--output-path", str(package), "--fail-on-warning"),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
    )
    output = f"{done.stdout}\n{done.stderr}".strip()
    if done.returncode or re.search("warning", output, re.IGNORECASE):
        raise GenerationError(f"the generator failed or warned:\n{output}")


def check_complete(document: dict[str, Any], package: Path) -> None:
    """Check that every operation became a module and every schema a model."""
    wanted = {operation["operationId"] for operation in operations(document)}
    modules = {module.stem for module in (package / "api").rglob("*.py")} - {"__init__"}
    if wanted != modules:
        raise GenerationError(
            f"operations missing: {sorted(wanted - modules)}; not asked for: {sorted(modules - wanted)}"
        )
    exported = set(re.findall(r'"(\w+)"', (package / "models" / "__init__.py").read_text()))
    # The generator makes no class of a union: it writes the union out wherever it is used.
    schemas = {name for name, schema in document["components"]["schemas"].items() if "anyOf" not in schema}
    if missing := schemas - exported:
        raise GenerationError(f"schemas missing: {sorted(missing)}")


def copy_runtime(package: Path) -> set[Path]:
    """Copy the modules of `runtime/` into the package.

    Returns:
        The copies.
    """
    return {Path(shutil.copy(module, package)) for module in RUNTIME.glob("*.py")}


def tidy(package: Path) -> None:
    """Delete unused imports, modernize and format the code."""
    ruff = [sys.executable, "-m", "ruff"]
    settings = ["--isolated", "--line-length", "120", "--target-version", "py311"]
    for command in (
        [*ruff, "check", *settings, "--quiet", "--fix-only", "--select", "F,I,UP,RUF100", str(package)],
        [*ruff, "format", *settings, "--quiet", str(package)],
    ):
        subprocess.run(command, check=True)


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
