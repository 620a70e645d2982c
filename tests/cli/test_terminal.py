"""What a person sees on a terminal."""

import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from langgraph_runs import Client
from langgraph_runs._cli.commands import cli, threads
from tests.cli.program import Terminal, run_each
from tests.support.replay import Replay, Response
from tests.support.samples import run_json, sse

COLOURS = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-7]|4[0-7]|9[0-7]|10[0-7]|38|48)[;m]")
# A terminal may brighten what is bold, and bright green vanishes on white; so does grey on black, and black on black.
UNREADABLE = re.compile(r"\x1b\[(?:1;[39]\d|(?:\d+;)*(?:3[037]|9[0-7]|38;\d))[;m]")
RUN = run_json()
HEADERS = (("content-location", f"/threads/{RUN['thread_id']}/runs/{RUN['run_id']}"),)


@pytest.fixture
def client(server_url: str) -> Iterator[Client]:
    with Client(server_url) as client:
        yield client


def test_a_live_view(server_url: str) -> None:
    graph_input = "{tokens: 3, sleep: 0.1, text: Tea is a drink., ask: true}"
    with Terminal(server_url, "stream", "agent", graph_input, "--new-thread", height=40) as terminal:
        assert terminal.end() == 5
        for shown in ("✓ work", "sub > talk  Tea is a drink.", "✓ sub", "… ask", "progress", '{"q":"go on?"}'):
            assert shown in terminal.text
        assert "langgraph-runs stream agent --thread-id" in terminal.text
        assert COLOURS.search(terminal.raw)
        assert not UNREADABLE.search(terminal.raw)


def test_no_color(server_url: str) -> None:
    with Terminal(server_url, "stream", "agent", "{tokens: 1, fail: true}", NO_COLOR="1") as terminal:
        assert terminal.end() == 1
        assert "✗ work" in terminal.text
        assert "boom on purpose" in terminal.text
        assert not COLOURS.search(terminal.raw)


def test_json_on_a_terminal(server_url: str) -> None:
    with Terminal(server_url, "stream", "agent", "{n: 1}", "--json", "--stream-mode", "values", width=5000) as terminal:
        assert terminal.end() == 0
        events = [json.loads(line)["event"].partition("|")[0] for line in terminal.text.splitlines()]
    assert events[0] == "metadata"
    assert set(events[1:]) == {"values"}


def test_ctrl_c_on_a_terminal(server_url: str, client: Client) -> None:
    with Terminal(
        server_url, "stream", "agent", "{tokens: 1, sleep: 60}", "--new-thread", width=5000, height=24
    ) as terminal:
        terminal.until("progress")  # while the run goes on
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.end() == 130
        found = re.search(r"langgraph-runs join-stream (\S+) (\S+)", terminal.text)
        assert found
        assert "\x1b[?25h" in terminal.raw  # the cursor is back
    assert client.runs.get(found[1], found[2]).status == "running"
    client.runs.cancel(found[1], found[2])


def test_tokens_are_shown_as_they_come_and_hostile_text_does_no_harm(replay: Replay) -> None:
    def token(text: str) -> bytes:
        return sse("messages", [{"id": "1", "type": "AIMessageChunk", "content": text}, {"langgraph_node": "talk"}])

    ended = Response.json({**RUN, "status": "success"})
    script = [Response.events([token("Tea"), token(" is\x1b]0;owned\x07"), token(" [red]!")], HEADERS), ended]
    server = replay(script)
    with Terminal(server.url, "stream", "agent", "--thread-id", RUN["thread_id"], "--no-stream-resumable") as terminal:
        assert terminal.end() == 0
        assert r"talk  Tea is\x1b]0;owned\x07 [red]!" in terminal.text
        assert "\x1b]0" not in terminal.raw


def test_retries_are_told_above_the_live_view(replay: Replay) -> None:
    first, second = sse("custom", 1, id="1-0"), sse("custom", 2, id="2-0")
    answers = [
        Response.events([first, second], HEADERS, fault="rst", fault_after=len(first)),
        Response.json({"detail": "down"}, 503),
        Response.events([first, second], HEADERS),
    ]
    ended = Response.json({**RUN, "status": "success"})
    server = replay(lambda request: answers.pop(0) if request.path.endswith("/stream") else ended)
    with Terminal(server.url, "stream", "agent", "--thread-id", RUN["thread_id"]) as terminal:
        assert terminal.end() == 0
        assert len(re.findall(r"[\r\n]run r: retry \d", terminal.text)) == 2


def test_a_table_fits_and_watch_draws_it_again(server_url: str, client: Client) -> None:
    thread_id = str(uuid4())
    metadata = {"user": "kim", "job": "import " * 50}
    run = client.runs.create(thread_id, "agent", after_seconds=3600, metadata=metadata, if_not_exists="create")
    with Terminal(server_url, "list", thread_id) as terminal:
        assert terminal.end() == 0
        heading, line = terminal.text.splitlines()
        assert heading.split() == ["id", "status", "age", "created"]
        assert line.split()[:2] == [run.run_id, "pending"]
        assert "from" in line  # it counts from when it will start
        assert len(line) <= 80
    with Terminal(server_url, "list", thread_id, width=160) as terminal:
        assert terminal.end() == 0
        heading, line = terminal.text.splitlines()
        assert heading.split() == ["id", "status", "age", "created", "metadata"]
        assert re.match(rf'{run.run_id} pending .* from now .* {{"user":"kim",.*…$', line)
        assert len(line) <= 160
    with Terminal(server_url, "list", thread_id, "--watch", "0.2") as terminal:
        terminal.until("pending")
        client.runs.cancel(thread_id, run.run_id, wait=True)
        terminal.until("interrupted")
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.end() == 130


def test_the_bar_of_a_batch_is_readable(server_url: str, tmp_path: Path) -> None:
    (tmp_path / "inputs.jsonl").write_text('{"tokens": 1, "sleep": 1}\n' * 2)
    command = ("batch", tmp_path / "inputs.jsonl", "--assistant-id", "agent", "--concurrency", 1)
    with Terminal(server_url, *map(str, command), "--output", str(tmp_path / "results.jsonl")) as terminal:
        terminal.until("1/2")
        assert terminal.end() == 0
        assert "2/2 0 failed" in terminal.text
        assert not UNREADABLE.search(terminal.raw)


def test_results_of_a_batch_stay_whole_lines(server_url: str, tmp_path: Path) -> None:
    (tmp_path / "inputs.jsonl").write_text('{"n": 1}\n' * 2)
    with Terminal(server_url, "batch", str(tmp_path / "inputs.jsonl"), "--assistant-id", "agent") as terminal:
        assert terminal.end() == 0
        assert [json.loads(line)["values"]["n"] for line in terminal.text.splitlines()] == [2, 2]


def test_help_fits(server_url: str) -> None:
    names = [*cli.commands, *(f"threads {name}" for name in threads.commands)]
    for done in run_each(server_url, [["--help"], *([*name.split(), "--help"] for name in names)]):
        assert done.returncode == 0
        assert [line for line in done.stdout.splitlines() if len(line) > 80 or re.search(r"\w,?\.\.\.$", line)] == []


def test_a_result_is_indented(server_url: str) -> None:
    with Terminal(server_url, "wait", "agent", "{n: 1}") as terminal:
        assert terminal.end() == 0
        assert '  "n": 2' in terminal.text
