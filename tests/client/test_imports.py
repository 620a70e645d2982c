"""Importing the client loads what a plain script uses, and no more."""

import subprocess
import sys
from functools import cache

import pytest

# What httpx loads where it happens to be installed, and the client does not bring.
WITHOUT_EXTRAS = "import sys; sys.modules.update(click=None, rich=None, trio=None); "
OURS = {"langgraph_runs", "langgraph_runs_api"}
DEPENDENCIES = {"attr", "attrs", "orjson", "typing_extensions"}
STANDARD_LIBRARY = {"dataclasses", "uuid"}


@pytest.mark.parametrize(
    ("statement", "httpx", "more"),
    [
        ("from langgraph_runs import Client", "import httpx; httpx.Client()", {"contextvars"}),
        ("from langgraph_runs import AsyncClient", "import httpx; httpx.AsyncClient()", {"contextvars"}),
    ],
)
def test_importing_loads_only_this_beside_what_httpx_loads(statement: str, httpx: str, more: set[str]) -> None:
    added = loaded(statement) - loaded(httpx)
    packages = {name.partition(".")[0].removeprefix("_") for name in added}
    assert packages >= OURS
    assert packages <= OURS | DEPENDENCIES | STANDARD_LIBRARY | more, sorted(added)


@pytest.mark.parametrize("name", ["dateutil", "difflib", "rich", "stamina", "tenacity", "typer"])
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
