"""What three LangGraph servers answered once, byte for byte: `tests/recordings/<server>/<scenario>.json`."""

import functools
import pathlib
from typing import Any

import attrs
import orjson

_FOLDER = pathlib.Path(__file__).parent.parent / "recordings"


@attrs.frozen
class Recording:
    """One request and its answer.

    `chunks` is the body as it came, cut where the server cut it, each chunk with its time in seconds after the request.
    """

    server: str
    scenario: str
    method: str
    target: str
    request_headers: dict[str, str]
    request_body: Any
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    chunks: tuple[tuple[float, bytes], ...] = attrs.field(repr=False)

    @property
    def name(self) -> str:
        """Such as `aegra/list`: good as a test's id."""
        return f"{self.server}/{self.scenario}"

    @property
    def pieces(self) -> tuple[bytes, ...]:
        """The chunks without their times."""
        return tuple(piece for _, piece in self.chunks)

    @property
    def body(self) -> bytes:
        """The whole body."""
        return b"".join(self.pieces)

    def header(self, name: str) -> str | None:
        """The last value of a header, whatever the case of its name; None when the server did not send it."""
        return next((value for key, value in reversed(self.headers) if key.lower() == name.lower()), None)


@functools.cache
def load_recordings(pattern: str = "*/*") -> tuple[Recording, ...]:
    """All recordings whose `server/scenario` matches a glob pattern, such as `*/stream_*`, sorted by name.

    Raises:
        LookupError: None does: a test of no recordings would prove nothing.
    """
    recordings = tuple(_load(path) for path in sorted(_FOLDER.glob(f"{pattern}.json")))
    if not recordings:
        raise LookupError(f"No recording matches {pattern!r}.")
    return recordings


def load_recording(name: str) -> Recording:
    """The one recording of a `server/scenario`."""
    (recording,) = load_recordings(name)
    return recording


def _load(path: pathlib.Path) -> Recording:
    content = orjson.loads(path.read_bytes())
    request, response = content["request"], content["response"]
    return Recording(
        server=path.parent.name,
        scenario=path.stem,
        method=request["method"],
        target=request["target"],
        request_headers=request["headers"],
        request_body=request["body"],
        status=response["status"],
        reason=response["reason"],
        headers=tuple((name, value) for name, value in response["headers"]),
        chunks=tuple((seconds, text.encode()) for seconds, text in response["chunks"]),
    )
