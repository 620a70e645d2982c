"""Whatever `openapi.yaml` lets a caller send can be sent through the facade; if not, the reason stands here."""

import inspect
from pathlib import Path
from typing import Any

import attrs
import pytest
from ruamel.yaml import YAML

from langgraph_runs import RunsClient
from langgraph_runs._sansio.requests import RENAMED
from langgraph_runs_api.models import RunCreateStateful, RunCreateStateless, RunsCancel

ROOT = Path(__file__).resolve().parent.parent.parent

METHODS = {
    "create_run": ["create"],
    "create_stateless_run": ["create"],
    "create_run_batch": ["create_batch"],
    "stream_run": ["stream"],
    "stream_stateless_run": ["stream"],
    "wait_run": ["wait"],
    "wait_stateless_run": ["wait"],
    "list_runs": ["list"],
    "get_run": ["get"],
    "join_run": ["join"],
    "join_run_stream": ["join_stream"],
    "join_stateless_run_stream": ["join_stream"],
    "cancel_run": ["cancel"],
    "cancel_runs": ["cancel_many"],
    "delete_run": ["delete"],
}
# (method, field): why there is no argument for it. `extra_body` and `params` send it all the same.
WITHOUT_ARGUMENT = {
    ("create", "feedback_keys"): "its URLs come in an event of a stream",
    ("create", "on_disconnect"): "a run in the background has no connection to lose",
    ("wait", "feedback_keys"): "its URLs come in an event of a stream",
    ("wait", "stream_mode"): "nothing is streamed",
    ("wait", "stream_resumable"): "nothing is streamed",
    ("wait", "stream_subgraphs"): "nothing is streamed",
    ("join", "cancel_on_disconnect"): "a joined run is usually somebody else's; params={'cancel_on_disconnect': 1}",
    ("delete", "force"): "Aegra alone knows it; params={'force': 1}",
}
ARGUMENT_OF = {field: argument for argument, field in RENAMED.items()}
HOW_TO_ADD = (
    "{method}() has no argument {name!r}, which openapi.yaml lets {operation} send. Add it to AsyncRunsClient.{method} in "
    "langgraph_runs/_async/runs.py (for a body field with a check in _CHECKS of langgraph_runs/_sansio/requests.py; for a stream also "
    "to StreamOptions or JoinStreamOptions in langgraph_runs/types.py), then run `make derive`; or give the reason in "
    "WITHOUT_ARGUMENT of this file."
)


def operations() -> dict[str, dict[str, Any]]:
    document = YAML(typ="safe").load(ROOT / "openapi.yaml")
    found = {}
    for path in document["paths"].values():
        for method, operation in path.items():
            if method == "parameters":
                continue
            references = [*path.get("parameters", []), *operation.get("parameters", [])]
            parameters = [
                document["components"]["parameters"][reference["$ref"].rpartition("/")[2]]
                if "$ref" in reference
                else reference
                for reference in references
            ]
            found[operation["operationId"]] = {**operation, "parameters": parameters}
    return found


def test_every_operation_has_a_method() -> None:
    assert operations().keys() == METHODS.keys(), "a new operation needs a method in langgraph_runs/_async/runs.py"


@pytest.mark.parametrize(("operation", "methods"), METHODS.items(), ids=str)
def test_every_parameter_is_an_argument(operation: str, methods: list[str]) -> None:
    names = [parameter["name"].lower().replace("-", "_") for parameter in operations()[operation]["parameters"]]
    for method in methods:
        demand(operation, method, names)


@pytest.mark.parametrize(
    ("operation", "model"),
    [
        ("create_run", RunCreateStateful),
        ("create_stateless_run", RunCreateStateless),
        ("stream_run", RunCreateStateful),
        ("stream_stateless_run", RunCreateStateless),
        ("wait_run", RunCreateStateful),
        ("wait_stateless_run", RunCreateStateless),
        ("cancel_runs", RunsCancel),
    ],
)
def test_every_body_field_is_an_argument(operation: str, model: type) -> None:
    fields = [ARGUMENT_OF.get(name, name) for name in attrs.fields_dict(model) if name != "additional_properties"]
    for method in METHODS[operation]:
        demand(operation, method, fields)


def test_no_reason_outlives_what_it_excuses() -> None:
    for method, name in WITHOUT_ARGUMENT:
        assert name not in inspect.signature(getattr(RunsClient, method)).parameters, (method, name)


def demand(operation: str, method: str, names: list[str]) -> None:
    arguments = inspect.signature(getattr(RunsClient, method)).parameters
    for name in names:
        if name not in arguments and (method, name) not in WITHOUT_ARGUMENT:
            pytest.fail(HOW_TO_ADD.format(method=method, name=name, operation=operation))
