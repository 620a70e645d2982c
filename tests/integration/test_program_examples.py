"""The longer programs in `examples/`, run as people run them."""

import json
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime
from typing import IO
from uuid import uuid4

import pytest

from examples.server import AGENT, local_server
from langgraph_runs import Client, RunFailedError
from tests.support.conformance import checked
from tests.support.network import Request
from tests.support.replay import Replay, Response
from tests.support.samples import run_json, sse, thread_json

EXAMPLES = AGENT.parent


@pytest.fixture(autouse=True)
def server(server_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGGRAPH_API_URL", server_url)


def run(name: str, *arguments: str, typed: str = "", code: int = 0, errors: str = "") -> str:
    done = subprocess.run(
        [sys.executable, EXAMPLES / name, *arguments],
        input=typed,
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert done.returncode == code, done.stderr
    assert re.fullmatch(errors, done.stderr), done.stderr
    return done.stdout


def test_the_chat_keeps_its_thread_and_asks() -> None:
    output = run("chat.py", typed="hello\norder tea\nno\norder tea\nyes\n")
    hello, no, yes, left = output.split("> ")[1:]
    assert hello == "You said: hello\n"
    assert no == "Order tea? Nothing was ordered.\n"
    assert yes == "Order tea? Ordered: tea.\n"
    thread_id = left.split()[-1]
    run("chat.py", thread_id, typed="again\n")
    with Client() as client:
        assert len(client.runs.list(thread_id)) == 6
        values = client.runs.join(thread_id, client.runs.list(thread_id)[0].run_id)
    said = ["hello", "order tea", "order tea", "again"]
    assert [message["content"] for message in values["messages"] if message["type"] == "human"] == said


def test_ctrl_c_stops_the_answer_and_then_the_chat() -> None:
    left = stopped_chat()
    with Client() as client:
        [stopped] = client.runs.list(left.split()[-1])
    assert stopped.status == "interrupted"


def test_ctrl_c_stops_the_answer_of_a_server_that_does_not_cancel(
    replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = sse("messages", [{"id": "1", "type": "AIMessageChunk", "content": "You said: s"}, {}])
    location = (("content-location", "/threads/t/runs/r"),)
    events = Response.events([token, b"event: "], location, fault="silent", fault_after=len(token))
    refused = Response.json({"detail": "no"}, 403)
    monkeypatch.setenv("LANGGRAPH_API_URL", replay(lambda r: events if r.path.endswith("stream") else refused).url)
    stopped_chat()


def stopped_chat() -> str:
    """Asks, presses Ctrl-C during the answer and again at the prompt, and returns what the chat says at its end."""
    chat = subprocess.Popen(
        [sys.executable, EXAMPLES / "chat.py"], bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert chat.stdin
    assert chat.stdout
    try:
        read_until(chat.stdout, b"> ")
        chat.stdin.write(b"slowly " + b"x" * 80 + b"\n")
        read_until(chat.stdout, b"You said: s")
        chat.send_signal(signal.SIGINT)
        read_until(chat.stdout, b" (stopped)\n> ")
        chat.send_signal(signal.SIGINT)
        left, _ = chat.communicate(timeout=30)
    finally:
        chat.kill()
        chat.communicate()
    assert chat.returncode == 0
    return left.decode()


def read_until(stream: IO[bytes], end: bytes) -> None:
    shown = b""
    while not shown.endswith(end):
        byte = stream.read(1)
        assert byte, shown
        shown += byte


def test_a_chat_without_a_server_says_so_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGGRAPH_API_URL", "http://127.0.0.1:1")
    assert "127.0.0.1:1" in run("chat.py", typed="hello\n")


def test_robust_processing_repeats_what_fails() -> None:
    first, second, third = run("robust.py").split("document ")[1:]
    assert re.findall(r"attempt (\d): run \S+, (\w+)", first) == [("1", "success")]
    assert re.findall(r"attempt (\d): run \S+, (\w+)", second) == [("3", "success"), ("2", "error"), ("1", "error")]
    assert "given up: run" in third
    assert re.findall(r"attempt (\d): run \S+, (\w+)", third) == [(n, "error") for n in "4321"]


def test_housekeeping_goes_on_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    # The threads of other tests are not for it to see.
    with local_server() as url, checked(url) as seen, Client(seen) as client:
        monkeypatch.setenv("LANGGRAPH_API_URL", seen)
        thread_id, missing = str(uuid4()), str(uuid4())
        client.runs.wait(thread_id, "agent", input={}, if_not_exists="create")
        for _ in range(2):
            with pytest.raises(RunFailedError):
                client.runs.wait(thread_id, "agent", input={"fail": True})
        assert [line.split()[0] for line in run("housekeeping.py").splitlines()] == ["succeeded"]  # none is a week old
        assert len(client.runs.list(thread_id)) == 3
        output = run(
            "housekeeping.py", missing, thread_id, "--failed-days", "0", code=1, errors=f"thread {missing}: .*\n"
        )
        [left] = client.runs.list(thread_id)
    assert [line.split()[0] for line in output.splitlines()] == ["succeeded", "deleted", "deleted"]
    assert left.run_id in output


def test_housekeeping_without_the_list_of_threads_does_what_it_can(
    replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = iter([Response.json([thread_json()]), Response.json({"detail": "no more"}, 400)])

    def answer(request: Request) -> Response:
        if request.path == "/threads/search":
            return next(pages)
        return Response.json([run_json(created_at=datetime.now(UTC))] if "offset=0" in request.target else [])

    monkeypatch.setenv("LANGGRAPH_API_URL", replay(answer).url)
    output = run("housekeeping.py", code=1, errors="the list of threads: .*no more.*\n")
    assert output.startswith("succeeded")


def test_typed_state() -> None:
    assert run("typed_state.py").splitlines()[-3:] == [
        "n is 41 with 2 messages",
        "the graph asks {'q': 'go on?'}",
        "n is 42 and the answer yes",
    ]


def test_many_runs_tell_their_results_and_their_progress() -> None:
    output = run("many_runs.py", "50", code=1, errors=r"(\n\d+ of 50, \d failed)+\n")  # \r is read as \n
    results = [json.loads(line) for line in output.splitlines()]
    assert sorted(result["input"]["n"] for result in results) == [*range(50)]
    assert sorted(result["input"]["n"] for result in results if "error" in result) == [24, 49]
    assert all(result["n"] == result["input"]["n"] + 1 for result in results if "n" in result)
