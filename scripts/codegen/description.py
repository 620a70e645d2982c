"""Reads openapi.yaml, and translates it for the generator or refuses it.

The generator drops much of what it doesn't know without a word. So it is given only what it gets right: the translation
copies the keywords that are listed here, and any other keyword is an error that names its line and what to write.
"""

import json
import textwrap
from pathlib import Path
from typing import Any

from attrs import evolve
from jsonschema import ValidationError
from openapi_python_client.strings import PythonIdentifier
from openapi_spec_validator import OpenAPIV31SpecValidator

from scripts.drift.document import Document, DocumentError, Part, read

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
    *("maxProperties", "propertyNames", "dependentRequired", "not", "$comment"),
}
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
OPERATION = {"operationId", "tags", "summary", "description", "security", "deprecated", "externalDocs", "callbacks"}
PARAMETER = {"name", "in", "required", "description", "deprecated", "example", "examples", "schema", "style", "explode"}
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


class GenerationError(Exception):
    """Why nothing was generated, in words for the person who ran the command."""


def load(source: Path) -> Document:
    """Read and validate the description.

    Raises:
        DocumentError: If the file cannot be read, or is not a valid description.
    """
    document = read(source)
    # A status may be written as a number.
    document = evolve(document, contents=json.loads(json.dumps(document.contents, default=str)))
    document.check_references()
    try:
        problems = list(OpenAPIV31SpecValidator(document.contents).iter_errors())
    except ValidationError as error:
        problems = [error]
    except Exception as error:  # the validator lets any exception of its reference resolver through
        raise DocumentError(f"{source}: {one_line(error)}") from error
    for problem in problems:
        raise document.error(place_of(document, problem), one_line(problem.message.partition("\n\n")[0]))
    return document


def place_of(document: Document, problem: ValidationError) -> Part:
    """The part of the document that is wrong; the validator tells its place only within the innermost schema."""
    end = "".join(f"/{key}" for key in problem.absolute_path)
    pending = [document.root]
    for part in pending:
        if part.value is problem.instance and part.pointer.endswith(end):
            return part
        if isinstance(part.value, dict | list):
            pending.extend(
                part[key] for key in (part.value if isinstance(part.value, dict) else range(len(part.value)))
            )
    return document.root


def for_generator(document: Document) -> dict[str, Any]:
    """The description as the generator gets it right.

    Raises:
        DocumentError: If a part of it can't be translated.
    """
    return _Translation(document).result()


