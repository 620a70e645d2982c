"""Measures langgraph-runs beside langgraph-sdk, httpx-sse and the bare floors, in one run: `make bench`, or `python -m benchmarks`."""

import argparse
import json
import sys
from contextlib import ExitStack
from pathlib import Path

from benchmarks.report import Results, circumstances, full_table, plot, row_results, short_table
from benchmarks.rows import ROOT, ROWS, Figures, Row
from benchmarks.worker import Process

RESULTS = Path(__file__).resolve().parent / "results"
README = ROOT / "README.md"
BEGIN, END = "<!-- benchmarks: begin -->\n", "<!-- benchmarks: end -->"

# The reader on one core and the server on another, where there are two.
_READER_CORE, _SERVER_CORE = 0, -1


def main(arguments: list[str]) -> None:
    """Measure, print a table, and write the results of a whole run down."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only",
        action="append",
        choices=[row.key for row in ROWS],
        help="measure this row only; may be given more than once",
    )
    parser.add_argument(
        "--quick", action="store_true", help="a few events and two repetitions, to see that all of it works"
    )
    parser.add_argument(
        "--output",
        type=Path,
        help="where to write the results; without it only those of a whole run are, and README.md gets its table",
    )
    options = parser.parse_args(arguments)
    whole = not options.only and not options.quick
    rows: list[Results] = []
    with Process("benchmarks.server", core=_SERVER_CORE) as server:
        url = f"http://127.0.0.1:{int(server.line())}"
        for row in ROWS:
            if not options.only or row.key in options.only:
                print(f"{row.title} ...", file=sys.stderr, flush=True)
                rows.append(_measure(row, url, quick=options.quick))
    print(full_table(rows))
    if whole or options.output:
        said = [*(["--quick"] if options.quick else []), *(f"--only {key}" for key in options.only or ())]
        command = f'make bench ARGS="{" ".join(said)}"' if said else "make bench"
        _write(options.output or RESULTS, {**circumstances(command), "rows": rows})
    if whole and not options.output:
        _refresh_readme(short_table(rows))


def _measure(row: Row, url: str, *, quick: bool) -> Results:
    repetitions = min(2, row.repetitions) if quick else row.repetitions
    measured: dict[str, list[Figures]] = {}
    missing: dict[str, str] = {}
    digests: dict[str, str] = {}

    def start(reader: str) -> Process:
        return Process("benchmarks.worker", row.key, reader, url, "quick" if quick else "", core=_READER_CORE)

    def is_there(process: Process, reader: str) -> bool:
        answer = process.ask()
        if isinstance(answer, dict):
            missing[reader] = answer["missing"]
            return False
        digests[reader] = answer
        if len(set(digests.values())) > 1:
            raise RuntimeError(f"{row.key}: the readers did not read the same: {digests}")
        return True

    if row.fresh:
        for _ in range(repetitions):
            for reader in row.readers:
                with start(reader) as process:
                    if is_there(process, reader):
                        measured.setdefault(reader, []).append(process.ask())
    else:
        with ExitStack() as running:
            processes = {reader: running.enter_context(start(reader)) for reader in row.readers}
            there = [reader for reader, process in processes.items() if is_there(process, reader)]
            for _ in range(repetitions):
                for reader in there:
                    measured.setdefault(reader, []).append(processes[reader].ask())
    return row_results(row, measured, missing)


def _write(folder: Path, results: Results) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    facts = (
        f"{results['python']}, {results['system']}, {results['processor']}, {results['date']}, `{results['command']}`"
    )
    (folder / "table.md").write_text(f"{facts}\n\n{full_table(results['rows'])}\n", encoding="utf-8")
    plot(results["rows"], folder / "results.png")


def _refresh_readme(table: str) -> None:
    text = README.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise RuntimeError(f"README.md has no {BEGIN.strip()} and {END} to put the table between")
    README.write_text(f"{before}{begin}{table}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
