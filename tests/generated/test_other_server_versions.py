"""Responses of older and newer servers: with missing and new fields, and new enum values.

Only a missing required field is an error. The responses are generated from openapi.yaml, so that these tests follow its
changes.
"""

import contextlib
import functools
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson
import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis_jsonschema import from_schema

from langgraph_runs import (
    APIResponseError,
    APIStatusError,
    Assistant,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    InternalServerError,
    LangGraphError,
    NotFoundError,
    PartialAssistant,
    PartialRun,
    PartialThread,
    PermissionDeniedError,
    RateLimitError,
    Run,
    RunFailedError,
    Thread,
    ThreadState,
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


@frozen(eq=False)
class Kind:
    """What some operations return.

    Attributes:
        whole: Its class, named as in openapi.yaml.
        one: The operations that return one.
        several: Those that return a list.
        partial: Its class if only some fields were selected.
    """

    whole: type[Any]
    one: list[str]
    several: list[str]
    partial: type[Any] | None = None

    @functools.cached_property
    def fields(self) -> dict[str, st.SearchStrategy[Any]]:
        found: dict[str, st.SearchStrategy[Any]] = {}
        for name, schema in SCHEMAS[self.whole.__name__]["properties"].items():
            is_list = schema.get("type") == "array"
            found[name] = st.lists(like(schema["items"]), max_size=2) if is_list else like(schema)
        return found

    @functools.cached_property
    def required(self) -> list[str]:
        required: list[str] = SCHEMAS[self.whole.__name__]["required"]
        return required

    @functools.cached_property
    def complete(self) -> st.SearchStrategy[dict[str, Any]]:
        """As other servers might send them: without some fields, with new ones, and with enum values of their own."""
        return self._with(self.required).filter(lambda value: value.keys() >= {*self.required})

    @functools.cached_property
    def selected(self) -> st.SearchStrategy[dict[str, Any]]:
        """The same with any fields."""
        return self._with([])

    @functools.cached_property
    def new_fields(self) -> st.SearchStrategy[dict[str, Any]]:
        """What is in no schema yet."""
        return st.dictionaries(st.text(min_size=1).filter(lambda name: name not in self.fields), anything, max_size=3)

    def _with(self, required: list[str]) -> st.SearchStrategy[dict[str, Any]]:
        optional = {name: values for name, values in self.fields.items() if name not in required}
        known = st.fixed_dictionaries({name: self.fields[name] for name in required}, optional=optional)
        open_enums = {name: st.text() for name in ("status", "multitask_strategy") if name in self.fields}
        unknown = st.fixed_dictionaries({}, optional=open_enums)
        return st.builds(lambda *parts: parts[0] | parts[1] | parts[2], known, unknown, self.new_fields)


anything = like({})
RUN = Kind(Run, ["get_run", "create_run", "create_stateless_run"], ["list_runs", "create_run_batch"], PartialRun)
THREAD = Kind(Thread, ["create_thread", "get_thread", "update_thread"], ["search_threads"], PartialThread)
ASSISTANT = Kind(Assistant, ["get_assistant"], ["search_assistants"], PartialAssistant)
STATE = Kind(ThreadState, ["get_thread_state", "get_thread_state_at_checkpoint"], ["get_thread_history"])
KINDS = [RUN, THREAD, ASSISTANT, STATE]

few = settings(max_examples=20)
of_each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.whole.__name__)


@of_each_kind
@few
@given(data=st.data())
def test_what_another_version_sends_is_read(answer: Answered, kind: Kind, data: st.DataObject) -> None:
    fields = data.draw(kind.complete)
    for operation in kind.one:
        same(answer.call(operation, wire(fields)), fields, kind, kind.whole)


@of_each_kind
@few
@given(data=st.data())
def test_a_list_of_another_version_is_a_list(answer: Answered, kind: Kind, data: st.DataObject) -> None:
    several = data.draw(st.lists(kind.complete, max_size=2))
    for operation in kind.several:
        for item, fields in zip(answer.call(operation, wire(several)), several, strict=True):
            same(item, fields, kind, kind.whole)


