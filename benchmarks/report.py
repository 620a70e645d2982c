"""What the measurements come to: medians, ratios and goals, as tables and as a plot."""

import importlib.metadata
import os
import platform
import statistics
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from math import floor, log10
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from benchmarks.measures import Figures
from benchmarks.readers import OURS, SDK
from benchmarks.rows import Goal, Row

Results = dict[str, Any]

_LIBRARIES = (SDK, "httpx", "httpcore", "httpx-sse", "httptools", "orjson", "attrs")
# README's figures.
_FIGURES = (
    ("stream-sync", "events per CPU second", "a stream as fast as it goes: events per CPU second"),
    ("fan-in", "CPU s", "500 streams of 200 events, one every 50 ms: CPU seconds"),
    ("get", "CPU µs a call", "`get`: CPU microseconds"),
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
    """One row, from the repetitions of each reader."""
    readers: Results = {
        reader: {
            figure: {
                **_spread([repetition[figure] for repetition in measured[reader]]),
                "to_sdk": row.peer and _ratio(measured, figure, reader, row.peer),
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


def document(results: Results) -> str:
    """The part of docs/benchmarks.md that changes with each run."""
    versions = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    facts = (
        f"{results['date'][:10]}: {results['python']}, {results['system']}, {results['processor']}, {results['cores']} "
        f"cores.\n{versions}."
    )
    return (
        f"{facts}\n\n## The goals\n\n{goals_table(results['rows'])}\n\n## Every reader\n\n{full_table(results['rows'])}"
    )


def full_table(rows: Iterable[Results]) -> str:
    """Every figure of every reader."""
    lines: list[Sequence[str]] = [("what", "reader", "median (min to max)", "to langgraph-sdk", "goal")]
    for row in rows:
        for figure in row["more_is_better"]:
            what = f"{row['title']}: {figure}"
            for reader in row["measured"]:
                goals = [goal for goal in row["goals"] if (goal["figure"], goal["reader"]) == (figure, reader)]
                lines.append((what, reader, *_cells(row, figure, reader), "; ".join(map(_goal_text, goals))))
                what = ""
    return _markdown(lines)


def goals_table(rows: Iterable[Results]) -> str:
    """What has a goal, and whether we reach it."""
    lines: list[Sequence[str]] = [("what", OURS, "goal", "reached")]
    for row, goal in _goals(rows):
        what = f"{row['title']}: {goal['figure']}"
        lines.append((what, _value(goal), _bound(goal), {True: "yes", False: "NO", None: "?"}[goal["reached"]]))
    return _markdown(lines)


def missed_goals(rows: Iterable[Results]) -> Iterator[str]:
    """What we did not reach, one line each."""
    for row, goal in _goals(rows):
        if not goal["reached"]:
            yield f"{row['title']}: {goal['figure']}: {_value(goal)} instead of {_bound(goal)}"


def figures(rows: Iterable[Results]) -> str:
    """The three figures of README."""
    lines: list[Sequence[str]] = [("", OURS, SDK, "")]
    found = {row["key"]: row for row in rows}
    for key, figure, title in _FIGURES:
        ours, theirs = (found[key]["readers"][reader][figure] for reader in (OURS, SDK))
        more = found[key]["more_is_better"][figure]
        times = f"{_number(_times_better(ours['to_sdk'], more_is_better=more))} times {'as many' if more else 'less'}"
        lines.append((title, _number(ours["median"]), _number(theirs["median"]), times))
    return _markdown(lines)


def plot(rows: Sequence[Results], path: Path) -> None:
    """How many times better than langgraph-sdk each figure is, with the goals."""
    shown = [
        (row, figure, row["readers"][OURS][figure]["to_sdk"])
        for row in rows
        for figure in row["more_is_better"]
        if row["readers"].get(OURS, {}).get(figure, {}).get("to_sdk")
    ]
    # The labels stand above the bars, so that the picture is narrow enough for a phone.
    picture = Figure(figsize=(5.5, 1 + 0.5 * len(shown)), layout="constrained")
    axes = picture.subplots()
    for place, (row, figure, ratio) in enumerate(shown):
        better = row["more_is_better"][figure]
        times = _times_better(ratio, more_is_better=better)
        axes.barh(place, times - 1, 0.4, left=1, color="#2a6f97")
        axes.annotate(f"{times:.2g}", (max(times, 1), place), (6, 0), textcoords="offset points", va="center")
        label = textwrap.shorten(f"{row['title']}: {figure}".replace("`", ""), 80, placeholder=" ...")
        axes.text(0.01, place - 0.26, label, transform=axes.get_yaxis_transform(), va="bottom", fontsize=8.5)
        for goal in row["goals"]:
            if (goal["figure"], goal["against"]) == (figure, SDK):
                wanted = _times_better(goal["at_least"] or goal["at_most"], more_is_better=better)
                axes.plot([wanted] * 2, [place - 0.25, place + 0.25], color="black", linewidth=2)
    axes.set_xscale("log", base=2)
    axes.set_xlim(0.5, 16)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_yticks([])
    axes.set_ylim(len(shown) - 0.5, -0.9)
    axes.axvline(1, color="grey", linewidth=1)
    axes.set_xlabel("times better than langgraph-sdk; black: goal")
    picture.savefig(path, dpi=110)


def _goals(rows: Iterable[Results]) -> Iterator[tuple[Results, Results]]:
    return ((row, goal) for row in rows for goal in row["goals"])


def _goal_results(goal: Goal, measured: dict[str, list[Figures]]) -> Results:
    value: float | None = None
    if goal.against is not None:
        value = _ratio(measured, goal.figure, goal.reader, goal.against)
    elif goal.reader in measured:
        value = statistics.median(repetition[goal.figure] for repetition in measured[goal.reader])
    reached = None if value is None else _holds(goal, value)
    return {
        "figure": goal.figure,
        "reader": goal.reader,
        "against": goal.against,
        "at_least": goal.at_least,
        "at_most": goal.at_most,
        "value": value,
        "reached": reached,
    }


def _holds(goal: Goal, value: float) -> bool:
    return (goal.at_least is None or value >= goal.at_least) and (goal.at_most is None or value <= goal.at_most)


def _ratio(measured: dict[str, list[Figures]], figure: str, reader: str, against: str) -> float | None:
    """The median of the ratios within each repetition: what slows the machine down for a while slows both."""
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
    return spread, "" if values["to_sdk"] is None else f"{_number(values['to_sdk'])}x"


def _goal_text(goal: Results) -> str:
    return f"{_bound(goal)}: {'yes' if goal['reached'] else 'NO'}, {_value(goal)}"


def _bound(goal: Results) -> str:
    bound = f"at least {goal['at_least']:g}" if goal["at_least"] is not None else f"at most {goal['at_most']:g}"
    return bound if goal["against"] is None else f"{bound}x {goal['against']}"


def _value(goal: Results) -> str:
    if goal["value"] is None:
        return "not measured"
    return _number(goal["value"]) + ("" if goal["against"] is None else "x")


def _times_better(ratio: float, *, more_is_better: bool) -> float:
    return ratio if more_is_better else 1 / ratio


def _number(value: float) -> str:
    """The number with three significant digits."""
    if value == int(value) and abs(value) < 1000:
        return f"{value:.0f}"
    digits = 2 - floor(log10(abs(value)))
    return f"{round(value, digits):,.{max(0, min(digits, 2))}f}"


def _markdown(lines: Sequence[Sequence[str]]) -> str:
    head, *rest = lines
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rest))


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
