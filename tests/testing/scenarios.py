"""What people do with a server, in plain HTTP: each scenario gives the responses, and `summed_up` what of them matters.

A real server and the fake one must give the same.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias
from uuid import uuid4

import httpx

Scenario: TypeAlias = Callable[[httpx.Client], Iterator[httpx.Response]]

_HEADERS = ("content-type", "location", "content-location", "cache-control", "x-accel-buffering", "x-pagination-total")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(\+00:00|Z)")
_VARYING = {"config", "metadata", "detail", "flags", "version", "host"}  # whose content is the server's own business
_VARYING |= {"next", "name", "path", "step"}  # the graph's nodes, of which a script knows nothing
LONG = {"tokens": 50, "sleep": 0.1}


def summed_up(response: httpx.Response) -> dict[str, Any]:
    """The status, the headers that clients rely on, and the body, without ids and times."""
    response.read()
    headers = {name: masked(response.headers[name]) for name in _HEADERS if name in response.headers}
    if headers.get("content-type", "").startswith("text/event-stream"):
        body: Any = [event(block) for block in re.split(r"\r\n\r\n", response.text) if block and block[0] != ":"]
    else:
        body = shape(json.loads(response.text)) if response.text.strip() else None
    return {"status": response.status_code, "headers": headers, "body": body}


def event(block: str) -> tuple[str, Any, bool]:
    """An event's name and data, and whether it has an id."""
    fields = dict(line.split(": ", 1) for line in block.split("\r\n"))
    return masked(fields["event"]), shape(json.loads(fields["data"])), "id" in fields


def shape(value: Any) -> Any:
    """The value without ids and times, and without what is the server's own business."""
    match value:
        case dict():
            shown = {
                masked(name): type(one).__name__ if name in _VARYING else shape(one) for name, one in value.items()
            }
            return dict(sorted(shown.items()))
        case list():
            return [shape(one) for one in value]
        case str():
            return masked(value)
        case _:
            return value


def masked(text: str) -> str:
    """The text with ID and TIME in the place of ids and times."""
    return _TIME.sub("TIME", _ID.sub("ID", text))


def run(**fields: Any) -> dict[str, Any]:
    """The body that starts a run."""
    return {"assistant_id": "agent", "input": {}, **fields}


def new_thread(http: httpx.Client) -> str:
    """The path of a new thread."""
    return f"/threads/{http.post('/threads', json={}).json()['thread_id']}"


def until_running(http: httpx.Client, path: str) -> None:
    """Waits until a run has started."""
    while http.get(path).json()["status"] == "pending":
        pass


def whatever(response: httpx.Response) -> httpx.Response:
    """The response without its body: with `wait=1` the real server has the values so far, or none yet."""
    return httpx.Response(response.status_code, headers=response.headers, request=response.request)


def in_the_background(http: httpx.Client) -> Iterator[httpx.Response]:
    thread = f"/threads/{uuid4()}"
    yield http.post(f"{thread}/runs", json=run(if_not_exists="create", metadata={"a": 1}, config={"tags": ["x"]}))
    created = http.post(f"{thread}/runs", json=run(input={"tokens": 1}))
    yield created
    path = created.headers["content-location"]
    yield http.get(f"{path}/join")
    yield http.get(path)
    yield http.get(f"{thread}/runs")
    yield http.get(f"{thread}/runs?limit=1&offset=1&select=run_id&select=status")
    yield http.get(f"{thread}/runs?status=success&limit=1&select=status")
    yield http.get(f"{thread}/runs?status=zzz")
    yield http.get(f"{thread}/runs?limit=0")
    yield http.get(f"{thread}/runs?limit=x")
    yield http.get(f"{thread}/runs?select=zzz")
    yield http.get(f"{path}/stream")
    yield http.post(f"{path}/cancel")
    yield http.get(thread)
    yield http.get(f"{thread}/state")
    yield http.delete(path)
    yield http.delete(path)
    yield http.get(path)


def streamed(http: httpx.Client) -> Iterator[httpx.Response]:
    modes = ["values", "updates", "custom"]
    given = http.post(f"{new_thread(http)}/runs/stream", json=run(input={"tokens": 2}, stream_mode=modes))
    yield given
    yield http.get(given.headers["location"])
    yield http.get(given.headers["location"], headers={"last-event-id": "-1"})


