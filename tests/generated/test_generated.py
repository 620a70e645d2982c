"""The generated package used alone, without langgraph_runs."""

import ast
import importlib
import inspect
import math
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import orjson
import pytest
from ruamel.yaml import YAML

import langgraph_runs_api
from langgraph_runs_api import AuthenticatedClient, Client
from langgraph_runs_api.api.runs import (
    cancel_run,
    cancel_runs,
    create_run,
    create_run_batch,
    delete_run,
    get_run,
    join_run,
    join_run_stream,
    list_runs,
    stream_run,
    wait_run,
    wait_stateless_run,
)
from langgraph_runs_api.errors import UnexpectedStatus
from langgraph_runs_api.models.partial_run import PartialRun
from langgraph_runs_api.models.run import Run
from langgraph_runs_api.models.run_create_stateful import RunCreateStateful
from langgraph_runs_api.models.run_create_stateless import RunCreateStateless
from langgraph_runs_api.models.runs_cancel import RunsCancel
from langgraph_runs_api.types import UNSET
from langgraph_runs_api.values import from_json, to_json
from tests.support.recordings import Recording, load_recordings
from tests.support.replay import Replay, Response
from tests.support.samples import run_json, sse, unset_places, without

PACKAGE = Path(inspect.getfile(langgraph_runs_api)).parent
DESCRIPTION = YAML(typ="safe").load(Path(__file__).parents[2] / "openapi.yaml")
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, methods in DESCRIPTION["paths"].items()
    for method, operation in methods.items()
    if method in ("get", "post", "patch", "delete")
}
RUN = orjson.dumps(run_json())
BODIES: dict[str, Any] = {
    "cancel_runs": RunsCancel(status="all"),
    "create_run_batch": [RunCreateStateless(assistant_id="a")],
}
"""The bodies that are not a single run."""


def module_of(operation: str) -> ModuleType:
    """The generated module of an operation."""
    [tag] = OPERATIONS[operation][2]["tags"]
    return importlib.import_module(f"langgraph_runs_api.api.{tag}.{operation}")


# -- over the wire


def test_it_gets_a_run(replay: Replay) -> None:
    server = replay(Response.json(run_json(status="paused", priority=3)))
    with Client(base_url=server.url) as client:
        run = get_run.sync("a/b", "r", client=client)
        detailed = get_run.sync_detailed("a/b", "r", client=client)
    assert isinstance(run, Run)
    assert (run.status, run["priority"]) == ("paused", 3)
    assert detailed.parsed == run
    assert (detailed.status_code, orjson.loads(detailed.content)["run_id"]) == (200, "r")
    assert [request.target for request in server.requests] == ["/threads/a%2Fb/runs/r"] * 2


@pytest.mark.anyio
async def test_it_gets_a_run_asynchronously(replay: Replay) -> None:
    server = replay(Response.json(run_json(status="paused", priority=3)))
    async with Client(base_url=server.url) as client:
        run = await get_run.asyncio("t", "r", client=client)
        detailed = await get_run.asyncio_detailed("t", "r", client=client)
    assert isinstance(run, Run)
    assert (run.status, run["priority"]) == ("paused", 3)
    assert detailed.parsed == run


def test_it_starts_a_run_with_a_body_made_by_orjson(replay: Replay) -> None:
    server = replay(Response.json(run_json()))
    body = RunCreateStateful(assistant_id="agent", input_={"b": {1}, "a": None}, stream_mode=["values", "custom"])
    body["future"] = True
    key = "key"
    with AuthenticatedClient(base_url=server.url, token=key, prefix="", auth_header_name="x-api-key") as client:
        create_run.sync("t", client=client, body=body)
    [request] = server.requests
    assert request.body == (
        b'{"future":true,"assistant_id":"agent","input":{"b":[1],"a":null},"stream_mode":["values","custom"]}'
    )
    assert request.headers["content-type"] == "application/json"
    assert request.headers["x-api-key"] == "key"


