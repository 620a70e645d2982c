"""Conversion of JSON into a client's types: which types work, what is refused with which message, and other events."""

import copy
import dataclasses
import enum
import functools
import pickle
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple, TypedDict

import attrs
import pytest
import typing_extensions
from pydantic import BaseModel, TypeAdapter

from langgraph_runs import (
    APIResponseError,
    CustomEvent,
    LangGraphError,
    MessageTupleEvent,
    RunInterruptedError,
    UpdatesEvent,
    ValuesEvent,
)
from langgraph_runs._sansio.conversion import Converters, converter, structured
from langgraph_runs._sansio.location import RunLocation
from langgraph_runs.events import Event, unwanted
from tests.support.samples import request

INTERRUPT = {"value": {"q": "go on?"}, "id": "i1"}


@attrs.frozen
class Item:
    name: str
    count: int = 1


@dataclasses.dataclass(frozen=True, kw_only=True)
class Note:
    text: str
    item: Item | None = None


class Model(BaseModel):
    name: str
    count: int


class Old(TypedDict):
    name: str


class New(typing_extensions.TypedDict):
    name: str


@attrs.define
class State:
    items: list[Item]
    notes: Mapping[str, Note] = attrs.field(factory=dict[str, Note])
    pair: tuple[Item, str] | None = None
    many: Annotated[Sequence[Item], "a reducer"] = ()
    several: tuple[Item, ...] = ()
    either: "str | Note | Item" = ""
    models: frozenset[int] | list[Model] = frozenset()
    _private: int = 0
    made_here: int = attrs.field(init=False, default=7)


class Color(enum.Enum):
    RED = "red"


CASES: list[tuple[Any, Any, Any]] = [
    (Item, {"name": "a", "count": 2, "unknown": True}, Item("a", 2)),
    (Note, {"text": "a", "item": {"name": "b"}}, Note(text="a", item=Item("b"))),
    (Note, {"text": "a", "item": None}, Note(text="a")),
    (Model, {"name": "a", "count": "2"}, Model(name="a", count=2)),
    (list[Item], [{"name": "a"}], [Item("a")]),
    (dict[str, Note], {"x": {"text": "a"}}, {"x": Note(text="a")}),
    (set[int], [1, 1], {1}),
    (Item | None, None, None),
    (None | Item, {"name": "a"}, Item("a")),
    (float | Item, 3, 3),
    (str | Item, {"name": "a"}, Item("a")),
    (Item | Note, {"text": "a"}, Note(text="a")),
    (Item | dict[str, Any], {"other": 1}, {"other": 1}),
    (Item | dict, {"other": 1}, {"other": 1}),
    (Item | Literal["none"], "none", "none"),
    (Color | Item, "red", "red"),
    (
        State,
        {
            "items": [{"name": "a"}],
            "notes": {"x": {"text": "b"}},
            "pair": [{"name": "c"}, "d"],
            "many": [{"name": "e"}],
            "several": [{"name": "f"}],
            "either": {"text": "g"},
            "models": [{"name": "h", "count": 1}],
            "_private": 1,
            "made_here": 1,
        },
        State(
            items=[Item("a")],
            notes={"x": Note(text="b")},
            pair=(Item("c"), "d"),
            many=[Item("e")],
            several=(Item("f"),),
            either=Note(text="g"),
            models=[Model(name="h", count=1)],
            private=1,
        ),
    ),
]


@pytest.mark.parametrize(("kind", "json", "expected"), CASES, ids=lambda case: getattr(case, "__name__", None))
def test_types_that_work_by_themselves(kind: Any, json: Any, expected: object) -> None:
    convert = converter("state_type", kind)
    assert convert is not None
    made = convert(json)
    assert made == expected
    assert type(made) is type(expected)


class Place(NamedTuple):
    """The only field would take any JSON."""

    item: Item | None = None


def test_a_named_tuple_has_fields_too() -> None:
    assert structured(Place, {"item": {"name": "a"}, "other": 1}) == Place(Item("a"))
    assert structured(list[Place], [{}]) == [Place()]
    with pytest.raises(TypeError, match="^Place needs a JSON object, not list$"):
        structured(Place, [{"name": "a"}])


def test_what_is_made_already_stays() -> None:
    item = Item("a")
    assert structured(Item, item) is item


@pytest.mark.parametrize("kind", [None, Any, Old, New])
def test_these_types_leave_json_as_it_is(kind: Any) -> None:
    assert converter("state_type", kind) is None


@pytest.mark.parametrize("kind", [str, dict, TypeAdapter(Model).validate_python, lambda value: value])
def test_any_other_callable_is_called(kind: Callable[[Any], Any]) -> None:
    assert converter("state_type", kind) is kind


@pytest.mark.parametrize("kind", [3, "State", object()])
def test_what_is_no_type_is_refused_by_its_name(kind: Any) -> None:
    with pytest.raises(TypeError, match=rf"^update_type: .* not {type(kind).__name__}$"):
        converter("update_type", kind)