def resumed_streams(http: httpx.Client) -> Iterator[httpx.Response]:
    body = run(input={"tokens": 2}, stream_mode=["values", "custom"], stream_resumable=True)
    given = http.post(f"{new_thread(http)}/runs/stream", json=body)
    yield given
    path = given.headers["location"]
    yield http.get(path, headers={"last-event-id": "-1"})
    yield http.get(path, headers={"last-event-id": re.findall(r"id: (\S+)", given.text)[-1]})
    yield http.get(f"{path}?stream_mode=custom", headers={"last-event-id": "-1"})
    for mode in ("zzz", "[zzz", "[]", "", '["values",5]'):
        yield http.get(f"{path}?stream_mode={mode}", headers={"last-event-id": "-1"})
    for id in ("-2", "0", "99999999999999-0", "abc", ""):
        yield http.get(path, headers={"last-event-id": id})
    yield http.get(path)


def failing(http: httpx.Client) -> Iterator[httpx.Response]:
    thread = new_thread(http)
    modes = ["values", "custom"]
    body = run(input={"fail": True, "tokens": 1}, stream_mode=modes, stream_resumable=True)
    given = http.post(f"{thread}/runs/stream", json=body)
    yield given
    yield http.get(given.headers["location"], headers={"last-event-id": "-1"})
    yield http.get(f"{given.headers['content-location']}/join")
    yield http.get(f"{thread}/runs?select=status")
    yield http.get(thread)
    yield http.post("/runs/wait", json=run(input={"fail": True}))
    yield http.post("/runs/wait", json=run(input={"size": 10**15}))  # too much for the memory


def interrupted(http: httpx.Client) -> Iterator[httpx.Response]:
    thread = new_thread(http)
    body = run(input={"ask": True}, stream_mode=["values", "updates"])
    given = http.post(f"{thread}/runs/stream", json=body)
    yield given
    yield http.get(f"{given.headers['content-location']}/join")
    yield http.get(f"{thread}/runs?select=status")
    yield http.get(thread)
    yield http.get(f"{thread}/state")
    yield http.post(f"{thread}/runs/wait", json={"assistant_id": "agent", "command": {"resume": "yes"}})
    yield http.get(thread)
    yield http.post(f"{thread}/runs/wait", json=run(input={"ask": True}))
    yield http.post(f"{thread}/runs/wait", json=run(input={"ask": False}))
    yield http.get(f"{given.headers['content-location']}/join")


def stateless(http: httpx.Client) -> Iterator[httpx.Response]:
    yield http.post("/runs/wait", json=run(input={"tokens": 1}))
    yield http.post("/runs/stream", json=run(stream_mode="updates"))
    kept = http.post("/runs", json=run(on_completion="keep"))
    yield kept
    thread = f"/threads/{kept.json()['thread_id']}"
    path = f"{thread}/runs/{kept.json()['run_id']}"
    yield http.get(f"{path}/join")
    yield http.get(path)
    yield http.get(thread)
    yield http.get(f"/runs/{kept.json()['run_id']}/stream")
    yield http.post("/runs/batch", json=[run(), run(input={"tokens": 1})])
    batches: list[Any] = [
        [],
        {},
        [1],
        [run(), run(metadata=None)],
        [run(assistant_id=str(uuid4()))],
        [run(assistant_id="nope")],
    ]
    for batch in batches:
        yield http.post("/runs/batch", json=batch)


def cancelled(http: httpx.Client) -> Iterator[httpx.Response]:
    thread = new_thread(http)
    for query in ("wait=0", "wait=1&action=interrupt", "wait=0&action=rollback"):
        path = http.post(f"{thread}/runs", json=run(input=LONG)).headers["content-location"]
        until_running(http, path)
        yield http.get(f"{thread}/runs?select=status&limit=1")
        yield whatever(http.post(f"{path}/cancel?{query}"))
        if "rollback" not in query:
            yield http.get(f"{path}/join")
    while http.get(path).is_success:
        pass  # it is deleted a moment later
    yield http.get(f"{thread}/runs?select=status")
    yield http.post(f"{thread}/runs", json=run(after_seconds=3600))
    yield http.get(f"{thread}/runs?select=status")
    yield http.post(f"{thread}/runs", json=run(multitask_strategy="reject"))
    yield http.post("/runs/cancel", json={"status": "pending"})
    yield http.get(f"{thread}/runs?select=status")
    yield http.post("/runs/cancel", json={"status": "pending"})
    bodies: list[Any] = [{}, {"status": "zzz"}, {"thread_id": thread[9:]}, {"thread_id": "x", "run_ids": ["y"]}, []]
    for body in bodies:
        yield http.post("/runs/cancel", json=body)
    yield http.post("/runs/cancel", json={"thread_id": thread[9:], "run_ids": []})
    yield http.post("/runs/cancel", json={"thread_id": thread[9:], "run_ids": [path[-36:]]})