class _Translation:
    """Translates the operations, and the schemas that they use.

    In answers, an optional field becomes nullable and required, and `x-optional` lists it: the overrides see to it that a
    missing one reads as None, or as {} for a JSON object, instead of as the generator's UNSET.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.error = document.error
        self.schemas: dict[str, dict[bool, dict[str, Any]]] = {}
        """The schemas by their names, translated for requests (False) or answers (True)."""

    def result(self) -> dict[str, Any]:
        contents = self.document.contents
        paths = {
            path: {method: self.operation(item, item[method]) for method in METHODS if method in item}
            for path, reference in self.document.root["paths"].items()
            for item in [self.document.resolved(reference)]
        }
        for name, translations in self.schemas.items():
            if len(translations) > 1 and translations[True] != translations[False]:
                place = self.document.root["components"]["schemas"][name]
                raise self.error(
                    place,
                    "sent and received, but a missing field is left out of requests and None in answers: describe it "
                    "twice, under two names",
                )
        schemas = {name: next(iter(self.schemas[name].values())) for name in sorted(self.schemas)}
        return {
            "openapi": contents["openapi"],
            "info": contents["info"],
            "paths": paths,
            "components": {"schemas": schemas},
        }

    def operation(self, item: Part, operation: Part) -> dict[str, Any]:
        self.known(item, {*METHODS, "parameters", "summary", "description", "$ref"})
        self.known(operation, {*OPERATION, "parameters", "requestBody", "responses"})
        name = operation.value.get("operationId", "")
        if not name or name != PythonIdentifier(name, ""):
            raise self.error(operation, f"the operationId {name!r} is no name of a module: write one such as `get_run`")
        if not any(status.startswith("2") for status in map(str, operation.value.get("responses", ()))):
            raise self.error(operation, "no response of a 2xx status: write what the server answers if all is well")
        parameters = {
            (parameter.value["in"], parameter.value["name"]): self.parameter(parameter)
            for holder in (item, operation)
            if "parameters" in holder
            for parameter in map(self.document.resolved, holder["parameters"])
        }
        responses = {status: self.response(status, part) for status, part in operation["responses"].items()}
        translated = {key: value for key, value in operation.value.items() if key in OPERATION - {"callbacks"}}
        translated["parameters"] = list(parameters.values())
        translated["responses"] = {status: part for status, part in responses.items() if status.startswith("2")}
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
        value, schema = parameter.value, parameter["schema"]
        place = value["in"]
        types = self.types(schema)
        many = bool(types & {"array", "object"})
        if place == "cookie":
            raise self.error(parameter, "a cookie is not sent: the caller sets it on the HTTP client")
        if place != "query" and (many or types & {"boolean", "date-time"}):
            raise self.error(parameter, f"in {place}, only texts and numbers are sent: write `type: string`")
        if value.get("style", "form") != "form" and place == "query":
            raise self.error(parameter["style"], "a query is sent in the style `form`: leave `style` out")
        if value.get("style", "simple") != "simple" and place != "query":
            raise self.error(parameter["style"], f"a {place} is sent in the style `simple`: leave `style` out")
        if many and not value.get("explode", True):
            raise self.error(
                parameter["explode"],
                "each value is sent as a parameter of its own: leave `explode` out, or write `type: string` and let "
                "the caller join the values",
            )
        return {**value, "schema": self.schema(schema, answer=False)}

    def types(self, schema: Part) -> set[str]:
        """The types and formats that the schema allows at its top."""
        kind = schema.value.get("type", [])
        found = {schema.value.get("format", ""), *([kind] if isinstance(kind, str) else kind)}
        return found.union(*(self.types(part) for parts in self.document.made_of(schema).values() for part in parts))

    def response(self, status: str, reference: Part) -> dict[str, Any]:
        response = self.document.resolved(reference)
        content: dict[str, Any] = {}
        for kind, media in response["content"].items() if "content" in response else ():
            translated = self.schema(media["schema"], answer=True) if "schema" in media else {}
            if status.startswith("2") and SHAPING.isdisjoint(translated):
                raise self.error(
                    media, "an answer without a type is not read: write `anyOf` with all types if it is any JSON"
                )
            content[kind] = {"schema": translated}
        return {"description": response.value.get("description", ""), "content": content}

    def schema(self, schema: Part, *, answer: bool) -> dict[str, Any]:
        keywords, fields, required = self.merged(schema)
        described = {key: value for key, value in schema.value.items() if key in ("title", "description")}
        if "$ref" in keywords:
            return {**self.reference(keywords["$ref"], answer=answer), **described}
        for union in ("anyOf", "oneOf"):
            if union in keywords and (fields or {"anyOf", "oneOf"} <= {*keywords}):
                if any(not {*SHAPING}.isdisjoint({*member.value} - {"required"}) for member in keywords[union]):
                    raise self.error(
                        keywords[union], f"the fields beside `{union}` are dropped: write them in each member"
                    )
                del keywords[union]
        translated = described | {key: part.value for key, part in keywords.items()}
        for key in ("anyOf", "oneOf"):
            if key in keywords:
                translated[key] = [self.schema(member, answer=answer) for member in keywords[key]]
        if translated.get("type") == "array" or "items" in keywords:
            translated["items"] = self.schema(keywords["items"], answer=answer) if "items" in keywords else {}
        if others := translated.get("additionalProperties"):
            translated["additionalProperties"] = (
                others if others is True else self.schema(keywords["additionalProperties"], answer=answer)
            )
        elif others is False:
            raise self.error(keywords["additionalProperties"], "unknown fields would be dropped: leave it out")
        if unknown := required - {*fields}:
            raise self.error(
                schema,
                f"no field has the name {min(unknown)!r}, which is required: write it or leave it out",
            )
        if fields:
            optional = [name for name in fields if name not in required] if answer else []
            translated["properties"] = {
                name: self.nullable(field) if name in optional else self.schema(field, answer=answer)
                for name, field in fields.items()
            }
            translated["required"] = [name for name in fields if answer or name in required]
            translated["x-optional"] = optional
        return translated

    def merged(self, schema: Part) -> tuple[dict[str, Part], dict[str, Part], set[str]]:
        """The keywords, fields and required fields of a schema, with those of the parts of its `allOf`."""
        self.known(schema, SHAPING | WITHOUT_EFFECT)
        keywords = {key: part for key, part in schema.items() if key in SHAPING}
        if "$ref" in keywords:
            if len(keywords) > 1:
                raise self.error(schema, "only a description has an effect beside $ref: write `allOf` with both")
            return keywords, {}, set()
        parts = list(keywords.pop("allOf", ()))
        if len(parts) == 1 and "$ref" in parts[0] and not keywords:
            return self.merged(parts[0])
        fields = dict(keywords.pop("properties").items()) if "properties" in keywords else {}
        required = {*keywords.pop("required").value} if "required" in keywords else set[str]()
        inherited: tuple[dict[str, Part], dict[str, Part]] = {}, {}
        for part in parts:
            merged, theirs, needed = self.merged(self.document.resolved(part))
            required |= needed
            for ours, news in zip(inherited, (merged, theirs), strict=True):
                self.add(ours, news)
        for ours, news in zip(inherited, (keywords, fields), strict=True):
            self.add(ours, news)
        return *inherited, required

    def add(self, ours: dict[str, Part], news: dict[str, Part]) -> None:
        for name, part in news.items():
            if name in ours and ours[name].value != part.value:
                raise self.error(part, f"another part of `allOf` has another {name!r}: write it once")
            ours[name] = part

    def reference(self, reference: Part, *, answer: bool) -> dict[str, Any]:
        place, _, name = str(reference.value).rpartition("/")
        if place != "#/components/schemas":
            raise self.error(reference, "a $ref leads to a schema under components/schemas: give this one a name there")
        translations = self.schemas.setdefault(name, {})
        if answer not in translations:
            translations[answer] = {"properties": {}}  # what it may refer to is no JSON object
            target = self.document.root["components"]["schemas"][name]
            translations[answer] = self.schema(target, answer=answer)
        return {"$ref": reference.value}

    def nullable(self, field: Part) -> dict[str, Any]:
        """The schema of a field that may also be missing, which reads as null, or as {} for a JSON object."""
        translated = self.schema(field, answer=True)
        shape = translated
        while "$ref" in shape:
            shape = self.schemas[shape["$ref"].rpartition("/")[2]][True]
        if SHAPING.isdisjoint(shape) or is_free_form(shape):
            return translated
        described = {"description": translated["description"]} if "description" in translated else {}
        return {"anyOf": [*(translated.get("anyOf") or [translated]), {"type": "null"}], **described}

    def known(self, part: Part, keywords: set[str]) -> None:
        """Refuse any other keyword."""
        for keyword, inner in self.document.mapping(part).items():
            if keyword not in keywords and not keyword.startswith("x-"):
                instead = INSTEAD.get(keyword, "correct it, or say it in the description")
                raise self.error(inner, f"`{keyword}` has no effect on the client: {instead}")


def is_free_form(schema: dict[str, Any]) -> bool:
    """Whether the schema is any JSON object."""
    return (
        schema.get("type") == "object"
        and {*schema} & SHAPING <= {"type", "additionalProperties"}
        and (schema.get("additionalProperties", True) in (True, {}))
    )


def one_line(text: object) -> str:
    """The start of the text on one line, because the validator's messages quote whole documents."""
    return textwrap.shorten(str(text), 500, placeholder=" ...")
