"""What `help()`, `inspect.signature` and documentation tools show of a method that takes `**options: Unpack[...]`: every argument."""

import inspect
import re
import sys
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from langgraph_runs._sansio.checks import declared
from langgraph_runs.options import CallOptions

Method = TypeVar("Method", bound=Callable[..., Any])


def documented(method: Method) -> Method:
    """Show each option in the method's signature, and its description in the `Args:` of its docstring."""
    (kind,) = method.__annotations__["options"].__args__
    signature = inspect.signature(method)
    options = dict(sorted(declared(kind).items(), key=lambda item: item[0] in declared(CallOptions)))
    parameters = [one for one in signature.parameters.values() if one.kind is not one.VAR_KEYWORD]
    for name, option in options.items():
        parameters.append(
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=option.rule.default, annotation=option.type)
        )
    method.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined] # inspect looks for it
    if method.__doc__:  # python -OO leaves it out
        descriptions = _descriptions(kind.__module__).get(kind.__name__, {})
        described = [f"    {name}: {descriptions[name]}" for name in options if name in descriptions]
        method.__doc__ = _with_arguments(inspect.cleandoc(method.__doc__), described)
    return method


_CLASS = re.compile(r"^class (\w+)\((.*)\):$", re.MULTILINE)
# A key of a typed dict, and the string below it.
_KEY = re.compile(r'^    (\w+): .*\n(?:     .*\n|    \].*\n)*?    """((?:.|\n)*?)"""$', re.MULTILINE)
_NEXT_SECTION = re.compile(r"^(?:Returns|Yields|Raises):$", re.MULTILINE)


@cache
def _descriptions(module: str) -> dict[str, dict[str, str]]:
    """For each typed dict of a module the strings below its keys, and below those that it inherits.

    Python does not keep them, so they come from the source; where there is none they are left out. The source is not parsed as Python, which
    would cost every program some milliseconds.
    """
    loader = getattr(sys.modules[module].__spec__, "loader", None)
    source = loader.get_source(module) if loader is not None and hasattr(loader, "get_source") else None
    classes: dict[str, dict[str, str]] = {}
    _, *parts = _CLASS.split(source or "")
    for name, bases, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        keys = classes[name] = {}
        for base in bases.split(", "):
            keys.update(classes.get(base, {}))
        keys.update({key: text.replace("\n", "\n    ") for key, text in _KEY.findall(body)})
    return classes


def _with_arguments(docstring: str, described: list[str]) -> str:
    found = _NEXT_SECTION.search(docstring)
    end = found.start() if found else len(docstring)
    start = docstring[:end].rstrip()
    separator = "\n" if "\nArgs:\n" in start else "\n\nArgs:\n"
    return "\n".join([f"{start}{separator}{described[0]}", *described[1:]]) + f"\n\n{docstring[end:]}".rstrip()
