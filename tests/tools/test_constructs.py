"""`scripts/codegen`: each construct of an API either works in the generated client, or is refused with its line."""

import importlib
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import orjson
import pytest

from scripts.codegen.__main__ import main
from tests.support.replay import Replay, Response

START = """\
openapi: 3.1.1
info: {title: Small, version: "1"}
paths:
"""
GET = """\
  /things/{thing_id}:
    get:
      operationId: get_thing
      parameters:
        - {name: thing_id, in: path, required: true, schema: {type: string}}
      responses:
        "200":
          description: A thing.
          content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}
"""
POST = """\
  /things:
    post:
      operationId: create_thing
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/NewThing"}}}
      responses: {"204": {description: Created.}}
"""
SCHEMAS = "components:\n  schemas:\n"
PLAIN = SCHEMAS + "    Thing: {type: object, required: [id], properties: {id: {type: string}}}\n"


def listing(parameter: str) -> str:
    """An operation with one more parameter."""
    return f"""\
  /things:
    get:
      operationId: list_things
      parameters:
        - {parameter}
      responses: {{"204": {{description: None.}}}}
"""


def answering(*fields: str, required: str = "id") -> str:
    """A description whose answer has these fields, next to the schemas that they may refer to."""
    lines = "".join(f"        {field}\n" for field in fields)
    return f"""\
{START}{GET}{SCHEMAS}\
    Thing:
      type: object
      required: [{required}]
      properties:
        id: {{type: string}}
{lines}\
    Uuid: {{type: string, format: uuid}}
    Tags: {{type: array, items: {{type: string}}}}
    Either: {{oneOf: [{{type: string}}, {{type: integer}}]}}
    Color: {{type: string, enum: [red, green]}}
    Later: {{type: object, required: [at], properties: {{at: {{type: integer}}}}}}
    JsonObject: {{type: object}}
"""


Make = Callable[[str], Callable[[str], ModuleType]]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Generates from a text, and gives a function that imports the modules of the package."""
    package = f"made_{abs(hash(tmp_path))}"

    def generate(text: str) -> Callable[[str], ModuleType]:
        (tmp_path / "api.yaml").write_text(text)
        arguments = ["codegen", "--openapi", str(tmp_path / "api.yaml"), "--output", str(tmp_path / package)]
        monkeypatch.setattr(sys, "argv", arguments)
        assert main() == 0
        monkeypatch.syspath_prepend(tmp_path)
        for module in (tmp_path / package).rglob("*.py"):
            importlib.import_module(".".join([*module.relative_to(tmp_path).parts[:-1], module.stem]))
        return lambda name: importlib.import_module(f"{package}.{name}")

    return generate


@pytest.fixture
def get_thing(make: Make) -> Callable[[str, Any], Any]:
    """Generates from a text, and parses an answer to `get_thing`."""

    def parse(text: str, answer: Any) -> Any:
        return make(text)("api.default.get_thing").parse_response(200, orjson.dumps(answer))

    return parse


# -- what works


def test_fields_beside_all_of_are_kept(get_thing: Callable[[str, Any], Any]) -> None:
    text = f"""\
{START}{GET}{SCHEMAS}\
    Thing:
      allOf:
        - $ref: "#/components/schemas/Base"
        - properties: {{size: {{type: integer}}}}
      required: [id, color]
      properties: {{color: {{type: string}}, weight: {{type: number}}}}
    Base: {{type: object, properties: {{id: {{type: string}}}}}}
"""
    thing = get_thing(text, {"id": "a", "color": "red", "future": 1})
    assert (thing.id, thing.color, thing.size, thing.weight, thing["future"]) == ("a", "red", None, None, 1)
    with pytest.raises(KeyError, match="color"):
        type(thing).from_dict({"id": "a"})


def test_a_request_whose_fields_stand_in_several_parts(make: Make) -> None:
    package = make(f"""\
{START}{POST}{SCHEMAS}\
    NewThing:
      allOf: [{{$ref: "#/components/schemas/Base"}}]
      required: [id]
      properties: {{size: {{type: [integer, "null"]}}}}
    Base: {{type: object, properties: {{id: {{type: string}}, note: {{type: string}}}}}}
