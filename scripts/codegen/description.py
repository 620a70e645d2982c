"""Reads openapi.yaml, and puts it into the form from which the generator makes the code that we want."""

import copy
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openapi_spec_validator import OpenAPIV31SpecValidator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from scripts.drift.document import Document, DocumentError


class GenerationError(Exception):
    """Why nothing was generated, in words for the person who ran the command."""


def load(source: Path) -> dict[str, Any]:
    """Read and validate the description.

    Raises:
        GenerationError: If the file cannot be read, or is not a valid description of operations and schemas.
    """
    try:
        document = YAML(typ="safe").load(source)
    except (OSError, YAMLError) as error:
        raise GenerationError(f"{source}: {one_line(error)}") from error
    if not isinstance(document, dict) or "openapi" not in document:
        raise GenerationError(f"{source}: not an OpenAPI document")
    if not document.get("paths"):
        raise GenerationError(f"{source}: it has no paths")
    if not (document.get("components") or {}).get("schemas"):
        raise GenerationError(f"{source}: it has no schemas")
    try:
        Document(str(source), document).check_references()
        errors = [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()]
    except DocumentError as error:
        raise GenerationError(str(error)) from error
    except Exception as error:  # the validator lets any exception of its reference resolver through
        raise GenerationError(f"{source}: {one_line(error)}") from error
    if errors:
        raise GenerationError(f"{source}: {one_line(errors[0])}")
    for operation in operations(document):
        if "operationId" not in operation:
            raise GenerationError(f"{source}: an operation has no operationId: {one_line(operation)}")
    return document


def for_generator(document: dict[str, Any]) -> dict[str, Any]:
    """A copy of the description, changed for the generator.

    - Error responses are left out. The generated functions parse successes, and raise UnexpectedStatus for any other
      status.
    - In the schemas of responses, optional fields become nullable and required. A field that the server left out then
      reads as None, or as {} for a JSON object, instead of as the generator's UNSET.
    """
    schemas = document["components"]["schemas"]
    document = copy.deepcopy(document)
    for operation in operations(document):
        operation["responses"] = {
            status: response for status, response in operation["responses"].items() if status.startswith("2")
        }
    successes = [operation["responses"] for operation in operations(document)]
    for name in sorted(referenced_schemas(successes, document)):
        schema = document["components"]["schemas"][name] = merged(schemas[name], schemas)
        required = schema.get("required", [])
        for field, field_schema in schema.get("properties", {}).items():
            if field not in required:
                schema["properties"][field] = nullable(field_schema)
        if "properties" in schema:
            schema["required"] = list(schema["properties"])
    return document


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every operation of the document."""
    for path in document["paths"].values():
        for method in ("get", "put", "post", "delete", "patch"):
            if method in path:
                yield path[method]


def referenced_schemas(part: Any, document: dict[str, Any]) -> set[str]:
    """The names of the schemas that a part of the document refers to, directly or through other components."""
    names: set[str] = set()
    pending = [part]
    seen: set[str] = set()
    while pending:
        item = pending.pop()
        if isinstance(item, list):
            pending.extend(item)
        elif isinstance(item, dict):
            pending.extend(item.values())
            reference = item.get("$ref")
            if isinstance(reference, str) and reference not in seen:
                seen.add(reference)
                _, _, kind, name = reference.split("/")
                pending.append(document["components"][kind][name])
                if kind == "schemas":
                    names.add(name)
    return names


def merged(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """A copy of the schema in which the parts of `allOf` are one schema."""
    if "allOf" not in schema:
        return copy.deepcopy(schema)
    whole: dict[str, Any] = {"type": "object", "description": schema.get("description", ""), "properties": {}}
    for part in schema["allOf"]:
        resolved = merged(schemas[part["$ref"].rpartition("/")[2]] if "$ref" in part else part, schemas)
        whole["properties"].update(resolved.get("properties", {}))
        whole.setdefault("required", []).extend(resolved.get("required", []))
    return whole


def nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema, which now also allows null. JsonObject stays as it is, since a missing JSON object reads as {}."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    if "$ref" in schema and not schema["$ref"].endswith("/JsonObject"):
        return {"anyOf": [schema, {"type": "null"}]}
    return schema


def one_line(text: object) -> str:
    """The start of the text on one line, because the validator's messages quote whole documents."""
    return textwrap.shorten(str(text), 500, placeholder=" ...")
