"""The documents of tested servers, as they were when these were last examined: `served/PY-0.16.7.json`.

A new server is compared with its predecessor, so that only what has changed is to be decided. What is kept are facts:
the operations that are compared and the schemas that they use, without any text.
"""

import json
from pathlib import Path
from typing import Any

from packaging.version import Version

from scripts.drift.document import Document, Part, read
from scripts.drift.operations import api_operations
from scripts.drift.server import Kind, ServerInfo

SERVED = Path(__file__).with_name("served")
_TEXT = ("description", "title", "summary", "example", "examples", "operationId", "tags", "externalDocs")


def kept(kind: Kind) -> dict[Version, Path]:
    """The files of this kind of server, oldest first."""
    found = {Version(path.stem.removeprefix(f"{kind}-")): path for path in SERVED.glob(f"{kind}-*.json")}
    return dict(sorted(found.items()))


def predecessor(server: ServerInfo) -> Document | None:
    """The newest document that is not newer than the server; the newest of all if the server's version is unknown."""
    newest = server.version
    older = [path for version, path in kept(server.kind).items() if newest is None or version <= newest]
    return read(older[-1]) if older else None


def reduced(document: Document) -> dict[str, Any]:
    """A document with only the operations that are compared, what they refer to, and no text."""
    contents: dict[str, Any] = {"openapi": document.contents["openapi"], "paths": {}}
    if "security" in document.contents:
        schemes = document.contents.get("components", {}).get("securitySchemes", {})
        contents |= {
            "security": document.contents["security"],
            "components": {"securitySchemes": _without_text(schemes)},
        }
    pending: list[Part] = []
    for operation in api_operations(document).values():
        for name in {"parameters", operation.method.lower()} & {*operation.item.value}:
            contents["paths"].setdefault(operation.path, {})[name] = _without_text(operation.item[name].value)
            pending.append(operation.item[name])
    seen: set[str] = set()
    while pending:
        part = pending.pop()
        if isinstance(part.value, dict) and isinstance(part.value.get("$ref"), str):
            target = document.target(part)
            if target.pointer not in seen:
                seen.add(target.pointer)
                pending.append(target)
                *holders, name = target.pointer.removeprefix("/").split("/")
                holder = contents
                for step in holders:
                    holder = holder.setdefault(step, {})
                holder[name] = _without_text(target.value)
        if isinstance(part.value, dict):
            pending += (inner for _, inner in part.items())
        elif isinstance(part.value, list):
            pending += part
    return contents


def keep(server: ServerInfo, document: Document) -> Path:
    """Write a server's document, and return its file."""
    path = SERVED / f"{server.kind}-{server.version}.json"
    path.write_text(json.dumps(reduced(document), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return path


def _without_text(value: Any, *, of_names: bool = False) -> Any:
    """The value without descriptions; the keys of `properties` are names, and stay whatever they are."""
    if isinstance(value, dict):
        return {
            key: _without_text(inner, of_names=key == "properties" and not of_names)
            for key, inner in value.items()
            if of_names or key not in _TEXT
        }
    return [_without_text(inner) for inner in value] if isinstance(value, list) else value
