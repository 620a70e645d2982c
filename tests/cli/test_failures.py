"""Bad input, bad servers: one line that says what to do, the documented exit code, nothing sent twice."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import PROGRAM, environment, lines, one_line, run, run_each, start
from tests.support.network import refusing_url
from tests.support.replay import Replay, Response
from tests.support.samples import run_json, sse

RUN = run_json()
IDS = {"content-location": f"/threads/{RUN['thread_id']}/runs/{RUN['run_id']}"}
HEADERS = tuple(IDS.items())


BAD_INPUT = [
    (["stream", "agent", '{"a": '], "neither JSON nor YAML: line 1, column 7"),
    (["stream", "agent", "{a: [}"], "neither JSON nor YAML: line 1, column 6"),
    (["stream", "agent", "@broken.yaml"], "neither JSON nor YAML: line 2, column 4"),
    (["stream", "agent", "@latin1.json"], "neither JSON nor YAML"),
    (["stream", "agent", "[" * 2000], "neither JSON nor YAML"),
    (["stream", "agent", "&a [*a]"], "INPUT"),
    (["stream", "agent", "@missing.json"], "can't read missing.json: No such file or directory"),
    (["stream", "agent", "missing.yaml"], "can't read missing.yaml: No such file or directory"),
    (["stream", "agent", "@."], "can't read .: Is a directory"),
    (["stream", "agent", "-"], "it is empty"),
    (["stream", "agent", "--inptu", "3"], "No such option '--inptu'"),
    (["stream", "agent", "--stream-mode", "vlaues"], "'vlaues' is not one of"),
    (["stream", "agent", "--context", "3"], "--context: must be a mapping"),
    (["stream", "agent", "--thread-id", "1", "--new-thread"], "either --thread-id or --new-thread"),
    (["stream", "agent", "--url", "ftp://server"], "--url: 'ftp://server'"),
    (["stream", "agent", "--api-key", "se\ncret"], "--api-key: "),
    (["stream"], "Missing argument 'ASSISTANT_ID'"),
    (["stram", "agent"], "No such command 'stram'. "),
    (["--url", "http://server", "get", "1", "2"], "No such option '--url'. Options follow the command."),
    (["get", "1", "2", "--url", "localhost:2024"], "is not a server's URL; an example is http://localhost:2024"),
    (["get", "..", "1"], "THREAD_ID: '..' is no id"),
    (["create", "agent", "--after-seconds", "-1"], "--after-seconds: "),
    (["list", "1", "--created-after", "last week"], "'last week' is no time"),
    (["list", "1", "--created-after", "99999 years ago"], "is no time"),
    (["list", "1", "--watch"], "--watch needs a terminal"),
    (["cancel-many"], "--run-ids: give --thread-id and --run-ids, or --status"),
]


def test_bad_input_is_2_and_nothing_is_sent(replay: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.yaml").write_text("a: 1\n  b: 2\n")
    (tmp_path / "latin1.json").write_bytes(b'{"a": "\xe9"}')
    server = replay([])
    for (arguments, says), done in zip(BAD_INPUT, run_each(server.url, [case[0] for case in BAD_INPUT]), strict=True):
        assert (done.returncode, done.stdout) == (2, ""), (arguments, done.stderr)
        line = one_line(done.stderr)
        assert line.startswith("langgraph-runs: ")
        assert says in line
        assert "cret" not in line
    assert server.accepted == 0


REFUSED = [
    (Response.json({"detail": "wrong key"}, 401), 1, "--api-key or LANGGRAPH_API_KEY"),
    (Response.json({"detail": "not yours"}, 403), 1, "--api-key or LANGGRAPH_API_KEY"),
    (Response.json({"detail": "no such thread"}, 404), 1, "no such thread"),
    (Response.json({"detail": "busy\n\x1b[31mred"}, 409), 1, r"busy \x1b[31mred"),
    (Response(200, (("content-type", "text/html"),), b"<html>Welcome</html>"), 3, "--url or LANGGRAPH_API_URL"),
    (Response(302, (("location", "https://elsewhere"),)), 1, "302"),
    (Response.json({"detail": "down"}, 500), 3, "500"),
    (Response.none(), 3, "--url or LANGGRAPH_API_URL"),
]


def test_what_a_server_refuses_is_sent_once(replay: Replay) -> None:
    server = replay([answer for answer, _, _ in REFUSED])
    results = run_each(server.url, [["create", "agent"]] * len(REFUSED), LANGGRAPH_API_KEY="secret-key")
    for (_, code, says), done in zip(REFUSED, results, strict=True):
        assert (done.returncode, done.stdout) == (code, ""), done.stderr
        assert says in one_line(done.stderr)
        assert "secret-key" not in done.stderr
    assert [request.headers["x-api-key"] for request in server.requests] == ["secret-key"] * len(REFUSED)


def test_too_many_requests_are_3_when_it_has_tried_often_enough(replay: Replay) -> None:
    busy = Response.json({"detail": "too many"}, 429, headers=(("retry-after", "0"),))
    server = replay([busy, busy, busy, Response.json(RUN)])
    gives_up, succeeds = run_each(server.url, [["create", "agent", "--max-retries", n] for n in "11"])
    assert (gives_up.returncode, gives_up.stdout) == (3, "")
    assert "too many" in gives_up.stderr.splitlines()[-1]
    assert (succeeds.returncode, lines(succeeds.stdout)[0]["run_id"]) == (0, RUN["run_id"])


STOPPED = [
    (["stream", "agent", "--thread-id", RUN["thread_id"]], "join-stream"),
    (["join", RUN["thread_id"], RUN["run_id"]], "join"),
]


@pytest.mark.parametrize(("command", "goes_on"), STOPPED)
def test_sigterm_is_143_and_leaves_the_run_alone(replay: Replay, command: list[str], goes_on: str) -> None:
    events = Response.events([sse("custom", 1), b"event: "], HEADERS, fault="silent", fault_after=len(sse("custom", 1)))
    server = replay(lambda request: events if request.path.endswith("/stream") else Response.none("silent"))
    with start(server.url, *command) as process:
        server.wait_for(lambda: server.silent == 1)
        if command[0] == "stream":
            assert process.stdout
            assert process.stdout.readline()
        process.terminate()
        stdout, stderr = process.communicate(timeout=30)
        assert (process.returncode, stdout) == (143, "")
    assert stderr.partition(": ")[2] == f"langgraph-runs {goes_on} {RUN['thread_id']} {RUN['run_id']}\n"
    assert len(server.requests) == 1


CLOSED = [
    (["get", "1", "2"], ">&-", 0, ""),
    (["get", "1", "2", "--bogus"], "2>&-", 2, ""),
    (["wait", "agent", "-"], "<&-", 2, "it is empty"),
    (["get", "1", "2"], ">/dev/full", 1, "No space left on device"),
    (["stream", "agent", "--thread-id", "t", "--no-stream-resumable"], ">/dev/full", 1, "langgraph-runs join-stream t"),
]


@pytest.mark.parametrize(("command", "how", "code", "says"), CLOSED)
def test_inputs_and_outputs_that_are_closed_or_full(
    replay: Replay, command: list[str], how: str, code: int, says: str
) -> None:
    events = Response.events([sse("metadata", {"run_id": RUN["run_id"]})], HEADERS)
    server = replay(lambda request: events if request.path.endswith("/stream") else Response.json(RUN))
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {how}', "sh", *PROGRAM, *command],
        capture_output=True,
        env=environment(server.url),
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (code, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_an_event_that_was_not_written_is_not_where_to_go_on(replay: Replay, tmp_path: Path) -> None:
    """What is written up to then counts; before it, the first event of a stream that is kept."""
    first, second = sse("custom", "written", id="1-0"), sse("custom", "x" * 4096, id="2-0")
    answers = [Response.events([first, second], HEADERS), Response.events([second], HEADERS)]
    server = replay(lambda request: answers.pop(0) if "stream" in request.path else Response.json(RUN))
    stream = ("stream", "agent", "--thread-id", RUN["thread_id"])
    for went_on_from in (r"-1\+1\.\S+", "-1"):  # one event after the start, and the start
        done = subprocess.run(
            ["sh", "-c", 'ulimit -f 1; exec "$@" > events.jsonl', "sh", *PROGRAM, *stream],
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env=environment(server.url, PYTHONUNBUFFERED=""),
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 1
        rejoin, failure = done.stderr.splitlines()
        assert rejoin.startswith("The run goes on. ")
        assert re.search(rf"--last-event-id {went_on_from}$", rejoin)
        assert "File too large" in failure


def test_a_run_that_has_ended_is_not_called_cancelled(replay: Replay) -> None:
    ended = Response.json({"detail": "No matching runs"}, 404)
    events = Response.events([sse("metadata", {"run_id": RUN["run_id"]})], HEADERS)
    server = replay(lambda request: ended if request.path.endswith("/cancel") else events)
    command = [*PROGRAM, "stream", "agent", "--thread-id", RUN["thread_id"], "--cancel-on-exit"]
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" >/dev/full', "sh", *command],
        stderr=subprocess.PIPE,
        env=environment(server.url),
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "No space left" in one_line(done.stderr)
    assert server.requests[-1].path.endswith("/cancel")


def test_a_signal_that_is_ignored_stays_so(replay: Replay) -> None:
    """As SIGHUP by nohup."""
    server = replay([Response.none("silent")])
    command = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *PROGRAM, "get", "1", "2"]
    with subprocess.Popen(command, env=environment(server.url)) as process:
        server.wait_for(lambda: server.silent == 1, timeout=60)
        process.send_signal(signal.SIGHUP)  # of two, Python handles this one first
        process.terminate()
        assert process.wait(timeout=30) == 143


def test_no_connection_is_3() -> None:
    with refusing_url() as url:
        done = run(url, "get", "1", "2", "--max-retries", 0)
    assert done.returncode == 3
    assert "Connection refused" in one_line(done.stderr)


def test_the_key_of_a_flag_is_sent_and_never_shown(replay: Replay) -> None:
    server = replay([Response.json({"detail": "no"}, 401)])
    done = run(server.url, "get", "1", "2", "--api-key", "secret-key", "--debug")
    assert server.requests[0].headers["x-api-key"] == "secret-key"
    assert "Traceback" in done.stderr
    assert "secret-key" not in done.stderr


def test_a_stream_that_is_cut_is_3_and_says_where_to_go_on(replay: Replay) -> None:
    began = sse("metadata", {"run_id": RUN["run_id"]})
    cut = Response.events([began, sse("custom", 1)], HEADERS, fault="rst", fault_after=len(began))
    server = replay(lambda request: cut if request.method == "POST" else Response.json({**RUN, "status": "running"}))
    done = run(
        server.url, "stream", "agent", "--thread-id", RUN["thread_id"], "--no-stream-resumable", "--max-retries", 0
    )
    assert done.returncode == 3
    rejoin, failure = done.stderr.splitlines()
    assert rejoin.startswith("The run may go on. ")
    assert f"langgraph-runs join-stream {RUN['thread_id']} {RUN['run_id']}" in rejoin
    assert failure.startswith("langgraph-runs: ")


def test_several_interrupts_are_answered_by_their_ids(replay: Replay) -> None:
    asked = [{"value": "tea?", "id": "a"}, {"value": "milk?", "id": "b"}]
    script = [
        Response.events([sse("updates", {"__interrupt__": asked})], HEADERS),
        Response.json({**RUN, "status": "success"}),
        Response.json({**RUN, "status": "success"}),
    ]
    server = replay(script)
    done = run(server.url, "stream", "agent", "--thread-id", RUN["thread_id"], "--no-stream-resumable")
    assert done.returncode == 5
    assert """--command '{"resume":{"a":"ANSWER","b":"ANSWER"}}'""" in done.stderr


def test_a_printed_command_names_the_server_but_no_password(replay: Replay) -> None:
    server = replay(lambda _: Response.json({**RUN, "__interrupt__": [{"value": 1, "id": "a"}]}, headers=HEADERS))
    url = server.url.replace("//", "//kim:hush@")
    done = run(None, "wait", "agent", "--thread-id", RUN["thread_id"], "--url", url)
    assert done.returncode == 5
    assert f"--url {server.url}" in done.stderr
    assert "hush" not in done.stdout + done.stderr


def test_what_json_lines_cant_hold_is_escaped(replay: Replay) -> None:
    """Half an emoji, and an integer of more than 64 bits."""
    body = b'event: custom\ndata: {"half":"\\ud83d","big":' + str(2**70).encode() + b"}\n\nevent: end\n\n"
    server = replay([Response.events([body], HEADERS), Response.json({**RUN, "status": "success"})])
    done = run(server.url, "stream", "agent", "--thread-id", RUN["thread_id"], "--no-stream-resumable")
    assert done.returncode == 0
    assert r'{"half": "\ud83d", "big": 1180591620717411303424}' in done.stdout


def test_without_the_extra_one_line_says_what_to_install() -> None:
    code = "import sys; sys.modules['rich'] = None; from langgraph_runs.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert "pip install 'langgraph-runs[cli]'" in one_line(done.stderr)


def test_the_library_needs_none_of_it() -> None:
    code = "import langgraph_runs, sys; print(sys.modules.keys() & {'langgraph_runs._cli', 'yaml', 'humanize'})"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout == "set()\n"
