"""Responses of older and newer servers: with missing and new fields, and new enum values.

Only a missing required field is an error. The responses are generated from openapi.yaml, so that these tests follow its
changes.
"""

import contextlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis_jsonschema import from_schema

from langgraph_runs import (
    APIResponseError,
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    InternalServerError,
    LangGraphError,
    NotFoundError,
    PartialRun,
    PermissionDeniedError,
    RateLimitError,
    Run,
    RunFailedError,
    UnprocessableEntityError,
)
from scripts.drift.document import read
from tests.support.answers import CALLS, SELECTIONS, Answered, answered
from tests.support.conformance import OPENAPI
from tests.support.samples import run_json, unset_places, without

COMPONENTS = read(OPENAPI).contents["components"]
SCHEMAS = COMPONENTS["schemas"]
ERRORS = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


ONE = ["get_run", "create_run", "create_stateless_run"]
SEVERAL = ["list_runs", "create_run_batch"]
VALUES = ["wait_run", "wait_stateless_run", "join_run"]


@pytest.fixture(scope="module")
def answer() -> Iterator[Answered]:
    with answered() as client:
        yield client


def wire(value: Any) -> bytes:
    """A value as JSON; unlike the client's own parser, with numbers of any size."""
    return json.dumps(value).encode()


def like(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Whatever a schema of openapi.yaml allows."""
    return from_schema({**schema, "components": COMPONENTS})


FIELDS = {name: like(schema) for name, schema in SCHEMAS["PartialRun"]["properties"].items()}
REQUIRED: list[str] = SCHEMAS["Run"]["required"]
OPTIONAL = [name for name in FIELDS if name not in REQUIRED]
OPEN_ENUMS = ["status", "multitask_strategy"]

anything = like({})
new_fields = st.dictionaries(st.text(min_size=1).filter(lambda name: name not in FIELDS), anything, max_size=3)
unknown_values = st.fixed_dictionaries({}, optional={name: st.text() for name in OPEN_ENUMS})


def runs_with(*required: str) -> st.SearchStrategy[dict[str, Any]]:
    """Runs as other servers might send them: without some fields, with new ones, and with enum values of their own."""
    optional = {name: values for name, values in FIELDS.items() if name not in required}
    known = st.fixed_dictionaries({name: FIELDS[name] for name in required}, optional=optional)
    return st.builds(lambda *parts: parts[0] | parts[1] | parts[2], known, unknown_values, new_fields)


whole_runs = runs_with(*REQUIRED).filter(lambda run: run.keys() >= set(REQUIRED))
partial_runs = runs_with()


@settings(max_examples=50)
@given(whole_runs)
def test_a_run_of_another_version_is_a_run(answer: Answered, fields: dict[str, Any]) -> None:
    for operation in ONE:
        same(answer.call(operation, wire(fields)), fields, Run)


@settings(max_examples=50)
@given(st.lists(whole_runs, max_size=2))
def test_a_list_of_another_version_is_a_list(answer: Answered, several: list[dict[str, Any]]) -> None:
    for operation in SEVERAL:
        for run, fields in zip(answer.call(operation, wire(several)), several, strict=True):
            same(run, fields, Run)


@settings(max_examples=50)
@given(st.lists(partial_runs | whole_runs, max_size=2))
@example([run_json(new=None)])
def test_a_selection_may_lack_any_field(answer: Answered, several: list[dict[str, Any]]) -> None:
    for run, fields in zip(answer.ask(SELECTIONS["list_runs"], wire(several)), several, strict=True):
        same(run, fields, PartialRun)


@settings(max_examples=50)
@given(whole_runs, st.sets(st.sampled_from(REQUIRED), min_size=1), st.lists(whole_runs, max_size=1))
def test_a_missing_required_field_is_named(
    answer: Answered, run: dict[str, Any], missing: set[str], others: list[dict[str, Any]]
) -> None:
    bad = without(run, *missing)
    for operation in (*ONE, *SEVERAL):
        with pytest.raises(APIResponseError) as caught:
            answer.call(operation, wire(bad if operation in ONE else [*others, bad]))
        assert any(f"the field {name!r} is missing" in str(caught.value) for name in missing)


@given(anything)
def test_final_values_may_be_any_json(answer: Answered, value: Any) -> None:
    for operation in VALUES:
        assert answer.call(operation, wire(value)) == orjson.loads(wire(value))


@given(st.one_of(anything, st.fixed_dictionaries({}, optional={"error": anything, "message": anything})), new_fields)
def test_a_failure_of_any_form_is_a_typed_error(answer: Answered, error: Any, more: dict[str, Any]) -> None:
    for operation in VALUES:
        with pytest.raises((RunFailedError, NotFoundError)):
            answer.call(operation, wire(more | {"__error__": error}))


@settings(max_examples=50)
@given(whole_runs, st.dictionaries(st.sampled_from([*FIELDS]), anything, min_size=1, max_size=2))
def test_fields_of_another_type_are_a_result_or_a_typed_error(
    answer: Answered, run: dict[str, Any], wrong: dict[str, Any]
) -> None:
    fields = run | wrong
    for call in (*(CALLS[operation] for operation in (*ONE, *SEVERAL)), SELECTIONS["list_runs"]):
        for value in (fields, [fields], [[fields]], {"runs": [fields]}):
            with contextlib.suppress(APIResponseError):
                assert unset_places(answer.ask(call, wire(value))) == []


@given(st.binary() | anything.map(wire), st.sampled_from(["application/json", "text/event-stream", ""]))
def test_any_bytes_are_a_result_or_a_typed_error(answer: Answered, content: bytes, content_type: str) -> None:
    for call in (*CALLS.values(), *SELECTIONS.values()):
        with contextlib.suppress(LangGraphError):
            answer.ask(call, content, headers={"content-type": content_type})


@given(
    st.integers(300, 599) | st.sampled_from([*ERRORS]),
    st.one_of(st.binary(), st.text().map(str.encode), (like(SCHEMAS["ErrorBody"]) | anything).map(wire)),
    st.sampled_from(["application/json", "text/plain", "text/html", "text/event-stream", ""]),
)
def test_an_error_body_of_any_form_gives_the_error_of_its_status(
    answer: Answered, status: int, content: bytes, content_type: str
) -> None:
    for operation in CALLS:
        with pytest.raises(APIStatusError) as caught:
            answer.call(operation, content, status=status, headers={"content-type": content_type})
        assert type(caught.value) is (InternalServerError if status >= 500 else ERRORS.get(status, APIStatusError))
        assert caught.value.status_code == status
        assert f": {status}" in str(caught.value)


def same(run: Any, fields: dict[str, Any], kind: type[Run | PartialRun]) -> None:
    """The run has all fields that the server sent, as plain Python, and unknown ones in additional_properties."""
    assert isinstance(run, kind)
    assert unset_places(run) == []
    sent = orjson.loads(wire(fields))
    assert run.additional_properties == without(sent, *FIELDS)
    shown = {**run.to_dict(), "created_at": run.created_at, "updated_at": run.updated_at}
    for name in FIELDS:
        value = sent.get(name)
        if name.endswith("_at") and value is not None:
            value = datetime.fromisoformat(value)
        # If it is empty, the client may have taken it from `kwargs`.
        if value is None or value == {}:
            assert shown[name] in (None, {}, shown["kwargs"].get(name))
        else:
            assert shown[name] == value