""")
    body = package("models").NewThing(id="a", size=None)
    sent = package("api.default.create_thing").get_kwargs(body=body)
    assert sent["content"] == b'{"id":"a","size":null}'
    with pytest.raises(TypeError, match="id"):
        package("models").NewThing()


@pytest.mark.parametrize(
    "field",
    [
        'later: {$ref: "#/components/schemas/Later"}',
        'later: {anyOf: [{$ref: "#/components/schemas/Later"}, {type: "null"}]}',
        'later: {allOf: [{$ref: "#/components/schemas/Later"}], description: Later.}',
    ],
)
@pytest.mark.parametrize("required", ["id", "id, later"])
def test_a_schema_further_down_becomes_its_class(
    field: str, required: str, get_thing: Callable[[str, Any], Any]
) -> None:
    thing = get_thing(answering(field, required=required), {"id": "a", "later": {"at": 5}})
    assert type(thing.later).__name__ == "Later"
    assert thing.later.at == 5
    assert thing.to_dict() == {"id": "a", "later": {"at": 5}}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("new: {type: string}", "red"),
        ("new: {type: string, enum: [red, green]}", "red"),
        ('new: {type: [string, "null"], enum: [red, null]}', "red"),
        ("new: {type: integer, enum: [1, 2]}", 2),
        ("new: {const: red}", "red"),
        ("new: {const: 5}", 5),
        ("new: {oneOf: [{type: string}, {type: array, items: {type: string}}]}", ["red"]),
        ("new: {anyOf: [{const: all}, {type: array, items: {type: string}}]}", ["red"]),
        ("new: {type: array, items: {type: integer}}", [1]),
        ("new: {type: array}", [1, "a"]),
        ("new: {type: boolean}", False),
        ('new: {allOf: [{$ref: "#/components/schemas/Color"}]}', "green"),
        ('new: {$ref: "#/components/schemas/Color"}', "green"),
        ('new: {$ref: "#/components/schemas/Tags"}', ["a", "b"]),
        ('new: {$ref: "#/components/schemas/Either"}', 7),
        ("new: {}", {"a": [1]}),
    ],
)
def test_an_optional_field_of_an_answer_may_be_missing(
    field: str, value: Any, get_thing: Callable[[str, Any], Any]
) -> None:
    thing = get_thing(answering(field), {"id": "a", "new": value})
    assert thing.new == value
    assert type(thing).from_dict({"id": "a"}).new is None
    assert type(thing).from_dict({"id": "a", "new": None}).new is None


@pytest.mark.parametrize("required", ["id", "id, new"])
@pytest.mark.parametrize(
    ("field", "known", "unknown"),
    [
        ("new: {type: string, enum: [red, green]}", "red", "blue"),
        ("new: {enum: [red, green], description: A color.}", "red", "blue"),
        ("new: {type: integer, enum: [1, 2]}", 1, 3),
        ('new: {type: [string, "null"], enum: [red, null]}', None, "blue"),
        ('new: {$ref: "#/components/schemas/Color", description: A color.}', "red", "blue"),
        ('new: {allOf: [{$ref: "#/components/schemas/Color"}]}', "red", "blue"),
        ("new: {type: array, items: {type: string, enum: [red]}}", ["red"], ["red", "blue"]),
        ('new: {type: array, items: {$ref: "#/components/schemas/Color"}}', ["red"], ["blue"]),
    ],
)
def test_a_value_outside_a_list_is_kept_in_an_answer(
    field: str, known: Any, unknown: Any, required: str, get_thing: Callable[[str, Any], Any]
) -> None:
    thing = get_thing(answering(field, required=required), {"id": "a", "new": known})
    assert thing.new == known
    assert type(thing).from_dict({"id": "a", "new": unknown}).new == unknown
    # Its type says so too.
    kind = "int" if isinstance(unknown, int) else "str"
    assert re.search(rf"\b{kind}\b", type(thing).__annotations__["new"])


def test_an_optional_json_object_that_is_missing_is_empty(get_thing: Callable[[str, Any], Any]) -> None:
    free = ('a: {$ref: "#/components/schemas/JsonObject"}', "b: {type: object}", "c: {allOf: [{type: object}]}")
    thing = get_thing(answering(*free), {"id": "a"})
    assert (thing.a, thing.b, thing.c) == ({}, {}, {})


@pytest.mark.parametrize("required", ["id", "id, new"])
@pytest.mark.parametrize(
    "field",
    [
        'new: {anyOf: [{$ref: "#/components/schemas/JsonObject"}, {type: "null"}]}',
        'new: {oneOf: [{type: object, additionalProperties: true}, {type: "null"}]}',
        'new: {type: [object, "null"]}',
        'new: {allOf: [{$ref: "#/components/schemas/Nothing"}]}',
    ],
)
def test_a_json_object_or_null_is_empty_where_null_is_sent(
    field: str, required: str, get_thing: Callable[[str, Any], Any]
) -> None:
    """So that people can read `thing.new["a"]` and `thing.new.get("a")` without asking first."""
    nothing = '    Nothing: {anyOf: [{type: object}, {type: "null"}]}\n'
    thing = get_thing(answering(field, required=required) + nothing, {"id": "a", "new": None})
    assert thing.new == {}
    assert type(thing).from_dict({"id": "a", "new": {"a": None}}).new == {"a": None}


def test_optional_fields_of_nested_objects_are_none(get_thing: Callable[[str, Any], Any]) -> None:
    nested = "{type: object, required: [x], properties: {x: {type: integer}, y: {type: integer}}}"
    fields = (
        f"direct: {nested}",
        f"listed: {{type: array, items: {nested}}}",
        f"either: {{oneOf: [{{type: string}}, {nested}]}}",
        f"named: {{type: object, additionalProperties: {nested}}}",
        f"deep: {{type: object, properties: {{inner: {nested}}}}}",
    )
    point = {"x": 1}
    answer = {"id": "a", "direct": point, "listed": [point], "either": point, "named": {"n": point}}
    thing = get_thing(answering(*fields), answer | {"deep": {"inner": point}})
    points = thing.direct, *thing.listed, thing.either, thing.named["n"], thing.deep.inner
    assert [(one.x, one.y) for one in points] == [(1, None)] * 5
    assert type(thing).from_dict({"id": "a", "deep": {}}).deep.inner is None


@pytest.mark.parametrize(
    "field",
    [
        "new: {type: array, items: {type: integer}}",
        'new: {type: array, items: {$ref: "#/components/schemas/Later"}}',
        "new: {type: array}",
        "new: {type: object}",
        'new: {$ref: "#/components/schemas/JsonObject"}',
        'new: {$ref: "#/components/schemas/Later"}',
        'new: {type: [string, "null"]}',
        "new: {}",
    ],
)
def test_a_missing_required_field_is_named(field: str, get_thing: Callable[[str, Any], Any]) -> None:
    with pytest.raises(KeyError) as caught:
        get_thing(answering(field, required="id, new"), {"id": "a"})
    assert caught.value.args == ("new",)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ('new: {type: array, items: {$ref: "#/components/schemas/Later"}}', None),
        ('new: {type: array, items: {$ref: "#/components/schemas/Later"}}', "a"),
        ('new: {$ref: "#/components/schemas/Later"}', None),
        ('new: {$ref: "#/components/schemas/Later"}', [1]),
    ],
)
def test_a_value_in_place_of_a_list_or_object_is_named(
    field: str, wrong: Any, get_thing: Callable[[str, Any], Any]
) -> None:
    with pytest.raises(TypeError, match="^Expected a (list|dict) for 'new', got (NoneType|str|list)$"):
        get_thing(answering(field, required="id, new"), {"id": "a", "new": wrong})


def test_named_scalars_arrays_and_unions(get_thing: Callable[[str, Any], Any]) -> None:
    names = {"u": "Uuid", "t": "Tags", "e": "Either", "a": "Alias", "l": "Laters"}
    fields = (f'{field}: {{$ref: "#/components/schemas/{name}"}}' for field, name in names.items())
    text = f"""\
{answering(*fields, required=", ".join(names))}\
    Alias: {{$ref: "#/components/schemas/Later"}}
    Laters: {{type: array, items: {{$ref: "#/components/schemas/Later"}}}}
