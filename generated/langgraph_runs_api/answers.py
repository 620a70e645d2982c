# Copied from scripts/codegen/runtime/answers.py by `make generate`; do not edit.
"""What all models have, and what those of answers have besides."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from .display import Shown, without_secrets
from .types import Unset


class Model(Shown):
    """Shows its fields by their names in JSON."""

    __slots__ = ()
    _WIDTH = 120
    _ATTRIBUTES: ClassVar[Mapping[str, str]]  # by the field's name in JSON

    def __rich_repr__(self) -> Iterator[tuple[str, Any]]:
        """What is not empty: the id, the status, then the rest. Nothing that may be secret, and no unknown fields."""
        fields = without_secrets({name: getattr(self, attribute) for name, attribute in self._ATTRIBUTES.items()})
        first = [*self._ATTRIBUTES][:1]
        for name in sorted(fields, key=lambda name: (name not in first, name != "status")):
            if not isinstance(fields[name], Unset | str | dict | list | tuple | None) or fields[name]:
                yield name, fields[name]


class Answer(Model):
    """Reads like a dict too: `run["status"]` is `run.status`, and `dict(run)` has all fields, also unknown ones."""

    __slots__ = ()
    additional_properties: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        if key in self._ATTRIBUTES:
            return getattr(self, self._ATTRIBUTES[key])
        return self.additional_properties[key]

    def __contains__(self, key: object) -> bool:
        return key in self.keys()

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def keys(self) -> list[str]:
        """The names of all fields; one that the server left out reads as None, or as an empty dict."""
        return [*self._ATTRIBUTES, *self.additional_properties]

    def get(self, key: str, default: Any = None) -> Any:
        """The field; the default only if there is no such field."""
        try:
            return self[key]
        except KeyError:
            return default
