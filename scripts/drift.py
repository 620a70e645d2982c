"""Compares openapi.yaml with a server: with the document that it serves, and with what it really does.

What is found is undecided until openapi.yaml says the same or `drift_notes.yaml` says why it does not. Exit code: 0 when nothing is
undecided and no note is stale, 1 otherwise, 2 when there was nothing to compare with.
"""

import argparse
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx
from attrs import frozen

from comparison import Difference, Place, compare, run_operations
from documents import Document, DocumentError, parse, read
from drift_notes import Decision, Stale, decide, read_notes
from probes import KINDS, PROBES, ServerError, ServerInfo, ask_all, server_info

ROOT = Path(__file__).resolve().parent.parent
NOTES = ROOT / "scripts" / "drift_notes.yaml"
NAMES = {"PY": "langgraph-api", "JS": "LangGraph.js API", "AE": "Aegra"}
ON_PURPOSE = "differs on purpose"


@frozen
class Report:
    """What was compared, and what came of it.

    Attributes:
        ours: Our description.
        notes: The notes' file.
        source: Where the server's document came from.
        server: What the server is.
        operations: How many operations of ours were compared.
        probes: How many probes were asked.
        decision: What was found.
    """

    ours: Path
    notes: Path
    source: str
    server: ServerInfo
    operations: int
    probes: int
    decision: Decision

    @property
    def title(self) -> str:
        """The server's name and version."""
        return f"{NAMES[self.server.kind]} {self.server.version or '(version unknown)'}"


