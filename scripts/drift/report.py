"""What a comparison found, as text, as JSON, and as lines for CHANGELOG.md."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from scripts import ROOT
from scripts.drift.difference import Difference, Place
from scripts.drift.notes import Decision, Stale
from scripts.drift.server import ServerInfo

ON_PURPOSE = "differs on purpose"


@frozen
class Report:
    """What was compared, and what was found.

    Attributes:
        ours: The file of our document.
        notes: The file of the notes.
        source: Where the server's document comes from.
        server: What the server is.
        operations: How many operations of our document were compared.
        facts: How many facts were checked.
        decision: The differences.
    """

    ours: Path
    notes: Path
    source: str
    server: ServerInfo
    operations: int
    facts: int
    decision: Decision


def as_text(report: Report, *, verbose: bool = False) -> str:
    """The report for a person. What is undecided comes last, so that a terminal shows it."""
    decision = report.decision
    compared = f"{report.operations} operations compared, {report.facts} facts checked"
    lines = [f"{_relative(report.ours)} and {report.server.title} at {report.source}: {compared}"]
    known = [f"{len(decision.on_purpose)} on purpose, see {_relative(report.notes)}"]
    if decision.as_before:
        known.append(f"{len(decision.as_before)} that break nothing and are not new")
    lines.append(f"differences: {'; '.join(known)}{'' if verbose else ' (VERBOSE=1 lists them)'}")
    if verbose:
        for why, differences in _by_reason(decision).items():
            lines.append(f"  {why}")
            lines += [f"    {_first_line(report, one)}{one}{_in(one.operations)}" for one in differences]
    if decision.stale:
        lines += ["", f"stale notes: {len(decision.stale)}"]
        lines += [f"  {_relative(report.notes)}:{stale.note.line}  {_stale(stale, report)}" for stale in decision.stale]
    lines += ["", f"to decide: {len(decision.undecided) or 'nothing'}"]
    for difference in decision.undecided:
        lines.append(f"  {difference.effect:<8}  {difference}")
        lines += [f"            ours    {_place(_relative(report.ours), place)}" for place in difference.ours]
        lines += [
            f"            server  {_place(report.source if place.line else '', place)}" for place in difference.server
        ]
        if difference.operations:
            lines.append(f"            in      {', '.join(difference.operations)}")
        if difference.relied_on:
            lines.append(f"            relied on: {difference.relied_on}")
    if decision.undecided:
        lines += ["", _what_to_do(report)]
    return "\n".join(lines)


def as_json(report: Report) -> dict[str, Any]:
    """The report for a program."""
    decision = report.decision
    return {
        "openapi": _relative(report.ours),
        "server": {
            "name": report.server.title,
            "kind": report.server.kind,
            "version": str(report.server.version or ""),
            "source": report.source,
        },
        "operations": report.operations,
        "facts": report.facts,
        "differences": [
            *(_difference(difference, difference.effect, None) for difference in decision.undecided),
            *(
                _difference(difference, ON_PURPOSE, why)
                for why, found in _by_reason(decision).items()
                for difference in found
            ),
        ],
        "stale": [
            {
                "difference": stale.note.difference,
                "operations": [*stale.operations],
                "why": stale.note.why,
                "line": stale.note.line,
            }
            for stale in decision.stale
        ],
    }


def changelog(report: Report) -> list[str]:
    """The lines for CHANGELOG.md: what is undecided is what has changed."""
    return [
        f"- {report.server.title}, {one.effect}: `{one.subject}` {one.change}{_in(one.operations)}"
        for one in report.decision.undecided
    ]


def _difference(difference: Difference, effect: str, why: str | None) -> dict[str, Any]:
    return {
        "difference": str(difference),
        "subject": difference.subject,
        "change": difference.change,
        "effect": effect,
        "why": why,
        "operations": [*difference.operations],
        "openapi": [{"pointer": place.pointer, "line": place.line} for place in difference.ours],
        "server": [{"pointer": place.pointer, "line": place.line} for place in difference.server],
        "relied_on": difference.relied_on,
    }


def _by_reason(decision: Decision) -> dict[str, list[Difference]]:
    """The decided differences, by the reason."""
    found: dict[str, list[Difference]] = {}
    for difference, note in decision.on_purpose:
        found.setdefault(note.why, []).append(difference)
    if decision.as_before:
        found["These break nothing and are not new."] = decision.as_before
    return found


def _what_to_do(report: Report) -> str:
    ours, notes = _relative(report.ours), _relative(report.notes)
    breaking = any(difference.effect == "breaking" for difference in report.decision.undecided)
    what = f"Change {ours}" + (f", or add the line to {notes} with its reason." if breaking else ".")
    return f"{what} WRITE=1 keeps the server's document, and accepts what breaks nothing."


def _stale(stale: Stale, report: Report) -> str:
    where = f"no longer found in {', '.join(stale.operations)}" if stale.operations else "no longer found"
    versions = f"the versions <{report.server.version or '...'}"
    match stale.needed_by:
        case ():
            what = "and no tested server has it: delete it"
        case None:
            what = f"limit it to {versions} if an older server needs it (`make test-servers` tells), or delete it"
        case needed_by:
            what = f"but in {', '.join(needed_by)}: limit it to {versions}"
    return f"{stale.note.difference} ({where}; {what})"


def _first_line(report: Report, difference: Difference) -> str:
    line = difference.ours[0].line if difference.ours else None
    return f"{_relative(report.ours)}:{line}  " if line else ""


def _in(operations: Sequence[str]) -> str:
    """The operations, or their number if they are more than fit on a line."""
    if len(operations) > 4:
        return f" ({len(operations)} operations)"
    return f" ({', '.join(operations)})" if operations else ""


def _place(name: str, place: Place) -> str:
    return f"{name}{f':{place.line}' if place.line else ''}  {place.pointer}".strip()


def _relative(path: Path) -> str:
    resolved = path.resolve()
    return str(resolved.relative_to(ROOT)) if resolved.is_relative_to(ROOT) else str(path)
