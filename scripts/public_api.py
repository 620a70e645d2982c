"""Write the public API of both packages into tests/client/public_api.txt, so that a diff shows every change of it.

It has the names, the signatures, and the attributes of classes with their types. They are read from the source instead
of the imported packages, so that the result is the same on every version of Python.
"""

import ast
import difflib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOT = ROOT / "tests" / "client" / "public_api.txt"
FOLDERS = {"langgraph_runs": ROOT, "langgraph_runs_api": ROOT / "generated"}
# Modules whose names occur in signatures, and are public even if langgraph_runs itself does not export them.
VOCABULARIES = ("langgraph_runs.options", "langgraph_runs.types", "langgraph_runs.payloads")
# Bases that public classes have from other modules.
BASES = (
    ("langgraph_runs_api.answers", "Answer"),
    ("langgraph_runs_api.answers", "Model"),
    ("langgraph_runs_api.display", "Shown"),
)
TESTING = "langgraph_runs.testing"
MOST_COLUMNS = 120


def differences() -> list[str]:
    """How the source differs from the snapshot, as lines of a diff."""
    old = SNAPSHOT.read_text(encoding="utf-8") if SNAPSHOT.exists() else ""
    return [*difflib.unified_diff(old.splitlines(True), render().splitlines(True), "snapshot", "source")]


def render() -> str:
    """The public API as text."""
    return "".join(f"{line}\n" for line in [*_facade(), "", *_generated()])


def _facade() -> Iterator[str]:
    yield "# langgraph_runs"
    names = _exported("langgraph_runs")
    pending = [(*_home("langgraph_runs", name), name in names) for name in names]
    pending += [(*_home(TESTING, name), False) for name in _exported(TESTING)]
    for vocabulary in VOCABULARIES:
        pending += [(vocabulary, name, False) for name in _defined(vocabulary) if name not in names]
    pending += [(*base, False) for base in BASES]
    seen: set[tuple[str, str]] = set()
    while pending:
        module, name, public = pending.pop(0)
        if (module, name) in seen:
            continue
        seen.add((module, name))
        yield ""
        if not public:
            yield f"# {module}"
        for statement in _definitions(module, name):
            yield from _shown(statement)
            if isinstance(statement, ast.ClassDef):
                # Names that a public class inherits from a private one are public too, and so is what an alias stands for.
                bases = {node.id for base in statement.bases for node in ast.walk(base) if isinstance(node, ast.Name)}
                private = [base for base in sorted(bases) if base.startswith("_")]
                pending += [(module, name, False) for name in [*private, *_private_aliases(module, statement)]]


def _private_aliases(module: str, statement: ast.ClassDef) -> list[str]:
    """The module's private type aliases that the class names in its signatures."""
    aliases = {
        alias.target.id
        for alias in _statements(module)
        if isinstance(alias, ast.AnnAssign) and isinstance(alias.target, ast.Name) and alias.target.id.startswith("_")
    }
    return sorted(aliases & {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)})


def _generated() -> Iterator[str]:
    package = "langgraph_runs_api"
    folder = FOLDERS[package]
    for path in sorted((folder / package).rglob("*.py")):
        module = ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
        yield f"# {module}"
        if ".api." in module:
            for name in ("get_kwargs", "parse_response", "sync_detailed", "asyncio_detailed"):
                for statement in _definitions(module, name) if path.name != "__init__.py" else ():
                    yield from _shown(statement)


