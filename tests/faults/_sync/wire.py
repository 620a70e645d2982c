# Derived from tests/faults/_async/wire.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""A way from a client to a server without a network between."""

from collections.abc import Iterator

import httpx

from tests.support.scripted import Answer, CutError, KeptRun


class Wire(httpx.BaseTransport):
    """Carries requests to a scripted server."""

    def __init__(self, server: KeptRun) -> None:
        self.server = server

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Gives the server's answer."""
        answer = self.server.answer(request)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        pieces = self._answer.pieces
        try:
            while (piece := next(pieces, None)) is not None:
                yield piece
        except CutError:
            raise httpx.RemoteProtocolError("cut") from None
