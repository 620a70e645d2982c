"""What all models of answers have."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from .display import Shown


class Answer(Shown):
    """Reads like a dict too: `run["status"]` is `run.status`, and `dict(run)` has all fields, also unknown ones."""

    __slots__ = ()
    _WIDTH = 120
    _ATTRIBUTES: ClassVar[Mapping[str, str]]  # by the field's name in JSON
    _NOT_SHOWN: ClassVar[tuple[str, ...]] = ("kwargs", "config", "context")  # where keys of models tend to be
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

    def __rich_repr__(self) -> Iterator[tuple[str, Any]]:
        """What is not empty: the id, the status, then the rest."""
        first, *rest = self._ATTRIBUTES
        for name in (first, *sorted(rest, key=lambda name: name != "status")):
            if name not in self._NOT_SHOWN and self[name] not in (None, "", {}, [], ()):
                yield name, self[name]
