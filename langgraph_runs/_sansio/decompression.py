"""Decodes the body of a response within fixed memory.

httpx decompresses each chunk in one go, whatever its decompressed size. Here, a gzip bomb fails at the limit.
"""

import zlib
from collections.abc import Iterator
from typing import Any

# For responses that are read as a whole. A stream accepts only `identity`: compression would delay its events.
# Not `deflate`, which means two formats.
ACCEPTED = "gzip"
_MAX_CHUNK = 2**20
_SLICE = 2**12


class ContentError(Exception):
    """Why a body can't be read."""


class ContentDecoder:
    """Decodes a response's Content-Encoding chunk by chunk.

    Args:
        encoding: The header's value. None, `identity` and `none`, which proxies set against buffering, leave the body
            unchanged.

    Raises:
        ContentError: If the encoding was not among those accepted.
    """

    def __init__(self, encoding: str | None) -> None:
        name = (encoding or "identity").strip().lower()
        if name not in ("identity", "none", "gzip", "x-gzip"):
            raise ContentError(f"the response has the content encoding {name!r}, which the request did not accept")
        self._compressed = name.endswith("gzip")
        self._member: Any = None  # a gzip body is any number of them
        self._bytes_without_output = 0

    @property
    def complete(self) -> bool:
        """Whether the compressed data, if there is any, has ended."""
        return self._member is None or self._member.eof

    def decode(self, raw: bytes) -> Iterator[bytes]:
        """Decode one chunk into chunks of at most 1 MiB.

        Raises:
            ContentError: If the data is invalid.
        """
        if not self._compressed:
            yield raw
            return
        # At the end of each member, zlib copies what follows: too much in a chunk of many small members.
        for start in range(0, len(raw), _SLICE):
            yield from self._decode(raw[start : start + _SLICE])

    def _decode(self, raw: bytes) -> Iterator[bytes]:
        # A gzip header or empty members could be endless, and BodyReader counts only decoded bytes.
        self._bytes_without_output += len(raw)
        while raw:
            if self.complete:
                if self._member and not (raw := raw.lstrip(b"\0")):  # the end may be padded
                    break
                self._member = zlib.decompressobj(16 + zlib.MAX_WBITS)
            try:
                chunk = self._member.decompress(raw, _MAX_CHUNK)
            except zlib.error as error:
                raise ContentError(f"the response's compressed body is invalid ({error})") from error
            if chunk:
                self._bytes_without_output = 0
                yield chunk
            raw = self._member.unused_data or self._member.unconsumed_tail
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
