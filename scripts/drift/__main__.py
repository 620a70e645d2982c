"""Compare openapi.yaml with a server: with the document that it serves, and with what it does.

`make drift` and `make changelog` run this. A difference is undecided until openapi.yaml says the same, or notes.yaml
gives the reason why it does not.
"""

import argparse
import json
import sys
from pathlib import Path

import anyio

from scripts.drift.comparison import compare
from scripts.drift.document import Document, DocumentError, read
from scripts.drift.facts import FACTS
from scripts.drift.facts.fact import check_facts
from scripts.drift.notes import NOTES, decide, read_notes
from scripts.drift.operations import run_operations
from scripts.drift.report import ROOT, Report, as_json, as_text, changelog
from scripts.drift.server import KINDS, ServerError, ServerInfo, connect, served_document, server_info


def main() -> int:
    """Run the command.

    Returns:
        The exit code: 0 if nothing is undecided and no note is stale, 1 otherwise, 2 if nothing could be compared.
    """
    parser = argparse.ArgumentParser(
        prog="python -m scripts.drift", description=__doc__.splitlines()[0] if __doc__ else None
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--url", help="a running server, whose key is in LANGGRAPH_API_KEY; without it, a server is started"
    )
    source.add_argument("--file", type=Path, help="a server's document; no server is asked")
    source.add_argument("--from", type=Path, dest="saved", help="the output of --json, for --changelog")
    parser.add_argument("--server", help="what the server is, such as 'PY' or 'PY 0.4.48'; default: what it says")
    parser.add_argument("--document-only", action="store_true", help="compare the document, and check no facts")
    parser.add_argument("--openapi", type=Path, default=ROOT / "openapi.yaml", help="our document")
    parser.add_argument("--notes", type=Path, default=NOTES, help="the differences that are on purpose")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print everything as JSON")
    form.add_argument("--changelog", action="store_true", help="print lines for CHANGELOG.md; the exit code is 0")
    arguments = parser.parse_args()
    try:
        if arguments.saved:
            print(*saved_changelog(arguments.saved), sep="\n")
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
        DocumentError: If a document or the notes cannot be used.
        ServerError: If the server cannot be examined.
    """
    ours, notes = with_runs(read(arguments.openapi)), read_notes(arguments.notes)
    ours.check_references()
    stated = stated_server(arguments.server)
    if arguments.file:
        theirs = with_runs(read(arguments.file))
        differences = compare(ours, theirs)
        server, source, facts = stated or ServerInfo("PY", ""), theirs.name, 0
    else:
        async with connect(arguments.url) as http:
            info = await server_info(http)
            server = info if stated is None else ServerInfo(stated.kind, stated.version or info.version)
            source, facts = str(http.base_url), 0 if arguments.document_only else len(FACTS)
            differences = compare(ours, with_runs(await served_document(http)))
            if facts:
                differences += await check_facts(http, server.kind, FACTS)
    decision = decide(differences, notes, server, facts_checked=facts > 0)
    return Report(arguments.openapi, arguments.notes, source, server, len(run_operations(ours)), facts, decision)


def with_runs(document: Document) -> Document:
    """The document itself, which must have operations on runs.

    Raises:
        DocumentError: If it has none.
    """
    if not run_operations(document):
        raise DocumentError(f"{document.name}: it has no operations on runs")
    return document


def stated_server(text: str | None) -> ServerInfo | None:
    """The server that --server names.

    Raises:
        ServerError: If there is no such kind of server.
    """
    if text is None:
        return None
    stated, _, version = text.partition(" ")
    for kind in KINDS:
        if kind == stated:
            return ServerInfo(kind, version.strip())
    raise ServerError(f"unknown server {stated!r}; known are {', '.join(KINDS)}")


def saved_changelog(path: Path) -> list[str]:
    """The lines for CHANGELOG.md from a saved report.

    Raises:
        DocumentError: If the file cannot be read, or is not such a report.
    """
    try:
        return changelog(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise DocumentError(f"{path}: {error.strerror}") from error
    except (LookupError, TypeError, ValueError) as error:
        raise DocumentError(f"{path}: not the output of --json") from error


if __name__ == "__main__":
    sys.exit(main())
