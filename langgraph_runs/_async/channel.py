"""The two ways out for a request: a transport of our own, or the `httpx.AsyncClient` that the user has brought."""

import ssl
from typing import Any, Literal, Protocol

import httpx
from attrs import evolve

from langgraph_runs._async.transport import AsyncDirectTransport, origin
from langgraph_runs._sansio.config import LIMITS, proxy_for
from langgraph_runs.requests import Request


class AsyncChannel(Protocol):
    """A way out."""

    async def send(self, request: Request) -> httpx.Response:
        """Send a request once, and follow no redirect; the answer's body is still to be read."""
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
        transport = _own_transport(url, fast=transport == "fast")
    if not isinstance(transport, httpx.AsyncBaseTransport):
        raise TypeError(f"transport: must be an httpx.AsyncBaseTransport, not {type(transport).__name__}")
    if isinstance(transport, AsyncDirectTransport):
        return AsyncDirectChannel(transport, url)
    return AsyncTransportChannel(transport)


class AsyncTransportChannel:
    """A transport, without the layers of an httpx client, which cost a small request as much again as our own work.

    Cookies are kept, since a load balancer may tell by them which of its servers is ours.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport
        self._cookies: httpx.Cookies | None = None

    async def send(self, request: Request) -> httpx.Response:
        if self._cookies is not None:
            marked = httpx.Request(request.method, request.url)
            self._cookies.set_cookie_header(marked)
            if cookie := marked.headers.get("cookie"):
                request = evolve(request, headers={"cookie": cookie, **request.headers})
        response = await self._exchange(request)
        if "set-cookie" in response.headers:
            if self._cookies is None:
                self._cookies = httpx.Cookies()
            response.request = httpx.Request(request.method, request.url)
            self._cookies.extract_cookies(response)
        return response

    async def _exchange(self, request: Request) -> httpx.Response:
        return await self._transport.handle_async_request(httpx.Request(**_parts(request)))

    async def aclose(self) -> None:
        await self._transport.aclose()


class AsyncDirectChannel(AsyncTransportChannel):
    """A transport of our own, which needs no httpx.Request."""

    def __init__(self, transport: AsyncDirectTransport, url: str) -> None:
        super().__init__(transport)
        self._direct = transport
        self._skipped = len(url)
        base = httpx.URL(url)
        self._origin = origin(base)
        self._path = base.raw_path.rstrip(b"/")
        self._host = base.netloc

    async def _exchange(self, request: Request) -> httpx.Response:
        headers = [(name.encode(), value.encode()) for name, value in request.headers.items()]
        if "host" not in request.headers:
            headers.insert(0, (b"host", self._host))
        target = self._path + request.url[self._skipped :].encode()
        answer = self._direct.answer(request.method, target, headers, request.content)
        return await self._direct.exchange(self._origin, answer, request.extensions)


class AsyncClientChannel:
    """The user's own client, with all that it was set up to do. It is the user's to close."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def send(self, request: Request) -> httpx.Response:
        return await self._client.send(
            self._client.build_request(**_parts(request)), stream=True, follow_redirects=False
        )

    async def aclose(self) -> None:
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


def _own_transport(url: str, *, fast: bool) -> httpx.AsyncBaseTransport:
    proxy = proxy_for(url)
    # Loading the certificates takes longer than a request; without TLS, none are needed.
    verify = True if url.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    kind = AsyncDirectTransport
    if fast:
        from langgraph_runs._async.fast import AsyncFastTransport  # noqa: PLC0415 - it needs the extra

        kind = AsyncFastTransport
    return kind(verify=verify) if proxy is None else httpx.AsyncHTTPTransport(verify=verify, limits=LIMITS, proxy=proxy)
