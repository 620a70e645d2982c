"""`batch`: each line once, whatever happens in between."""

import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.cli.program import Terminal, environment, lines, one_line, run, run_each, start
from tests.support.network import Request, refusing_url
from tests.support.replay import Replay, Response
from tests.support.samples import run_json

RUN = run_json()


def answers(answer: Callable[[int], Any]) -> Callable[[Request], Response]:
    """A server whose runs end as a function of their input `n` says, and whose runs can be cancelled."""

    def respond(request: Request) -> Response:
        if not request.path.endswith("/runs/wait"):
            return Response.json({})
        result = answer(orjson.loads(request.body)["input"]["n"])
        return result if isinstance(result, Response) else Response.json(result)

    return respond


def written(path: Path) -> dict[int, Any]:
    results = lines(path.read_text())
    assert len({result["line"] for result in results}) == len(results)
    return {result["line"]: result for result in results}


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    file = tmp_path / "inputs.jsonl"
    file.write_text("".join(f'{{"n":{n}}}\n' for n in range(1, 21)))
    return file


def test_a_batch_on_a_real_server(server_url: str, tmp_path: Path) -> None:
    """Single failures don't stop it, an empty line is none, and nothing runs twice."""
    file, output = tmp_path / "runs.jsonl", tmp_path / "results.jsonl"
    runs = [{"n": 1}, None, {"fail": True}, {"ask": True}, {"n": 4}]
    file.write_text(
        "".join(f'{{"assistant_id":"agent","input":{orjson.dumps(one).decode()}}}\n' if one else "\n" for one in runs)
    )
    first = run(server_url, "batch", file, "--output", output)
    assert (first.returncode, first.stdout, one_line(first.stderr)) == (1, "", "1 of 4 lines failed.")
    results = written(output)
    assert [results[number]["values"]["n"] for number in (1, 5)] == [2, 5]
    assert (results[3]["error"], "boom on purpose" in results[3]["message"]) == ("RunFailedError", True)
    assert results[4]["interrupts"][0]["value"] == {"q": "go on?"}
    content = output.read_bytes()
    assert run(server_url, "batch", file, "--output", output).returncode == 1
    assert output.read_bytes() == content


def test_results_go_to_stdout_as_they_come(replay: Replay, inputs: Path) -> None:
    server = replay(answers(lambda n: {"n": n}))
    done = run(server.url, "batch", "-", "--assistant-id", "agent", "--concurrency", "3", stdin=inputs.read_text())
    assert (done.returncode, done.stderr) == (0, "")
    assert {one["line"]: one["values"]["n"] for one in lines(done.stdout)} == {n: n for n in range(1, 21)}


def test_a_file_as_windows_writes_it(replay: Replay, tmp_path: Path) -> None:
    file = tmp_path / "inputs.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"n":1}\r\n\r\n{"n":2}\r\n')
    done = run(replay(answers(lambda n: {"n": n})).url, "batch", file, "--assistant-id", "agent", "--output", "-")
    assert (done.returncode, done.stderr) == (0, "")
    assert {one["line"]: one["values"]["n"] for one in lines(done.stdout)} == {1: 1, 3: 2}


def test_a_batch_keeps_only_the_lines_under_way(replay: Replay, tmp_path: Path) -> None:
    """Also of stdin, and while it looks for those that an earlier batch has finished."""
    server = replay(answers(lambda n: {"n": n}))
    output = tmp_path / "results.jsonl"
    content = "".join(f'{{"n":{n},"text":"{"x" * 10_000}"}}\n' for n in range(1, 1001))
    output.write_text("".join(f'{{"line":{n},"values":{{"n":{n}}}}}\n' for n in range(1, 951)))
    options = ["--assistant-id", "agent", "--output", str(output), "--concurrency", "2"]
    done = subprocess.run(
        [sys.executable, "-c", WITH_PEAK, "batch", "-", *options],
        input=content,
        capture_output=True,
        text=True,
        env=environment(server.url),
        timeout=60,
        check=True,
    )
    assert written(output).keys() == {*range(1, 1001)}
    assert len(server.requests) == 50
    assert int(done.stdout) < len(content) / 2


# httpx's responses refer to themselves, so that only the garbage collector frees them, with their requests.
WITH_PEAK = """
import gc, sys, tracemalloc
from langgraph_runs._cli.app import run

gc.set_threshold(10)
tracemalloc.start()
code = run()
print(tracemalloc.get_traced_memory()[1])
sys.exit(code)
"""


def test_a_stopped_batch_goes_on_where_it_was(replay: Replay, inputs: Path, tmp_path: Path) -> None:
    output = tmp_path / "results.jsonl"
    hanging = replay(answers(lambda n: {"n": n} if n <= 7 else Response.none("silent")))
    with start(hanging.url, "batch", inputs, "--assistant-id", "agent", "-o", output, "--concurrency", 4) as process:
        hanging.wait_for(lambda: hanging.silent == 4)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=30)
        assert process.returncode == 130
    assert one_line(stderr).startswith("7 of 20 lines are finished.")
    assert written(output).keys() == {*range(1, 8)}
    with output.open("ab") as file:
        file.write(b'{"line":8,"val')  # a kill in the middle of a line
    server = replay(answers(lambda n: {"n": n}))
    assert run(server.url, "batch", inputs, "--assistant-id", "agent", "-o", output).returncode == 0
    assert sorted(request.json["input"]["n"] for request in server.requests) == [*range(8, 21)]  # type: ignore[index]
    assert {number: result["values"]["n"] for number, result in written(output).items()} == {n: n for n in range(1, 21)}


