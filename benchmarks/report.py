"""What the measurements come to: medians, ratios, goals; as tables and as a plot."""

import importlib.metadata
import os
import platform
import statistics
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from math import floor, log10
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Patch

from benchmarks.readers import FAST, OURS, SDK
from benchmarks.rows import Figures, Goal, Row

Results = dict[str, Any]

_LIBRARIES = (
    "langgraph-runs",
    "langgraph-sdk",
    "httpx",
    "httpcore",
    "h11",
    "httpx-sse",
    "orjson",
    "attrs",
    "httptools",
)


def circumstances(command: str) -> Results:
    """When, with what and on what machine it was measured."""
    return {
        "command": command,
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "versions": {library: _version(library) for library in _LIBRARIES},
    }


def row_results(row: Row, measured: dict[str, list[Figures]], missing: dict[str, str]) -> Results:
    """One row, out of each reader's repetitions."""
    readers: Results = {
        reader: {
            figure: {
                **_spread([repetition[figure] for repetition in measured[reader]]),
                "to_sdk": _ratio(measured, figure, reader, SDK) if row.compared else None,
            }
            for figure in row.figures
        }
        for reader in row.readers
        if reader not in missing
    }
    return {
        "key": row.key,
        "title": row.title,
        "more_is_better": row.figures,
        "measured": row.readers,
        "readers": readers,
        "missing": missing,
        "goals": [_goal_results(goal, measured) for goal in row.goals],
    }


def full_table(rows: Iterable[Results]) -> str:
    """Every figure of every reader."""
    lines: list[Sequence[str]] = [("what", "reader", "median (min to max)", "to langgraph-sdk", "goal")]
    for row in rows:
        for figure in row["more_is_better"]:
            what = f"{row['title']}: {figure}"
            for reader in row["measured"]:
                lines.append((what, reader, *_cells(row, figure, reader), _goals_text(row, figure, reader)))
                what = ""
    return _markdown(lines)


def short_table(rows: Iterable[Results]) -> str:
    """Only what has a goal: langgraph-runs beside langgraph-sdk, with the ratios."""
    lines: list[Sequence[str]] = [("what", OURS, FAST, SDK, "goal")]
    for row in rows:
        for figure in row["more_is_better"]:
            goals = [goal for goal in row["goals"] if goal["figure"] == figure]
            if goals:
                cells = [_short_cell(row, figure, reader) for reader in (OURS, FAST, SDK)]
                texts = [("fast: " if goal["reader"] == FAST else "") + _goal_text(goal) for goal in goals]
                lines.append((f"{row['title']}: {figure}", *cells, "; ".join(texts)))
    return _markdown(lines)


def plot(rows: Sequence[Results], path: Path) -> None:
    """How many times better than langgraph-sdk each row is, with the goals."""
    colours = {OURS: "#2a6f97", FAST: "#e07a1f"}
    shown = [
        (row, figure)
        for row in rows
        for figure in row["more_is_better"]
        if row["readers"][OURS][figure]["to_sdk"] and any(goal["figure"] == figure for goal in row["goals"])
    ]
    picture = Figure(figsize=(10, 1.2 + 0.5 * len(shown)), layout="constrained")
    axes = picture.subplots()
    for place, (row, figure) in enumerate(shown):
        better = row["more_is_better"][figure]
        places = ((-0.2, OURS), (0.2, FAST)) if FAST in row["readers"] else ((0, OURS),)
        for offset, reader in places:
            ratio = row["readers"].get(reader, {}).get(figure, {}).get("to_sdk")
            if ratio:
                times = _times_better(ratio, more_is_better=better)
                axes.barh(place + offset, times - 1, 0.38, left=1, color=colours[reader])
                axes.annotate(
                    f"{times:.2g}",
                    (max(times, 1), place + offset),
                    (3, 0),
                    textcoords="offset points",
                    va="center",
                    fontsize=8,
                )
            for goal in row["goals"]:
                if (goal["figure"], goal["reader"], goal["against"]) == (figure, reader, SDK):
                    wanted = _times_better(goal["at_least"] or goal["at_most"], more_is_better=better)
                    axes.plot([wanted] * 2, [place + offset - 0.19, place + offset + 0.19], color="black", linewidth=2)
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_yticks(range(len(shown)), [f"{row['title']}: {figure}" for row, figure in shown], fontsize=8)
    axes.invert_yaxis()
    axes.axvline(1, color="grey", linewidth=1)
    axes.set_xlabel("times better than langgraph-sdk; black: goal")
    handles = [Patch(color=colour, label=reader) for reader, colour in colours.items()]
    picture.legend(handles=handles, loc="outside lower center", ncols=len(handles))
    picture.savefig(path, dpi=110)


