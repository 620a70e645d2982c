"""The two ways out for a request: a transport of our own, or the `httpx.AsyncClient` that the user has brought."""

import ssl
from typing import Any, Literal, Protocol

import httpx

from langgraph_runs._async.transport import AsyncDirectTransport
from langgraph_runs.settings import LIMITS, proxy_for


class AsyncChannel(Protocol):
    """A way out."""

    def request(self, method: str, url: str, **parts: Any) -> httpx.Request:
        """A request that goes this way; `parts` is what `httpx.Request` takes."""
        ...

    async def send(self, request: httpx.Request) -> httpx.Response:
        """Send it once, and follow no redirect; the answer's body is still to be read."""
        ...

    async def aclose(self) -> None:
        """Close what is ours."""
        ...


def channel(
    url: str, http_client: httpx.AsyncClient | None, transport: Literal["default", "fast"] | httpx.AsyncBaseTransport
) -> AsyncChannel:
    """The way out to the server with this URL, by the arguments of a client.

    Raises:
        TypeError: Naming an argument of the wrong type.
        ValueError: Naming an argument that can't be used.
        ImportError: If what the fast transport needs is not installed.
    """
    if http_client is not None:
        if not isinstance(http_client, httpx.AsyncClient):
            raise TypeError(f"http_client: must be an httpx.AsyncClient, not {type(http_client).__name__}")
        if transport != "default":
            raise ValueError("transport: an http_client has its own; give that client the transport")
        return AsyncClientChannel(http_client)
    if isinstance(transport, str):
        if transport not in ("default", "fast"):
            raise ValueError(f"transport: must be 'default', 'fast' or an httpx.AsyncBaseTransport, not {transport!r}")
        return AsyncTransportChannel(_own_transport(url, fast=transport == "fast"))
    if not isinstance(transport, httpx.AsyncBaseTransport):
        raise TypeError(f"transport: must be an httpx.AsyncBaseTransport, not {type(transport).__name__}")
    return AsyncTransportChannel(transport)


class AsyncTransportChannel:
    """A transport of our own, without the layers of an httpx client, which cost a small request as much again as our own work.

    Cookies are kept, since a load balancer may tell by them which of its servers is ours.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport
        self._cookies: httpx.Cookies | None = None

    def request(self, method: str, url: str, **parts: Any) -> httpx.Request:
        request = httpx.Request(method, url, **parts)
        if self._cookies is not None:
            self._cookies.set_cookie_header(request)
        return request

    async def send(self, request: httpx.Request) -> httpx.Response:
        response = await self._transport.handle_async_request(request)
        response.request = request
        if "set-cookie" in response.headers:
            if self._cookies is None:
                self._cookies = httpx.Cookies()
            self._cookies.extract_cookies(response)
        return response

    async def aclose(self) -> None:
        await self._transport.aclose()


class AsyncClientChannel:
    """The user's own client, with all that it was set up to do. It is the user's to close."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    def request(self, method: str, url: str, **parts: Any) -> httpx.Request:
        return self._client.build_request(method, url, **parts)

    async def send(self, request: httpx.Request) -> httpx.Response:
        return await self._client.send(request, stream=True, follow_redirects=False)

    async def aclose(self) -> None:
        pass


def _own_transport(url: str, *, fast: bool) -> httpx.AsyncBaseTransport:
    proxy = proxy_for(url)
    # Loading the certificates takes longer than a request; without TLS, none are needed.
    verify = True if url.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    kind = AsyncDirectTransport
    if fast:
        from langgraph_runs._async.fast import AsyncFastTransport  # noqa: PLC0415 - it needs the extra

        kind = AsyncFastTransport
    return kind(verify=verify) if proxy is None else httpx.AsyncHTTPTransport(verify=verify, limits=LIMITS, proxy=proxy)
