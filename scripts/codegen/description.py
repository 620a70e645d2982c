"""Reads openapi.yaml, and translates it for the generator or refuses it.

The generator drops much of what it doesn't know without a word. So it is given only what it gets right: the translation
copies the keywords that are listed here, and any other keyword is an error that names its line and what to write.
"""

import json
import textwrap
from functools import reduce
from pathlib import Path
from typing import Any

from attrs import evolve
from jsonschema import ValidationError
from openapi_python_client.strings import PythonIdentifier
from openapi_spec_validator import OpenAPIV31SpecValidator

from scripts import CommandError
from scripts.drift.document import Document, Part, read
from scripts.drift.operations import METHODS
from scripts.drift.shapes import TYPES

# Copied as they are, or translated in their own way.
SHAPING = {
    *("$ref", "type", "format", "enum", "const", "items", "properties", "required", "additionalProperties"),
    *("allOf", "anyOf", "oneOf"),
}
# Without effect on the code: a client validates nothing, and leaves defaults to the server.
WITHOUT_EFFECT = {
    *("title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly", "externalDocs"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern"),
    *("minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains", "minProperties"),
    *("maxProperties", "propertyNames", "dependentRequired", "not", "$comment", "contentMediaType", "contentSchema"),
}
OPERATION = {"operationId", "tags", "summary", "description", "security", "deprecated", "externalDocs", "callbacks"}
PARAMETER = {"name", "in", "required", "description", "deprecated", "example", "examples", "schema", "style", "explode"}
TAKEN = {
    *("body", "params", "headers", "additional_properties", "additional_keys", "to_dict", "from_dict", "keys", "get"),
    *("d", "cls", "src_dict", "field_dict"),
}
"""Names that the generated functions use themselves."""
INSTEAD = {
    "$defs": "name the schema under components/schemas",
    "content": "describe the text that is sent by `schema: {type: string}`, and let the caller encode it",
    "discriminator": "leave it out: the members are tried in order, so give each the `required` fields that tell it",
    "nullable": 'write `type: [..., "null"]`, or `anyOf` with `{type: "null"}`',
    "patternProperties": "write `additionalProperties` with the schema of the values",
    "prefixItems": "write `items: {anyOf: [...]}`",
    "servers": "leave it out: the caller chooses the server",
}
"""What to write in place of a keyword that the generator doesn't know."""


class GenerationError(CommandError):
    """Why nothing was generated."""


def load(source: Path) -> Document:
    """Read and validate the description."""
    document = read(source)
    # A status may be written as a number.
    document = evolve(document, contents=json.loads(json.dumps(document.contents, default=str)))
    document.check_references()
    for problem in OpenAPIV31SpecValidator(document.contents).iter_errors():
        raise document.error(place_of(document, problem), one_line(problem.message.partition("\n\n")[0]))
    return document


def place_of(document: Document, problem: ValidationError) -> Part:
    """The part that is wrong.

    The validator tells only the place in a schema, if that is wrong, and only a path's name, if an operation is.
    """
    if problem.instance == document.contents:
        return reduce(Part.__getitem__, problem.absolute_path, document.root)
    end = "".join(f"/{key}" for key in problem.absolute_path)
    pending = [document.root]
    for part in pending:
        if part.value is problem.instance and part.pointer.endswith(end):
            return part
        if isinstance(part.value, list | dict):
            pending.extend([*part] if isinstance(part.value, list) else [inner for _, inner in part.items()])
    named = (part for path, part in document.root["paths"].items() if f"'{path}'" in problem.message)
    return next(named, document.root)


def for_generator(document: Document) -> dict[str, Any]:
    """The description as the generator gets it right."""
    translation = _Translation(document)
    paths = {
        path: {method: translation.operation(item, item[method]) for method in METHODS if method in item}
        for path, reference in document.root["paths"].items()
        for item in [document.resolved(reference)]
    }
    return {**document.contents, "paths": paths, "components": {"schemas": translation.components()}}


class _Translation:
    """Translates operations, and the schemas that they use.

    In answers, an optional field becomes nullable and required, and `x-optional` lists it: the overrides see to it that
    a missing one reads as None, or as {} for a JSON object, instead of as the generator's UNSET.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.error = document.error
        self.schemas: dict[str, dict[bool, dict[str, Any]]] = {}
        """The named schemas, translated for requests (False) or answers (True)."""

    def components(self) -> dict[str, Any]:
        for name, translations in self.schemas.items():
            if len(translations) > 1 and translations[True] != translations[False]:
                part = self.document.root["components"]["schemas"][name]
                raise self.error(
                    part, "requests leave a missing field out, answers have None: describe both, by two names"
                )
        return {
            name: next(iter(translations.values())) | ({"x-answer": True} if [*translations] == [True] else {})
            for name, translations in sorted(self.schemas.items())
        }

    def operation(self, item: Part, operation: Part) -> dict[str, Any]:
        self.known(item, {*METHODS, "parameters", "summary", "description", "$ref"})
        self.known(operation, {*OPERATION, "parameters", "requestBody", "responses"})
        name = operation.value.get("operationId", "")
        if not name or name != PythonIdentifier(name, ""):
            raise self.error(operation, f"the operationId {name!r} is no name of a module: write one such as `get_run`")
        references = dict(operation["responses"].items()) if "responses" in operation else {}
        responses = {status: self.response(part, status) for status, part in references.items()}
        successes = {status: response for status, response in responses.items() if status.startswith("2")}
        if not successes:
            raise self.error(operation, "no response of a 2xx status: write what the server answers if all is well")
        holders = [holder["parameters"] for holder in (item, operation) if "parameters" in holder]
        parameters = [self.parameter(self.document.resolved(part)) for holder in holders for part in holder]
        translated = {
            **{key: value for key, value in operation.value.items() if key in OPERATION},
            "parameters": [*{(one["in"], one["name"]): one for one in parameters}.values()],
            "responses": successes,
        }
        if "requestBody" in operation:
            body = self.document.resolved(operation["requestBody"])
            for kind, media in body["content"].items():
                if kind != "application/json" or "schema" not in media:
                    raise self.error(media, "only JSON is sent: write `application/json`, with a schema")
                content = {kind: {"schema": self.schema(media["schema"], answer=False)}}
                translated["requestBody"] = {**body.value, "content": content}
        return translated

    def parameter(self, parameter: Part) -> dict[str, Any]:
        self.known(parameter, PARAMETER)
        value, schema, place = parameter.value, parameter["schema"], parameter.value["in"]
        types, style = self.types(schema), "form" if place == "query" else "simple"
        self.free(value["name"], parameter)
        if place == "cookie":
            raise self.error(parameter, "no cookie is sent: the caller sets it on the HTTP client")
        if value.get("style", style) != style:
            raise self.error(parameter["style"], f"in {place}, the style `{style}` is sent: leave `style` out")
        if types & ({"object", "list of object"} if place == "query" else {"object", "array", "boolean", "date-time"}):
            raise self.error(parameter, f"in {place}, it would be sent as Python writes it: write `type: string`")
        if "array" in types and not value.get("explode", True):
            raise self.error(parameter["explode"], "each value is sent as a parameter: leave it out, or `type: string`")
        return {**value, "schema": self.schema(schema, answer=False)}

    def types(self, schema: Part) -> set[str]:
        """The types and formats that a parameter's schema allows."""
        types = schema.value.get("type", [])
        found = {schema.value.get("format", ""), *([types] if isinstance(types, str) else types)}
        if "items" in schema:
            found |= {f"list of {'object' if kind == 'array' else kind}" for kind in self.types(schema["items"])}
        return found.union(*(self.types(part) for parts in self.document.made_of(schema).values() for part in parts))

    def response(self, reference: Part, status: str) -> dict[str, Any]:
        response = self.document.resolved(reference)
        content: dict[str, Any] = {}
        for kind, media in response["content"].items() if "content" in response else ():
            schema = self.value(media["schema"], answer=True) if "schema" in media else {}
            if status.startswith("2") and SHAPING.isdisjoint(schema):
                raise self.error(
                    media, "an answer without a type is not read: if any JSON, write `anyOf` with all types"
                )
            content[kind] = {"schema": schema}
        return {"description": response.value["description"], "content": content}

    def value(self, schema: Part, *, answer: bool) -> dict[str, Any]:
        """The schema; in answers an `enum` is open, since the next server may send another value.

        A `const` is not: it may be what tells the members of a union apart.
        """
        translated = self.schema(schema, answer=answer)
        shape = self.shape(translated)
        if not answer or "enum" not in shape:
            return translated
        described = {"description": translated["description"]} if "description" in translated else {}
        kinds = shape.get("type") or sorted({TYPES.get(type(value), "string") for value in shape["enum"]})
        return {"anyOf": [translated, {"type": kinds}], **described}

    def schema(self, schema: Part, *, answer: bool) -> dict[str, Any]:
        keywords, required = self.merged(schema)
        if schema.value.get("x-free-form"):  # typed for readers; callers send any object
            return {"type": "object", "additionalProperties": True}
        fields = {key[1:]: keywords.pop(key) for key in [*keywords] if key.startswith("/")}
        described = {key: value for key, value in schema.value.items() if key in ("title", "description")}
        if "$ref" in keywords:
            return {**self.reference(keywords["$ref"], answer=answer), **described}
        unions = [key for key in ("anyOf", "oneOf") if key in keywords]
        for key in [*unions] if fields else unions[1:]:
            # Which fields go together is no concern of the code.
            if any({*member.value} & (SHAPING - {"required"}) for member in keywords[key]):
                raise self.error(keywords[key], f"what stands beside `{key}` is dropped: write it in each member")
            unions.remove(key)
            del keywords[key]
        translated = described | {key: part.value for key, part in keywords.items()}
        translated |= {key: [self.schema(one, answer=answer) for one in keywords[key]] for key in unions}
        # A JSON object or null: null reads as {}, as a missing one does.
        if answer and unions and translated[unions[0]][1:] == [{"type": "null"}]:
            [one, _] = translated[unions[0]]
            if is_free_form(self.shape(one)):
                return {**one, **described}
        if answer and translated.get("type") == ["object", "null"] and is_free_form(translated | {"type": "object"}):
            translated["type"] = "object"
        objects = [
            one
            for key in unions
            for one in map(self.shape, translated[key])
            if one.get("type") == "object" or "properties" in one
        ]
        if answer and any({*one.get("required", ())} <= {*one.get("x-optional", ())} for one in objects[:-1]):
            raise self.error(schema, "an earlier member without required fields takes every object: write it last")
        for inner in ("items", "additionalProperties"):
            if inner in keywords and keywords[inner].value is False:
                raise self.error(keywords[inner], "unknown fields would be dropped: leave it out")
            if inner in keywords and keywords[inner].value is not True:
                translated[inner] = self.value(keywords[inner], answer=answer)
        if "array" in translated.get("type", ()):
            translated.setdefault("items", {})
        if unknown := required - {*fields}:
            raise self.error(
                schema, f"no field has the name {min(unknown)!r}, which is required: write it, or leave it out"
            )
        for name, field in fields.items():
            self.free(name, field)
        if fields:
            translated["x-optional"] = optional = [name for name in fields if answer and name not in required]
            translated["required"] = [name for name in fields if answer or name in required]
            translated["properties"] = {name: self.value(field, answer=answer) for name, field in fields.items()}
            for name in optional:
                translated["properties"][name] = self.nullable(translated["properties"][name])
        return translated

    def merged(self, schema: Part) -> tuple[dict[str, Part], set[str]]:
        """The keywords, with the fields as `/name`, and the required fields; those of `allOf` are among them."""
        self.known(schema, SHAPING | WITHOUT_EFFECT)
        own = {key: part for key, part in schema.items() if key in SHAPING - {"allOf", "properties", "required"}}
        parts = [*schema["allOf"]] if "allOf" in schema else []
        if "$ref" in own:
            if {*schema.value} & SHAPING > {"$ref"}:
                raise self.error(schema, "only a description has an effect beside $ref: write `allOf` with both")
            return own, set()
        if len(parts) == 1 and "$ref" in parts[0] and {*schema.value} & SHAPING == {"allOf"}:
            return self.merged(parts[0])
        required = {*schema.value.get("required", ())}
        if "properties" in schema:
            own |= {f"/{name}": field for name, field in schema["properties"].items()}
        found: dict[str, Part] = {}
        for keywords, needed in [*(self.merged(self.document.resolved(part)) for part in parts), (own, required)]:
            for key, part in keywords.items():
                if found.setdefault(key, part).value != part.value:
                    raise self.error(part, f"another part of `allOf` has another {key.lstrip('/')!r}: write it once")
            required |= needed
        return found, required

    def reference(self, reference: Part, *, answer: bool) -> dict[str, Any]:
        place, _, name = reference.value.rpartition("/")
        if place != "#/components/schemas":
            raise self.error(reference, "a $ref leads to a schema under components/schemas: give this one a name there")
        translations = self.schemas.setdefault(name, {})
        if answer not in translations:
            translations[answer] = {"properties": {}, "required": [""]}  # what refers to itself has fields
            target = self.document.root["components"]["schemas"][name]
            translations[answer] = self.schema(target, answer=answer)
        return {"$ref": reference.value}

    def shape(self, schema: dict[str, Any]) -> dict[str, Any]:
        """What the references of a translated schema lead to."""
        while "$ref" in schema:
            schema = next(iter(self.schemas[schema["$ref"].rpartition("/")[2]].values()))
        return schema

    def nullable(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema of a field that may also be missing, which reads as null, or as {} for a JSON object."""
        shape = self.shape(schema)
        if SHAPING.isdisjoint(shape) or is_free_form(shape):
            return schema
        described = {"description": schema["description"]} if "description" in schema else {}
        return {"anyOf": [*schema.get("anyOf", [schema]), {"type": "null"}], **described}

    def free(self, name: str, part: Part) -> None:
        """Refuse a name that the generated code uses itself."""
        if PythonIdentifier(name, "") in TAKEN:
            raise self.error(
                part, f"the generated code has its own {name!r}: leave it out, it can be sent and read as unknown"
            )

    def known(self, part: Part, keywords: set[str]) -> None:
        """Refuse any other keyword."""
        for keyword, inner in self.document.mapping(part).items():
            if keyword not in keywords and not keyword.startswith("x-"):
                instead = INSTEAD.get(keyword, "correct it, or say it in the description")
                raise self.error(inner, f"`{keyword}` has no effect on the client: {instead}")


def is_free_form(schema: dict[str, Any]) -> bool:
    """Whether the schema is any JSON object."""
    shape = {key: value for key, value in schema.items() if key in SHAPING}
    return shape.pop("type", "") == "object" and shape in (
        {},
        {"additionalProperties": True},
        {"additionalProperties": {}},
    )


def one_line(text: object) -> str:
    """The start of the text on one line, because the validator's messages quote whole documents."""
    return textwrap.shorten(str(text), 500, placeholder=" ...")