"""
    uuid = "9a9e8a3c-60a9-4a25-9f11-d1b0b8a8f3a1"
    thing = get_thing(text, {"u": uuid, "t": ["x"], "e": 5, "a": {"at": 1}, "l": [{"at": 2}]})
    assert (str(thing.u), thing.t, thing.e, thing.a.at, thing.l[0].at) == (uuid, ["x"], 5, 1, 2)


def test_a_schema_may_hold_itself(get_thing: Callable[[str, Any], Any]) -> None:
    thing = get_thing(answering('child: {$ref: "#/components/schemas/Thing"}'), {"id": "a", "child": {"id": "b"}})
    assert (thing.child.id, thing.child.child) == ("b", None)


def test_an_answer_made_by_hand_takes_the_fields_that_matter(make: Make) -> None:
    fields: dict[str, tuple[str, Any]] = {
        "at": ("{type: string, format: date-time}", datetime.fromtimestamp(0, UTC)),
        "size": ("{type: integer}", 0),
        "weight": ("{type: number}", 0.0),
        "heavy": ("{type: boolean}", False),
        "tags": ('{$ref: "#/components/schemas/Tags"}', []),
        "color": ('{$ref: "#/components/schemas/Color"}', "red"),
        "either": ('{$ref: "#/components/schemas/Either"}', ""),
        "maybe": ('{type: [string, "null"]}', None),
        "class": ("{description: Any JSON.}", None),
        "data": ('{$ref: "#/components/schemas/JsonObject"}', {}),
    }
    described = (f"{name}: {schema}" for name, (schema, _) in fields.items())
    nested = 'later: {$ref: "#/components/schemas/Later"}'
    models = make(answering(*described, nested, required=", ".join(["id", "later", *fields])))("models")
    with pytest.raises(TypeError, match="later"):  # a class of its own has no value that stands for nothing
        models.Thing()
    later = models.Later()
    assert dict(later) == {"at": 0}
    expected = {"id": "", "later": later, **{name: default for name, (_, default) in fields.items()}}
    assert dict(models.Thing(later=later)) == expected
    with pytest.raises(KeyError, match="id"):
        models.Thing.from_dict({})


def test_what_is_sent_and_received_has_no_defaults(make: Make) -> None:
    thing = PLAIN.removeprefix(SCHEMAS).strip()
    models = make(START + GET + POST.replace("NewThing", "Thing") + f"{SCHEMAS}    {thing}\n")("models")
    with pytest.raises(TypeError, match="id"):
        models.Thing()


def test_a_status_may_be_a_number(make: Make) -> None:
    parse = make(START + GET.replace('"200"', "200") + PLAIN)("api.default.get_thing").parse_response
    assert parse(200, b'{"id": "a"}').id == "a"


def test_members_of_a_union_are_told_by_their_required_fields(get_thing: Callable[[str, Any], Any]) -> None:
    text = f"""\
{START}{GET}{SCHEMAS}\
    Thing: {{oneOf: [{{$ref: "#/components/schemas/A"}}, {{$ref: "#/components/schemas/B"}}, {{type: object}}]}}
    A: {{required: [a], properties: {{a: {{const: 1}}, child: {{$ref: "#/components/schemas/Thing"}}}}}}
    B: {{required: [b], properties: {{b: {{type: integer}}, note: {{type: string}}}}}}