def test_an_object_that_the_description_types_is_sent_as_a_plain_dict() -> None:
    parts = {name: {"future": {"a": None}} for name in ("command", "config", "checkpoint", "context")}
    body = RunCreateStateful.from_dict({"assistant_id": "agent", **parts})
    assert (body.command, body.checkpoint) == (parts["command"], parts["checkpoint"])
    assert body.to_dict() == {"assistant_id": "agent", **parts}


@pytest.mark.anyio
async def test_it_streams_and_waits_as_text_and_as_json(replay: Replay) -> None:
    events = sse("metadata", {"run_id": "r"}) + sse("values", {"n": 1})
    waited = Response(200, (("content-type", "text/plain"),), b'\n\n{"n": 1}')
    server = replay([Response.events([events]), Response.events([events]), waited])
    async with Client(base_url=server.url) as client:
        text = await stream_run.asyncio("t", client=client, body=RunCreateStateful(assistant_id="a"))
        joined = await join_run_stream.asyncio("t", "r", client=client, stream_mode="values", last_event_id="-1")
        values = await wait_stateless_run.asyncio(client=client, body=RunCreateStateless(assistant_id="a"))
    assert text == joined == events.decode()
    assert values == {"n": 1}
    targets = ["/threads/t/runs/stream", "/threads/t/runs/r/stream?stream_mode=values", "/runs/wait"]
    assert [request.target for request in server.requests] == targets
    assert server.requests[1].headers["last-event-id"] == "-1"


def test_an_error_status_is_an_exception_or_if_requested_none(replay: Replay) -> None:
    server = replay(Response.json({"detail": "no"}, 404))
    with Client(base_url=server.url) as client, pytest.raises(UnexpectedStatus) as caught:
        get_run.sync("t", "r", client=client)
    assert (caught.value.status_code, caught.value.content) == (404, b'{"detail":"no"}')
    assert str(caught.value) == 'status 404 is no documented success: {"detail":"no"}'
    with Client(base_url=server.url, raise_on_unexpected_status=False) as client:
        assert get_run.sync("t", "r", client=client) is None


def test_a_redirect_is_not_followed(replay: Replay) -> None:
    elsewhere = replay(Response.json(run_json()))
    server = replay(Response(302, (("location", f"{elsewhere.url}/threads/t/runs/r"),)))
    with Client(base_url=server.url) as client, pytest.raises(UnexpectedStatus, match="status 302"):
        get_run.sync("t", "r", client=client)
    assert elsewhere.accepted == 0


def test_a_documented_failure_is_not_called_undocumented() -> None:
    assert "undocumented" not in "".join(path.read_text() for path in PACKAGE.rglob("*.py"))


def test_the_example_of_its_readme_runs(replay: Replay) -> None:
    text = (PACKAGE.parent / "README.md").read_text()
    example = text.partition("```python\n")[2].partition("```")[0]
    shown = langgraph_runs_api.__doc__ or ""
    for line in (
        "with AuthenticatedClient(",
        "run = create_run.sync(",
        "from langgraph_runs_api.models import RunCreateStateful",
    ):
        [readme], [docstring] = ([one.strip() for one in page.splitlines() if line in one] for page in (example, shown))
        assert readme == docstring
    server = replay([Response.json(run_json()), Response.json({"detail": "no"}, 409)])
    exec(example, {"url": server.url, "key": "k", "thread_id": "t"})  # noqa: S102
    assert [request.headers["x-api-key"] for request in server.requests] == ["k", "k"]


# -- building and parsing without sending


