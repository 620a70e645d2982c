"""A way from a client to a server without a network between."""

from collections.abc import AsyncIterator

import httpx

from tests.support.scripted import Answer, CutError, KeptRun


class AsyncWire(httpx.AsyncBaseTransport):
    """Carries requests to a scripted server."""

    def __init__(self, server: KeptRun) -> None:
        self.server = server

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Gives the server's answer."""
        answer = self.server.answer(request)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces = self._answer.pieces
        try:
            while (piece := next(pieces, None)) is not None:
                yield piece
        except CutError:
            raise httpx.RemoteProtocolError("cut") from None
