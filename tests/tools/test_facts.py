"""`scripts/drift/facts`: expectations match the recorded responses, and any unexpected response is reported."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from scripts.drift.document import DocumentError
from scripts.drift.facts import FACTS
from scripts.drift.facts.fact import check_facts, read_facts
from scripts.drift.server import KINDS, Kind, ServerError, ServerInfo, server_info
from tests.support.recordings import load_recording

pytestmark = pytest.mark.anyio

BY_NAME = {one.name: one for one in FACTS}
FOLDERS: dict[Kind, str] = {"PY": "langgraph-python", "JS": "langgraph-js", "AE": "aegra"}
# The recorded response that each fact is about.
RECORDED = {
    "create": "create",
    "run_fields": "create",
    "create_headers": "create",
    "create_stateless": "stateless_create",
    "create_unknown_assistant": "create_unknown_assistant",
    "create_unknown_thread": "create_unknown_thread",
    "create_bad_enum": "create_bad_enum",
    "batch": "batch",
    "wait_headers": "wait_resume",
    "wait_stateless_headers": "stateless_wait",
    "wait": "wait_resume",
    "wait_failed": "wait_error",
    "join_missing": "join_missing",
    "get_missing": "get_missing",
    "list_select": "list_select",
    "stream_headers": "stream_values",
    "stream_stateless_headers": "stateless_stream",
    "stream_first_event": "stream_values",
    "stream_last_event": "stream_values",
    "stream_failed": "stream_error",
    "stream_modes": "stream_all_modes_subgraphs",
    "stream_lines": "stream_values",
    "id_form": "stream_resumable",
    "ids_shared": "stream_resumable",
    "join_stream_missing": "join_stream_missing",
    "join_stream_finished": "join_stream_finished",
    "cancel_and_wait": "cancel_wait",
    "cancel_finished": "cancel_finished",
    "cancel_missing": "cancel_missing",
    "cancel_many_missing": "cancel_many_nothing",
    "delete": "delete",
    "delete_missing": "delete_missing",
}


def client(answer: Callable[[httpx.Request], httpx.Response]) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url="http://server", transport=httpx.MockTransport(answer))


def with_agent(answer: Callable[[httpx.Request], httpx.Response]) -> httpx.AsyncClient:
    """A client of a server that has the assistant `agent`."""

    def answer_or_agent(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/assistants/search":
            return httpx.Response(200, json=[{"graph_id": "agent"}])
        return httpx.Response(200) if request.url.path == "/info" else answer(request)

    return client(answer_or_agent)


def recorded(kind: Kind, scenario: str) -> Callable[[httpx.Request], httpx.Response]:
    """A server that returns this recording for the recorded request, and a created run for any other request."""
    folder = FOLDERS[kind]
    asked, created = load_recording(f"{folder}/{scenario}"), load_recording(f"{folder}/create")
    address = form(asked.method, asked.target)

    def answer(request: httpx.Request) -> httpx.Response:
        one = asked if form(request.method, request.url.path) == address else created
        kept = [(name, value) for name, value in one.headers if name.lower() not in ("transfer-encoding", "connection")]
        return httpx.Response(one.status, headers=kept, content=one.body)

    return answer


def form(method: str, target: str) -> str:
    return re.sub(r"[0-9a-f-]{36}", "ID", f"{method} {target.partition('?')[0]}")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", RECORDED)
async def test_expectations_match_the_recorded_responses(name: str, kind: Kind) -> None:
    one = BY_NAME[name]
    if kind not in one.expected:
        assert (name, kind) == ("create_unknown_thread", "JS")  # its recording is of a busy thread
        return
    async with with_agent(recorded(kind, RECORDED[name])) as http:
        assert await check_facts(http, kind, [one]) == []


@pytest.mark.parametrize(
    "content",
    [b"", b"null", b"[]", b"{}", b'{"run_id": 1}', b"event: values\r\ndata: {}\r\n\r\n", b"event: x\ndata: {"],
)
async def test_a_response_of_any_form_is_reported_and_raises_nothing(content: bytes) -> None:
    async with with_agent(lambda _: httpx.Response(200, content=content)) as http:
        found = await check_facts(http, "PY", FACTS)
    assert {difference.subject for difference in found} <= {f"fact {name}" for name in BY_NAME}
    # These facts expect an error, and every response here is a success.
    assert {"fact get_missing", "fact cancel_missing", "fact delete_missing"} < {one.subject for one in found}


async def test_a_missing_response_is_reported_for_every_fact() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    async with with_agent(answer) as http:
        found = await check_facts(http, "PY", FACTS)
    assert {difference.subject for difference in found} == {f"fact {name}" for name in BY_NAME}
    assert all(difference.change.endswith("-> no response (ConnectError)") for difference in found)


async def test_a_connection_lost_while_waiting_is_reported() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            raise httpx.ReadError("lost")
        return httpx.Response(200, json={"run_id": "r"})

    async with with_agent(answer) as http:
        (found,) = await check_facts(http, "PY", [BY_NAME["heartbeats"]])
    assert found.change.endswith("-> no response (ReadError) and no response (ReadError)")


async def test_a_run_that_cannot_be_started_is_reported() -> None:
    async with with_agent(lambda _: httpx.Response(503)) as http:
        (found,) = await check_facts(http, "PY", [BY_NAME["cancel"]])
    assert found.change == "202 empty -> status 503 for an earlier request"


@pytest.mark.parametrize(
    ("status", "effect"), [(204, "new"), (500, "breaking")], ids=["known from another server", "known from none"]
)
async def test_what_another_kind_of_server_does_is_not_breaking(status: int, effect: str) -> None:
    async with with_agent(
        lambda request: (
            httpx.Response(status)
            if request.url.path.endswith("/cancel")
            else httpx.Response(200, json={"run_id": "r"})
        )
    ) as http:
        (found,) = await check_facts(http, "PY", [BY_NAME["cancel"]])
    assert str(found) == f"fact cancel: 202 empty -> {status} empty"
    assert found.effect == effect
    assert found.relied_on == "With wait=0, cancelling a run returns at once. (langgraph_runs/_async/runs.py)"


async def test_a_kind_of_server_without_an_expectation_must_be_decided() -> None:
    async with with_agent(lambda _: httpx.Response(200, json={"a": 1})) as http:
        (found,) = await check_facts(http, "JS", [BY_NAME["list_past_the_end"]])
    assert str(found) == "fact list_past_the_end: not known -> 200 values"
    assert found.effect == "new"


async def test_threads_are_deleted_afterwards() -> None:
    made: set[str] = set()
    deleted: set[str] = set()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "DELETE":
            deleted.add(request.url.path)
        elif request.content and json.loads(request.content).get("if_not_exists"):
            made.add(request.url.path.removesuffix("/runs"))
        return httpx.Response(200, json={"run_id": "r"})

    async with with_agent(answer) as http:
        await check_facts(http, "PY", [BY_NAME["create"], BY_NAME["cancel"]])
    assert len(made) == 2
    assert deleted == made


@pytest.mark.parametrize(
    ("response", "info"),
    [
        (httpx.Response(200, json={"version": "0.16.7", "langgraph_py_version": "1.2.22"}), ServerInfo("PY", "0.16.7")),
        (httpx.Response(200, json={"version": "2.0.0", "context": "js"}), ServerInfo("JS", "2.0.0")),
        (httpx.Response(200, json={"name": "Aegra", "version": "0.11.0"}), ServerInfo("AE", "0.11.0")),
        (httpx.Response(200, json={"version": "nightly"}), ServerInfo("PY", "")),
        (httpx.Response(404, text="Not Found"), ServerInfo("PY", "")),
        (httpx.Response(200, json=["what"]), ServerInfo("PY", "")),
    ],
)
async def test_a_server_says_what_it_is(response: httpx.Response, info: ServerInfo) -> None:
    async with client(lambda _: response) as http:
        assert await server_info(http) == info


async def test_a_server_without_the_graph_is_refused() -> None:
    async with client(lambda _: httpx.Response(200, json=[])) as http:
        with pytest.raises(ServerError, match="facts are checked with the graph of examples/agent"):
            await check_facts(http, "PY", FACTS)


async def test_a_server_that_stops_while_it_is_asked_is_no_difference() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/assistants/search":
            return httpx.Response(200, json=[{"graph_id": "agent"}])
        raise httpx.ConnectError("refused", request=request)

    async with client(answer) as http:
        with pytest.raises(ServerError, match="http://server: it stopped responding while facts were checked: refused"):
            await check_facts(http, "PY", FACTS)


async def test_every_fact_has_a_unique_name_and_names_an_existing_module(request: pytest.FixtureRequest) -> None:
    assert len(BY_NAME) == len(FACTS)
    for one in FACTS:
        assert one.claim.endswith((".", ")."))
        assert (request.config.rootpath / one.relied_on_by).is_file()
        assert "PY" in one.expected


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("{cancel_all: A function., expect: {PY: x}}", "no attribute 'cancel_all'"),
        ("{one: No place., ask: GET /runs, expect: {PY: x}}", "not a request: GET /runs"),
        ("{one: No such place., ask: 'GET {nowhere}', expect: {PY: x}}", "no such place: nowhere"),
        ("{one: No such summary., ask: 'GET {missing} -> haiku', expect: {PY: x}}", "no attribute 'haiku'"),
        ("{one: Misspelt., ask: 'GET {missing}', ruin: {}, expect: {PY: x}}", "unexpected keyword argument 'ruin'"),
        ("{one: Nothing is expected., ask: 'GET {missing}'}", "missing 1 required keyword-only argument: 'expect'"),
    ],
)
async def test_a_line_of_the_table_that_cannot_be_asked_is_refused(row: str, problem: str, tmp_path: Path) -> None:
    table = tmp_path / "facts.yaml"
    table.write_text(f"_sansio/sse.py:\n  - {row}\n")
    with pytest.raises(DocumentError, match=rf"{re.escape(str(table))}:2: .*{re.escape(problem)}"):
        read_facts(table)


async def test_a_replay_asks_for_all_events() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"run_id": "r"})

    async with with_agent(answer) as http:
        await check_facts(http, "PY", [BY_NAME["replay_not_kept"], BY_NAME["join_stream_finished"]])
    joined = [one for one in asked if one.url.path.endswith("/stream")]
    assert {one.method for one in joined} == {"GET"}
    assert sorted(one.headers.get("last-event-id", "none") for one in joined) == ["-1", "none"]