"""
    thing = get_thing(text, {"a": 1, "child": {"b": 2}})
    assert (type(thing).__name__, type(thing.child).__name__, thing.child.b, thing.child.note) == ("A", "B", 2, None)
    assert type(thing).from_dict({"a": 1, "child": {"c": 3}}).child == {"c": 3}
    assert type(thing).from_dict({"a": 1, "child": {"a": 5}}).child == {"a": 5}
    assert type(thing).from_dict({"a": 1}).child is None


def test_a_range_of_statuses(make: Make) -> None:
    parse = make(START + GET.replace('"200"', '"2XX"') + PLAIN)("api.default.get_thing").parse_response
    assert [parse(status, b'{"id": "a"}').id for status in (200, 204, 299)] == ["a"] * 3
    with pytest.raises(Exception, match="status 300"):
        parse(300, b'{"id": "a"}')


def test_constraints_on_which_fields_go_together_leave_the_fields(make: Make) -> None:
    package = make(f"""\
{START}{POST}{SCHEMAS}\
    NewThing:
      type: object
      properties: {{status: {{type: string}}, ids: {{type: array, items: {{type: string}}}}}}
      oneOf: [{{required: [status]}}, {{required: [ids]}}]
""")
    body = package("models").NewThing(ids=["a"])
    assert package("api.default.create_thing").get_kwargs(body=body)["content"] == b'{"ids":["a"]}'


def test_a_body_that_is_optional_and_a_field_with_a_default_are_left_out(make: Make) -> None:
    optional = POST.replace("        required: true\n", "")
    package = make(f"""\
{START}{optional}{SCHEMAS}\
    NewThing: {{type: object, properties: {{size: {{type: integer, default: 5}}}}}}
