"""Requests made from openapi.yaml, right ones and wrong ones: whatever a real server answers, the client has a result or the error for it."""

import contextlib
import uuid
from collections.abc import Iterator
from http import HTTPStatus

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok

from langgraph_runs import APIStatusError, Client, InternalServerError, NotFoundError, RunFailedError
from tests.support.answers import CALLS, SELECTIONS, Answered, Call, answered
from tests.support.conformance import OPENAPI

# Schemathesis has formats of its own, and hypothesis-jsonschema says so.
pytestmark = pytest.mark.filterwarnings("ignore:Overriding standard format")

OPERATIONS = {
    (operation := found.ok()).definition.raw["operationId"]: operation
    for found in schemathesis.openapi.from_path(OPENAPI).get_all_operations()
    if isinstance(found, Ok)
}
# Whoever waits for a run, also for one that has ended, waits for half a second or more.
WAITING = ("stream_", "wait_", "join_run")


@pytest.fixture(scope="module")
def answer() -> Iterator[Answered]:
    with answered() as client:
        yield client


@pytest.fixture(scope="module")
def known(server_url: str) -> dict[str, dict[str, str]]:
    """For each operation the ids of a run that has ended, and its assistant's; what is to be deleted is no other's."""
    with Client(server_url) as client:
        runs = [client.runs.create(uuid.uuid4(), "agent", input={}, if_not_exists="create") for _ in range(3)]
        for run in runs:
            client.runs.join(run.thread_id, run.run_id)
    kept, *deleted = (
        {"thread_id": run.thread_id, "run_id": run.run_id, "assistant_id": run.assistant_id} for run in runs
    )
    return dict.fromkeys(OPERATIONS, kept) | dict(zip(("delete_run", "delete_thread"), deleted, strict=True))


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_answer_is_a_result_or_a_typed_error(
    name: str, server_url: str, known: dict[str, dict[str, str]], answer: Answered
) -> None:
    @settings(
        max_examples=5 if name.startswith(WAITING) else 25,
        suppress_health_check=[*HealthCheck],
    )
    @given(requests(name), st.sampled_from([True, True, False]))
    def ask(case: Case, at_a_known_place: bool) -> None:
        if at_a_known_place:
            case.path_parameters = {part: known[name][part] for part in case.path_parameters or {}}
        response = case.call(base_url=server_url, timeout=30)
        headers = {key: values[0] for key, values in response.headers.items()}
        selected = any(isinstance(part, dict) and "select" in part for part in (case.query, case.body))
        call = SELECTIONS.get(name, CALLS[name]) if selected else CALLS[name]
        take(answer, call, response.status_code, headers, response.content)

    ask()


def take(answer: Answered, call: Call, status: int, headers: dict[str, str], content: bytes) -> None:
    """Hands an answer to the facade: no other exception leaves it than those that such an answer is worth."""
    # It was decoded and put together already.
    kept = {key: value for key, value in headers.items() if key in ("content-type", "location", "content-location")}
    if status < HTTPStatus.BAD_REQUEST:
        # A run that failed and one that does not exist are told with a success status too.
        with contextlib.suppress(RunFailedError, NotFoundError):
            answer.ask(call, content, status=status, headers=kept)
        return
    with pytest.raises(APIStatusError) as caught:
        answer.ask(call, content, status=status, headers=kept)
    assert caught.value.status_code == status
    assert isinstance(caught.value, InternalServerError) == (status >= HTTPStatus.INTERNAL_SERVER_ERROR)


def requests(name: str) -> st.SearchStrategy[Case]:
    """Requests as openapi.yaml describes them, and others."""
    operation = OPERATIONS[name]
    right = operation.as_strategy(generation_mode=GenerationMode.POSITIVE).map(bounded)
    wrong = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE).map(bounded)
    return right | wrong


def bounded(case: Case) -> Case:
    """The same request, of an agent that exists, calling nobody, and starting nothing later than now."""
    bodies = case.body if isinstance(case.body, list) else [case.body]
    for body in bodies:
        if isinstance(body, dict) and isinstance(body.get("assistant_id"), str):
            body["assistant_id"] = "agent"
            body.pop("webhook", None)
            body.pop("after_seconds", None)
    return case
