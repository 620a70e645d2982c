"""A real LangGraph server on this machine, for the examples, the demo and the tests, without API key and network.

    with local_server() as url: ...

To kill and restart the server, use `LocalServer`. As a script, this runs a server until Ctrl-C. It requires
`langgraph-cli[inmem]` and POSIX (process groups).
"""

import argparse
import contextlib
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import types
import urllib.error
import urllib.request
from collections.abc import Generator
from typing import Self

AGENT = pathlib.Path(__file__).resolve().parent / "agent"


@contextlib.contextmanager
def local_server(
    agent: pathlib.Path = AGENT, *, port: int | None = None, n_jobs: int = 10, python: str = sys.executable
) -> Generator[str]:
    """Runs a server during a `with` block, and yields its base URL. The arguments are those of `LocalServer`."""
    with LocalServer(agent, port=port, n_jobs=n_jobs, python=python) as server:
        yield server.url


class LocalServer:
    """A `langgraph dev` process that can be stopped, killed and started again on the same port.

    As a context manager it starts the server, and leaves neither a process nor a file behind. The server also ends if
    this process is killed.

    Args:
        agent: The folder of a `langgraph.json`. The server uses a copy, because it writes into that folder.
        port: The port; None for a free one.
        n_jobs: The maximum number of concurrent runs.
        python: The Python interpreter in whose environment the server is installed.
        start_timeout: Seconds to wait until the server responds.
    """

    def __init__(
        self,
        agent: pathlib.Path = AGENT,
        *,
        port: int | None = None,
        n_jobs: int = 10,
        python: str = sys.executable,
        start_timeout: float = 60,
    ) -> None:
        self.port = port
        self._n_jobs = n_jobs
        self._python = python
        self._start_timeout = start_timeout
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="langgraph-server-")
        self.log = pathlib.Path(self._folder.name) / "server.log"
        self._agent = pathlib.Path(self._folder.name) / "agent"
        shutil.copytree(agent, self._agent, ignore=shutil.ignore_patterns(".langgraph_api", "__pycache__"))

    @property
    def url(self) -> str:
        """The base URL. It stays the same when the server is restarted."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        """The id of the server's process and process group; None if it is not running."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Starts the server and waits until it responds.

        Raises:
            RuntimeError: If it ended, used another port, or did not respond in time. The message shows its log.
        """
        if self.port is not None:
            self._start_on(self.port)
            return
        for attempts_left in (2, 1, 0):
            port = _free_port()
            try:
                self._start_on(port)
            except _PortTakenError:
                if not attempts_left:
                    raise
            else:
                self.port = port
                return

    def wait(self) -> int:
        """Waits until the server ends on its own, and returns its exit code."""
        if not self._process:
            raise RuntimeError("The server was not started.")
        return self._process.wait()

    def stop(self, timeout: float = 5) -> None:
        """Terminates the server, and kills it if it is still running after `timeout` seconds."""
        try:
            self._signal(signal.SIGTERM)
            if self._process:
                self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            pass  # A server with open streams waits until they end.
        finally:
            self.kill()

    def kill(self) -> None:
        """Kills the server, like a crash."""
        self._signal(signal.SIGKILL)
        if self._process:
            self._process.wait()
            if self._process.stdin:
                self._process.stdin.close()

    def close(self) -> None:
        """Stops the server, and deletes its copy of the agent and its log."""
        self.stop()
        self._folder.cleanup()

    def _start_on(self, port: int) -> None:
        if self.pid:
            raise RuntimeError(f"The server is running already, on {self.url}.")
        options = ["--no-browser", "--no-reload", "--port", str(port), "--n-jobs-per-worker", str(self._n_jobs)]
        log_start = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._python, "-c", _RUN_WHILE_PARENT_LIVES, "dev", *options],
                cwd=self._agent,
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self._wait_until_ready(self._process, port, log_start)
        except BaseException:
            self.kill()
            raise

    def _wait_until_ready(self, process: subprocess.Popen[bytes], port: int, log_start: int) -> None:
        deadline = time.monotonic() + self._start_timeout
        while True:
            # Checked before the log is read, so that the log of a process that ended is complete.
            ended = process.poll() is not None
            log = self.log.read_bytes()[log_start:].decode(errors="replace")
            own_port = re.search(r"API: \S*http://[^\s/]+:(\d+)", log)
            if (own_port and int(own_port[1]) != port) or "address already in use" in log:
                raise _PortTakenError(f"Port {port} was taken by another process. {_tail(log)}")
            if ended:
                raise RuntimeError(f"The server ended with code {process.returncode}. {_tail(log)}")
            # Another server may respond on this port. The log shows whether ours uses it.
            if own_port and _responds(f"http://127.0.0.1:{port}/ok"):
                return
            if time.monotonic() > deadline:
                raise RuntimeError(f"The server did not respond within {self._start_timeout} s. {_tail(log)}")
            time.sleep(0.05)

    def _signal(self, number: signal.Signals) -> None:
        # The id of a process that has ended may belong to another one, so `pid` checks. If it ends just now, macOS
        # reports a missing permission.
        if self.pid:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)


class _PortTakenError(RuntimeError):
    pass


# However the parent ends, the system closes its end of the pipe, and the read returns.
_RUN_WHILE_PARENT_LIVES = """
import os, runpy, signal, sys, threading

def end_with_parent():
    os.read(0, 1)
    os.killpg(0, signal.SIGKILL)

threading.Thread(target=end_with_parent, daemon=True).start()
sys.argv[0] = "langgraph"
runpy.run_module("langgraph_cli", run_name="__main__", alter_sys=True)
"""


def _environment() -> dict[str, str]:
    # The developer's own keys and settings must not reach this server.
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LANGSMITH_", "LANGCHAIN_", "LANGGRAPH_"))}
    environment.pop("MOUNT_PREFIX", None)
    return environment | {
        "LANGSMITH_TRACING": "false",
        "LANGGRAPH_CLI_NO_ANALYTICS": "1",
        "LANGGRAPH_NO_VERSION_CHECK": "true",
        "PYTHONUNBUFFERED": "1",
    }


def _free_port() -> int:
    # Not an ephemeral port: any outgoing connection could take that while the server starts, and a client of a stopped
    # server could even connect to itself.
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _responds(url: str) -> bool:
    # Without the proxy that the environment may set.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _tail(log: str) -> str:
    return "Its log ends with:\n" + "\n".join(log.splitlines()[-30:])


def main() -> None:
    """Runs a server until Ctrl-C."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=2024, help="the port (default: 2024; 0: a free one)")
    parser.add_argument("--n-jobs", type=int, default=10, help="the maximum number of concurrent runs (default: 10)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _exit)
    try:
        with LocalServer(port=options.port or None, n_jobs=options.n_jobs) as server:
            print(f"{server.url} (Ctrl-C stops it)", flush=True)
            sys.exit(f"The server ended on its own with code {server.wait()}.")
    except _PortTakenError:
        sys.exit(f"Port {options.port} is taken. To use another: make server PORT={options.port + 1}")
    except KeyboardInterrupt:
        pass


def _exit(number: int, _: types.FrameType | None) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
