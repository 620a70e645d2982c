"""Compare openapi.yaml with a server: with the document that it serves, and with what it does.

`make drift` and `make changelog` run this. A difference is undecided until openapi.yaml says the same, or notes.yaml
gives the reason why it does not.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import anyio
from attrs import evolve

from scripts import ROOT, command, command_line
from scripts.drift.comparison import compare
from scripts.drift.difference import Difference
from scripts.drift.document import Document, DocumentError, read
from scripts.drift.facts import FACTS
from scripts.drift.facts.fact import check_facts
from scripts.drift.notes import NOTES, Decision, Stale, decide, read_notes
from scripts.drift.operations import api_operations
from scripts.drift.report import Report, as_json, as_text, changelog
from scripts.drift.served import keep, kept, predecessor
from scripts.drift.server import (
    ServerInfo,
    connect,
    environment,
    served_document,
    server_info,
    stated_server,
)


@command("drift")
def main() -> int:
    """Run the command.

    Returns:
        The exit code: 0 if nothing is undecided and no note is stale, 1 otherwise, 2 if nothing could be compared.
    """
    parser = command_line("drift", __doc__)
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--url", help="a running server, whose key is in LANGGRAPH_API_KEY; without it, a server is started"
    )
    source.add_argument("--file", type=Path, help="a server's document; no server is asked")
    parser.add_argument("--server", help="what the server is, such as 'PY' or 'PY 0.4.48'; default: what it says")
    source.add_argument("--version", help="a release of LangGraph API (Python), which is installed and started")
    parser.add_argument("--document-only", action="store_true", help="compare the document, and check no facts")
    parser.add_argument("--openapi", type=Path, default=ROOT / "openapi.yaml", help="our document")
    parser.add_argument("--notes", type=Path, default=NOTES, help="the differences that are on purpose")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print everything as JSON")
    form.add_argument("--verbose", action="store_true", help="print what is decided too")
    parser.add_argument("--write", action="store_true", help="keep the server's document, for its successor")
    form.add_argument("--changelog", action="store_true", help="print lines for CHANGELOG.md; the exit code is 0")
    arguments = parser.parse_args()
    python = environment(arguments.version) if arguments.version else Path(sys.executable)
    report = anyio.run(examine, arguments, str(python))
    if arguments.changelog:
        print(*changelog(report), sep="\n")
        return 0
    print(json.dumps(as_json(report), indent=2) if arguments.json else as_text(report, verbose=arguments.verbose))
    return 1 if report.decision.undecided or report.decision.stale else 0


async def examine(arguments: argparse.Namespace, python: str) -> Report:
    """Compare what the arguments name."""
    ours, notes = with_operations(read(arguments.openapi)), read_notes(arguments.notes)
    ours.check_references()
    stated = None if arguments.server is None else stated_server(arguments.server)
    behaviour: list[Difference] = []
    if arguments.file:
        theirs = with_operations(read(arguments.file))
        server, source, facts = stated or ServerInfo("PY", ""), theirs.name, 0
    else:
        async with connect(arguments.url, python) as http:
            info = await server_info(http)
            server = info if stated is None else stated if stated.version else evolve(info, kind=stated.kind)
            source, facts = str(http.base_url), 0 if arguments.document_only else len(FACTS)
            theirs = with_operations(await served_document(http))
            if facts:
                behaviour = await check_facts(http, server.kind, FACTS)
    before = predecessor(server)
    decision = decide(
        compare(ours, theirs) + behaviour,
        notes,
        server,
        before=compare(ours, before) if before else (),
        facts_checked=facts > 0,
    )
    if decision.stale:
        files = kept(server.kind)
        found = {str(version): {*map(str, compare(ours, read(path)))} for version, path in files.items()}
        decision.stale[:] = [with_need(stale, found) for stale in decision.stale]
    if arguments.write:
        write(server, theirs, decision)
    return Report(arguments.openapi, arguments.notes, source, server, len(api_operations(ours)), facts, decision)


def with_need(stale: Stale, found: Mapping[str, set[str]]) -> Stale:
    """The note, with the versions in which its difference is found. Behaviour is in no document."""
    if stale.note.difference.startswith("fact "):
        return stale
    needed_by = [version for version, differences in found.items() if any(map(stale.note.is_about, differences))]
    return evolve(stale, needed_by=tuple(needed_by))


def write(server: ServerInfo, document: Document, decision: Decision) -> None:
    """Keep the server's document, which decides what breaks nothing."""
    if not server.version:
        raise DocumentError("--write: the server's version is unknown; give it with --server, such as 'PY 0.17.0'")
    if any(difference.effect == "breaking" for difference in decision.undecided):
        raise DocumentError("--write: something breaking is undecided; see the report without --write")
    decision.as_before.extend(decision.undecided)
    decision.undecided.clear()
    print(f"drift: wrote {keep(server, document).relative_to(ROOT)}", file=sys.stderr)


def with_operations(document: Document) -> Document:
    """The document itself, which must have operations that are compared."""
    if not api_operations(document):
        raise DocumentError(f"{document.name}: it has no operations on runs, threads or assistants")
    return document


if __name__ == "__main__":
    sys.exit(main())