def busy(http: httpx.Client) -> Iterator[httpx.Response]:
    for strategy in ("interrupt", "rollback"):
        thread = new_thread(http)
        path = http.post(f"{thread}/runs", json=run(input=LONG)).headers["content-location"]
        until_running(http, path)
        yield http.get(thread)
        yield http.post(f"{thread}/runs", json=run(multitask_strategy="reject"))
        yield http.post(f"{thread}/state", json={"values": {}})
        second = http.post(f"{thread}/runs", json=run(multitask_strategy=strategy))
        yield second
        http.get(f"{second.headers['content-location']}/join")
        yield http.get(f"{thread}/runs?select=status&select=multitask_strategy")
    path = http.post(f"{thread}/runs", json=run(input=LONG)).headers["content-location"]
    until_running(http, path)
    yield http.delete(path)
    yield http.get(path)
    yield http.delete(thread)


def missing(http: httpx.Client) -> Iterator[httpx.Response]:
    thread = new_thread(http)
    for path in (
        f"{thread}/runs/{uuid4()}",
        f"/threads/{uuid4()}/runs/{uuid4()}",
        f"{thread}/runs/x",
        "/threads/x/runs/y",
    ):
        for method, action in (
            ("GET", ""),
            ("DELETE", ""),
            ("GET", "/join"),
            ("GET", "/stream"),
            ("POST", "/cancel"),
        ):
            yield http.request(method, path + action)
    for method, path in (
        ("GET", f"/threads/{uuid4()}/runs"),
        ("GET", "/threads/x/runs"),
        ("POST", f"/threads/{uuid4()}/runs"),
        ("POST", f"/threads/{uuid4()}/runs/wait"),
        ("POST", f"/threads/{uuid4()}/runs/stream"),
        ("POST", "/threads/x/runs"),
        ("POST", "/threads/x/runs/stream"),
        ("POST", "/threads/x/runs/wait"),
        ("GET", "/nope"),
        ("PUT", "/runs"),
        ("POST", f"{thread}/runs/wait/nope"),
    ):
        yield http.request(method, path, json=run() if method == "POST" else None)


def bad_bodies(http: httpx.Client) -> Iterator[httpx.Response]:
    thread = new_thread(http)
    paths = (f"{thread}/runs", "/runs", "/runs/wait", f"{thread}/runs/stream")
    for path in paths:
        for content in (b"", b"{nope", b"[]", b"5", b'{"input": {}}'):
            yield http.post(path, content=content)
        for assistant in ("nope", str(uuid4()), 5, None):
            yield http.post(path, json=run(assistant_id=assistant))
    # A value that is accepted on one of the paths would start a run, hence the pause before it.
    refused: dict[str, Any] = {
        "metadata": (None, 5, "zzz", []),
        "config": (None, []),
        "context": (None, 5),
        "webhook": (None, "zzz", {}),
        "stream_mode": (None, "zzz", ["values", "zzz"], {}),
        "multitask_strategy": (None, "zzz"),
        "if_not_exists": (None, "zzz"),
        "on_completion": (None, "zzz"),
        "after_seconds": (None, "zzz", []),
        "durability": (None, "zzz"),
        "interrupt_before": (None, "zzz", 5, {}),
        "interrupt_after": (None,),
        "feedback_keys": (None, 5, {}),
        "stream_subgraphs": (None, 5, "zzz"),
        "stream_resumable": (None, 5),
        "command": (None, 5, []),
        "unknown": (None, 5),
    }
    for name, values in refused.items():
        for value in values:
            for path in paths[:2]:
                yield http.post(path, json=run(**{"after_seconds": 3600, name: value}))
    for path in paths[2:]:
        for value in (None, "zzz"):
            yield http.post(path, json=run(on_disconnect=value))
    http.post("/runs/cancel", json={"status": "pending"})


