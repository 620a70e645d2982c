"""`examples/server.py`, which starts the server of the tests, the examples and the demo."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator

import httpx
import pytest

from examples.server import AGENT, LocalServer, local_server
from tests.support.conformance import checked

EXAMPLES = AGENT.parent


@pytest.fixture(autouse=True)
def scratch(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pathlib.Path]:
    """Where temporary files go. The checkout must look afterwards as before."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = files_in_examples()
    yield tmp_path
    assert files_in_examples() == before


def test_a_server_is_started_killed_started_again_and_leaves_nothing(scratch: pathlib.Path) -> None:
    with LocalServer(n_jobs=2) as server:
        first, url = server.pid, server.url
        assert httpx.get(f"{url}/ok").is_success
        with pytest.raises(RuntimeError, match="running already"):
            server.start()

        server.kill()
        assert_gone(first, url)
        assert server.pid is None

        server.start()
        assert (server.url, server.pid == first) == (url, False)
        body = {"assistant_id": "agent", "input": {"tokens": 1, "sleep": 60}, "stream_mode": "custom"}
        second = server.pid
        with checked(url) as seen, httpx.stream("POST", f"{seen}/runs/stream", json=body) as stream:
            chunks = stream.iter_bytes()
            while b"progress" not in next(chunks):
                pass
            # A server waits for its open streams: it has to be killed in the end.
            server.stop(timeout=0.2)
            assert_gone(second, url)
    assert list(scratch.iterdir()) == []


def test_a_port_that_is_taken_is_not_served_by_another(scratch: pathlib.Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with (
            pytest.raises(RuntimeError, match=f"Port {port} was taken(.|\n)*Its log ends with"),
            local_server(port=port),
        ):
            pass
    assert list(scratch.iterdir()) == []


def test_the_script_says_in_one_line_that_its_port_is_taken(scratch: pathlib.Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, EXAMPLES / "server.py", "--port", str(port)],
            env=os.environ | {"TMPDIR": str(scratch)},
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
        )
    line = f"Port {port} is taken. To use another: make server PORT={port + 1}\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", line)
    assert list(scratch.iterdir()) == []


def test_a_server_that_cannot_start_says_why(scratch: pathlib.Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    no_agent = tmp_path_factory.mktemp("empty")
    with pytest.raises(RuntimeError, match=r"ended with code 2(.|\n)*langgraph\.json"), local_server(no_agent):
        pass
    with pytest.raises(RuntimeError, match=r"did not respond within 0 s"), LocalServer(start_timeout=0):
        pass
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_script_takes_its_server_with_it(number: signal.Signals, scratch: pathlib.Path) -> None:
    script = subprocess.Popen(
        [sys.executable, EXAMPLES / "server.py", "--port", "0"],
        env=os.environ | {"TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert script.stdout
        url = httpx.URL(script.stdout.readline().split()[0])
        assert httpx.get(url.join("/ok")).is_success
        with socket.create_connection((url.host, url.port or 0), timeout=30) as connection:
            script.send_signal(number)
            # The connection ends with the server's process, and nothing else tells of that when the script is killed.
            with contextlib.suppress(ConnectionResetError):
                assert connection.recv(1) == b""
        _, errors = script.communicate(timeout=30)
    finally:
        script.kill()
        script.communicate()
    assert errors == ""
    assert script.returncode == {signal.SIGINT: 0, signal.SIGTERM: 143, signal.SIGKILL: -9}[number]
    if number != signal.SIGKILL:
        assert list(scratch.iterdir()) == []


def assert_gone(pid: int | None, url: str) -> None:
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.killpg(pid, 0)
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def files_in_examples() -> set[pathlib.Path]:
    return {path for path in EXAMPLES.rglob("*") if "__pycache__" not in path.parts}
