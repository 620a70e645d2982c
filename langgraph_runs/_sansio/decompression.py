"""The bytes of an answer's body, decoded within bounds.

httpx would decode a compressed body in one go, however much comes out of it; here a gzip bomb ends at the bound.
"""

import zlib
from collections.abc import Iterator

# What is asked for when the whole body is wanted. A stream asks for `identity`: compression would hold events back.
ACCEPTED = "gzip, deflate"
_PIECE = 2**20


class ContentError(Exception):
    """Why a body can't be read, in words."""


class ContentDecoder:
    """Undoes an answer's Content-Encoding piece by piece.

    Args:
        encoding: The header's value; None or `identity` passes everything through.

    Raises:
        ContentError: If it is one that was not asked for.
    """

    def __init__(self, encoding: str | None) -> None:
        name = (encoding or "identity").strip().lower()
        if name not in ("identity", "gzip", "deflate"):
            raise ContentError(f"its content encoding {name!r} was not asked for")
        # 32: find out from the data whether it is gzip or zlib.
        self._inflate = None if name == "identity" else zlib.decompressobj(32 + zlib.MAX_WBITS)
        self._fruitless = 0

    def decode(self, raw: bytes) -> Iterator[bytes]:
        """The decoded bytes of one read, in pieces of at most 1 MiB.

        Raises:
            ContentError: If they can't be decoded.
        """
        if self._inflate is None:
            yield raw
            return
        # Nobody else counts what gives nothing: a file name before the data, or what follows it, may be endless.
        self._fruitless += len(raw)
        # What follows the compressed data is none of it, and zlib would keep all of that.
        while raw and not self._inflate.eof:
            try:
                piece = self._inflate.decompress(raw, _PIECE)
            except zlib.error as error:
                raise ContentError(f"its compressed content is broken ({error})") from error
            if piece:
                self._fruitless = 0
                yield piece
            raw = self._inflate.unconsumed_tail
        if self._fruitless > _PIECE:
            raise ContentError("its compressed content goes on and on, and nothing comes out of it")


class BodyReader:
    """Collects a body of at most `max_bytes`. White space before it (heartbeats of a wait) is counted, but not kept."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._size = 0
        self._body = bytearray()

    def feed(self, chunk: bytes) -> None:
        """Take one piece.

        Raises:
            ContentError: If the body is too long.
        """
        self._size += len(chunk)
        if self._size > self._max_bytes:
            raise ContentError(f"the answer is longer than {self._max_bytes} bytes")
        self._body += chunk if self._body else chunk.lstrip()

    @property
    def started(self) -> bool:
        """Whether anything but white space has come."""
        return bool(self._body)

    def content(self) -> bytes:
        """All that came."""
        return bytes(self._body)