def test_retry_failed(replay: Replay, inputs: Path, tmp_path: Path) -> None:
    output = tmp_path / "results.jsonl"
    failure = {"__error__": {"error": "ValueError", "message": "boom"}}
    failing = replay(answers(lambda n: failure if n % 2 else {"n": n}))
    command = ["batch", str(inputs), "--assistant-id", "agent", "-o", str(output)]
    assert run(failing.url, *command).returncode == 1
    server = replay(answers(lambda n: {"n": n}))
    again, last = run_each(server.url, [command, [*command, "--retry-failed"]])
    assert (again.returncode, last.returncode) == (1, 0)
    assert len(server.requests) == 10


def test_who_asks_makes_it_5(replay: Replay, inputs: Path) -> None:
    server = replay(answers(lambda n: {"__interrupt__": [{"value": n, "id": "a"}]} if n == 3 else {}))
    assert run(server.url, "batch", inputs, "--assistant-id", "agent").returncode == 5


def test_what_would_fail_for_every_line_stops_it(replay: Replay, inputs: Path, tmp_path: Path) -> None:
    """And makes no line a failed one, so that the same command goes on."""
    output = tmp_path / "results.jsonl"
    command = [
        "batch",
        str(inputs),
        "--assistant-id",
        "agent",
        "-o",
        str(output),
        "--concurrency",
        "2",
        "--max-retries",
        "0",
    ]
    refusing = replay(Response.json({"detail": "wrong key"}, 401))
    foreign = replay(Response(200, (("content-type", "text/html"),), b"<html>Welcome</html>"))
    with refusing_url() as nowhere:
        for url, code, says in ((refusing.url, 1, "wrong key"), (foreign.url, 3, "HTML"), (nowhere, 3, "refused")):
            done = run(url, *command)
            progress, why = done.stderr.splitlines()
            assert done.returncode == code
            assert progress.startswith("0 of 20 lines are finished.")
            assert says in why
    assert output.read_bytes() == b""
    assert len(refusing.requests) <= 3


def test_bad_files_are_2_and_nothing_is_sent(replay: Replay, tmp_path: Path, inputs: Path) -> None:
    def file(content: str) -> str:
        path = tmp_path / f"{len([*tmp_path.iterdir()])}.jsonl"
        path.write_text(content)
        return str(path)

    other, text = file('{"line":99,"values":{}}\n'), file("no results, and no end of line")
    cases = [
        ([file('{"assistant_id":"agent"}\n{"assistant_id":\n')], "line 2: not JSON"),
        ([str(inputs)], "line 1: n: "),
        ([file('{"input":{}}\n')], "line 1: assistant_id: it is missing. With --assistant-id"),
        ([file("[1]\n")], "line 1: must be a mapping"),
        ([file("\n")], "has no lines"),
        (["missing.jsonl"], "No such file"),
        ([str(inputs), "--assistant-id", "agent", "-o", str(inputs)], "holds something else than results"),
        ([str(inputs), "--assistant-id", "agent", "-o", text], "holds something else than results"),
        ([str(inputs), "--assistant-id", "agent", "-o", "/dev/full"], "is no regular file"),
        ([str(inputs), "--assistant-id", "agent", "-o", other], "results of line 99"),
        ([str(inputs), "--assistant-id", "agent", "-o", str(tmp_path / "no" / "folder")], "No such file"),
        ([str(inputs), "--assistant-id", "agent", "--concurrency", "0"], "--concurrency: "),
    ]
    server, before = replay([]), inputs.read_bytes()
    for (arguments, says), done in zip(
        cases, run_each(server.url, [["batch", *arguments] for arguments, _ in cases]), strict=True
    ):
        assert (done.returncode, done.stdout) == (2, ""), (arguments, done.stderr)
        assert says in done.stderr.splitlines()[-1]
    assert server.accepted == 0
    assert inputs.read_bytes() == before
    assert Path(text).read_text() == "no results, and no end of line"


def test_two_batches_dont_share_an_output(replay: Replay, inputs: Path, tmp_path: Path) -> None:
    output = tmp_path / "results.jsonl"
    server = replay(answers(lambda _: Response.none("silent")))
    with start(server.url, "batch", inputs, "--assistant-id", "agent", "-o", output, "--concurrency", 1):
        server.wait_for(lambda: server.silent == 1)
        second = run(server.url, "batch", inputs, "--assistant-id", "agent", "-o", output)
        assert second.returncode == 2
        assert "Another batch is writing" in one_line(second.stderr)


def test_a_progress_bar(replay: Replay, inputs: Path, tmp_path: Path) -> None:
    server = replay(answers(lambda n: {"n": n}))
    with Terminal(server.url, "batch", inputs, "--assistant-id", "agent", "-o", tmp_path / "results.jsonl") as terminal:
        assert terminal.end() == 0
        assert re.search(r"20/20 +0 failed", terminal.text)
