"""The programs in `examples/`, run as people run them."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from examples.server import AGENT

EXAMPLES = AGENT.parent
CUSTOMS = [f"{{'type': 'progress', 'i': {i}}}" for i in range(3)]


@pytest.fixture(scope="module")
def whole_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[str], pathlib.Path]]:
    """A demo that nobody stops, and the folder of its temporary files."""
    folder = tmp_path_factory.mktemp("whole")
    with demo(folder) as process:
        yield process, folder


@pytest.mark.usefixtures("whole_demo")  # it takes its time, and may do so meanwhile
def test_the_demo_can_be_stopped_at_any_point(tmp_path: pathlib.Path) -> None:
    folders = [tmp_path / name for name in ("one", "group", "term")]
    with contextlib.ExitStack() as running:
        alone, group, terminated = [running.enter_context(demo(folder)) for folder in folders]
        for process, folder, where, number in (
            (alone, folders[0], "Sync:", signal.SIGINT),
            (terminated, folders[2], "Sync:", signal.SIGTERM),
            (group, folders[1], "Async:", signal.SIGINT),
        ):
            assert process.stdout
            url = url_in(process.stdout)
            assert any(where in line for line in process.stdout)
            assert any(CUSTOMS[0] in line for line in process.stdout)
            with socket.create_connection(address(url), timeout=30) as connection:
                # Linux alone tells where processes work.
                assert processes_in(folder) or sys.platform != "linux"
                if process is group:
                    os.killpg(process.pid, number)
                else:
                    process.send_signal(number)
                with contextlib.suppress(ConnectionResetError):
                    assert connection.recv(1) == b""
            rest, errors = process.communicate(timeout=30)
            assert (process.returncode, errors) == (128 + number, "")
            assert "Async: a batch" not in rest
            assert_gone(process, folder, url)


def test_the_demo_shows_what_it_is_for_and_leaves_nothing(
    whole_demo: tuple[subprocess.Popen[str], pathlib.Path],
) -> None:
    process, folder = whole_demo
    output, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (0, "")
    assert_gone(process, folder, url_in(output.splitlines()))

    _, start, sync_stream, interrupt, async_stream, batch, cancel, stop = output.split("\n== ")
    assert [part.partition(" ")[0] for part in (start, stop)] == ["Starting", "Stopping"]
    for part, tokens in ((sync_stream, ["Tea", "is", "a", "drink."]), (async_stream, ["So", "is", "coffee."])):
        shown = [tuple(line.split(maxsplit=1)) for line in part.splitlines()[1:] if line]
        assert [text for what, text in shown if what == "custom"] == CUSTOMS
        updates = ["by work", "by talk in sub", "by sub", "by ask"]
        assert [text for what, text in shown if what == "update"] == updates
        words = [text.split("'")[1] for what, text in shown if what == "token"]
        assert [word for word in words if word != " "] == tokens
        assert [what for what, _ in shown].count("values") == 3
    assert "question  {'q': 'go on?'}\n" in interrupt
    assert interrupt.rstrip().endswith("answer  yes")
    assert batch.split()[-6:] == ["n", "11", "n", "21", "n", "31"]
    assert cancel.rstrip().endswith(f"{CUSTOMS[2]}\n    status  interrupted")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sync_stream.py", ["custom"] * 3 + ["update"] * 3),
        ("async_stream.py", ["metadata"] + ["values"] * 3),
    ],
)
def test_the_short_examples_stream_a_run(name: str, expected: list[str], server_url: str) -> None:
    done = subprocess.run(
        [sys.executable, EXAMPLES / name],
        env=os.environ | {"LANGGRAPH_API_URL": server_url},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[0] for line in done.stdout.splitlines()] == expected


@contextlib.contextmanager
def demo(folder: pathlib.Path) -> Iterator[subprocess.Popen[str]]:
    """The demo with its temporary files in a folder, as the head of a process group; it ends with the block at the latest."""
    folder.mkdir(exist_ok=True)
    path = [str(EXAMPLES.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    process = subprocess.Popen(
        [sys.executable, EXAMPLES / "demo.py"],
        env=os.environ | {"TMPDIR": str(folder), "PYTHONPATH": os.pathsep.join(path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def url_in(lines: Iterator[str] | list[str]) -> str:
    return next(line.split()[1] for line in lines if line.split()[:1] == ["url"])


def address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return str(parts.hostname), int(parts.port or 0)


def assert_gone(process: subprocess.Popen[str], folder: pathlib.Path, url: str) -> None:
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert processes_in(folder) == []
    assert list(folder.iterdir()) == []
    with socket.create_server(address(url)):
        pass


def processes_in(folder: pathlib.Path) -> list[str]:
    """The processes whose working directory is in this folder, as the server's is."""
    found = []
    for link in pathlib.Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if link.readlink().is_relative_to(folder):
                found.append(link.parent.name)
    return found
