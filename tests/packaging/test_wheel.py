"""What people install: the sdist and the wheel that `python -m build` makes, and `pip install .`, in clean environments.

These tests need the package registry that pip is set up for, as `make test` itself does.
"""

import json
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {"langgraph_runs", "langgraph_runs_api"}
PLUGIN = "langgraph_runs_pytest.py"
RUNTIME = {"anyio", "attrs", "httpcore", "httptools", "httpx", "orjson", "typing-extensions"}
NEVER = {"langchain-core", "langgraph", "langgraph-sdk", "pydantic", "pytest", "requests"}
MOST_PACKAGES = 15
MOST_BYTES = 25 * 2**20


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project without what tools and version control leave in it."""
    left_out = shutil.ignore_patterns(
        ".git", ".venv", ".servers", ".*_cache", ".hypothesis", "__pycache__", "build", "dist", "site"
    )
    return shutil.copytree(ROOT, tmp_path_factory.mktemp("tree") / "project", ignore=left_out)


@pytest.fixture(scope="module")
def built(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the sdist, and the wheel made from that sdist."""
    dist = tmp_path_factory.mktemp("dist")
    run("-m", "build", "--outdir", dist, tree)
    return dist


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that holds the wheel and what it requires, and nothing else, not even pip."""
    python = environment(tmp_path_factory.mktemp("wheel"))
    run("-m", "pip", "--python", python, "install", "--quiet", *built.glob("*.whl"))
    return python


def test_wheel_holds_both_typed_packages_and_nothing_else(built: Path) -> None:
    [wheel] = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        [metadata] = [archive.read(name).decode() for name in names if name.endswith(".dist-info/METADATA")]
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {*PACKAGES, PLUGIN}
    assert {f"{package}/py.typed" for package in PACKAGES} <= names
    assert {f"{package}/__init__.py" for package in PACKAGES} <= names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert not [name for name in names if name.endswith(".pyc")]

    fields = HeaderParser().parsestr(metadata)
    assert fields["Name"] == "langgraph-runs"
    assert fields["Requires-Python"] == ">=3.11"
    assert fields["License-Expression"] == "MIT"
    required = [line for line in fields.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert {re.split(r"[^\w-]", line)[0] for line in required} == RUNTIME


def test_checkers_of_packages_find_nothing(built: Path) -> None:
    run("-m", "twine", "check", "--strict", *built.iterdir())
    run("-m", "check_wheel_contents", "--config", ROOT / "pyproject.toml", *built.glob("*.whl"))


def test_every_module_of_the_tree_is_in_the_wheel(built: Path, tree: Path) -> None:
    [wheel] = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if name.endswith(".py")}
    assert shipped - {PLUGIN} == {
        path.relative_to(base).as_posix()
        for base, package in ((tree, "langgraph_runs"), (tree / "generated", "langgraph_runs_api"))
        for path in (base / package).rglob("*.py")
    }


def test_sdist_holds_what_the_project_is_made_of(built: Path) -> None:
    [sdist] = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        tops = {Path(name).parts[1] for name in archive.getnames() if len(Path(name).parts) > 1}
    assert {"pyproject.toml", "LICENSE", "README.md", "openapi.yaml", "langgraph_runs", "generated", "scripts"} <= tops


def test_installed_wheel_imports_without_any_tool(installed: Path, tmp_path: Path) -> None:
    assert run_in(installed, tmp_path, "import langgraph_runs as r; print(r.Client.__name__, r.__version__)") == (
        f"Client {version()}"
    )
    assert run_in(installed, tmp_path, "import langgraph_runs_api as a; print(a.__name__)") == "langgraph_runs_api"


@pytest.mark.parametrize("name", ["generated", "tests", "scripts", "examples", "benchmarks"])
def test_no_folder_of_the_repository_is_importable(installed: Path, tmp_path: Path, name: str) -> None:
    script = f"import importlib.util; print(importlib.util.find_spec({name!r}))"
    assert run_in(installed, tmp_path, script) == "None"


def test_installation_is_consistent_and_small(installed: Path) -> None:
    run("-m", "pip", "--python", installed, "check")
    listed = json.loads(run("-m", "pip", "--python", installed, "list", "--format=json"))
    packages = {package["name"].replace("_", "-"): package["version"] for package in listed}
    site = next((installed.parent.parent / "lib").glob("python3*/site-packages"))
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    print(f"{len(packages)} packages, {size / 2**20:.1f} MB: {packages}")
    assert packages["langgraph-runs"] == version()
    assert not packages.keys() & NEVER
    assert len(packages) <= MOST_PACKAGES, packages
    assert size <= MOST_BYTES, packages


def test_pip_install_from_the_tree_works_in_a_clean_environment(tree: Path, tmp_path: Path) -> None:
    python = environment(tmp_path)
    run("-m", "pip", "--python", python, "install", "--quiet", tree)
    script = "import langgraph_runs_api, langgraph_runs as r; print(r.Client.__name__, r.__version__)"
    assert run_in(python, tmp_path, script) == f"Client {version()}"


def environment(folder: Path) -> Path:
    """The interpreter of a new, empty virtual environment; the pip that runs these tests installs into it."""
    run("-m", "venv", "--without-pip", folder / "venv")
    return folder / "venv" / "bin" / "python"


def run(*arguments: str | Path) -> str:
    """What this interpreter prints when run with the arguments; its words, if it fails, are the test's."""
    return output(sys.executable, *arguments)


def run_in(python: Path, folder: Path, script: str) -> str:
    """What a script prints in that environment, with nothing of this one in reach."""
    return output(python, "-I", "-W", "error", "-c", script, cwd=folder).strip()


def output(*command: str | Path, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def version() -> str:
    """The version as the source has it."""
    [found] = re.findall('^__version__ = "(.+)"$', (ROOT / "langgraph_runs" / "_version.py").read_text(), re.MULTILINE)
    return str(found)