def _goal_results(goal: Goal, measured: dict[str, list[Figures]]) -> Results:
    reached_value: float | None
    if goal.against is not None:
        reached_value = _ratio(measured, goal.figure, goal.reader, goal.against)
    elif goal.reader in measured:
        reached_value = statistics.median(repetition[goal.figure] for repetition in measured[goal.reader])
    else:
        reached_value = None
    return {
        "figure": goal.figure,
        "reader": goal.reader,
        "against": goal.against,
        "at_least": goal.at_least,
        "at_most": goal.at_most,
        "aim": goal.aim,
        "value": reached_value,
        "reached": None if reached_value is None else _holds(goal, reached_value),
    }


def _holds(goal: Goal, value: float) -> bool:
    return (goal.at_least is None or value >= goal.at_least) and (goal.at_most is None or value <= goal.at_most)


def _ratio(measured: dict[str, list[Figures]], figure: str, reader: str, against: str) -> float | None:
    """The median of the ratios within each repetition, so that what slows all of it down for a while does not count."""
    if reader not in measured or against not in measured:
        return None
    pairs = zip(measured[reader], measured[against], strict=True)
    ratios = [ours[figure] / theirs[figure] for ours, theirs in pairs if theirs[figure]]
    return statistics.median(ratios) if ratios else None


def _spread(values: list[float]) -> Results:
    return {"median": statistics.median(values), "min": min(values), "max": max(values), "values": values}


def _cells(row: Results, figure: str, reader: str) -> tuple[str, str]:
    if reader in row["missing"]:
        return f"missing: {row['missing'][reader]}", ""
    values = row["readers"][reader][figure]
    spread = f"{_number(values['median'])} ({_number(values['min'])} to {_number(values['max'])})"
    return spread, _times(values["to_sdk"])


def _goals_text(row: Results, figure: str, reader: str) -> str:
    goals = [goal for goal in row["goals"] if (goal["figure"], goal["reader"]) == (figure, reader)]
    return "; ".join(map(_goal_text, goals))


def _goal_text(goal: Results) -> str:
    bound = f"at least {goal['at_least']:g}" if goal["at_least"] is not None else f"at most {goal['at_most']:g}"
    if goal["against"] is not None:
        bound += "x" if goal["against"] == SDK else f"x {goal['against']}"
    if goal["reached"] is None:
        return f"{bound}: not measured"
    return f"{bound}: {'yes' if goal['reached'] else 'NO'}, {_number(goal['value'])}"


def _short_cell(row: Results, figure: str, reader: str) -> str:
    values = row["readers"].get(reader, {}).get(figure)
    if values is None:
        return "missing" if reader in row["missing"] else ""
    times = "" if reader == SDK or values["to_sdk"] is None else f" ({_times(values['to_sdk'])})"
    return f"{_number(values['median'])}{times}"


def _times(ratio: float | None) -> str:
    return "" if ratio is None else f"{_number(ratio)}x"


def _times_better(ratio: float, *, more_is_better: bool) -> float:
    return ratio if more_is_better else 1 / ratio


def _number(value: float) -> str:
    """Three digits that say something."""
    if value == int(value) and abs(value) < 1000:
        return f"{value:.0f}"
    digits = 2 - floor(log10(abs(value)))
    return f"{round(value, digits):,.{max(0, min(digits, 2))}f}"


def _markdown(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]

    def rows() -> Iterator[Sequence[str]]:
        head, *rest = lines
        yield head
        yield ["-" * width for width in widths]
        yield from rest

    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows()
    )


def _version(library: str) -> str | None:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
