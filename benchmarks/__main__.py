"""Measures langgraph-runs beside langgraph-sdk, httpx-sse, httpx and bare sockets: `make bench`."""

import argparse
import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.measures import ROOT, Figures, Setting
from benchmarks.report import Results, circumstances, document, figures, full_table, missed_goals, plot, row_results
from benchmarks.rows import ROWS, Row
from benchmarks.worker import Process, reader_process

RESULTS = Path(__file__).resolve().parent / "results"
BEGIN, END = "<!-- made by `make bench` -->\n", "<!-- end of what `make bench` made -->"

# The reader on one core and the server on another, if there are two.
_READER_CORE, _SERVER_CORE = 0, -1


def main(arguments: list[str]) -> None:
    """Measure, print the table and the goals that were missed, and write down the results of a whole run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only",
        action="append",
        choices=[row.key for row in ROWS],
        help="measure this row only; may be given more than once",
    )
    parser.add_argument("--quick", action="store_true", help="few events and two repetitions: does everything work?")
    parser.add_argument(
        "--output",
        type=Path,
        help="where to write the results; by default only those of a whole run are written, into the documents too",
    )
    options = parser.parse_args(arguments)
    rows: list[Results] = []
    with (
        tempfile.TemporaryDirectory(prefix="benchmarks-") as folder,
        Process("benchmarks.server", core=_SERVER_CORE) as server,
    ):
        setting = Setting(f"http://127.0.0.1:{int(server.line())}", folder, options.quick)
        for row in ROWS:
            if not options.only or row.key in options.only:
                print(f"{row.title} ...", file=sys.stderr, flush=True)
                rows.append(_measure(row, setting))
    print(full_table(rows))
    for goal in missed_goals(rows):
        print(f"goal missed: {goal}", file=sys.stderr)

    said = [*(["--quick"] if options.quick else []), *(f"--only {key}" for key in options.only or ())]
    if options.output or not said:
        command = f'make bench ARGS="{" ".join(said)}"' if said else "make bench"
        results = {**circumstances(command), "rows": rows}
        output: Path = options.output or RESULTS
        output.mkdir(parents=True, exist_ok=True)
        (output / "results.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        plot(rows, (options.output or ROOT / "docs" / "img") / "results.png")
        if not options.output:
            _fill(ROOT / "README.md", figures(rows))
            _fill(ROOT / "docs" / "benchmarks.md", document(results))


def _measure(row: Row, setting: Setting) -> Results:
    repetitions = min(2, row.repetitions) if setting.quick else row.repetitions
    measured: dict[str, list[Figures]] = {}
    missing: dict[str, str] = {}
    digests: dict[str, str] = {}

    def start(reader: str) -> Process:
        return reader_process(row.key, reader, setting, core=_READER_CORE)

    def is_there(process: Process, reader: str) -> bool:
        result = process.ask()
        if isinstance(result, dict):
            missing[reader] = result["missing"]
            return False
        digests[reader] = result
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


def _fill(path: Path, text: str) -> None:
    """Put a text between the marks in a document."""
    before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise RuntimeError(f"{path} has no {BEGIN.strip()} and {END} to put the figures between")
    path.write_text(f"{before}{begin}\n{text}\n\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
