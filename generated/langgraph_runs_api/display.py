# Copied from scripts/codegen/runtime/display.py by `make generate`; do not edit.
"""How an object shows itself: in one line, in rich, and in a notebook, none of which has to be installed."""

import reprlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar, Final

from .values import is_list, is_object


class Shown:
    """Shows what `__rich_repr__` gives. Its subclasses say what that is, and give nothing that may be secret."""

    __slots__ = ()
    _WIDTH: ClassVar[int] = 300

    def __rich_repr__(self) -> Iterator[tuple[str, Any]]:
        """Names and values, the most important first."""
        raise NotImplementedError

    def __repr__(self) -> str:
        shown, most, positional = "", self._WIDTH * 2 // 3, getattr(self, "__match_args__", ())[:1]
        for name, value in self.__rich_repr__():
            text = " ".join(_SHORT.repr(value).splitlines())
            text = text if name in positional else f"{name}={text}"
            if shown and len(type(self).__name__) + len(shown) + len(text) + len("(, )") > self._WIDTH:
                break
            shown = f"{shown}, {text}" if shown else text if len(text) <= most else f"{text[:most]}..."
        return f"{type(self).__name__}({shown})"

    def _repr_html_(self) -> str:
        from html import escape
        from pprint import pformat

        rows = ""
        for name, value in self.__rich_repr__():
            plain = isinstance(value, str | datetime)
            text = str(value) if plain else pformat(value, width=100, depth=8, sort_dicts=False)
            rows += f"<tr><th>{escape(name)}</th><td><pre>{escape(text[:5000])}</pre></td></tr>"
        table = f"<table><caption>{type(self).__name__}</caption>{rows}</table>"
        return table.encode(errors="replace").decode()  # half an emoji could not be sent to a notebook


def without_secrets(value: Any) -> Any:
    """What the API sends or takes, without what a run's config makes configurable, such as keys of models.

    A checkpoint and a task have a copy of that in their metadata. A webhook's address may have a token.
    """
    if is_list(value):
        return [without_secrets(item) for item in value]
    if not is_object(value):
        return value
    hidden = _SECRET if value.keys().isdisjoint(_OF_CHECKPOINTS_AND_TASKS) else {*_SECRET, "metadata"}
    return {
        name: without_secrets(inner) if name in _NESTED else inner
        for name, inner in value.items()
        if name not in hidden
    }


_SECRET: Final = {"config", "parent_config", "configurable", "context", "kwargs", "webhook"}
_OF_CHECKPOINTS_AND_TASKS: Final = {"next", "parent_config", "triggers"}
_NESTED: Final = {"payload", "tasks", "state", "before"}  # the rest is the user's own
_SHORT: Final = reprlib.Repr()
_SHORT.maxlevel = 3
_SHORT.maxstring = _SHORT.maxother = 60