@pytest.mark.parametrize(
    ("kind", "json", "message"),
    [
        (Item, [1], "Item needs a JSON object, not list"),
        (Item, {"count": 1}, "missing 1 required positional argument: 'name'"),
        (State, {"items": [{"name": "a"}, 3]}, "items: [1]: Item needs a JSON object, not int"),
        (State, {"items": {}}, "items: list needs a JSON array, not dict"),
        (State, {"items": [], "notes": {"x": {"text": "a", "item": 1}}}, "notes: x: item: Item needs a JSON object"),
        (State, {"items": [], "pair": [{"name": "a"}]}, "pair: "),
        (Item | None, 3, "Item needs a JSON object, not int; not NoneType"),
    ],
)
def test_json_of_another_shape_is_refused_with_its_place(kind: Any, json: Any, message: str) -> None:
    with pytest.raises(TypeError) as raised:
        structured(kind, json)
    assert message in str(raised.value)


def converted(event: Event, **kinds: Any) -> Any:
    converters = Converters(**{name: converter(name, kind) for name, kind in kinds.items()})
    made = converters.event(event, request())
    assert made is event
    return made


def test_values_updates_and_custom_data_are_converted() -> None:
    assert converted(ValuesEvent({"name": "a"}), state=Item).data == Item("a")
    assert converted(UpdatesEvent({"n": {"name": "a"}}), update=Item).data == {"n": Item("a")}
    assert converted(CustomEvent({"name": "a"}), custom=Item).data == Item("a")


def test_each_type_is_for_its_own_events() -> None:
    events: list[Event] = [
        ValuesEvent({"name": "a"}),
        UpdatesEvent({"n": {"name": "a"}}),
        CustomEvent({"name": "a"}),
        MessageTupleEvent([{"name": "a"}, {}]),
    ]
    kinds: list[dict[str, Any]] = [{"update": Item}, {"custom": Item}, {"state": Item}, {"state": Item, "custom": Item}]
    for event, others in zip(events, kinds, strict=True):
        before = event.data
        assert converted(event, **others).data is before


def test_interrupts_survive_conversion() -> None:
    values = converted(ValuesEvent({"name": "a", "__interrupt__": [INTERRUPT]}), state=Item)
    updates = converted(UpdatesEvent({"n": {"name": "a"}, "__interrupt__": [INTERRUPT]}), update=Item)
    assert (values.data, updates.data) == (Item("a"), {"n": Item("a"), "__interrupt__": [INTERRUPT]})
    assert [(one.value, one.id) for one in values.interrupts + updates.interrupts] == [({"q": "go on?"}, "i1")] * 2


@pytest.mark.parametrize("event", [ValuesEvent({"__interrupt__": [INTERRUPT]}), UpdatesEvent({})])
def test_events_without_state_are_left_as_they_are(event: Any) -> None:
    before = dict(event.data)
    assert converted(event, state=Item, update=Item).data == before


def test_an_update_of_none_goes_through_the_converter_too() -> None:
    assert converted(UpdatesEvent({"n": None}), update=Item | None).data == {"n": None}


@pytest.mark.parametrize(
    ("event", "place"),
    [
        (ValuesEvent({"count": 1}, "values|sub:1"), "the event 'values|sub:1' can't be converted by state_type at $ "),
        (
            UpdatesEvent({"ok": {"name": "a"}, "n": {"count": 1}}),
            "the event 'updates' can't be converted by update_type at $.n ",
        ),
        (CustomEvent({"count": 1}), "the event 'custom' can't be converted by custom_type at $ "),
    ],
)
def test_what_does_not_convert_says_event_path_and_value(event: Event, place: str) -> None:
    before = event.data
    with pytest.raises(APIResponseError) as raised:
        converted(event, state=Item, update=Item, custom=Item)
    assert place in str(raised.value)
    assert "its value is {'count': 1}" in str(raised.value)
    assert isinstance(raised.value.__cause__, TypeError)
    assert event.data is before


def test_a_huge_value_is_not_shown_whole() -> None:
    with pytest.raises(APIResponseError) as raised:
        converted(ValuesEvent(["x" * 10_000]), state=Item)
    assert len(str(raised.value)) < 1000


def final(values: Any, **converters: Any) -> Any:
    return Converters(**converters).values(values, request(), RunLocation("r", "t"))


def test_final_values_are_converted() -> None:
    state = converter("state_type", Item)
    assert final({"name": "a"}, state=state) == Item("a")
    with pytest.raises(APIResponseError, match="final values"):
        final([], state=state)


