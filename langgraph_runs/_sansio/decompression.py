"""Decodes the body of a response within fixed memory.

httpx decompresses each chunk in one go, whatever its decompressed size. Here, a gzip bomb fails at the limit.
"""

import zlib
from collections.abc import Iterator

# For responses that are read as a whole. A stream accepts only `identity`: compression would delay its events.
ACCEPTED = "gzip, deflate"
_MAX_CHUNK = 2**20


class ContentError(Exception):
    """Why a body can't be read."""


class ContentDecoder:
    """Decodes a response's Content-Encoding chunk by chunk.

    Args:
        encoding: The header's value. None and `identity` leave the body unchanged.

    Raises:
        ContentError: If the encoding was not among those accepted.
    """

    def __init__(self, encoding: str | None) -> None:
        name = (encoding or "identity").strip().lower()
        if name not in ("identity", "gzip", "deflate"):
            raise ContentError(f"the response has the content encoding {name!r}, which the request did not accept")
        # 32 detects gzip or zlib from the data.
        self._inflate = None if name == "identity" else zlib.decompressobj(32 + zlib.MAX_WBITS)
        self._bytes_without_output = 0

    def decode(self, raw: bytes) -> Iterator[bytes]:
        """Decode one chunk into chunks of at most 1 MiB.

        Raises:
            ContentError: If the data is invalid.
        """
        if self._inflate is None:
            yield raw
            return
        # A gzip header or trailing data could be endless, and BodyReader counts only decoded bytes.
        self._bytes_without_output += len(raw)
        # zlib would keep all of the data that follows the end of the compressed data, so it is not fed.
        while raw and not self._inflate.eof:
            try:
                chunk = self._inflate.decompress(raw, _MAX_CHUNK)
            except zlib.error as error:
                raise ContentError(f"the response's compressed body is invalid ({error})") from error
            if chunk:
                self._bytes_without_output = 0
                yield chunk
            raw = self._inflate.unconsumed_tail
        if self._bytes_without_output > _MAX_CHUNK:
            raise ContentError(f"more than {_MAX_CHUNK} bytes of the response's compressed body decode to nothing")


class BodyReader:
    """Collects a body of at most `max_bytes`. Leading white space (a wait's heartbeats) counts, but is dropped."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._size = 0
        self._body = bytearray()

    def feed(self, chunk: bytes) -> None:
        """Add a chunk.

        Raises:
            ContentError: If the body is too long.
        """
        self._size += len(chunk)
        if self._size > self._max_bytes:
            raise ContentError(f"the response is longer than {self._max_bytes} bytes")
        self._body += chunk if self._body else chunk.lstrip()

    @property
    def started(self) -> bool:
        """Whether anything other than white space has arrived."""
        return bool(self._body)

    def content(self) -> bytes:
        """The body so far."""
        return bytes(self._body)
