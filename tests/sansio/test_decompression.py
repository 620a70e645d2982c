"""Bodies are decoded piece by piece and within bounds, however they are compressed, cut or broken."""

import gzip
import zlib
from typing import Any

import pytest

from langgraph_runs._sansio.decompression import BodyReader, ContentDecoder, ContentError

TEXT = b'{"a": "' + b"x" * 1000 + b'"}'
# Without the time: tests are named by it, and all processes that share them out must find the same.
GZIPPED = gzip.compress(TEXT, mtime=0)


def decoded(encoding: str | None, *pieces: bytes) -> bytes:
    """All that comes of these reads."""
    decoder = ContentDecoder(encoding)
    return b"".join(piece for raw in pieces for piece in decoder.decode(raw))


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        (None, TEXT),
        ("identity", TEXT),
        ("", TEXT),
        ("gzip", GZIPPED),
        (" GZip ", GZIPPED),
        ("x-gzip", GZIPPED),
        ("none", TEXT),
        ("gzip", gzip.compress(TEXT[:500], mtime=0) + gzip.compress(b"", mtime=0) + gzip.compress(TEXT[500:], mtime=0)),
        ("gzip", GZIPPED + b"\0" * 10_000),
        ("gzip", gzip.compress(TEXT[:9], mtime=0) + b"\0" * 5000 + gzip.compress(TEXT[9:], mtime=0) + b"\0"),
        ("gzip", b"".join(gzip.compress(bytes([byte]), mtime=0) for byte in TEXT)),
    ],
    ids=[
        *("no header", "identity", "empty", "gzip", "in other letters", "x-gzip", "none"),
        *("three members", "padded", "padded members", "many members"),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 10**6])
def test_a_body_is_decoded_however_it_is_cut(encoding: str | None, content: bytes, size: int) -> None:
    pieces = [content[start : start + size] for start in range(0, len(content), size)]
    assert decoded(encoding, *pieces) == TEXT


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "x", "deflate"])
def test_an_encoding_that_was_not_asked_for_is_refused(encoding: str) -> None:
    with pytest.raises(ContentError, match=f"the content encoding '{encoding}', which the request did not accept"):
        ContentDecoder(encoding)


@pytest.mark.parametrize(
    "content",
    [b"no gzip at all", gzip.compress(TEXT)[:20] + b"\0" * 30, zlib.compress(TEXT), GZIPPED + b"garbage", b"\0" * 30],
    ids=["none", "broken", "zlib", "followed by garbage", "zeros"],
)
def test_broken_compression_is_told(content: bytes) -> None:
    with pytest.raises(ContentError, match="the response's compressed body is invalid"):
        decoded("gzip", content)


def test_a_bomb_comes_in_pieces_that_can_be_counted() -> None:
    bomb = gzip.compress(b"0" * 50 * 2**20, 9)
    assert len(bomb) < 2**16
    body = BodyReader(3 * 2**20)
    with pytest.raises(ContentError, match="longer than 3145728 bytes"):
        for piece in ContentDecoder("gzip").decode(bomb):
            assert len(piece) <= 2**20
            body.feed(piece)


@pytest.mark.parametrize("size", [2**20 - 1, 2**20, 2**20 + 1, 2**20 + 259, 3 * 2**20 + 17])
def test_nothing_is_lost_where_a_piece_ends(size: int) -> None:
    assert decoded("gzip", gzip.compress(b"a" * size)) == b"a" * size


def test_compressed_content_is_complete_at_the_end_of_a_member() -> None:
    decoder = ContentDecoder("gzip")
    ends = {0, len(GZIPPED), len(GZIPPED) + 1, 2 * len(GZIPPED) + 1}  # with one byte of padding
    for read, byte in enumerate(GZIPPED + b"\0" + GZIPPED):
        assert decoder.complete == (read in ends)
        assert len([*decoder.decode(bytes([byte]))]) <= 1
    assert decoder.complete
    assert ContentDecoder(None).complete


def test_members_without_content_are_not_taken_for_ever() -> None:
    decoder = ContentDecoder("gzip")
    with pytest.raises(ContentError, match="decode to nothing"):
        for _ in range(2**20):
            assert [*decoder.decode(gzip.compress(b"", mtime=0))] == []


@pytest.mark.parametrize("size", [2**15, 2**18])
def test_many_small_members_cost_no_more_in_a_large_chunk(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    work, decompressobj = 0, zlib.decompressobj

    class Counting:
        """Counts the bytes that are given to zlib, and copied by it when a member ends."""

        def __init__(self, *arguments: Any) -> None:
            self._inflate: Any = decompressobj(*arguments)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._inflate, name)

        def decompress(self, raw: bytes, most: int) -> bytes:
            nonlocal work
            work += len(raw)
            decompressed: bytes = self._inflate.decompress(raw, most)
            return decompressed

    monkeypatch.setattr(zlib, "decompressobj", Counting)
    member = gzip.compress(b"x", mtime=0)
    assert decoded("gzip", member * (size // len(member))) == b"x" * (size // len(member))
    assert work < 120 * size


def test_a_body_is_collected_without_the_white_space_before_it() -> None:
    body = BodyReader(100)
    assert (body.started, body.content()) == (False, b"")
    body.feed(b"\n")
    body.feed(b" \r\n\t")
    assert not body.started
    body.feed(b"\n {")
    assert body.started
    body.feed(b" \n}")
    assert body.content() == b"{ \n}"


def test_a_body_may_be_as_long_as_its_bound_and_no_longer() -> None:
    body = BodyReader(4)
    body.feed(b"abcd")
    assert body.content() == b"abcd"
    with pytest.raises(ContentError, match="the response is longer than 4 bytes"):
        body.feed(b"e")


def test_endless_white_space_is_bounded_too() -> None:
    body = BodyReader(10)
    with pytest.raises(ContentError, match="longer than 10 bytes"):
        for _ in range(11):
            body.feed(b"\n")
