"""The page on moving over from langgraph-sdk, compared with that package as it is installed."""

import inspect
from collections.abc import Callable
from typing import Any

from langgraph_sdk._async.runs import RunsClient

from langgraph_runs import AsyncRunsClient
from tests.support.pages import ROOT

PAGE = (ROOT / "docs" / "moving.md").read_text(encoding="utf-8")


def test_every_call_and_every_difference_of_its_arguments_has_a_row() -> None:
    for name, method in methods(RunsClient).items():
        row = PAGE.partition(f"\n| `runs.{name}` |")[2].partition("\n| `runs.")[0]
        assert row, name
        theirs, ours = ({*inspect.signature(one).parameters} for one in (method, getattr(AsyncRunsClient, name)))
        # `timeout` is new everywhere, which stands above the table.
        for argument in (theirs ^ ours) - {"timeout"}:
            assert f"`{argument}" in row or f"| ... `{argument}" in PAGE, (name, argument)
    assert all(f"`runs.{name}`" in PAGE for name in methods(AsyncRunsClient))


def methods(kind: type) -> dict[str, Callable[..., Any]]:
    return {name: one for name, one in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")}
