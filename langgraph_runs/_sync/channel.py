# Derived from langgraph_runs/_async/channel.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""The two ways out for a request: a transport of our own, or the `httpx.Client` that the user has brought."""

import ssl
from typing import Any, Literal, Protocol

import httpx
from attrs import evolve

from langgraph_runs._sansio.config import LIMITS, proxy_for
from langgraph_runs._sync.transport import DirectTransport, origin
from langgraph_runs.requests import Request


class Channel(Protocol):
    """A way out."""

    def send(self, request: Request) -> httpx.Response:
        """Send a request once, and follow no redirect; the answer's body is still to be read."""
        ...

    def close(self) -> None:
        """Close what is ours."""
        ...


def channel(
    url: str, http_client: httpx.Client | None, transport: Literal["default", "fast"] | httpx.BaseTransport
) -> Channel:
    """The way out to the server with this URL, by the arguments of a client.

    Raises:
        TypeError: Naming an argument of the wrong type.
        ValueError: Naming an argument that can't be used.
        ImportError: If what the fast transport needs is not installed.
    """
    if http_client is not None:
        if not isinstance(http_client, httpx.Client):
            raise TypeError(f"http_client: must be an httpx.Client, not {type(http_client).__name__}")
        if transport != "default":
            raise ValueError("transport: an http_client has its own; give that client the transport")
        return ClientChannel(http_client)
    if isinstance(transport, str):
        if transport not in ("default", "fast"):
            raise ValueError(f"transport: must be 'default', 'fast' or an httpx.BaseTransport, not {transport!r}")
        transport = _own_transport(url, fast=transport == "fast")
    if not isinstance(transport, httpx.BaseTransport):
        raise TypeError(f"transport: must be an httpx.BaseTransport, not {type(transport).__name__}")
    if isinstance(transport, DirectTransport):
        return DirectChannel(transport, url)
    return TransportChannel(transport)


class TransportChannel:
    """A transport, without the layers of an httpx client, which cost a small request as much again as our own work.

    Cookies are kept, since a load balancer may tell by them which of its servers is ours.
    """

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport
        self._cookies: httpx.Cookies | None = None

    def send(self, request: Request) -> httpx.Response:
        if self._cookies is not None:
            marked = httpx.Request(request.method, request.url)
            self._cookies.set_cookie_header(marked)
            if cookie := marked.headers.get("cookie"):
                request = evolve(request, headers={"cookie": cookie, **request.headers})
        response = self._exchange(request)
        if "set-cookie" in response.headers:
            if self._cookies is None:
                self._cookies = httpx.Cookies()
            response.request = httpx.Request(request.method, request.url)
            self._cookies.extract_cookies(response)
        return response

    def _exchange(self, request: Request) -> httpx.Response:
        return self._transport.handle_request(httpx.Request(**_parts(request)))

    def close(self) -> None:
        self._transport.close()


class DirectChannel(TransportChannel):
    """A transport of our own, which needs no httpx.Request."""

    def __init__(self, transport: DirectTransport, url: str) -> None:
        super().__init__(transport)
        self._direct = transport
        self._skipped = len(url)
        base = httpx.URL(url)
        self._origin = origin(base)
        self._path = base.raw_path.rstrip(b"/")
        self._host = base.netloc

    def _exchange(self, request: Request) -> httpx.Response:
        headers = [(name.encode(), value.encode()) for name, value in request.headers.items()]
        if "host" not in request.headers:
            headers.insert(0, (b"host", self._host))
        target = self._path + request.url[self._skipped :].encode()
        answer = self._direct.answer(request.method, target, headers, request.content)
        return self._direct.exchange(self._origin, answer, request.extensions)


class ClientChannel:
    """The user's own client, with all that it was set up to do. It is the user's to close."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def send(self, request: Request) -> httpx.Response:
        return self._client.send(self._client.build_request(**_parts(request)), stream=True, follow_redirects=False)

    def close(self) -> None:
        pass


def _parts(request: Request) -> dict[str, Any]:
    """What makes it an httpx.Request."""
    return {
        "method": request.method,
        "url": request.url,
        "headers": httpx.Headers(request.headers, encoding="utf-8"),  # an event's id may hold any character
        "content": request.content or None,
        "extensions": dict(request.extensions),
    }


def _own_transport(url: str, *, fast: bool) -> httpx.BaseTransport:
    proxy = proxy_for(url)
    # Loading the certificates takes longer than a request; without TLS, none are needed.
    verify = True if url.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    kind = DirectTransport
    if fast:
        from langgraph_runs._sync.fast import FastTransport  # noqa: PLC0415 - it needs the extra

        kind = FastTransport
    return kind(verify=verify) if proxy is None else httpx.HTTPTransport(verify=verify, limits=LIMITS, proxy=proxy)