""")
    build = package("api.default.create_thing").get_kwargs
    assert "content" not in build()
    assert build(body=package("models").NewThing())["content"] == b"{}"


def test_what_only_events_use_is_not_generated(make: Make) -> None:
    package = make(
        START + GET + PLAIN + "    Event: {prefixItems: [{type: string}], discriminator: {propertyName: a}}\n"
    )
    assert not hasattr(package("models"), "Event")


def test_parameters_are_sent_as_the_description_says(make: Make, replay: Replay) -> None:
    package = make(START + listing("{name: tag, in: query, style: form, explode: true, schema: {type: array}}") + PLAIN)
    server = replay(Response(204))
    with package("client").Client(base_url=server.url) as client:
        package("api.default.list_things").sync_detailed(client=client, tag=["a", "b,c"])
    assert server.requests[0].target == "/things?tag=a&tag=b%2Cc"


def test_descriptions_reach_the_docstrings(make: Make) -> None:
    package = make(f"""\
{START}
  /things:
    parameters: [{{$ref: "#/components/parameters/Trace"}}]
    post:
      operationId: create_thing
      parameters:
        - {{name: color, in: query, description: The color to use., schema: {{$ref: "#/components/schemas/Color"}}}}
      requestBody:
        required: true
        content: {{application/json: {{schema: {{$ref: "#/components/schemas/NewThing"}}}}}}
      responses: {{"204": {{description: Created.}}}}
components:
  parameters:
    Trace: {{name: trace, in: header, description: The trace it belongs to., schema: {{type: string}}}}
  schemas:
    Color: {{type: string, enum: [red], description: Any color.}}
    NewThing:
      type: object
      properties:
        size: {{type: integer, description: How large it is.}}
        color: {{$ref: "#/components/schemas/Color", description: How it looks.}}
