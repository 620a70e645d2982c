"""What a schema allows, however it is written.

References are followed and `allOf` is merged. The alternatives of `anyOf` and `oneOf` are combined into one shape.
OpenAPI 3.0's `nullable` is the type null.
"""

import json
from functools import reduce
from itertools import product
from typing import Any

from attrs import field, frozen

from scripts.drift.document import Document, Part

_NAMES = ("object", "array", "string", "number", "integer", "boolean", "null")
TYPES: dict[type, str] = dict(zip((dict, list, str, float, int, bool, type(None)), _NAMES, strict=True))
"""JSON's name of each type."""
_ALL = frozenset(_NAMES)
LIMITS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("format", "pattern", "minLength", "maxLength"), frozenset({"string"})),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), frozenset({"number", "integer"})),
    **dict.fromkeys(("minItems", "maxItems", "uniqueItems", "prefixItems"), frozenset({"array"})),
    **dict.fromkeys(("additionalProperties", "dependentRequired"), frozenset({"object"})),
    **dict.fromkeys(("not", "default", "deprecated"), _ALL),
}
"""The keywords that limit a value, each with the types that it applies to."""


@frozen
class Shape:
    """Everything that a value may be: the alternatives of its schema, combined.

    Attributes:
        pointer: The schema's place.
        types: The allowed types.
        fields: The schemas of each field, one for each alternative that describes it.
        field_owners: The component that a field is named after: that of the first alternative that describes it.
        fields_name: The component that a field which is missing here would be named after.
        fields_pointer: The place where such a field would be.
        required: The fields that every alternative requires.
        items: The schemas of a list's items, one for each alternative that describes them.
        listed: The values of every `enum` and `const`, each with the place and the component of its list.
        open: Whether strings outside the lists are allowed.
        limits: The limits that hold in every alternative.
        objects: How many alternatives have fields of their own.
    """

    pointer: str
    types: frozenset[str]
    fields: dict[str, list[Part]]
    field_owners: dict[str, str | None]
    fields_name: str | None
    fields_pointer: str
    required: frozenset[str]
    items: list[Part]
    listed: dict[str, tuple[str, str | None]]
    open: bool
    limits: dict[str, Any]
    objects: int

    @property
    def anything(self) -> bool:
        """Whether any value is allowed, and nothing is described."""
        return self.types == _ALL and not self.fields

    @property
    def type_names(self) -> str:
        """The allowed types as text; an integer is not named beside number, which includes it."""
        if self.types == _ALL:
            return "any"
        implied = {"integer"} if "number" in self.types else set[str]()
        return "|".join(name for name in _NAMES if name in self.types - implied)


def shape_of(document: Document, schemas: list[Part]) -> Shape:
    """What the schemas allow, as if they were alternatives of one."""
    alternatives = [alternative for schema in schemas for alternative in _alternatives(document, schema, None, ())]
    if not alternatives:
        raise document.error(schemas[0], "no value can satisfy this schema")
    return _combined(alternatives)


def value_text(value: Any) -> str:
    """A value of a document as text."""
    return "none" if value is None else value if isinstance(value, str) else json.dumps(value)


@frozen
class _Alternative:
    """A schema without references and compositions.

    Attributes:
        pointer: Its place.
        name: The component that it comes from.
        types: The allowed types.
        values: The allowed values, if they are listed.
        values_pointer: The place of their list.
        fields: The schema of each field.
        required: The required fields.
        items: The schema of a list's items.
        limits: The limits, by keyword.
    """

    pointer: str
    name: str | None = None
    types: frozenset[str] = _ALL
    values: tuple[Any, ...] | None = None
    values_pointer: str = ""
    fields: dict[str, Part] = field(factory=dict[str, Part])
    required: frozenset[str] = frozenset()
    items: Part | None = None
    limits: dict[str, Any] = field(factory=dict[str, Any])

    def __and__(self, other: "_Alternative") -> "_Alternative":
        """What satisfies both, as with `allOf`."""
        values = self.values if other.values is None else other.values
        if self.values is not None and other.values is not None:
            values = tuple(value for value in self.values if value in other.values)
        return _Alternative(
            pointer=self.pointer if self.fields or not other.fields else other.pointer,
            name=self.name or other.name,
            types=self.types & other.types,
            values=values,
            values_pointer=self.values_pointer or other.values_pointer,
            fields={**self.fields, **other.fields},
            required=self.required | other.required,
            items=self.items or other.items,
            limits={**self.limits, **other.limits},
        )


