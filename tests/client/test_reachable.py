"""Whatever `openapi.yaml` lets a caller send, a method sends; if not, the reason stands here.

Each method is called with all of its options, on both faces, and the request that it sends is read: its body, its
query and its headers.
"""

import asyncio
import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin

import httpx
import orjson
import pytest
from attrs import frozen
from jsonschema.exceptions import best_match
from openapi_schema_validator import OAS31Validator
from ruamel.yaml import YAML

from langgraph_runs import (
    AsyncAssistantsClient,
    AsyncClient,
    AsyncRunsClient,
    AsyncThreadsClient,
    BadRequestError,
    Client,
)
from langgraph_runs._sansio.checks import Option, declared
from langgraph_runs.options import RunCreate

ROOT = Path(__file__).resolve().parent.parent.parent
THREAD, RUN = ("t",), ("t", "r")


@frozen
class Call:
    """How to send an operation's request.

    Attributes:
        method: The client's method: of runs, or `threads.get`.
        arguments: Its positional arguments.
        instead: Options with a value of their own; None leaves one out.
    """

    method: str
    arguments: tuple[Any, ...] = ()
    instead: Mapping[str, Any] = {}


CALLS = {
    "create_run": [Call("create", ("t", "agent"))],
    "create_stateless_run": [Call("create", (None, "agent"))],
    "create_run_batch": [Call("create_batch")],
    "stream_run": [Call("stream", ("t", "agent"))],
    # Any other resumable mode starts a stateless run and joins it.
    "stream_stateless_run": [Call("stream", (None, "agent"), {"stream_mode": "messages"})],
    "wait_run": [Call("wait", ("t", "agent"))],
    "wait_stateless_run": [Call("wait", (None, "agent")), Call("map")],
    "list_runs": [Call("list", THREAD)],
    "get_run": [Call("get", RUN)],
    "join_run": [Call("join", RUN)],
    "join_run_stream": [Call("join_stream", RUN)],
    "join_stateless_run_stream": [Call("join_stream", (None, "r"))],
    "cancel_run": [Call("cancel", RUN)],
    "cancel_runs": [
        Call("cancel_many", instead={"status": None}),
        Call("cancel_many", instead={"thread_id": None, "run_ids": None}),
    ],
    "delete_run": [Call("delete", RUN)],
    "create_thread": [Call("threads.create", instead={"ttl": {"sample": "ttl"}})],
    "get_thread": [Call("threads.get", THREAD)],
    "update_thread": [Call("threads.update", THREAD, {"ttl": {"sample": "ttl"}})],
    "delete_thread": [Call("threads.delete", THREAD)],
    "search_threads": [Call("threads.search")],
    "get_thread_state": [Call("threads.get_state", THREAD)],
    "get_thread_state_at_checkpoint": [Call("threads.get_state", ("t", {"checkpoint_ns": "sample"}))],
    "update_thread_state": [Call("threads.update_state", ("t", {"sample": "values"}))],
    "get_thread_history": [Call("threads.get_history", THREAD, {"before": {"configurable": {}}})],
    "search_assistants": [Call("assistants.search")],
    "get_assistant": [Call("assistants.get", ("a",))],
}
CLIENTS: dict[str, Any] = {
    "": AsyncRunsClient,
    "threads": AsyncThreadsClient,
    "assistants": AsyncAssistantsClient,
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
# (method, option), or an option of any method: what it is for, if not for a field of the request.
NOT_SENT = {
    ("map", "concurrency"): "bounds the requests",
    ("threads.create", "graph_id"): "is sent in `metadata`",
    "timeout": "bounds the call",
    "idle_timeout": "bounds the silence of a connection",
    "on_run_created": "is called by the client",
    "on_reconnect": "is called by the client",
    ("list", "metadata"): "filters here",
    ("list", "created_after"): "filters here",
    ("list", "created_before"): "filters here",
}
# Methods that take a list of runs.
OF_PAYLOADS = {"create_batch", "map"}
BODY_FIELD = (
    "{method}() sends no {field!r}, which the body of {operation} in openapi.yaml has. Add the key `{field}`, with its "
    "type and a docstring, to {where} (or to another of the typed dicts that {kind} there is made of), then run `make "
    "derive` and `make snapshot`; or give the reason in WITHOUT_ARGUMENT of this file."
)
WHERE = {
    "both": "RunFields in langgraph_runs/options.py",
    "stateful": "RunOptions in langgraph_runs/options.py, as Annotated[..., NEEDS_THREAD]",
    "stateless": "RunFields in langgraph_runs/options.py, as Annotated[..., NEEDS_STATELESS]",
    "other": "{kind} in langgraph_runs/options.py",
}
PARAMETER = (
    "{method}() sends no {field!r}, which {operation} in openapi.yaml has as a parameter. Add the key `{field}`, with "
    "its type and a docstring, to {kind} in langgraph_runs/options.py, then run `make derive` and `make snapshot`; "
    "the method of that name in langgraph_runs/_async sends it. Or give the reason in WITHOUT_ARGUMENT of "
    "this file."
)
NO_FIELD = (
    "{method}() has the option {field!r}, but {operation} in openapi.yaml has no such field or parameter. Rename the "
    "key in langgraph_runs/options.py, delete it, or mark it with NEEDS_THREAD or NEEDS_STATELESS there; then run `make "
    "derive` and `make snapshot`."
)
REQUIRED = (
    "{operation} in openapi.yaml requires {field!r}, and {method}() can leave it out. Make its key in "
    "langgraph_runs/options.py Required[...], or give it a Rule(default=...); then run `make derive` and `make "
    "snapshot`."
)
WRONG_TYPE = (
    "{method}() sends a {field!r} that {operation} in openapi.yaml does not allow: {problem}. Change the type of its key "
    "in langgraph_runs/options.py, then run `make derive` and `make snapshot`; or give it a value in CALLS of this file."
)


@frozen
class Operation:
    """What `openapi.yaml` says of an operation: its parameters, but for those in the path, and its body's fields."""

    method: str
    path: str
    tag: str
    parameters: Mapping[str, Any]
    fields: Mapping[str, Any]
    required: Sequence[str]

    @property
    def options(self) -> dict[str, Any]:
        """The schemas of the options that it can have."""
        found = {**self.parameters, **self.fields}
        return {name.lower().replace("-", "_"): schema for name, schema in found.items()}


@frozen
class Sent:
    """A request as it left the client, with the options that it was made of."""

    request: httpx.Request
    options: Mapping[str, Any]
    body: Mapping[str, Any]

    def has(self, field: str) -> bool:
        """Whether the request has this field of the body, query parameter or header."""
        return field in self.body or bool(self.texts(field))

    def texts(self, name: str) -> list[str]:
        """What the query has under a name, or else the header."""
        return self.request.url.params.get_list(name) or self.request.headers.get_list(name)

    def readings(self, field: str) -> list[Any]:
        """The values that the request may mean by a field; a text of the query may be a number."""
        if field in self.body:
            return [self.body[field]]
        texts = self.texts(field)
        values = [orjson.loads(text) if text.isdigit() or text in {"true", "false"} else text for text in texts]
        return [*values[:1], values, *texts[:1]] if texts else []


@cache
def operations() -> dict[str, Operation]:
    document = YAML(typ="safe").load(ROOT / "openapi.yaml")

    def resolved(thing: Any) -> Any:
        while "$ref" in thing:
            place = document
            for step in thing["$ref"].removeprefix("#/").split("/"):
                place = place[step]
            thing = place
        return thing

    def properties(schema: Any) -> dict[str, Any]:
        schema = resolved(schema)
        if "items" in schema:
            return properties(schema["items"])
        parts = [properties(part) for part in schema.get("allOf", [])]
        own = {name: complete(field) for name, field in schema.get("properties", {}).items()}
        return {name: field for part in [*parts, own] for name, field in part.items()}

    def complete(schema: Any) -> dict[str, Any]:
        """The schema, with what it refers to."""
        return {**schema, "components": document["components"]}

    def required(schema: Any) -> list[str]:
        schema = resolved(schema)
        if "items" in schema:
            return required(schema["items"])
        return [*schema.get("required", []), *(name for part in schema.get("allOf", []) for name in required(part))]

    found = {}
    for path, item in document["paths"].items():
        for method in item.keys() - {"parameters"}:
            operation = item[method]
            parameters = [resolved(one) for one in [*item.get("parameters", []), *operation.get("parameters", [])]]
            content = resolved(operation.get("requestBody", {})).get("content", {}).get("application/json", {})
            found[operation["operationId"]] = Operation(
                method.upper(),
                path,
                operation["tags"][0],
                {one["name"]: complete(one["schema"]) for one in parameters if one["in"] != "path"},
                properties(content.get("schema", {})),
                required(content.get("schema", {})),
            )
    return found


def test_every_operation_has_a_method() -> None:
    new = operations().keys() - CALLS.keys()
    tags = {operations()[name].tag for name in new}
    assert operations().keys() == CALLS.keys(), (
        f"a new operation needs a method in langgraph_runs/_async/{'|'.join(tags)}.py, its options in "
        "langgraph_runs/options.py, and a line in CALLS of this file"
    )


@pytest.fixture(params=["async", "sync"])
def send(request: pytest.FixtureRequest) -> Callable[[Call], Sent]:
    """Calls a method of one face with all of its options."""
    return send_async if request.param == "async" else send_sync


@pytest.mark.parametrize("name", CALLS)
def test_every_option_has_a_field(name: str) -> None:
    operation = operations()[name]
    problems: list[str] = []
    for call in CALLS[name]:
        kind = declaring(call.method)
        for option in payload() if call.method in OF_PAYLOADS else samples(call):
            field = field_of(kind, option)
            if field not in operation.options.keys() | {"headers", "params", "extra_body"}:
                problems.append(NO_FIELD.format(method=call.method, field=option, operation=name))
        for field in operation.required:
            declaration = declared(kind).get(field)
            if declaration is None:
                given = field in inspect.signature(function(call.method)).parameters
            else:
                given = field in cast("Any", kind).__required_keys__ or declaration.rule.default is not None
            if not given:
                problems.append(REQUIRED.format(method=call.method, field=field, operation=name))
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("name", CALLS)
def test_every_field_and_parameter_arrives(name: str, send: Callable[[Call], Sent]) -> None:
    operation = operations()[name]
    sent = [send(call) for call in CALLS[name]]
    for call, one in zip(CALLS[name], sent, strict=True):
        assert one.request.method == operation.method
        path = operation.path.format(thread_id="t", run_id="r", assistant_id="a")
        assert one.request.url.path == path
        demand_sent(call, one)
    method = CALLS[name][0].method
    kind = declaring(method).__name__.replace("Arguments", "Options")
    problems: list[str] = []
    for fields, problem in ((operation.fields, BODY_FIELD), (operation.parameters, PARAMETER)):
        for field in fields:
            if not any(one.has(field) for one in sent) and (method, field) not in WITHOUT_ARGUMENT:
                shown = field.lower().replace("-", "_")
                where = WHERE[who_has(field)].format(kind=kind)
                problems.append(problem.format(method=method, field=shown, operation=name, kind=kind, where=where))
        for one in sent:
            for field, schema in fields.items():
                errors = [best_match(OAS31Validator(schema).iter_errors(value)) for value in one.readings(field)]
                if errors and (error := errors[0]) and all(errors):
                    why = error.message
                    problems.append(WRONG_TYPE.format(method=method, field=field, operation=name, problem=why))
    assert not problems, "\n".join(problems)


def field_of(kind: type, option: str) -> str:
    """The field or parameter that an option becomes."""
    found = declared(kind).get(option)
    return ((found and found.rule.field) or option).removesuffix("_")


def who_has(field: str) -> str:
    """Which bodies that start a run have this field."""
    found = [name for name in ("create_run", "create_stateless_run") if field in operations()[name].fields]
    return {(): "other", ("create_run",): "stateful", ("create_stateless_run",): "stateless"}.get((*found,), "both")


def demand_sent(call: Call, sent: Sent) -> None:
    """Each option is in the request with the value that was given."""
    assert sent.request.headers["x-sample"] == "headers"
    assert sent.request.url.params["sample"] == "params"
    kind = declaring(call.method)
    if "extra_body" in declared(kind):
        assert sent.body["sample"] == "extra_body"
    for name, value in sent.options.items():
        if name in {"headers", "params", "extra_body"}:
            continue
        field = field_of(kind, name)
        if field in sent.body:
            assert sent.body[field] == value
        else:
            texts = [text.lower() for text in sent.texts(field.replace("last_event_id", "last-event-id"))]
            wanted = [str(item).lower() for item in (value if isinstance(value, list) else [value])]
            assert texts in (wanted, ["1"] if value is True else wanted), name


def test_every_option_of_every_method_is_tried() -> None:
    methods = {call.method for calls in CALLS.values() for call in calls}
    public = {
        f"{group}.{name}".lstrip(".")
        for group, client in CLIENTS.items()
        for name, member in vars(client).items()
        if callable(member) and not name.startswith("_")
    }
    # They send what `list` and `search` do.
    assert public - methods == {"iter", "threads.iter", "assistants.iter"}, "a new method needs a line in CALLS"
    tried = {(call.method, option) for calls in CALLS.values() for call in calls for option in samples(call)}
    for method in methods:
        for option in declared(options_of(method)):
            assert (method, option) in tried or {option, (method, option)} & NOT_SENT.keys(), (method, option)


def test_no_reason_outlives_what_it_excuses() -> None:
    for method, name in WITHOUT_ARGUMENT:
        assert name not in inspect.signature(function(method)).parameters, (method, name)
    for reason in NOT_SENT:
        method, name = reason if isinstance(reason, tuple) else ("stream", reason)
        assert name in inspect.signature(function(method)).parameters, (method, name)


# Calling a method


def send_sync(call: Call) -> Sent:
    requests: list[httpx.Request] = []
    with httpx.Client(transport=httpx.MockTransport(lambda request: refuse(request, requests))) as http_client:
        client = Client("http://server", http_client=http_client, max_retries=0)
        options = samples(call)
        with pytest.raises(BadRequestError):
            result = attrgetter(dotted(call.method))(client)(*arguments_of(call), **options)
            raise_result(next(iter(result)))
    return read(requests, options)


def send_async(call: Call) -> Sent:
    requests: list[httpx.Request] = []
    options = samples(call)

    async def send() -> None:
        transport = httpx.MockTransport(lambda request: refuse(request, requests))
        async with httpx.AsyncClient(transport=transport) as http_client:
            client = AsyncClient("http://server", http_client=http_client, max_retries=0)
            with pytest.raises(BadRequestError):
                result = attrgetter(dotted(call.method))(client)(*arguments_of(call), **options)
                raise_result(await (anext(aiter(result)) if hasattr(result, "__aiter__") else result))

    asyncio.run(send())
    return read(requests, options)


def raise_result(result: Any) -> None:
    """`map` returns what the other methods raise."""
    _, error = result
    raise error


def refuse(request: httpx.Request, requests: list[httpx.Request]) -> httpx.Response:
    """Note the request. What is answered is not this test's subject."""
    requests.append(request)
    return httpx.Response(400)


def read(requests: list[httpx.Request], options: dict[str, Any]) -> Sent:
    [request] = requests
    content = orjson.loads(request.content) if request.content else {}
    if isinstance(content, list):  # a batch of one
        return Sent(request, {**options, **payload()}, content[0])
    return Sent(request, options, content)


def arguments_of(call: Call) -> tuple[Any, ...]:
    return ([payload()],) if call.method in OF_PAYLOADS else call.arguments


def payload() -> dict[str, Any]:
    """A run of a batch with all that it can have."""
    return {name: sample(name, option) for name, option in declared(RunCreate).items()}


# Values made of annotations


def samples(call: Call) -> dict[str, Any]:
    """A value for each option of a method that becomes a part of the request."""
    useless = "a thread" if call.arguments[:1] == (None,) else "a stateless run"
    found = {
        name: sample(name, option)
        for name, option in declared(options_of(call.method)).items()
        if option.rule.needs != useless and not {name, (call.method, name)} & NOT_SENT.keys()
    }
    return {name: value for name, value in {**found, **call.instead}.items() if value is not None}


def sample(name: str, option: Option) -> Any:
    if name in {"headers", "params", "extra_body"}:
        return {"x-sample" if name == "headers" else "sample": name}
    return sample_of(option.type, name, option.rule.default)


def sample_of(kind: Any, name: str, default: Any = None) -> Any:
    """A value of this type, and not the default one."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return sample_of(next(one for one in arguments if one is not type(None)), name, default)
    if origin is Literal:
        return next(value for value in arguments if value != default)
    if origin is Sequence:
        return [sample_of(arguments[0], name)]
    if kind is bool:
        return True
    if kind in (int, float):
        return 7
    if hasattr(kind, "__required_keys__"):
        key, inner = next(iter(kind.__annotations__.items()))
        return {key: sample_of(inner, name)}
    if origin is Mapping:
        return {"sample": name}
    return f"sample of {name}"


def dotted(method: str) -> str:
    """The name from the client on."""
    return method if "." in method else f"runs.{method}"


def function(method: str) -> Any:
    """The method itself."""
    group, _, name = method.rpartition(".")
    return getattr(CLIENTS[group], name)


def declaring(method: str) -> type:
    """The typed dict that declares the fields of a method's request."""
    return RunCreate if method in OF_PAYLOADS else options_of(method)


def options_of(method: str) -> type:
    """The typed dict that declares a method's options."""
    (kind,) = function(method).__annotations__["options"].__args__
    assert isinstance(kind, type)
    return kind
