"""Run the tests of a real server, and check the facts, on released versions of the server, and show how these differ.

Each version gets an environment of its own in `.servers`, which is made the first time.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from attrs import frozen

from examples.server import local_server
from langgraph_runs import __tested_servers__
from scripts import ROOT, command, command_line
from scripts.drift.facts import FACTS
from scripts.drift.server import Kind, ServerError, environment

PAGE = ROOT / "docs" / "servers.md"
START, END = "<!-- made by `make test-servers WRITE=1` -->\n", "<!-- end -->\n"
_TIMEOUT = 1800  # seconds; long enough for a machine that has other work

# The behaviour of a server that users may notice, and the fact that tells it.
BEHAVIOURS = {
    "error bodies": "get_missing",
    "an unknown assistant": "create_unknown_assistant",
    "a value that is not allowed": "create_bad_enum",
    "a busy thread with `reject`": "create_busy_reject",
    "a busy thread without a strategy": "create_busy_default",
    "a batch": "batch",
    "waiting for a run that fails": "wait_failed",
    "joining a run that does not exist": "join_missing",
    "the fields of an interrupt": "interrupt",
    "headers of a stream": "stream_headers",
    "headers of a stateless stream": "stream_stateless_headers",
    "events of all modes": "stream_modes",
    "ids of events": "stream_ids",
    "ids within a burst of events": "ids_shared",
    "replaying a run that has ended": "replay_all",
    "joining the stream of a run that has ended": "join_stream_finished",
    "a mode of a joined stream, if the run has subgraphs": "join_modes_of_subgraphs",
    "modes separated by commas": "join_modes_with_commas",
    "cancel": "cancel",
    "cancel with `wait`": "cancel_and_wait",
    "cancelling a run that has ended": "cancel_finished",
    "the stream of a cancelled run": "cancelled_stream",
    "joining a cancelled run": "cancelled_join",
    "joining a run cancelled before it started": "cancelled_before_start",
    "deleting an active run": "delete_running",
    "the order of a list": "list_order",
    "creating a thread, again, and with `do_nothing`": "thread_created_twice",
    "the state of a new thread": "state_of_a_new_thread",
    "deleting a thread with an active run, then asking for both": "thread_deleted",
    "an assistant that does not exist": "assistant_missing",
}


@frozen
class Result:
    """What was found out about one server.

    Attributes:
        version: The version that it reports.
        tests: How many tests passed, and how many failed if any did.
        facts: What it does, by the name of each fact.
        good: Whether all tests passed and nothing is undecided.
    """

    version: str
    tests: str
    facts: dict[str, str]
    good: bool


@command("test_servers")
def main() -> int:
    """Run the command.

    Returns:
        The exit code: 0 if all tests passed and nothing is undecided on any version, 1 otherwise, 2 if a version
            could not be tested.
    """
    parser = command_line("test_servers", __doc__)
    parser.add_argument("--url", help="a running server that serves examples/agent; without it, servers are started")
    parser.add_argument(
        "--versions", default="", help="the versions to test, such as '0.4.48 0.7.103' or 'oldest'; default: all"
    )
    parser.add_argument(
        "--write", action="store_true", help="put the table into docs/servers.md if all versions passed"
    )
    arguments = parser.parse_args()
    versions = [*map(_version, arguments.versions.split())] or [*__tested_servers__]
    if arguments.write and (arguments.url or versions != [*__tested_servers__]):
        parser.error("--write needs the results of all versions")
    results: list[Result] = []
    untested: list[ServerError] = []
    for version in [None] if arguments.url else versions:
        try:
            results.append(
                _started_and_tested(version, write=arguments.write) if version else tested(arguments.url, write=False)
            )
        except ServerError as error:  # the other versions take minutes each, and are worth it
            print(f"test_servers: {error}", file=sys.stderr)
            untested.append(error)
    if results:
        report = table(results)
        print(f"\n{report}", end="")
    if untested or not all(result.good for result in results):
        return 2 if untested else 1
    if arguments.write:
        PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), report), encoding="utf-8")
    return 0


def tested(url: str, *, write: bool) -> Result:
    """Run the tests and check the facts on a running server. `write` keeps its document."""
    drift = _run("-m", "scripts.drift", "--url", url, "--json", *["--write"] * write)
    if drift.returncode > 1 or not drift.stdout:
        raise ServerError(drift.stderr.strip())
    report = json.loads(drift.stdout)
    title = report["server"]["name"]
    # Each test runs on asyncio and on trio; for how a server behaves, one of them is enough.
    # The command line is above the client, and the fake server is like the newest one.
    chosen = ["-m", "real_server", "-k", "not trio", "tests/client", "tests/faults", "tests/integration"]
    tests = _run("-m", "pytest", "-q", *chosen, LANGGRAPH_RUNS_TEST_URL=url)
    if tests.returncode:
        print(tests.stdout, tests.stderr)
    if drift.returncode:
        print(_run("-m", "scripts.drift", "--url", url).stdout)
    summary = (tests.stdout or tests.stderr).strip().splitlines()[-1].strip("= ")
    print(f"{title}: {summary}; {'differences to decide' if drift.returncode else 'nothing to decide'}", flush=True)
    differences = {one["subject"]: one["change"].split(" -> ", 1)[1] for one in report["differences"] if _is_fact(one)}
    kind: Kind = report["server"]["kind"]
    facts = {one.name: differences.get(f"fact {one.name}") or one.expected.get(kind, "") for one in FACTS}
    counts = ", ".join(re.findall(r"\d+ (?:passed|failed|errors?)", summary))
    return Result(
        report["server"]["version"] or title, counts or summary, facts, not (drift.returncode or tests.returncode)
    )


def table(results: Sequence[Result]) -> str:
    """A table of what differs by version, and one of what does not."""
    rows = {label: [result.facts[name] for result in results] for label, name in BEHAVIOURS.items()}
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
    """The text of docs/servers.md, with the report in place of the old one."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"{PAGE.name}: the comments around the table are missing")
    return f"{before}{start}\n{report}\n{end}{after}"


def _started_and_tested(version: str, *, write: bool) -> Result:
    python = environment(version)
    try:
        with local_server(python=str(python)) as url:
            return tested(url, write=write)
    except RuntimeError as error:
        raise ServerError(f"langgraph-api {version} does not start: {error}") from error


def _version(name: str) -> str:
    return {"oldest": __tested_servers__[0], "newest": __tested_servers__[-1]}.get(name, name)


def _run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ServerError(
            f"`{shlex.join(['python', *command])}` did not end within {_TIMEOUT // 60} minutes"
        ) from error


def _is_fact(difference: dict[str, str]) -> bool:
    return difference["subject"].startswith("fact ")


def _code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