def test_every_operation_has_a_module_and_no_module_is_without_one() -> None:
    modules = {path.stem for path in (PACKAGE / "api").glob("*/*.py")} - {"__init__"}
    assert modules == set(OPERATIONS) > {"create_run"}


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_every_operation_builds_its_request_and_parses_its_responses(operation: str) -> None:
    method, path, described = OPERATIONS[operation]
    module = module_of(operation)
    path_ids = {"thread_id": "t/\u65e5", "run_id": "r", "assistant_id": "a"}
    arguments: dict[str, Any] = {name: id for name, id in path_ids.items() if f"{{{name}}}" in path}
    if "body" in inspect.signature(module.get_kwargs).parameters:
        arguments["body"] = BODIES.get(operation, RunCreateStateless(assistant_id="a"))
    kwargs = module.get_kwargs(**arguments)
    assert kwargs["method"] == method
    assert kwargs["url"] == path.format(thread_id="t%2F%E6%97%A5", run_id="r", assistant_id="a")
    assert kwargs.get("params", {}) == {}
    assert isinstance(kwargs.get("content", b""), bytes)

    successes = [int(status) for status in described["responses"] if status.startswith("2")]
    assert successes
    for status in (199, 201, 203, 299, 302, 404, 500):
        with pytest.raises(UnexpectedStatus):
            module.parse_response(status, b"{}")
        assert module.parse_response(status, b"{}", raise_on_unexpected_status=False) is None
    for status in successes:
        if status != 200:
            assert module.parse_response(status, b"") is None


def test_all_parameters_of_a_query_are_sent_by_their_names() -> None:
    kwargs = list_runs.get_kwargs("t", limit=5, offset=0, status="error", select=["run_id", "status"])
    assert kwargs["params"] == {"limit": 5, "offset": 0, "status": "error", "select": ["run_id", "status"]}
    kwargs = cancel_run.get_kwargs("t", "r", wait=1, action="rollback")
    assert kwargs["params"] == {"wait": 1, "action": "rollback"}
    assert cancel_runs.get_kwargs(body=RunsCancel(status="all"), action="interrupt")["params"] == {
        "action": "interrupt"
    }
    assert delete_run.get_kwargs("t", "r", force=1)["params"] == {"force": 1}
    kwargs = join_run_stream.get_kwargs("t", "r", stream_mode="[]", cancel_on_disconnect=1, last_event_id="7")
    assert kwargs["params"] == {"stream_mode": "[]", "cancel_on_disconnect": 1}
    assert kwargs["headers"] == {"Last-Event-ID": "7"}


def test_null_is_sent_only_if_it_is_given() -> None:
    body = RunCreateStateful(assistant_id="a", input_=None, command={"resume": None})
    assert orjson.loads(wait_run.get_kwargs("t", body=body)["content"]) == {
        "assistant_id": "a",
        "input": None,
        "command": {"resume": None},
    }


# -- responses


def test_a_missing_optional_field_reads_as_none_or_an_empty_dict() -> None:
    run = get_run.parse_response(200, RUN)
    assert run is not None
    assert (run.metadata, run.kwargs, run.config, run.context) == ({}, {}, {}, {})
    assert (run.multitask_strategy, run.langsmith_session_name, run.input_, run.output) == (None,) * 4
    assert unset_places(run) == []


@pytest.mark.parametrize("name", ["run_id", "thread_id", "assistant_id", "status", "created_at", "updated_at"])
def test_a_missing_required_field_is_named(name: str) -> None:
    with pytest.raises(KeyError) as caught:
        get_run.parse_response(200, orjson.dumps(without(run_json(), name)))
    assert caught.value.args == (name,)


@pytest.mark.parametrize("name", ["status", "multitask_strategy"])
def test_an_unknown_value_is_kept(name: str) -> None:
    run = get_run.parse_response(200, orjson.dumps(run_json(**{name: "tomorrow"})))
    assert getattr(run, name) == "tomorrow"
    [partial] = list_runs.parse_response(200, orjson.dumps([{name: "tomorrow"}])) or []
    assert isinstance(partial, PartialRun)
    assert getattr(partial, name) == "tomorrow"


@pytest.mark.parametrize("name", ["metadata", "kwargs", "config", "context"])
def test_free_form_json_is_a_plain_dict_and_nothing_else(name: str) -> None:
    run = get_run.parse_response(200, orjson.dumps(run_json(**{name: {"a": {"b": [None]}}})))
    assert type(getattr(run, name)) is dict
    assert getattr(run, name) == {"a": {"b": [None]}}
    wrong: list[Any] = [[], "a", 5, False]
    for value in wrong:
        with pytest.raises(TypeError, match="Expected a JSON object"):
            get_run.parse_response(200, orjson.dumps(run_json(**{name: value})))


