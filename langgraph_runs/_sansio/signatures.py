"""Shows every argument of a method that takes `**options: Unpack[...]` to `help()` and `inspect.signature`."""

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
    own = [one for one in signature.parameters.values() if one.kind is not one.VAR_KEYWORD]
    whole = signature.replace(parameters=[*own, *_parameters(kind)])
    method.__signature__ = whole  # type: ignore[attr-defined] # inspect looks for it
    if method.__doc__ and (arguments := _arguments(kind)):  # python -OO leaves docstrings out
        method.__doc__ = _with_arguments(inspect.cleandoc(method.__doc__), arguments)
    return method


@cache
def _parameters(kind: type) -> list[inspect.Parameter]:
    """The options of a typed dict as keyword parameters; those that every method has are the last."""
    common = declared(CallOptions)
    options = sorted(declared(kind).items(), key=lambda item: item[0] in common)
    keyword = inspect.Parameter.KEYWORD_ONLY
    return [
        inspect.Parameter(name, keyword, default=option.rule.default, annotation=option.type)
        for name, option in options
    ]


@cache
def _arguments(kind: type) -> str:
    """The lines of an `Args:` section for the options of a typed dict."""
    described = descriptions(kind)
    names = [parameter.name for parameter in _parameters(kind)]
    return "\n".join(f"    {name}: {described[name]}" for name in names if name in described)


_CLASS = re.compile(r"^class (\w+)\((.*)\):$", re.MULTILINE)
# A key of a typed dict, and the string below it.
_KEY = re.compile(r'^    (\w+): .*\n(?:     .*\n|    \].*\n)*?    """((?:.|\n)*?)"""$', re.MULTILINE)
_NEXT_SECTION = re.compile(r"^(?:Returns|Yields|Raises):$", re.MULTILINE)


def descriptions(kind: type) -> dict[str, str]:
    """What each option of a typed dict means."""
    return _descriptions(kind.__module__).get(kind.__name__, {})


@cache
def _descriptions(module: str) -> dict[str, dict[str, str]]:
    """For each typed dict of a module the strings below its keys, and below those that it inherits.

    Python does not keep them, so they come from the source; where there is none they are left out. The source is not
    parsed as Python, which would cost every program some milliseconds.
    """
    try:
        source = inspect.getsource(sys.modules[module])
    except (OSError, TypeError):  # installed as byte code alone
        source = ""
    classes: dict[str, dict[str, str]] = {}
    _, *parts = _CLASS.split(source)
    for name, bases, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        keys = classes[name] = {}
        for base in bases.split(", "):
            keys.update(classes.get(base, {}))
        keys.update({key: text.replace("\n", "\n    ") for key, text in _KEY.findall(body)})
    return classes


def _with_arguments(docstring: str, arguments: str) -> str:
    following = _NEXT_SECTION.search(docstring)
    end = following.start() if following else len(docstring)
    before = docstring[:end].rstrip()
    heading = "" if "\nArgs:\n" in before else "\nArgs:\n"
    return f"{before}\n{heading}{arguments}\n\n{docstring[end:]}".rstrip()
