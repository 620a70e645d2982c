"""Checks the responses of a real server against `openapi.yaml`.

The fixture `server_url` and `CheckedServer` use this. A violation fails the test during which it occurs.
"""

import contextlib
import functools
import pathlib
import re
import types
from collections.abc import Callable, Generator
from typing import Any
from urllib.parse import quote

import attrs
import h11
import orjson
from jsonschema.exceptions import best_match
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from examples.server import AGENT, LocalServer, _free_port
from scripts.drift.document import Document, Part, read
from tests.support.network import Request
from tests.support.proxy import FaultProxy

OPENAPI = pathlib.Path(__file__).parent.parent.parent / "openapi.yaml"

_URI = "openapi.yaml"
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@contextlib.contextmanager
def checked(url: str, *, port: int = 0) -> Generator[str]:
    """The URL of a proxy that checks a server's responses to the operations in openapi.yaml.

    Raises:
        AssertionError: On leaving, for violations that have not failed a test.
    """
    with CheckingProxy(url, port=port) as proxy:
        yield proxy.url
    assert_none_violated()


def assert_none_violated() -> None:
    """Fails if a response since the last call violated openapi.yaml."""
    found = [*_violations]
    _violations.clear()
    assert not found, "not what openapi.yaml says:\n" + "\n".join(found)


def forgive(pattern: str) -> None:
    """Forgets the violations that match: known ones of an older server, for which the client compensates."""
    _violations[:] = [one for one in _violations if not re.search(pattern, one)]


class CheckedServer(LocalServer):
    """A LocalServer whose responses are checked. While it is stopped, its URL refuses connections."""

    def __init__(self, agent: pathlib.Path = AGENT) -> None:
        super().__init__(agent)
        # Not an ephemeral port, which another process could get while this server is stopped.
        self._checked_port = _free_port()
        self._proxy: CheckingProxy | None = None

    @property
    def url(self) -> str:
        """The base URL. It stays the same when the server is started again."""
        return f"http://127.0.0.1:{self._checked_port}"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        if error is None:
            assert_none_violated()

    def start(self) -> None:
        """Starts the server and returns when it answers."""
        super().start()
        self._proxy = CheckingProxy(f"http://127.0.0.1:{self.port}", port=self._checked_port)
        self._proxy.__enter__()

    def kill(self) -> None:
        """Ends the server at once, as a crash would."""
        super().kill()
        if self._proxy:
            proxy, self._proxy = self._proxy, None
            proxy.__exit__(None, None, None)


class CheckingProxy(FaultProxy):
    """A proxy that passes everything on and checks it."""

    def watcher(self, request: Request) -> Callable[[bytes], None]:
        """Checks a response as it arrives."""
        operation = described().operation(request.method, request.path)
        if operation is None:
            return super().watcher(request)
        return _Watched(f"{request.method} {request.target}", request.method, operation).feed


@functools.cache
def described() -> "Description":
    """openapi.yaml, parsed."""
    return Description(read(OPENAPI))


@attrs.frozen
class Operation:
    """An operation and its documented responses."""

    id: str
    document: Document = attrs.field(repr=False)
    part: Part = attrs.field(repr=False)
    registry: Registry[Any] = attrs.field(repr=False)

    def problem(self, status: int, content_type: str, body: bytes | None = None) -> str | None:
        """What is wrong with a response; None if nothing is. A body of None is not checked."""
        responses = self.part["responses"]
        # `default` documents failures only.
        name = str(status) if str(status) in responses else "default"
        if name not in responses or (name == "default" and status < 400):
            return f"the status {status} is not documented"
        response = self.document.resolved(responses[name])
        if "content" not in response:
            return f"the status {status} is documented without a body" if body else None
        media_type = content_type.partition(";")[0].strip().lower()
        if media_type not in response["content"]:
            return f"the content type {content_type!r} is not documented for the status {status}"
        if body is None or media_type != "application/json":
            return None
        return self._problem_of_json(response["content"][media_type]["schema"], body)

    def _problem_of_json(self, schema: Part, body: bytes) -> str | None:
        try:
            value = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            return f"the body is not JSON ({error})"
        return _problem_with(value, schema.pointer, self.registry)


def problem_with(value: Any, pointer: str) -> str | None:
    """What the schema at this place of openapi.yaml says against a value; None if nothing."""
    return _problem_with(value, pointer, described().registry)


class Description:
    """The operations of an OpenAPI document, found by method and path."""

    def __init__(self, document: Document) -> None:
        resource = DRAFT202012.create_resource(document.contents)
        self.registry: Registry[Any] = Registry().with_resource(_URI, resource)
        self._operations = [
            (method.upper(), _pattern(path), Operation(part["operationId"].value, document, part, self.registry))
            # Paths without parameters take precedence.
            for path, item in sorted(document.root["paths"].items(), key=lambda pair: pair[0].count("{"))
            for method, part in item.items()
            if method in _METHODS
        ]

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation of a request; None if it is not documented."""
        return next((found for verb, like, found in self._operations if verb == method and like.fullmatch(path)), None)


def _problem_with(value: Any, pointer: str, registry: Registry[Any]) -> str | None:
    reference = {"$ref": f"{_URI}#{quote(pointer)}"}
    validator = OAS31Validator(reference, registry=registry, format_checker=oas31_format_checker)
    worst = best_match(validator.iter_errors(value))
    return f"{worst.json_path}: {worst.message}" if worst else None


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile("[^/]+".join(re.escape(literal) for literal in re.split(r"\{[^}]+\}", path)))


class _Watched:
    """Checks a response as it arrives, before its last byte is passed on, and so before the client can continue."""

    def __init__(self, asked: str, method: str, operation: Operation) -> None:
        self._asked = asked
        self._operation = operation
        self._wire = h11.Connection(h11.CLIENT)
        self._wire.send(h11.Request(method=method, target="/", headers=[("host", "server")]))
        self._wire.send(h11.EndOfMessage())
        self._status = 0
        self._content_type = ""
        self._body: bytearray | None = None
        self._judged = False

    def feed(self, data: bytes) -> None:
        """Adds a part of the response; empty data is its end."""
        if self._judged:
            return
        self._wire.receive_data(data)
        while not self._judged and isinstance(event := self._next_event(), h11.Event):
            if isinstance(event, h11.Response):
                self._status = event.status_code
                self._content_type = dict(event.headers).get(b"content-type", b"").decode("latin-1")
                if "event-stream" not in self._content_type:
                    self._body = bytearray()
                self._judge(None)
            elif isinstance(event, h11.Data) and self._body is not None:
                self._body += event.data
            elif isinstance(event, h11.EndOfMessage):
                self._judge(bytes(self._body) if self._body is not None else None)
                self._judged = True

    def _next_event(self) -> object:
        try:
            return self._wire.next_event()
        except h11.RemoteProtocolError:
            self._judged = True  # It was cut off, which other tests cover.
            return None

    def _judge(self, body: bytes | None) -> None:
        if problem := self._operation.problem(self._status, self._content_type, body):
            self._judged = True
            _violations.append(f"{self._operation.id}: {self._asked}: {self._status}: {problem}")


_violations: list[str] = []