""")
    for function in ("sync_detailed", "asyncio_detailed"):
        said = " ".join(getattr(package("api.default.create_thing"), function).__doc__.split())
        assert "color (Color | Unset): The color to use." in said
        assert "trace (str | Unset): The trace it belongs to." in said
    source = Path(str(package("models.new_thing").__file__)).read_text()
    assert re.search(r'size: int \| Unset = UNSET\n    """ ?How large it is\. ?"""\n', source)
    assert re.search(r'color: Color \| Unset = UNSET\n    """ ?How it looks\. ?"""\n', source)


# -- what is refused

HERE = "  # here"
"""Ends the line that the message names."""


def thing(schema: str) -> str:
    """A description whose answer has this schema."""
    return f"{START}{GET}{SCHEMAS}    Thing:\n{schema}\n"


REFUSED = {
    "deepObject": (
        listing("\n          {name: filter, in: query, schema: {type: object},\n          style: deepObject}  # here"),
        "the style `form` is sent: leave `style` out",
    ),
    "style of an array": (
        listing("{name: id, in: query, schema: {type: array}, style: pipeDelimited}  # here"),
        "the style `form` is sent: leave `style` out",
    ),
    "explode": (
        listing("{name: id, in: query, schema: {type: array}, explode: false}  # here"),
        "each value is sent as a parameter: leave it out, or `type: string`",
    ),
    "content of a parameter": (
        listing("{name: filter, in: query, content: {application/json: {schema: {}}}}  # here"),
        "`content` has no effect .* `schema: {type: string}`",
    ),
    "list in a header": (
        listing("{name: ids, in: header, schema: {type: array}}  # here"),
        "in header, it would be sent as Python writes it: write `type: string`",
    ),
    "truth value in a path": (
        GET.replace("schema: {type: string}}", "schema: {type: boolean}}  # here"),
        "in path, it would be sent as Python writes it",
    ),
    "object in a query": (
        listing("{name: point, in: query, schema: {properties: {x: {}}, type: object}}  # here"),
        "in query, it would be sent as Python writes it",
    ),
    "list of lists in a query": (
        listing("{name: ids, in: query, schema: {type: array, items: {type: array}}}  # here"),
        "in query, it would be sent as Python writes it",
    ),
    "time in a path": (
        GET.replace("schema: {type: string}}", "schema: {type: string, format: date-time}}  # here"),
        "in path, it would be sent as Python writes it",
    ),
    "parameter of a taken name": (
        listing("{name: params, in: query, schema: {type: string}}  # here"),
        "the generated code has its own 'params': leave it out",
    ),
    "cookie": (listing("{name: session, in: cookie, schema: {type: string}}  # here"), "the caller sets it"),
    "no responses": ("  /things:\n    get:  # here\n      operationId: a\n", "no response of a 2xx status"),
    "only a failure": (
        '  /things:\n    get:  # here\n      operationId: a\n      responses: {"404": {description: No.}}\n',
        "no response of a 2xx status",
    ),
    "no operationId": (GET.replace("    get:", "    get:  # here").replace("operationId", "x-id"), "write one such as"),
    "operationId in capitals": (
        GET.replace("    get:", "    get:  # here").replace("get_thing", "getThing"),
        "'getThing' is no name of a module",
    ),
    "body of a form": (
        POST.replace("        content: {application/json: {", "        content: {multipart/form-data: {")
        .replace("NewThing", "Thing")
        .replace("}}}\n", "}}}  # here\n"),
        "only JSON is sent: write `application/json`",
    ),
    "answer of any type": (
        GET.replace('{$ref: "#/components/schemas/Thing"}}}', "{}}}  # here"),
        "not read: if any JSON, write `anyOf`",
    ),
    "servers of a path": (
        GET.replace("    get:", "    servers: [{url: http://elsewhere}]  # here\n    get:"),
        "`servers` has no effect .* the caller chooses",
    ),
}
SCHEMAS_REFUSED = {
    "type": ("      type: strng  # here", "'strng'"),
    "keyword": (
        "      type: object\n      propertees: {}  # here",
        "`propertees` has no effect on the client: correct it",
    ),
    "nullable": ("      type: string\n      nullable: true  # here", "`type: .*null"),
    "prefixItems": ("      type: array\n      prefixItems: [{type: string}]  # here", "`items: {anyOf"),
    "discriminator": (
        "      oneOf: [{type: object}]\n      discriminator: {propertyName: a}  # here",
        "tried in order",
    ),
    "closed object": (
        "      type: object\n      additionalProperties: false  # here",
        "unknown fields would be dropped",
    ),
    "required": (
        "  # here\n      required: [idd]\n      properties: {id: {type: string}}",
        "no field has the name 'idd'",
    ),
    "fields beside anyOf": (
        "      properties: {id: {type: string}}\n      anyOf: [{properties: {a: {}}}]  # here",
        "what stands beside `anyOf` is dropped: write it in each member",
    ),
    "anyOf beside oneOf": (
        "      anyOf: [{type: string}]\n      oneOf: [{type: string}]  # here",
        "is dropped: write it in each member",
    ),
    "two meanings of a field": (
        "      allOf:\n        - properties: {a: {type: string}}\n        - properties: {a: {type: integer}}  # here",
        "another part of `allOf` has another 'a': write it once",
    ),
    "keyword beside a $ref": (
        '      properties: {a: {$ref: "#/components/schemas/Thing", required: [b]}}  # here',
        "beside .ref: write `allOf`",
    ),
    "deep $ref": (
        '      properties:\n        a: {}\n        b: {$ref: "#/components/schemas/Thing/properties/a"}  # here',
        "a .ref leads to a schema under components/schemas: give this one a name there",
    ),
    "$ref to another file": ('      properties: {a: {$ref: "other.yaml#/A"}}  # here', "leads nowhere"),
    "$ref in a circle": ('      allOf: [{$ref: "#/components/schemas/Thing"}]  # here', "in a circle"),
    "union whose first member takes all": (
        "  # here\n      oneOf: [{properties: {a: {}}}, {properties: {b: {}}, required: [b]}]",
        "without required fields takes every object: write it last",
    ),
    "mixed enum": ("  # here\n      enum: [1, a]", "Enum values must all be the same type"),
}
REFUSED_TEXTS = {
    **{name: (START + paths + PLAIN, said) for name, (paths, said) in REFUSED.items()},
    **{
        name: (thing(schema).replace("\n  # here", "  # here"), said)
        for name, (schema, said) in SCHEMAS_REFUSED.items()
    },
    "sent and received": (
        f"{START}{GET}{POST.replace('NewThing', 'Thing')}{SCHEMAS}    Thing:  # here\n      properties: {{id: {{}}}}\n",
        "requests leave a missing field out, .* describe both",
    ),
}


@pytest.mark.parametrize("construct", REFUSED_TEXTS)
def test_it_is_refused_with_its_line_and_what_to_write(
    construct: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, message = REFUSED_TEXTS[construct]
    path = tmp_path / "api.yaml"
    path.write_text(text)
    monkeypatch.setattr(sys, "argv", ["codegen", "--openapi", str(path), "--output", str(tmp_path / "made")])
    assert main() == 2
    out, said = capsys.readouterr()
    assert out == ""
    [line] = [number for number, content in enumerate(text.splitlines(), 1) if content.endswith(HERE)]
    assert re.fullmatch(rf"generate: {re.escape(str(path))}:{line}: /\S*: .*{message}.*\n", said)
    assert [entry.name for entry in tmp_path.iterdir()] == ["api.yaml"]