@pytest.mark.parametrize("operation", SELECTIONS)
@few
@given(data=st.data())
def test_a_selection_may_lack_any_field(answer: Answered, operation: str, data: st.DataObject) -> None:
    (kind,) = [kind for kind in KINDS if operation in kind.several]
    assert kind.partial is not None
    several = data.draw(st.lists(kind.selected | kind.complete, max_size=2))
    for item, fields in zip(answer.ask(SELECTIONS[operation], wire(several)), several, strict=True):
        same(item, fields, kind, kind.partial)


def test_a_selection_keeps_a_new_field_that_is_null(answer: Answered) -> None:
    fields = run_json(new=None)
    same(answer.ask(SELECTIONS["list_runs"], wire([fields]))[0], fields, RUN, PartialRun)


@of_each_kind
@few
@given(data=st.data())
def test_a_missing_required_field_is_named(answer: Answered, kind: Kind, data: st.DataObject) -> None:
    # In a list whose items may be partial ones, an object that is missing can't be told from an empty one.
    told = [name for name in kind.required if name not in ("metadata", "config")]
    missing = data.draw(st.sets(st.sampled_from(told), min_size=1))
    bad, others = without(data.draw(kind.complete), *missing), data.draw(st.lists(kind.complete, max_size=1))
    for operation in (*kind.one, *kind.several):
        with pytest.raises(APIResponseError) as caught:
            answer.call(operation, wire(bad if operation in kind.one else [*others, bad]))
        assert any(f"the field {name!r} is missing" in str(caught.value) for name in missing)


@given(anything)
def test_final_values_may_be_any_json(answer: Answered, value: Any) -> None:
    for operation in VALUES:
        assert answer.call(operation, wire(value)) == orjson.loads(wire(value))


@given(
    st.one_of(anything, st.fixed_dictionaries({}, optional={"error": anything, "message": anything})), RUN.new_fields
)
def test_a_failure_of_any_form_is_a_typed_error(answer: Answered, error: Any, more: dict[str, Any]) -> None:
    for operation in VALUES:
        with pytest.raises((RunFailedError, NotFoundError)):
            answer.call(operation, wire(more | {"__error__": error}))


@of_each_kind
@few
@given(data=st.data())
def test_fields_of_another_type_are_a_result_or_a_typed_error(
    answer: Answered, kind: Kind, data: st.DataObject
) -> None:
    wrong = st.dictionaries(st.sampled_from([*kind.fields]), anything, min_size=1, max_size=2)
    fields = data.draw(kind.complete) | data.draw(wrong)
    operations = (*kind.one, *kind.several)
    for call in (*(CALLS[one] for one in operations), *(SELECTIONS[one] for one in operations if one in SELECTIONS)):
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


def same(item: Any, fields: dict[str, Any], kind: Kind, expected: type[Any]) -> None:
    """It has all fields that the server sent, as plain Python, and unknown ones in additional_properties."""
    assert isinstance(item, expected)
    assert unset_places(item) == []
    sent = orjson.loads(wire(fields))
    assert item.additional_properties == without(sent, *kind.fields)
    for name in kind.fields:
        value, shown = sent.get(name), item[name]
        if name.endswith("_at") and value is not None:
            value = datetime.fromisoformat(value)
        if expected is ThreadState and name == "interrupts":
            shown = [dict(interrupt.data) for interrupt in shown]
            # LangGraph.js has them only in the tasks.
            value = [one for task in sent["tasks"] for one in task.get("interrupts", [])] if value is None else value
        if value in (None, {}, []):
            # The client may have taken it from a run's `kwargs`.
            assert shown in (None, {}, [], item["kwargs"].get(name) if kind is RUN else None)
        else:
            assert shown == value
