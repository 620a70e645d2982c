"""Values on the command line: JSON or YAML from an argument, a file or stdin, and times in words."""

import json
import re
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import yaml
from dateutil.relativedelta import relativedelta


def data(text: str) -> Any:
    """The value of JSON or YAML: of the text, of `@FILE` (or a name that ends in .json, .yaml or .yml), or of stdin."""
    is_name = text.startswith("@") or (text.endswith(_SUFFIXES) and not text.startswith(("{", "[", '"')))
    try:
        if is_name:
            content = Path(text.removeprefix("@")).read_bytes()
        else:
            content = sys.stdin.buffer.read() if text == "-" else text.encode()
        return parsed(content)
    except OSError as error:
        raise click.BadParameter(f"can't read {error.filename}: {error.strerror}.") from error
    except ValueError as error:
        raise click.BadParameter(f"{error} (@FILE reads a file, - reads stdin).") from error


def time(text: str) -> datetime:
    """A time in ISO 8601, local unless it has a zone, or so long ago."""
    try:
        if ago := _AGO.fullmatch(text.strip()):
            unit = next(unit for unit in _UNITS if unit.startswith(ago[2]))
            duration: dict[str, Any] = {unit: int(ago[1])}
            past: datetime = datetime.now(UTC) - relativedelta(**duration)
            return past
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError) as error:
        message = f"{text!r} is no time: write 2026-11-20, 2026-11-20T14:30 or '3 hours ago'."
        raise click.BadParameter(message) from error


def parsed(content: bytes) -> Any:
    """The value of JSON or YAML.

    Raises:
        ValueError: If it is neither.
    """
    try:
        # Editors and shells of Windows write UTF-16, or begin with a byte order mark.
        text = content.decode(json.detect_encoding(content))
        try:
            return json.loads(text)  # orjson would round what has more than 64 bits
        except json.JSONDecodeError:
            value = yaml.load(text, _Loader)  # noqa: S506 - it is a safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise ValueError(f"neither JSON nor YAML: {where}{error.problem}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ValueError(f"neither JSON nor YAML: {' '.join(str(error).split())}") from error
    if value is None and text.strip().lower() not in ("null", "~"):
        raise ValueError("it is empty")
    return value


class _Loader(yaml.SafeLoader):
    """YAML for JSON: a plain word is what JSON makes of it, or a text, so that `no` is not false and 12:30 not 750."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as the base class has it
        "<": yaml.SafeLoader.yaml_implicit_resolvers["<"],
        None: [("!plain", re.compile(""))],
    }


def _plain(_: yaml.SafeLoader, node: yaml.ScalarNode) -> Any:
    text: str = node.value
    with suppress(ValueError):
        return json.loads(text.lower())
    return None if text in ("", "~") else text


_Loader.add_constructor("!plain", _plain)
_SUFFIXES = (".json", ".yaml", ".yml")
_UNITS = ("seconds", "minutes", "hours", "days", "weeks", "months", "years")
_AGO = re.compile(r"(\d+) ?((?:second|minute|hour|day|week|month|year)|[smhdw])s?(?: ago)?")
