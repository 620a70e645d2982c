"""Importing the client loads what a plain script uses, and no more."""

import subprocess
import sys
from functools import cache

import pytest

import langgraph_runs

# What httpx loads where it happens to be installed, and the client does not bring.
WITHOUT_EXTRAS = "import sys; sys.modules.update(click=None, rich=None, trio=None); "
OURS = {"langgraph_runs", "langgraph_runs_api"}
DEPENDENCIES = (
    "import anyio.lowlevel, asyncio, attrs, httpcore, httptools, httpx, orjson; httpx.Client(); httpx.AsyncClient()"
)


def test_importing_loads_little_beside_the_dependencies() -> None:
    added = loaded("from langgraph_runs import Client") - loaded(DEPENDENCIES)
    packages = {name.partition(".")[0].removeprefix("_") for name in added}
    assert packages >= OURS
    assert packages <= OURS | {"typing_extensions", "uuid"}, sorted(added)


@pytest.mark.parametrize("name", ["difflib", "rich", "stamina", "tenacity", "typer"])
def test_what_few_programs_use_is_loaded_when_it_is_used(name: str) -> None:
    assert name not in loaded("from langgraph_runs import Client")


@cache
def loaded(statement: str) -> frozenset[str]:
    """All modules that a fresh interpreter loads for it, as `-X importtime` lists them."""
    command = [sys.executable, "-X", "importtime", "-c", WITHOUT_EXTRAS + statement]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return frozenset(line.rpartition("|")[2].strip() for line in lines)


def test_dir_lists_public_names_only() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import langgraph_runs; print(*dir(langgraph_runs))"],
        capture_output=True,
        text=True,
        check=True,
    )
    names = {name for name in done.stdout.split() if not name.startswith("__")}
    exported = {name for name in langgraph_runs.__all__ if not name.startswith("__")}
    assert names >= exported
    assert names - exported <= {"errors", "events", "messages", "options", "payloads", "states", "types", "testing"}
    assert names - exported >= {"errors", "events", "messages", "payloads", "types"}
