"""Runs the tests of a real server, and the probes, against released versions of it, and shows in which ways these differ.

Each version has an environment of its own in `.servers`, made the first time. Exit code: 0 when every test passed and nothing is
undecided about any version, 1 otherwise, 2 when a server can't be had.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from attrs import frozen

from probes import PROBES

ROOT = Path(__file__).resolve().parent.parent
# What examples hold is no installed package, and what is tested is this tree.
sys.path.insert(0, str(ROOT))
from examples.server import local_server  # noqa: E402 - found since the line above
from langgraph_runs import __tested_servers__  # noqa: E402 - of this tree

SERVERS = ROOT / ".servers"
README = ROOT / "README.md"
START, END = "<!-- made by `make test-servers WRITE=1` -->\n", "<!-- end -->\n"
_TESTS_TAKE_AT_MOST = 600

# What a user may see of a server, and the probe that tells.
BEHAVIOURS = {
    "bodies of errors": "get_missing",
    "an unknown assistant": "create_unknown_assistant",
    "a value that is none of a list": "create_bad_enum",
    "a busy thread with `reject`": "create_busy_reject",
    "a busy thread without a strategy": "create_busy_default",
    "a batch": "batch",
    "the wait of a run that fails": "wait_failed",
    "joining a run that does not exist": "join_missing",
    "an interrupt in the values": "interrupt",
    "where a stream is joined": "stream_headers",
    "where a stateless stream is joined": "stream_stateless_headers",
    "events by mode": "stream_modes",
    "ids of events": "stream_ids",
    "the same id twice": "ids_shared",
    "replaying a run that has ended": "replay_all",
    "joining a stream that has ended": "join_stream_finished",
    "a mode of a joined stream, with subgraphs": "join_modes_of_subgraphs",
    "modes with commas between them": "join_modes_with_commas",
    "cancel": "cancel",
    "cancel with `wait`": "cancel_and_wait",
    "cancel of a run that has ended": "cancel_finished",
    "the stream of a cancelled run": "cancelled_stream",
    "the join of a cancelled run": "cancelled_join",
    "the join of a run cancelled before it started": "cancelled_before_start",
    "delete of a running run": "delete_running",
    "order of a list": "list_order",
}


class NoServerError(Exception):
    """Why a server can't be tested with."""


@frozen
class Result:
    """What came of one server.

    Attributes:
        version: Its version, as it says.
        tests: How many tests passed, and failed if any did.
        answers: What it answers to each probe.
        good: Whether all tests passed and nothing is undecided.
    """

    version: str
    tests: str
    answers: dict[str, str]
    good: bool


def main() -> int:
    """Test with each server and report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--url", help="a running server, in place of those that are started; it must serve examples/agent"
    )
    parser.add_argument(
        "--versions", default="", help="which versions, such as '0.4.48 0.7.103' or 'oldest'; left out: all"
    )
    parser.add_argument("--write", action="store_true", help="put the table into README.md, after all versions passed")
    arguments = parser.parse_args()
    versions = [*map(_version, arguments.versions.split())] or [*__tested_servers__]
    if arguments.write and (arguments.url or versions != [*__tested_servers__]):
        parser.error("--write is for all versions together")
    try:
        results = [tested(arguments.url)] if arguments.url else [_started_and_tested(version) for version in versions]
    except NoServerError as error:
        print(f"test_servers: {error}", file=sys.stderr)
        return 2
    report = table(results)
    print(f"\n{report}", end="")
    if not all(result.good for result in results):
        return 1
    if arguments.write:
        README.write_text(with_table(README.read_text(encoding="utf-8"), report), encoding="utf-8")
    return 0


def environment(version: str) -> Path:
    """The interpreter of an environment with this version of the server, and what it needs.

    Raises:
        NoServerError: If it can't be installed.
    """
    folder = SERVERS / version
    python, ready = folder / "bin" / "python", folder / "ready"
    if not (ready.exists() and python.exists()):
        print(f"installing langgraph-api {version} into {folder.relative_to(ROOT)}", flush=True)
        packages = [f"langgraph-api=={version}", "langgraph-cli[inmem]"]
        for command in (
            [sys.executable, "-m", "venv", "--clear", str(folder)],
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages],
        ):
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            if done.returncode:
                raise NoServerError(f"langgraph-api {version} does not install:\n{done.stdout}")
        ready.touch()
    return python


def tested(url: str) -> Result:
    """The probes' answers of a running server, and what the tests say to it.

    Raises:
        NoServerError: If it does not answer.
    """
    drift = _run("scripts/drift.py", "--url", url, "--json")
    if drift.returncode > 1:
        raise NoServerError(drift.stderr.strip())
    report = json.loads(drift.stdout)
    title = report["server"]["name"]
    # What differs by server does not differ by event loop.
    chosen = ["-m", "real_server", "-k", "not trio", "tests"]
    tests = _run("-m", "pytest", "-q", *chosen, LANGGRAPH_RUNS_TEST_URL=url)
    if tests.returncode:
        print(tests.stdout, tests.stderr)
    if drift.returncode:
        print(_run("scripts/drift.py", "--url", url).stdout)
    summary = tests.stdout.strip().splitlines()[-1].strip("= ")
    print(f"{title}: {summary}; {'not all is decided' if drift.returncode else 'nothing to decide'}", flush=True)
    differences = {one["subject"]: one["change"].split(" -> ", 1)[1] for one in report["differences"] if _is_probe(one)}
    kind = report["server"]["kind"]
    answers = {one.name: differences.get(f"probe {one.name}") or one.expected.get(kind, "") for one in PROBES}
    counts = ", ".join(re.findall(r"\d+ (?:passed|failed|errors?)", summary))
    return Result(
        report["server"]["version"] or title, counts or summary, answers, not (drift.returncode or tests.returncode)
    )


def table(results: Sequence[Result]) -> str:
    """What differs by version, and what does not."""
    rows = {label: [result.answers[name] for result in results] for label, name in BEHAVIOURS.items()}
    several = {label: cells for label, cells in rows.items() if len({*cells}) > 1}
    lines = [
        f"Tested on {datetime.now(UTC).date()}.",
        "",
        _row(["", *(result.version for result in results)]),
        _row(["---"] * (len(results) + 1)),
        _row(["tests", *(result.tests for result in results)]),
        *(_row([label, *map(_code, cells)]) for label, cells in several.items()),
        "",
        _row(["the same in all of them", ""]),
        _row(["---", "---"]),
        *(_row([label, _code(cells[0])]) for label, cells in rows.items() if label not in several),
    ]
    return "\n".join(lines) + "\n"


def with_table(text: str, report: str) -> str:
    """README.md with this table in place of its own."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"{README.name}: the place for the table is gone")
    return f"{before}{start}\n{report}\n{end}{after}"


def _started_and_tested(version: str) -> Result:
    python = environment(version)
    try:
        with local_server(python=str(python)) as url:
            return tested(url)
    except RuntimeError as error:
        raise NoServerError(f"langgraph-api {version} does not start: {error}") from error


def _version(name: str) -> str:
    return {"oldest": __tested_servers__[0], "newest": __tested_servers__[-1]}.get(name, name)


def _run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=_TESTS_TAKE_AT_MOST,
        check=False,
    )


def _is_probe(difference: dict[str, str]) -> bool:
    return difference["subject"].startswith("probe ")


def _code(answer: str) -> str:
    return f"`{answer}`".replace("|", "\\|")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