def main() -> int:
    """Compare and report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--url", help="a running server; left out: one is started (LANGGRAPH_API_KEY is its key)")
    source.add_argument("--file", type=Path, help="a document; nothing is asked then")
    source.add_argument("--from", type=Path, dest="saved", help="what --json printed; gives its --changelog")
    parser.add_argument("--server", help="what the server is, such as 'PY' or 'PY 0.4.48'; left out: what it says")
    parser.add_argument("--no-probes", action="store_true", help="compare only the document")
    parser.add_argument("--openapi", type=Path, default=ROOT / "openapi.yaml", help="our description")
    parser.add_argument("--notes", type=Path, default=NOTES, help="what differs on purpose")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print everything as JSON")
    form.add_argument("--changelog", action="store_true", help="print lines for CHANGELOG.md; exit code 0")
    arguments = parser.parse_args()
    try:
        if arguments.saved:
            print(*_saved_changelog(arguments.saved), sep="\n")
            return 0
        report = anyio.run(examine, arguments)
    except (DocumentError, ServerError) as error:
        print(f"drift: {error}", file=sys.stderr)
        return 2
    if arguments.changelog:
        print(*changelog(as_json(report)), sep="\n")
        return 0
    print(json.dumps(as_json(report), indent=2) if arguments.json else as_text(report))
    return 1 if report.decision.undecided or report.decision.stale else 0


async def examine(arguments: argparse.Namespace) -> Report:
    """Compare what the arguments name.

    Raises:
        DocumentError: If a document or the notes can't be read.
        ServerError: If the server can't be asked.
    """
    ours, notes = _with_runs(read(arguments.openapi)), read_notes(arguments.notes)
    ours.check_references()
    stated = _stated(arguments.server)
    if arguments.file:
        theirs = _with_runs(read(arguments.file))
        differences = compare(ours, theirs)
        server, source, probes = stated or ServerInfo("PY", ""), theirs.name, 0
    else:
        async with _server(arguments.url) as http:
            said = await server_info(http)
            server = said if stated is None else ServerInfo(stated.kind, stated.version or said.version)
            source, probes = str(http.base_url), 0 if arguments.no_probes else len(PROBES)
            differences = compare(ours, _with_runs(await _served_document(http)))
            if probes:
                differences += await ask_all(http, server.kind)
    decision = decide(differences, notes, server, probed=probes > 0)
    return Report(arguments.openapi, arguments.notes, source, server, len(run_operations(ours)), probes, decision)


def as_text(report: Report) -> str:
    """The report for a person: what is decided first, so that what is not ends the page."""
    decision = report.decision
    compared = f"{report.operations} operations compared, {report.probes} probes asked"
    lines = [f"{_relative(report.ours)} and {report.title} at {report.source}: {compared}"]
    reasons: dict[str, list[Difference]] = {}
    for difference, note in decision.on_purpose:
        reasons.setdefault(note.why, []).append(difference)
    lines += ["", f"{ON_PURPOSE} ({_relative(report.notes)}): {len(decision.on_purpose)}"]
    for why, differences in reasons.items():
        lines.append(f"  {why}")
        lines += [f"    {_first_line(report, one)}{one}{_in(one.operations)}" for one in differences]
    if decision.stale:
        lines += ["", f"stale notes, to be deleted: {len(decision.stale)}"]
        lines += [f"  {_relative(report.notes)}:{stale.note.line}  {_stale(stale)}" for stale in decision.stale]
    lines += ["", f"to decide: {len(decision.undecided) or 'nothing'}"]
    for difference in decision.undecided:
        lines.append(f"  {difference.effect:<8}  {difference}")
        lines += [f"            ours    {_place(_relative(report.ours), place)}" for place in difference.ours]
        lines += [f"            server  {_place('', place)}" for place in difference.server]
        if difference.operations:
            lines.append(f"            in      {', '.join(difference.operations)}")
        if difference.relied_on:
            lines.append(f"            relied on: {difference.relied_on}")
    if decision.undecided:
        lines += ["", f"Change {_relative(report.ours)}, or add the line to {_relative(report.notes)} with its reason."]
    return "\n".join(lines)


def as_json(report: Report) -> dict[str, Any]:
    """The report for a program."""
    decision = report.decision
    return {
        "openapi": _relative(report.ours),
        "server": {
            "name": report.title,
            "kind": report.server.kind,
            "version": report.server.version,
            "source": report.source,
        },
        "operations": report.operations,
        "probes": report.probes,
        "differences": [
            *(_difference_as_json(difference, difference.effect, None) for difference in decision.undecided),
            *(_difference_as_json(difference, ON_PURPOSE, note.why) for difference, note in decision.on_purpose),
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


def changelog(report: dict[str, Any]) -> list[str]:
    """The lines for CHANGELOG.md, out of a report as JSON: what is undecided in it, since that is what changed."""
    return [
        f"- {report['server']['name']}, {one['effect']}: `{one['subject']}` {one['change']}{_in(one['operations'])}"
        for one in report["differences"]
        if one["effect"] != ON_PURPOSE
    ]


def _with_runs(document: Document) -> Document:
    """The document, if there is anything in it to compare."""
    if not run_operations(document):
        raise DocumentError(f"{document.name}: it has no operation on runs")
    return document


@asynccontextmanager
async def _server(url: str | None) -> AsyncIterator[httpx.AsyncClient]:
    if url is None:
        # What examples hold is no installed package.
        sys.path.insert(0, str(ROOT))
        from examples.server import local_server  # noqa: PLC0415 - found since the line above

        with ExitStack() as running:
            try:
                own = running.enter_context(local_server())
            except RuntimeError as error:
                raise ServerError(f"no server could be started: {error}") from error
            async with httpx.AsyncClient(base_url=own, timeout=30, trust_env=False) as http:
                yield http
        return
    try:
        usable = httpx.URL(url).scheme in ("http", "https") and httpx.URL(url).host and " " not in url
    except httpx.InvalidURL:
        usable = False
    if not usable:
        raise ServerError(f"{url!r} is no server's URL; it looks like http://localhost:2024")
    key = os.environ.get("LANGGRAPH_API_KEY")
    async with httpx.AsyncClient(base_url=url, timeout=30, headers={"x-api-key": key} if key else {}) as http:
        yield http


async def _served_document(http: httpx.AsyncClient) -> Document:
    name = f"{str(http.base_url).rstrip('/')}/openapi.json"
    try:
        response = await http.get("/openapi.json")
    except httpx.HTTPError as error:
        raise ServerError(f"{name}: no answer ({str(error) or type(error).__name__})") from error
    if response.status_code != httpx.codes.OK:
        raise ServerError(f"{name}: status {response.status_code}")
    return parse(response.text, name)


def _stated(text: str | None) -> ServerInfo | None:
    if text is None:
        return None
    stated, _, version = text.partition(" ")
    for kind in KINDS:
        if kind == stated:
            return ServerInfo(kind, version.strip())
    raise ServerError(f"there is no server {stated!r}, only {', '.join(KINDS)}")


def _saved_changelog(path: Path) -> list[str]:
    try:
        return changelog(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise DocumentError(f"{path}: {error.strerror}") from error
    except (LookupError, TypeError, ValueError) as error:
        raise DocumentError(f"{path}: this is no report that --json gave") from error


def _difference_as_json(difference: Difference, effect: str, why: str | None) -> dict[str, Any]:
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


def _stale(stale: Stale) -> str:
    if stale.operations:
        return f"{stale.note.difference} (not any more in {', '.join(stale.operations)})"
    return f"{stale.note.difference} (not found any more)"


def _first_line(report: Report, difference: Difference) -> str:
    line = difference.ours[0].line if difference.ours else None
    return f"{_relative(report.ours)}:{line}  " if line else ""


def _in(operations: Sequence[str]) -> str:
    """Where a difference was found, as long as it fits into a line."""
    if len(operations) > 4:
        return f" ({len(operations)} operations)"
    return f" ({', '.join(operations)})" if operations else ""


def _place(name: str, place: Place) -> str:
    return f"{name}{f':{place.line}' if place.line else ''}  {place.pointer}".strip()


def _relative(path: Path) -> str:
    resolved = path.resolve()
    return str(resolved.relative_to(ROOT)) if resolved.is_relative_to(ROOT) else str(path)


if __name__ == "__main__":
    sys.exit(main())
