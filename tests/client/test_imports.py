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


def test_each_name_is_loaded_when_it_is_used() -> None:
    ours = {name for name in loaded("import langgraph_runs") if name.startswith("langgraph_runs")}
    assert ours == {"langgraph_runs", "langgraph_runs._version"}
    assert "httpx" not in loaded("import langgraph_runs")


def test_names_are_told_before_they_are_loaded() -> None:
    assert loaded("import langgraph_runs as it; assert {*it.__all__} <= {*dir(it)}; assert not hasattr(it, 'nothing')")


@pytest.mark.parametrize(
    ("statement", "not_loaded"),
    [
        ("from langgraph_runs import NotFoundError", ("langgraph_runs._sync", "langgraph_runs._async")),
        ("from langgraph_runs import Client", ("langgraph_runs._async",)),
        ("from langgraph_runs import AsyncClient", ("langgraph_runs._sync",)),
    ],
)
def test_importing_loads_no_face_that_is_not_asked_for(statement: str, not_loaded: tuple[str, ...]) -> None:
    assert not [name for name in loaded(statement) if name.startswith(not_loaded)]


@pytest.mark.parametrize("name", ["asyncio", "dateutil", "rich", "stamina", "tenacity", "typer"])
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
