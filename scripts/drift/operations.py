"""The operations of an OpenAPI document."""

import re

from attrs import frozen

from scripts.drift.document import Document, Part

METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
_GROUPS = {"runs", "threads", "assistants"}
_PATH_PARAMETER = re.compile(r"\{([^}]*)\}")


def api_operations(document: Document) -> dict[str, "Operation"]:
    """The operations on runs, threads and assistants, by `Operation.key`; crons, whose paths have `runs` too, are not."""
    found: dict[str, Operation] = {}
    for path, reference in document.mapping(document.root["paths"]).items():
        segments = path.split("/")
        if _GROUPS.isdisjoint(segments) or "crons" in segments:
            continue
        item = document.resolved(reference)
        for method in METHODS:
            if method in item:
                operation = Operation(method.upper(), path, item, document.mapping(item[method]))
                found[operation.key] = operation
    return found


@frozen
class Operation:
    """An operation of a document.

    Attributes:
        method: In capitals.
        path: As the document writes it.
        item: The document's part for the path.
        part: The document's part for the method.
    """

    method: str
    path: str
    item: Part
    part: Part

    @property
    def key(self) -> str:
        """Method and path, with `{}` for each path parameter, since documents give these different names."""
        return f"{self.method} {_PATH_PARAMETER.sub('{}', self.path)}"

    @property
    def title(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"

    def parameters(self, document: Document) -> dict[str, Part]:
        """Its parameters by `in` and name; path parameters by their position."""
        positions = {name: position for position, name in enumerate(_PATH_PARAMETER.findall(self.path))}
        found: dict[str, Part] = {}
        for holder in (self.item, self.part):
            if "parameters" not in holder:
                continue
            for reference in document.sequence(holder["parameters"]):
                parameter = document.resolved(reference)
                name, place = parameter.value.get("name"), parameter.value.get("in")
                if not isinstance(name, str) or not isinstance(place, str):
                    raise document.error(parameter, "this parameter has no `name` or no `in`")
                if place == "path":
                    found[f"path {positions.get(name, name)}"] = parameter
                else:
                    found[f"{place} {name.lower() if place == 'header' else name}"] = parameter
        return found
