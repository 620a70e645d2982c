"""The basis of the tests' servers: a thread with an event loop, counted connections, and ways to break them."""

import asyncio
import contextlib
import socket
import struct
import sys
import threading
import types
from collections.abc import Callable, Generator
from typing import Literal, Self

import attrs
import orjson

How = Literal["fin", "rst", "silent"]
"""How a connection breaks: closed cleanly, reset, or left open without another byte."""

MAX_HEAD_BYTES = 2**20


@attrs.frozen
class Request:
    """A received request. The names in `headers` are lower-case; `head` has the raw bytes, with the empty line."""

    method: str
    target: str
    headers: dict[str, str]
    head: bytes
    body: bytes = b""

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def json(self) -> object:
        """The body, parsed."""
        return orjson.loads(self.body)


async def read_request(reader: asyncio.StreamReader) -> Request:
    """Reads a whole request."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ")
    pairs = (line.partition(":") for line in rest)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    if "transfer-encoding" in headers:
        raise NotImplementedError("requests are read by their content-length alone")
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, target, headers, head, body)


async def write(writer: asyncio.StreamWriter, data: bytes) -> None:
    """Writes bytes, if possible in one system call."""
    writer.write(data)
    await writer.drain()


@contextlib.contextmanager
def refusing_url() -> Generator[str]:
    """A base URL where every connection is refused, and whose port no other process can take."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


@contextlib.contextmanager
def unreachable_url() -> Generator[str]:
    """A base URL where connecting neither succeeds nor fails: the queue of a listening socket is full (on Linux)."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening, contextlib.ExitStack() as queued:
        for _ in range(2):
            client = queued.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(listening.getsockname())
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


class LoopServer:
    """A TCP server on a free port of 127.0.0.1, in a thread of its own, for the time of a `with` block.

    A connection that the other side closes ends the work on it at once, whatever it was. Leaving the block ends all
    work, and raises what went wrong in the server meanwhile.

    Args:
        port: The port, in place of a free one: for a server that takes the place of another.

    Attributes:
        accepted: How many connections were made so far.
        open: How many of them neither side has closed.
        silent: How many of them were left open without another byte, and still are.
    """

    def __init__(self, port: int = 0) -> None:
        self.accepted = 0
        self.open = 0
        self.silent = 0
        self._changed = threading.Condition()
        self._errors: list[Exception] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._socket = socket.create_server(("127.0.0.1", port), backlog=1024)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._released = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name=type(self).__name__, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(60)
        assert not self._thread.is_alive(), "the server does not stop"
        if self._errors and error is None:
            raise ExceptionGroup(f"in the {type(self).__name__}", self._errors)
        if self._errors and error is not None:
            error.add_note(f"In the {type(self).__name__}: {self._errors}")

    def wait_for(self, condition: Callable[[], bool], timeout: float = 60) -> None:
        """Blocks until a condition on this server's counters or requests holds.

        Raises:
            TimeoutError: It never did.
        """
        with self._changed:
            if not self._changed.wait_for(condition, timeout):
                raise TimeoutError(f"accepted={self.accepted} open={self.open} silent={self.silent}")

    def release(self) -> None:
        """Lets all connections that are silent now go on."""

        def release() -> None:
            self._released.set()
            self._released = asyncio.Event()

        self._loop.call_soon_threadsafe(release)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves one connection; it is closed on return. To be overridden."""
        raise NotImplementedError

    async def break_off(self, writer: asyncio.StreamWriter, how: How) -> None:
        """Breaks a connection; what was written before is delivered. Returns only from a silence, on `release`."""
        if how == "rst":
            await _everything_sent(writer)
            linger_on_for_no_time = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_on_for_no_time)
            writer.transport.abort()
        elif how == "fin":
            # Closing the socket would reset it if anything were unread, and would not show whether the client closes.
            with contextlib.suppress(OSError):  # It has closed already.
                writer.write_eof()
        else:
            with self._counting("silent"):
                await self._released.wait()
                return
        await asyncio.Event().wait()

    @contextlib.contextmanager
    def changing(self) -> Generator[None]:
        """For the changes that `wait_for` is to notice."""
        with self._changed:
            yield
            self._changed.notify_all()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._main())

    async def _main(self) -> None:
        server = await self._loop.create_server(self._protocol, sock=self._socket)
        await self._stopping.wait()
        server.close()
        # A connection that is just being accepted has no task of ours yet.
        while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in self._tasks:
                task.cancel()
            await asyncio.wait(tasks)
        for _ in range(3):
            await asyncio.sleep(0)  # The transports that were aborted are closed.

    def _protocol(self) -> asyncio.StreamReaderProtocol:
        reader = _Reader(limit=MAX_HEAD_BYTES)

        def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            # No buffer of our own, so that drain() means: handed to the system.
            writer.transport.set_write_buffer_limits(high=0)
            # What is written at once is sent at once, though the piece before was not acknowledged yet.
            writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.changing():
                self.accepted += 1
            reader.served = asyncio.create_task(self._serve(reader, writer))
            self._tasks.add(reader.served)
            reader.served.add_done_callback(self._tasks.discard)
            # Not in the task: one that is cancelled before it has begun does nothing at all.
            reader.served.add_done_callback(lambda _: writer.transport.abort())

        return asyncio.StreamReaderProtocol(reader, connected)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with self._counting("open"):
            try:
                await self.serve(reader, writer)
            except ConnectionError:
                pass  # The client went away while something was sent to it.
            except Exception as error:  # noqa: BLE001 - raised where the test can see it
                self._errors.append(error)

    @contextlib.contextmanager
    def _counting(self, counter: Literal["open", "silent"]) -> Generator[None]:
        with self.changing():
            setattr(self, counter, getattr(self, counter) + 1)
        try:
            yield
        finally:
            with self.changing():
                setattr(self, counter, getattr(self, counter) - 1)


class _Reader(asyncio.StreamReader):
    """Ends the work on a connection as soon as the other side has closed it."""

    served: asyncio.Task[None]

    def feed_eof(self) -> None:
        super().feed_eof()
        self.served.cancel()

    def set_exception(self, exc: Exception) -> None:
        super().set_exception(exc)
        self.served.cancel()


async def _everything_sent(writer: asyncio.StreamWriter) -> None:
    # A reset discards what the system could not send yet because the other side reads slowly. Only Linux tells.
    await writer.drain()
    if sys.platform == "linux":
        import fcntl  # noqa: PLC0415 - other systems may have none

        siocoutqnsd = 0x894B
        descriptor = writer.get_extra_info("socket").fileno()
        while any(fcntl.ioctl(descriptor, siocoutqnsd, bytes(4))):  # noqa: ASYNC110 - nothing tells when
            await asyncio.sleep(0.001)