def _shown(statement: ast.stmt, indent: str = "") -> Iterator[str]:
    """A statement without docstrings and bodies."""
    match statement:
        case ast.ClassDef():
            bases = ", ".join(map(ast.unparse, [*statement.bases, *statement.keywords]))
            yield from _decorators(statement, indent)
            yield f"{indent}class {statement.name}{f'({bases})' if bases else ''}"
            for inner in statement.body:
                if _is_public(inner):
                    yield from _shown(inner, indent + "    ")
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from _decorators(statement, indent)
            word = "async def" if isinstance(statement, ast.AsyncFunctionDef) else "def"
            returned = f" -> {ast.unparse(statement.returns)}" if statement.returns else ""
            parameters = [*_parameters(statement.args)]
            line = f"{indent}{word} {statement.name}({', '.join(parameters)}){returned}"
            if len(line) <= MOST_COLUMNS:
                yield line
            else:
                yield f"{indent}{word} {statement.name}("
                yield from (f"{indent}    {parameter}," for parameter in parameters)
                yield f"{indent}){returned}"
            if statement.name == "__init__":
                for inner in statement.body:
                    if (
                        isinstance(inner, ast.Assign)
                        and isinstance(inner.targets[0], ast.Attribute)
                        and _is_public(inner)
                    ):
                        yield f"{indent}    {ast.unparse(inner)}"
        case _:
            yield f"{indent}{ast.unparse(statement)}"


def _parameters(arguments: ast.arguments) -> Iterator[str]:
    positional = [*arguments.posonlyargs, *arguments.args]
    for number, parameter in enumerate(positional):
        default = number - len(positional) + len(arguments.defaults)
        yield _parameter(parameter, arguments.defaults[default] if default >= 0 else None)
        if number + 1 == len(arguments.posonlyargs):
            yield "/"
    if arguments.vararg or arguments.kwonlyargs:
        yield f"*{ast.unparse(arguments.vararg) if arguments.vararg else ''}"
    yield from map(_parameter, arguments.kwonlyargs, arguments.kw_defaults)
    if arguments.kwarg:
        yield f"**{ast.unparse(arguments.kwarg)}"


def _parameter(parameter: ast.arg, default: ast.expr | None) -> str:
    return f"{ast.unparse(parameter)}{f' = {ast.unparse(default)}' if default else ''}"


def _decorators(statement: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef, indent: str) -> Iterator[str]:
    yield from (f"{indent}@{ast.unparse(decorator)}" for decorator in statement.decorator_list)


def _name(statement: ast.stmt) -> str:
    """The name that a statement defines, also as an attribute of self; empty if it defines none."""
    match statement:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return name
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
            return name
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)]):
            return name
        case _:
            return ""


def _is_public(statement: ast.stmt) -> bool:
    name = _name(statement)
    return bool(name) and (not name.startswith("_") or (name.startswith("__") and name != "__slots__"))


def _definitions(module: str, name: str) -> list[ast.stmt]:
    """The statements that define a name in a module: several if it has overloads."""
    found = [statement for statement in _statements(module) if _name(statement) == name]
    return found or _definitions(*_home(module, name))


def _home(module: str, name: str) -> tuple[str, str]:
    """The module from which a module imports a name, and the name there."""
    for statement in _statements(module):
        if isinstance(statement, ast.ImportFrom) and statement.module:
            for alias in statement.names:
                if (alias.asname or alias.name) == name:
                    return f"{module}.{statement.module}" if statement.level else statement.module, alias.name
    if any(isinstance(statement, ast.FunctionDef) and statement.name == name for statement in _statements(module)):
        return module, name
    raise LookupError(f"{module} neither defines nor imports {name}")


def _exported(module: str) -> list[str]:
    [statement] = _definitions(module, "__all__")
    if not isinstance(statement, ast.Assign):
        raise TypeError(f"{module}.__all__ is not a plain list")
    return sorted(ast.literal_eval(statement.value))


def _defined(module: str) -> list[str]:
    """The public classes and aliases that a module defines."""
    defining = (ast.ClassDef, ast.AnnAssign, ast.Assign)
    names = {_name(statement) for statement in _statements(module) if isinstance(statement, defining)}
    return sorted(name for name in names if name and not name.startswith("_"))


@cache
def _statements(module: str) -> tuple[ast.stmt, ...]:
    """A module's statements, including those inside `if` and `try`."""
    path = FOLDERS[module.partition(".")[0]] / Path(*module.split("."))
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    tree = ast.parse(source.read_text(encoding="utf-8"))
    return tuple(
        inner
        for statement in tree.body
        for inner in ([*statement.body, *statement.orelse] if isinstance(statement, ast.If | ast.Try) else [statement])
    )


if __name__ == "__main__":
    SNAPSHOT.write_text(render(), encoding="utf-8")
