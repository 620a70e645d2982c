# Derived from langgraph_runs/_async/channel.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""The two ways out for a request: a transport of our own, or the `httpx.Client` that the user has brought."""

import ssl
from typing import Any, Literal, Protocol

import httpx

from langgraph_runs._sync.transport import DirectTransport
from langgraph_runs.settings import LIMITS, proxy_for


class Channel(Protocol):
    """A way out."""

    def request(self, method: str, url: str, **parts: Any) -> httpx.Request:
        """A request that goes this way; `parts` is what `httpx.Request` takes."""
        ...

    def send(self, request: httpx.Request) -> httpx.Response:
        """Send it once, and follow no redirect; the answer's body is still to be read."""
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
        return TransportChannel(_own_transport(url, fast=transport == "fast"))
    if not isinstance(transport, httpx.BaseTransport):
        raise TypeError(f"transport: must be an httpx.BaseTransport, not {type(transport).__name__}")
    return TransportChannel(transport)


class TransportChannel:
    """A transport of our own, without the layers of an httpx client, which cost a small request as much again as our own work.

    Cookies are kept, since a load balancer may tell by them which of its servers is ours.
    """

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport
        self._cookies: httpx.Cookies | None = None

    def request(self, method: str, url: str, **parts: Any) -> httpx.Request:
        request = httpx.Request(method, url, **parts)
        if self._cookies is not None:
            self._cookies.set_cookie_header(request)
        return request

    def send(self, request: httpx.Request) -> httpx.Response:
        response = self._transport.handle_request(request)
        response.request = request
        if "set-cookie" in response.headers:
            if self._cookies is None:
                self._cookies = httpx.Cookies()
            self._cookies.extract_cookies(response)
        return response

    def close(self) -> None:
        self._transport.close()


class ClientChannel:
    """The user's own client, with all that it was set up to do. It is the user's to close."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def request(self, method: str, url: str, **parts: Any) -> httpx.Request:
        return self._client.build_request(method, url, **parts)

    def send(self, request: httpx.Request) -> httpx.Response:
        return self._client.send(request, stream=True, follow_redirects=False)

    def close(self) -> None:
        pass


def _own_transport(url: str, *, fast: bool) -> httpx.BaseTransport:
    proxy = proxy_for(url)
    # Loading the certificates takes longer than a request; without TLS, none are needed.
    verify = True if url.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    kind = DirectTransport
    if fast:
        from langgraph_runs._sync.fast import FastTransport  # noqa: PLC0415 - it needs the extra

        kind = FastTransport
    return kind(verify=verify) if proxy is None else httpx.HTTPTransport(verify=verify, limits=LIMITS, proxy=proxy)
