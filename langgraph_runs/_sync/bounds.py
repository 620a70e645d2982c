# Derived from langgraph_runs/_async/bounds.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""How long each read of a connection may wait, while the answer to one request comes.

httpcore takes the read timeout once a request and starts it anew with every byte. Here it changes while the answer comes, with the heartbeats
seen and the time left, of the head as well as of the body. What it calls network stream is its public way to the socket; a transport
without one keeps to the request's read timeout, and so does HTTP/2, where one connection carries many answers.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from time import monotonic
from typing import Any

import httpx

from langgraph_runs._sansio.timeouts import Patience
from langgraph_runs.hangups import HangUp

# Whose patience counts while a head is read: nobody knows yet which connection will bring it.
HEAD_BOUNDS: ContextVar[Patience | None] = ContextVar("langgraph_runs_head_bounds", default=None)


class BoundedRead:
    """A connection's `read` that waits as long as the request's patience allows which it carries at that moment.

    Attributes:
        body: Whose patience counts while the body is read, and who may end that; None when it is not.
    """

    __slots__ = ("_read", "body")

    def __init__(self, read: Callable[..., Any]) -> None:
        self._read = read
        self.body: tuple[Patience, HangUp] | None = None

    def __call__(self, max_bytes: int, timeout: float | None = None) -> Any:
        # The read itself, not a coroutine around it, which every read would pay for.
        patience, hang_up = self.body or (HEAD_BOUNDS.get(), None)
        if patience is not None:
            timeout = patience.silence()
            if patience.deadline is not None:
                now = monotonic()
                if patience.expired(now):
                    raise httpx.ReadTimeout("no time is left")
                timeout = patience.next_read(now)
        if hang_up is None:
            return self._read(max_bytes, timeout=timeout)
        return hang_up.read(self._read, max_bytes, timeout)


def bounded(connection: Any) -> BoundedRead | None:
    """Bound the reads of a connection, once for all requests that it will carry; None for one that carries many at a time."""
    read = connection.read
    if isinstance(read, BoundedRead):
        return read
    tls = connection.get_extra_info("ssl_object")
    if tls is not None and tls.selected_alpn_protocol() == "h2":
        return None
    connection.read = bounded_read = BoundedRead(read)
    return bounded_read


def bound_if_new(event: str, info: Mapping[str, Any]) -> None:
    """What httpcore calls, as `trace`, at each step of a request: here for those that make a connection."""
    if event.startswith("connection.") and event.endswith(_CONNECTED):
        bounded(info["return_value"])


_CONNECTED = (".connect_tcp.complete", ".connect_unix_socket.complete", ".start_tls.complete")