def _combined(alternatives: list[_Alternative]) -> Shape:
    objects = [alternative for alternative in alternatives if "object" in alternative.types]
    described = [alternative for alternative in objects if alternative.fields]
    fields: dict[str, list[Part]] = {}
    owners: dict[str, str | None] = {}
    for alternative in described:
        for name, part in alternative.fields.items():
            fields.setdefault(name, []).append(part)
            owners.setdefault(name, alternative.name)
    listed: dict[str, tuple[str, str | None]] = {}
    for alternative in alternatives:
        for value in alternative.values or ():
            listed.setdefault(value_text(value), (alternative.values_pointer, alternative.name))
    return Shape(
        pointer=alternatives[0].pointer,
        types=frozenset[str]().union(*(alternative.types for alternative in alternatives)),
        fields=fields,
        field_owners=owners,
        fields_name=described[0].name if described else None,
        fields_pointer=(described or alternatives)[0].pointer,
        required=reduce(frozenset[str].intersection, (one.required for one in objects)) if objects else frozenset(),
        items=[alternative.items for alternative in alternatives if alternative.items is not None],
        listed=listed,
        open=any("string" in alternative.types and alternative.values is None for alternative in alternatives),
        limits=_common_limits(alternatives),
        objects=len({frozenset(alternative.fields) for alternative in described}),
    )


def _common_limits(alternatives: list[_Alternative]) -> dict[str, Any]:
    """The limits that hold in every alternative that allows a type they apply to."""
    found: dict[str, Any] = {}
    for key, types in LIMITS.items():
        limits = [alternative.limits.get(key) for alternative in alternatives if types & alternative.types]
        if limits and all(limit == limits[0] for limit in limits):
            found[key] = limits[0]
    return found


def _alternatives(document: Document, schema: Part, name: str | None, around: tuple[str, ...]) -> list[_Alternative]:
    """The alternatives of a schema; `around` are the schemas that led here, by which a circle is found."""
    if schema.pointer in around:
        raise document.error(schema, "the $ref leads in a circle")
    if isinstance(schema.value, bool):
        return [_Alternative(schema.pointer)] if schema.value else []
    document.mapping(schema)
    name = name or _component_name(schema)
    inside = (*around, schema.pointer)
    # A value must satisfy one alternative of each entry.
    all_of = [[_own(document, schema, name)]]
    for keyword, parts in document.made_of(schema).items():
        inner = [_alternatives(document, part, name, inside) for part in parts]
        all_of.extend(inner if keyword in ("$ref", "allOf") else [[one for some in inner for one in some]])
    found = [reduce(_Alternative.__and__, combination) for combination in product(*all_of)]
    found = [alternative for alternative in found if alternative.types]
    if schema.value.get("nullable") is True:
        found.append(_Alternative(schema.pointer, name, frozenset({"null"})))
    return found


def _own(document: Document, schema: Part, name: str | None) -> _Alternative:
    """What the schema itself says, without what it refers to."""
    value: dict[str, Any] = schema.value
    values, values_pointer = None, ""
    if "enum" in value:
        values, values_pointer = tuple(document.sequence(schema["enum"]).value), f"{schema.pointer}/enum"
    elif "const" in value:
        values, values_pointer = (value["const"],), f"{schema.pointer}/const"
    fields = dict(document.mapping(schema["properties"]).items()) if "properties" in value else {}
    required = document.sequence(schema["required"]).value if "required" in value else ()
    return _Alternative(
        pointer=schema.pointer,
        name=name,
        types=_own_types(document, schema, values),
        values=values,
        values_pointer=values_pointer,
        fields=fields,
        required=frozenset(map(str, required)),
        items=schema["items"] if "items" in value else None,
        limits={key: value[key] for key in LIMITS if key in value and _is_limit(key, value[key])},
    )


def _is_limit(key: str, value: Any) -> bool:
    return value is False if key == "additionalProperties" else not (key == "uniqueItems" and value is False)


def _own_types(document: Document, schema: Part, values: tuple[Any, ...] | None) -> frozenset[str]:
    stated = schema.value.get("type")
    if stated is not None:
        names = frozenset([stated] if isinstance(stated, str) else map(str, document.sequence(schema["type"]).value))
        if unknown := names - _ALL:
            raise document.error(schema["type"], f"there is no type {', '.join(map(repr, unknown))}")
    elif values is not None:
        names = frozenset(TYPES.get(type(value), "string") for value in values)  # YAML has dates
    elif "properties" in schema:
        names = frozenset({"object"})
    else:
        names = _ALL
    return names | {"integer"} if "number" in names else names


def _component_name(schema: Part) -> str | None:
    """The component's name, if the schema is a component that describes something.

    A component that only means free-form JSON gives no name: its fields are named after the place where it is used.
    """
    prefix, _, name = schema.pointer.rpartition("/")
    describes = any(key in schema.value for key in ("properties", "allOf", "enum"))
    return name if prefix == "/components/schemas" and describes else None