@pytest.mark.parametrize("content", [b"", b"{", b"<html>", b"\xff"])
def test_invalid_json_is_a_value_error(content: bytes) -> None:
    for module in (get_run, list_runs, create_run_batch, join_run):
        with pytest.raises(ValueError, match=r"."):
            module.parse_response(200, content)


@pytest.mark.parametrize(
    "recording",
    [
        r
        for r in load_recordings()
        if r.status == 200 and r.scenario in ("get", "create", "stateless_create", "list", "list_select", "batch")
    ],
    ids=lambda recording: recording.name,
)
def test_no_run_of_any_recording_shows_the_sentinel(recording: Recording) -> None:
    if recording.scenario in ("list", "list_select", "batch"):
        runs: list[Any] = list_runs.parse_response(200, recording.body) or []
    else:
        runs = [get_run.parse_response(200, recording.body)]
    assert runs
    assert unset_places(runs) == []
    partial = recording.name == "langgraph-python/list_select"
    assert {type(run) for run in runs} == {PartialRun if partial else Run}
    assert [type(run).from_dict(run.to_dict()) for run in runs] == runs


# -- the code


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b'{"text": "a\\ud83d"}', {"text": "a\ud83d"}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'{"a": [Infinity, -Infinity]}', {"a": [math.inf, -math.inf]}),
        (memoryview(b'["\\udc00"]'), ["\udc00"]),
    ],
)
def test_what_is_almost_json_is_read(data: bytes, value: Any) -> None:
    assert from_json(data) == value


@pytest.mark.parametrize("data", [b"", b" ", b"\xef\xbb\xbf", b"{", b'{"a": "\xff"}', b"[" * 100_000, b"{'a': 1}"])
def test_what_is_not_json_is_an_error(data: bytes) -> None:
    with pytest.raises(orjson.JSONDecodeError):
        from_json(data)


def test_json_is_read_and_written_in_one_place() -> None:
    for path in {*PACKAGE.rglob("*.py")} - {PACKAGE / "values.py"}:
        imported = {
            name
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""])
        }
        assert "json" not in imported
        assert not any(name.startswith("langgraph_runs.") or name == "langgraph_runs" for name in imported)
    for operation in OPERATIONS:
        module = module_of(operation)
        if "body" in inspect.signature(module.get_kwargs).parameters:
            arguments = dict.fromkeys(
                {*inspect.signature(module.get_kwargs).parameters} & {"thread_id", "run_id", "assistant_id"}, "a"
            )
            body = BODIES.get(operation, RunCreateStateless(assistant_id="a"))
            assert "json" not in module.get_kwargs(**arguments, body=body)


def test_it_does_not_import_langgraph_runs() -> None:
    code = (
        "import sys, langgraph_runs_api.api.runs.get_run; "
        "print([name for name in sys.modules if name.split('.')[0] == 'langgraph_runs'])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(PACKAGE.parent)},
    ).stdout
    assert shown == "[]\n"


def test_a_model_is_imported_when_it_is_first_used() -> None:
    code = """if True:
        import sys
        from langgraph_runs_api import models
        assert "langgraph_runs_api.models.run" not in sys.modules
        assert models.Run.__module__ == "langgraph_runs_api.models.run"
        assert "Run" in vars(models)
        assert "langgraph_runs_api.models.runs_cancel" not in sys.modules
    """
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": str(PACKAGE.parent)})


@pytest.mark.parametrize("package", ["langgraph_runs_api", "langgraph_runs_api.models"])
def test_an_unknown_name_is_an_attribute_error(package: str) -> None:
    with pytest.raises(AttributeError, match=f"^module '{package}' has no attribute 'Nope'$"):
        importlib.import_module(package).Nope  # noqa: B018


def test_the_sentinel_is_false_and_stays_out_of_json() -> None:
    assert not UNSET
    with pytest.raises(TypeError, match="^a: Unset is not JSON$"):
        to_json({"a": UNSET})
