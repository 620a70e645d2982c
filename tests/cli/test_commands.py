"""Each command, against a real server."""

import re
import shlex
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from langgraph_runs import Client, Run
from tests.cli.program import lines, one_line, run, run_each, start
from tests.support.network import Request
from tests.support.replay import Replay, Response
from tests.support.samples import run_json


@pytest.fixture
def client(server_url: str) -> Iterator[Client]:
    with Client(server_url) as client:
        yield client


def printed(command: str, stderr: str) -> list[str]:
    """The arguments of a command that was printed to be typed."""
    (line,) = [line for line in stderr.splitlines() if f"langgraph-runs {command} " in line]
    program, *arguments = shlex.split(line.partition(": ")[2])
    assert program == "langgraph-runs"
    return arguments


def test_a_runs_whole_life(server_url: str) -> None:
    """What one command prints, the next one takes."""
    thread_id = str(uuid4())
    options = ["--thread-id", thread_id, "--if-not-exists", "create", "--metadata", "{mark: whole}"]
    created = run(
        server_url, "create", "agent", "{n: 4, tokens: 2}", "--stream-resumable", "--stream-mode", "custom", *options
    )
    (made,) = lines(created.stdout)
    assert (created.returncode, created.stderr) == (0, "")
    assert (made["thread_id"], made["metadata"]["mark"]) == (thread_id, "whole")
    ids = [thread_id, made["run_id"]]

    joined = run(server_url, "join", *ids)
    assert (joined.returncode, [value["n"] for value in lines(joined.stdout)]) == (0, [5])
    tail = run(server_url, "tail", *ids, "--last-event-id", "-1")
    assert tail.stdout == run(server_url, "join-stream", *ids, "--last-event-id", "-1").stdout
    assert [(event["event"], event["data"].get("i")) for event in lines(tail.stdout)] == [
        ("metadata", None), ("custom", 0), ("custom", 1),
    ]  # fmt: skip
    got = run(server_url, "get", *ids)
    assert [value["status"] for value in lines(got.stdout)] == ["success"]

    cancelled = run(server_url, "cancel", *ids)  # it has ended
    assert cancelled.returncode == 1
    assert "404" in one_line(cancelled.stderr)
    deleted = run(server_url, "delete", *ids)
    assert (deleted.returncode, deleted.stdout, deleted.stderr) == (0, "", "")
    assert run(server_url, "get", *ids).returncode == 1


def test_cancels(server_url: str, client: Client) -> None:
    runs = [client.runs.create(str(uuid4()), "agent", after_seconds=3600, if_not_exists="create") for _ in range(2)]
    first, second = runs
    assert run(server_url, "cancel", first.thread_id, first.run_id, "--wait").returncode == 0
    many = run(server_url, "cancel-many", "--thread-id", second.thread_id, "--run-ids", second.run_id)
    assert (many.returncode, many.stdout, many.stderr) == (0, "", "")
    assert [client.runs.get(one.thread_id, one.run_id).status for one in runs] == ["interrupted"] * 2


def test_threads(server_url: str, client: Client) -> None:
    made = [client.threads.create(metadata={"mark": mark}) for mark in ("cli-a", "cli-b", "cli-b")]
    client.runs.wait(made[0], "agent", input={"n": 1})
    options = [["--metadata", "{mark: cli-b}"], ["--metadata", "{mark: cli-b}", "--limit", "1"]]
    several, one = run_each(server_url, [["threads", "list", *each] for each in options])
    assert {thread["thread_id"] for thread in lines(several.stdout)} == {thread.thread_id for thread in made[1:]}
    assert len(lines(one.stdout)) == 1
    first = made[0].thread_id
    shown, deleted = run_each(server_url, [["threads", "show", first], ["threads", "delete", first]])
    assert [(thread["thread_id"], thread["values"]["n"]) for thread in lines(shown.stdout)] == [(first, 2)]
    assert (deleted.returncode, deleted.stdout, deleted.stderr) == (0, "", "")
    gone = run(server_url, "threads", "show", first)
    assert gone.returncode == 1
    assert "404" in one_line(gone.stderr)


def test_lists_what_matches(server_url: str, client: Client) -> None:
    thread_id = str(uuid4())

    def made(mark: str) -> Run:
        return client.runs.create(
            thread_id, "agent", after_seconds=3600, metadata={"mark": mark}, if_not_exists="create"
        )

    ids = [made(mark).run_id for mark in "aab"][::-1]

    def listed(*options: str) -> list[str]:
        found = run(server_url, "list", thread_id, *options)
        assert (found.returncode, found.stderr) == (0, "")
        return [one["run_id"] for one in lines(found.stdout)]

    assert listed() == ids
    assert listed("--limit", "1") == ids[:1]
    assert listed("--metadata", "{mark: a}", "--status", "pending") == ids[1:]
    assert listed("--created-after", "1 hour ago") == ids
    assert listed("--created-before", "2026-01-01") == []
    for run_id in ids:
        client.runs.cancel(thread_id, run_id)


def test_all_pages(replay: Replay) -> None:
    """A server gives at most so many runs a page; a list has all of them."""
    runs = [run_json(run_id=str(number)) for number in range(250)]

    def page(request: Request) -> Response:
        query = parse_qs(urlsplit(request.target).query)
        offset, limit = (int(query.get(name, ["0"])[0]) for name in ("offset", "limit"))
        return Response.json(runs[offset : offset + limit])

    found = lines(run(replay(page).url, "list", "t").stdout)
    assert [one["run_id"] for one in found] == [one["run_id"] for one in runs]


