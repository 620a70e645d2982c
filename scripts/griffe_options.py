"""For the API reference: shows every argument of the methods that take `**options: Unpack[...]`.

griffe, which reads the docstrings for mkdocstrings, does not run the code. So it does not see what the decorator
`documented` adds at run time. This extension takes defaults and docstrings from the imported methods, and the types as
`langgraph_runs/options.py` writes them.
"""

import importlib
import inspect
from typing import Any

import griffe


class Options(griffe.Extension):
    """Gives griffe's functions the arguments and docstrings that `help()` shows."""

    def on_class(self, *, cls: griffe.Class, **_: Any) -> None:
        """Called for each class."""
        if cls.docstring:
            cls.docstring.value = _known_sections(cls.docstring.value)

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Called when a package has been read."""
        for function in _functions(pkg):
            options = next((one for one in function.parameters if one.kind is griffe.ParameterKind.var_keyword), None)
            if options and isinstance(options.annotation, griffe.ExprSubscript) and _is_documented(function):
                kind = options.annotation.slice
                assert isinstance(kind, griffe.Expr)
                _expand(function, pkg[kind.canonical_path.removeprefix(f"{pkg.path}.")].all_members)


def _functions(module: griffe.Module | griffe.Class) -> list[griffe.Function]:
    members = [member for member in module.members.values() if not member.is_alias]
    inner = [
        one for member in members if isinstance(member, griffe.Module | griffe.Class) for one in _functions(member)
    ]
    return [*(member for member in members if isinstance(member, griffe.Function)), *inner]


def _is_documented(function: griffe.Function) -> bool:
    return any(str(decorator.value) == "documented" for decorator in function.decorators)


def _expand(function: griffe.Function, keys: dict[str, Any]) -> None:
    assert function.parent
    assert function.docstring
    method = vars(getattr(importlib.import_module(function.module.path), function.parent.name))[function.name]
    own = [one for one in function.parameters if one.kind is not griffe.ParameterKind.var_keyword]
    known = {one.name for one in own}
    keyword = griffe.ParameterKind.keyword_only
    function.parameters = griffe.Parameters(
        *own,
        *(
            griffe.Parameter(name, annotation=keys[name].annotation, kind=keyword, default=repr(parameter.default))
            for name, parameter in inspect.signature(method).parameters.items()
            if name not in known
        ),
    )
    function.docstring.value = _known_sections(inspect.getdoc(method) or "")


def _known_sections(docstring: str) -> str:
    return docstring.replace("Raises while iterating:", "Raises:")