def threads(http: httpx.Client) -> Iterator[httpx.Response]:
    id, tag = str(uuid4()), str(uuid4())
    bodies: list[Any] = [
        {"thread_id": id, "metadata": {"tag": tag}},
        {"thread_id": id},
        {"thread_id": id, "if_exists": "do_nothing", "metadata": {"other": 1}},
        {"thread_id": id, "if_exists": "zzz"},
        {"thread_id": "x"},
        {"metadata": None},
        {},
    ]
    for body in bodies:
        yield http.post("/threads", json=body)
    yield http.get(f"/threads/{id}")
    yield http.get(f"/threads/{id}/state")
    yield http.patch(f"/threads/{id}", json={"metadata": {"more": 1}})
    yield http.get(f"/threads/{id}")
    http.post(f"/threads/{id}/runs/wait", json=run())
    yield http.post(f"/threads/{id}/state", json={"values": {"n": 40}})
    yield http.get(f"/threads/{id}/state")
    latest = http.post(f"/threads/{id}/history", json={"limit": 1})
    yield latest
    for checkpoint in (latest.json()[0]["checkpoint"], {"checkpoint_ns": "", "checkpoint_id": str(uuid4())}):
        yield http.post(f"/threads/{id}/state/checkpoint", json={"checkpoint": checkpoint})
    bodies = [
        {"metadata": {"tag": tag}},
        {"ids": [id], "select": ["thread_id", "status"]},
        {"limit": 0},
        {"limit": -1},
    ]
    for body in bodies:
        yield http.post("/threads/search", json=body)
    paths = {
        "last": "values.messages[-1].content",
        "none": "values.messages[9]",
        "tag": "metadata.tag",
        "all": "values",
    }
    for extract in (paths, {"a": "status"}, {"a": ""}, {"a": 5}, 5, {}):
        yield http.post("/threads/search", json={"ids": [id], "select": ["status"], "extract": extract})
    yield http.post("/threads/search", json={"metadata": {"tag": tag}, "status": "busy"})
    yield http.post("/threads/search", json={"metadata": {"tag": "none"}})
    http.patch(f"/threads/{id}", json={"metadata": {"deep": {"a": {"b": 1, "c": 2}, "list": [1, 2]}}})
    for wanted in ({}, {"a": {"b": 1}}, {"a": {"b": 2}}, {"a": 1}, {"list": [1]}, {"list": [1, 2]}):
        yield http.post("/threads/search", json={"metadata": {"tag": tag, "deep": wanted}})
    for method, action in (
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("GET", "/state"),
        ("POST", "/state"),
        ("POST", "/history"),
    ):
        body = {"metadata": dict[str, Any]()} if method != "GET" else None
        yield http.request(method, f"/threads/{uuid4()}{action}", json=body)
        yield http.request(method, f"/threads/x{action}", json=body)
    yield http.delete(f"/threads/{id}")
    yield http.get(f"/threads/{id}")


def assistants(http: httpx.Client) -> Iterator[httpx.Response]:
    found = http.post("/assistants/search", json={"graph_id": "agent"})
    yield found
    yield http.post("/assistants/search", json={"graph_id": "agent", "select": ["graph_id"], "limit": 1})
    yield http.post("/assistants/search", json={"graph_id": "nope"})
    for condition in (
        {"name": "GEN"},
        {"name": "nope"},
        {"metadata": {"created_by": "system"}},
        {"metadata": {"a": 1}},
    ):
        yield http.post("/assistants/search", json={"graph_id": "agent", **condition})
    yield http.get(f"/assistants/{found.json()[0]['assistant_id']}")
    yield http.get(f"/assistants/{uuid4()}")
    yield http.get("/assistants/agent")
    yield http.post("/runs/wait", json=run(assistant_id=found.json()[0]["assistant_id"]))


SCENARIOS: list[Scenario] = [
    in_the_background,
    streamed,
    resumed_streams,
    failing,
    interrupted,
    stateless,
    cancelled,
    busy,
    missing,
    bad_bodies,
    threads,
    assistants,
]