@pytest.mark.parametrize(
    ("how", "content"),
    [("argument", '{"n": 4}'), ("argument", "{n: 4}"), ("@in", "n: 4\n"), ("in.json", '{"n":4}'), ("-", "n: 4")],
)
def test_inputs(server_url: str, tmp_path: Path, how: str, content: str) -> None:
    file = tmp_path / how.removeprefix("@")
    file.write_text(content)
    given = {"argument": content, "-": "-"}.get(how, f"{'@' * how.startswith('@')}{file}")
    done = run(server_url, "wait", "agent", given, stdin=content)
    assert (done.returncode, [values["n"] for values in lines(done.stdout)]) == (0, [5])


def test_a_failed_run_is_1(server_url: str) -> None:
    for command in ("stream", "wait"):
        done = run(server_url, command, "agent", "{fail: true}")
        assert done.returncode == 1
        assert "ValueError: boom on purpose" in one_line(done.stderr)


@pytest.mark.parametrize(("command", "rejoin"), [("stream", "join-stream"), ("wait", "join")])
def test_a_timeout_is_4_and_leaves_the_run_alone(server_url: str, client: Client, command: str, rejoin: str) -> None:
    done = run(server_url, command, "agent", "{tokens: 1, sleep: 60}", "--new-thread", "--timeout", "5")
    assert done.returncode == 4
    _, thread_id, run_id, *_ = printed(rejoin, done.stderr)
    assert client.runs.get(thread_id, run_id).status == "running"
    client.runs.cancel(thread_id, run_id)


@pytest.mark.parametrize("name", ["FORCE_COLOR", "TTY_COMPATIBLE"])
def test_a_pipe_is_no_terminal_whatever_the_environment_says(server_url: str, name: str) -> None:
    done = run(server_url, "wait", "agent", "{n: 1}", **{name: "1"})
    assert lines(done.stdout)[0]["n"] == 2
    done = run(server_url, "stream", "agent", "{tokens: 1}", "--stream-mode", "custom", "--new-thread", **{name: "1"})
    assert (done.returncode, done.stderr) == (0, "")
    assert {line["event"] for line in lines(done.stdout)} == {"metadata", "custom"}


@pytest.mark.parametrize("command", ["stream", "wait"])
def test_who_asks_is_5_and_the_printed_command_answers(server_url: str, command: str) -> None:
    asks = run(server_url, command, "agent", "{ask: true}", "--new-thread")
    assert asks.returncode == 5
    assert '{"q":"go on?"}' in asks.stderr
    name, *rest = printed("stream", asks.stderr)
    goes_on = run(server_url, name, *rest, "--stream-mode", "values")
    assert (goes_on.returncode, goes_on.stderr) == (0, "")
    assert lines(goes_on.stdout)[-1]["data"]["answer"] == "ANSWER"


def test_a_stop_before_a_node_is_5_and_the_printed_command_goes_on(server_url: str) -> None:
    stops = run(server_url, "stream", "agent", "{n: 1}", "--interrupt-before", "ask", "--new-thread")
    assert stops.returncode == 5
    assert run(server_url, *printed("stream", stops.stderr)).returncode == 0


def test_a_stateless_run_that_asks_cant_be_resumed(server_url: str) -> None:
    asks = run(server_url, "stream", "agent", "{ask: true}")
    assert asks.returncode == 5
    assert "--new-thread" in asks.stderr
    assert "langgraph-runs stream" not in asks.stderr


def test_events_come_as_they_happen_and_ctrl_c_leaves_the_run(server_url: str, client: Client) -> None:
    with start(server_url, "stream", "agent", "{tokens: 2, sleep: 2}", "--new-thread") as process:
        assert process.stdout
        while '"i":0' not in (line := process.stdout.readline()):
            assert line
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        rest, stderr = process.communicate(timeout=30)
        assert (process.returncode, rest) == (130, "")
    name, thread_id, run_id, *options = printed("join-stream", stderr)
    assert "--last-event-id" in options
    # Nothing is lost or repeated.
    rejoined = lines(run(server_url, name, thread_id, run_id, *options).stdout)
    assert [event["data"]["i"] for event in rejoined if event["event"] == "custom"] == [1]
    assert rejoined[-1]["event"] == "updates"
    assert client.runs.get(thread_id, run_id).status == "success"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("stateless", [False, True])
def test_cancel_on_exit(server_url: str, client: Client, number: signal.Signals, stateless: bool) -> None:
    thread = ["--on-completion", "keep"] if stateless else ["--new-thread"]
    with start(server_url, "stream", "agent", "{tokens: 1, sleep: 60}", *thread, "--cancel-on-exit") as process:
        assert process.stdout
        while '"i":0' not in (line := process.stdout.readline()):
            assert line
        process.send_signal(number)
        _, stderr = process.communicate(timeout=30)
        assert process.returncode == 128 + number
    run_id, thread_id = re.findall(r"[0-9a-f-]{36}", one_line(stderr))
    assert client.runs.get(thread_id, run_id).status == "interrupted"


def test_who_reads_no_further_stops_it(server_url: str) -> None:
    with start(server_url, "stream", "agent", "{burst: 100000}") as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(timeout=60) == 141
        assert "Traceback" not in process.stderr.read()
        process.stdout = None
