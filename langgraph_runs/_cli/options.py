"""Options of commands: those of the methods, as `langgraph_runs/options.py` declares them, and the client's."""

import functools
import re
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID

import click

from langgraph_runs._cli.failures import ExitCode
from langgraph_runs._cli.session import Session, discard_output
from langgraph_runs._cli.values import data, time
from langgraph_runs._sansio.checks import declared
from langgraph_runs._sansio.signatures import descriptions

Run = Callable[..., Any]


def command(
    group: click.Group, name: str, kind: type, *, leave_out: Sequence[str] = (), epilog: str = ""
) -> Callable[[Run], click.Command]:
    """Make a command of a function, which is called with a Session and the values of all options that were given.

    Args:
        group: Where the command belongs.
        name: Its name.
        kind: The typed dict of the method's options.
        leave_out: Keys of that dict which are no options of the command.
        epilog: What follows in the help: examples.
    """

    def decorate(run: Run) -> click.Command:
        @functools.wraps(run)
        def call(
            url: str | None, api_key: str | None, max_retries: int, as_json: bool, debug: bool, **given: Any
        ) -> Any:
            session = Session(url, api_key, max_retries, as_json, debug)
            try:
                return run(session, **{key: value for key, value in given.items() if value not in (None, ())})
            except BrokenPipeError:
                return discard_output()  # click would exit with 1
            except KeyboardInterrupt:
                return ExitCode.STOPPED  # click would print an empty line
            except Exception as error:
                if debug:
                    session.note(traceback.format_exc(), "dim")
                if isinstance(error, TypeError | ValueError):
                    raise click.UsageError(_with_flags(str(error))) from error
                raise

        made = group.command(name, epilog="\b\nExamples:\n" + epilog.strip("\n"))(call)
        made.params += [*_method(kind, leave_out), *_connection()]
        return made

    return decorate


def _with_flags(message: str) -> str:
    """What the library says about its arguments, in the words of the command."""
    context = click.get_current_context()
    names = {
        parameter.name: parameter.opts[0] if isinstance(parameter, click.Option) else parameter.human_readable_name
        for parameter in context.command.params
    }
    return re.sub(r"(?<!['\"\w])[a-z]\w*\b(?!')", lambda found: names.get(found[0], found[0]), message)


def _connection() -> list[click.Option]:
    """The options of every command."""
    return [
        click.Option(["--url"], help="The server. Default: LANGGRAPH_API_URL, or http://localhost:2024."),
        click.Option(
            ["--api-key"],
            metavar="KEY",
            help="Sent as x-api-key. Default: LANGGRAPH_API_KEY, which unlike this option no process list shows.",
        ),
        click.Option(["--max-retries"], type=click.IntRange(0), default=4, help="How often to try again. Default: 4."),
        click.Option(["--json", "as_json"], is_flag=True, help="Write lines of JSON, also to a terminal."),
        click.Option(["--debug"], is_flag=True, help="Log every request to stderr, and show tracebacks."),
    ]


def _method(kind: type, leave_out: Sequence[str]) -> Iterator[click.Option]:
    meanings = descriptions(kind) | _MEANINGS
    for name, option in declared(kind).items():
        if name not in leave_out and (settings := _settings(option.type)) is not None:
            flag = name.replace("_", "-")
            flags = f"--{flag}/--no-{flag}" if settings.get("is_flag") else f"--{flag}"
            help = " ".join(meanings.get(name, "").replace("`", "").split()).partition(". ")[0]
            help = help and help.rstrip(".") + "."
            if settings.get("metavar") == "MODE":
                help += (
                    f" MODE: {', '.join(settings['type'].choices)}."  # as the name of a value they would not be wrapped
                )
            yield click.Option([flags, name], help=help, **settings)


# Where the library's own words speak of Python.
_MEANINGS = {
    "timeout": "Seconds that the whole command may take",
    "config": "Tags, the recursion limit and the values that the graph makes configurable",
    "context": "Static context for the graph",
}


def _settings(kind: Any) -> Mapping[str, Any] | None:
    """How click reads a value of this type; None for what can't be typed in a shell."""
    is_union = get_origin(kind) in (Union, UnionType)
    kinds = [one for one in (get_args(kind) if is_union else (kind,)) if one is not NoneType]
    origins = [get_origin(one) or one for one in kinds]
    match origins:
        case [one] if one is Literal:
            return {"type": click.Choice(get_args(kinds[0]))}
        case [one, other] if (one, other) == (Literal, Sequence) and get_args(kinds[1]) == (str,):
            return {"multiple": True, "callback": _all_or_some}
        case [one, other] if (one, other) == (Literal, Sequence):
            return {"type": click.Choice(get_args(kinds[0])), "multiple": True, "metavar": "MODE"}
        case [one] if one is Sequence:
            return {"multiple": True}
        case [one] if one is Callable:
            return None
        case [one] if one is bool:
            return {"is_flag": True, "default": None}
        case [one, *_] if one in (int, float):
            return {"type": one}
        case [one, other] if {one, other} == {datetime, str}:
            return {"type": time, "metavar": "TIME"}
        case [one, *others] if one is str and set(others) <= {UUID}:
            return {"type": str}
        case _:
            return {"type": data, "metavar": "JSON"}


def _all_or_some(_context: click.Context, _parameter: click.Parameter, names: tuple[str, ...]) -> Any:
    return "*" if names == ("*",) else names