@pytest.mark.parametrize("values", [{"__interrupt__": [INTERRUPT]}, {"name": "a", "__interrupt__": [INTERRUPT] * 2}])
def test_a_run_that_waits_for_a_human_has_no_final_values(values: dict[str, Any]) -> None:
    with pytest.raises(
        RunInterruptedError, match=r"^run r waits for a human: \{'q': 'go on\?'\}.* on thread t "
    ) as caught:
        final(values, state=converter("state_type", Item))
    error = caught.value
    assert not isinstance(error, LangGraphError)
    assert [interrupt.id for interrupt in error.interrupts] == ["i1"] * len(values["__interrupt__"])
    assert (error.values, error.run_id, error.thread_id) == (values, "r", "t")
    for other in ("update", "custom"):
        assert final(values, **{other: converter("x", Item)}) is values


@pytest.mark.parametrize("odd", [[], None, {}, "ab"])
def test_what_only_looks_like_an_interrupt_is_none(odd: Any) -> None:
    assert final({"name": "a", "__interrupt__": odd}, state=converter("state_type", Item)) == Item("a")


def pickled(event: Event) -> Event:
    """Sends an event through pickle, as a process pool does."""
    return pickle.loads(pickle.dumps(event))  # type: ignore[no-any-return]  # noqa: S301 - our own


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, attrs.evolve, pickled])
def test_a_copied_event_keeps_its_interrupts(copied: Callable[[Any], Any]) -> None:
    values = converted(ValuesEvent({"name": "a", "__interrupt__": [INTERRUPT]}), state=Item)
    updates = converted(UpdatesEvent({"n": {"name": "a"}, "__interrupt__": [INTERRUPT]}), update=Item)
    plain = ValuesEvent({"__interrupt__": [INTERRUPT]})
    for event in (values, updates, plain):
        assert copied(event) == event
        assert copied(event).interrupts == event.interrupts != ()


def test_without_types_nothing_is_active() -> None:
    assert not Converters().active
    assert all(Converters(**{name: str}).active for name in ("state", "update", "custom"))


MODES = {"values", "updates", "messages", "messages-tuple", "events", "debug", "tasks", "checkpoints", "custom"}
NAMES_OF = {mode: {mode} for mode in MODES} | {
    "messages": {"messages/metadata", "messages/partial", "messages/complete"},
    "messages-tuple": {"messages"},
}


@pytest.mark.parametrize("mode", sorted(MODES))
def test_a_mode_brings_its_events_and_no_others(mode: str) -> None:
    assert unwanted(mode) == unwanted([mode]) == set().union(*NAMES_OF.values()) - NAMES_OF[mode]


def test_several_modes_bring_the_events_of_each() -> None:
    assert unwanted(["values", "messages"]) == unwanted("values") & unwanted("messages")
    assert unwanted(sorted(MODES)) == set()


def test_events_of_no_known_mode_are_always_wanted() -> None:
    for modes in ("values", "tomorrow", ["tomorrow"]):
        assert not unwanted(modes) & {"metadata", "end", "error", "feedback", "tomorrow"}
    assert unwanted("tomorrow") == set().union(*NAMES_OF.values())
    assert unwanted(None) == set()


def local_class() -> type:
    """A class whose annotation names what only this function knows."""

    class Local:
        pass

    @attrs.define
    class Holder:
        local: "Local"

    return Holder


@attrs.define
class Around:
    inner: list["Missing"]  # type: ignore[name-defined]  # noqa: F821 - that is the point


@dataclasses.dataclass
class Elsewhere:
    when: "dataclasses.Missing"  # type: ignore[name-defined] # that is the point


@dataclasses.dataclass
class Broken:
    when: "int | 'str'"  # that is the point


class Incomplete(BaseModel):
    later: "Missing"  # type: ignore[name-defined]  # noqa: F821 - that is the point


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (local_class(), "Holder"),
        (dict[str, Around], "Around"),
        (list[Incomplete], "Incomplete"),
        (Elsewhere | None, "Elsewhere"),
        (tuple[Broken, int], "Broken"),
    ],
)
def test_a_type_that_can_not_be_resolved_is_named_at_once(kind: Any, name: str) -> None:
    with pytest.raises(TypeError, match=rf"^state_type: .*{name}"):
        converter("state_type", kind)


def test_a_field_that_the_graph_sets_later_is_named() -> None:
    problem = (
        r"state_type at \$ \(TypeError: Item.__init__\(\) missing .*'name'\); a field that the graph sets later needs"
    )
    with pytest.raises(APIResponseError, match=problem):
        converted(ValuesEvent({}), state=Item)
    with pytest.raises(APIResponseError, match=r"state_type .*Model\n.*(\n.*)*needs a default"):
        converted(ValuesEvent({"name": "a"}), state=Model)


async def fetched(_: Any) -> Any:
    """What gives a coroutine instead of a value."""


@pytest.mark.parametrize("kind", [fetched, functools.partial(fetched)])
def test_an_async_function_is_no_converter(kind: Any) -> None:
    with pytest.raises(TypeError, match=r"^custom_type: must be a plain function, not an async one"):
        converter("custom_type", kind)
