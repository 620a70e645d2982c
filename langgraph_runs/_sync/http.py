# Derived from langgraph_runs/_async/http.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""Sends requests and reads responses: the one module that does I/O.

It raises only the library's own exceptions.
"""

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from functools import partial
from time import monotonic
from typing import Any, Final, Self, TypeAlias

import httpx

from langgraph_runs._sansio.checks import declared, take, with_defaults
from langgraph_runs._sansio.config import Settings, checked_headers, checked_params, checked_timeout, seconds
from langgraph_runs._sansio.decompression import ACCEPTED, BodyReader, ContentDecoder, ContentError
from langgraph_runs._sansio.failures import (
    SentRequest,
    connection_error,
    connection_lost,
    deadline_error,
    response_error,
    shown_url,
    status_error,
    transport_errors,
)
from langgraph_runs._sansio.plans import Options
from langgraph_runs._sansio.requests import RequestKwargs
from langgraph_runs._sansio.responses import APIResponse, Parse, check_done
from langgraph_runs._sansio.retries import Cut, Retries
from langgraph_runs._sansio.timeouts import Timeouts
from langgraph_runs._transport.synchronization import sleep
from langgraph_runs.errors import LangGraphError, NotFoundError
from langgraph_runs.types import HTTPClient

OnRetry: TypeAlias = Callable[[int, Exception], None]

_log = logging.getLogger("langgraph_runs")
_MAX_ERROR_BYTES: Final = 2**20
# What a request accepts: an event stream, values after heartbeats, or any other JSON. Compression would delay events.
EVENTS: Final = {"accept": "text/event-stream", "accept-encoding": "identity", "cache-control": "no-store"}
HEARTBEATS: Final = {"accept": "application/json", "accept-encoding": "identity"}
WHOLE: Final = {"accept": "application/json", "accept-encoding": ACCEPTED}


class HTTP:
    """Sends requests to one server through an httpx client.

    Args:
        settings: The client's settings.
        client: An `httpx.Client` or `httpx2.Client`.
        defaults: The headers that `client` is known to send with every request; no request repeats them.
        owned: Whether to close `client` in `close`.
    """

    def __init__(self, settings: Settings, client: HTTPClient, *, defaults: Mapping[str, str], owned: bool) -> None:
        self.settings = settings
        self._client = client
        self._defaults = defaults
        self._owned = owned
        self._process = os.getpid()
        self.closed: bool = False

    def call(self, method: str, kind: type, options: Mapping[str, Any]) -> tuple[Options, dict[str, Any]]:
        """Check a method's options, which the typed dict `kind` declares: those of every method, and the others."""
        given = with_defaults(method, kind, options)
        headers, params, timeout, idle_timeout = take(given, "headers", "params", "timeout", "idle_timeout")
        if idle_timeout is not None:
            seconds("idle_timeout", idle_timeout)
        elif "idle_timeout" in declared(kind):
            idle_timeout = self.settings.idle_timeout
        total, steps = None, self.settings.steps
        if isinstance(timeout, int | float):
            total = seconds("timeout", timeout)
        elif timeout is not None:
            steps = checked_timeout(timeout)
        call = Options(checked_headers(headers), checked_params(params), steps, idle_timeout, total)
        return call.started(), given

    def fetch(
        self, kwargs: RequestKwargs, options: Options, *, repeatable: bool, retries: Retries | None = None
    ) -> APIResponse:
        """Send a request, with retries, and read the whole response."""
        timeouts = options.timeouts()

        def attempt() -> APIResponse:
            body = self._send(kwargs, options, timeouts, WHOLE)
            return body.read(BodyReader(self.settings.max_bytes))

        response: APIResponse = self._retrying(attempt, timeouts, retries or self._retries(repeatable=repeatable))
        return response

    def delete(self, kwargs: RequestKwargs, options: Options, parse: Parse[Any]) -> None:
        """Send a request that deletes something, with retries."""
        retries = self._retries(repeatable=True)
        try:
            check_done(parse, self.fetch(kwargs, options, repeatable=True, retries=retries))
        except NotFoundError:
            if not retries.doubtful:
                raise

    def open(
        self,
        kwargs: RequestKwargs,
        options: Options,
        timeouts: Timeouts,
        *,
        repeatable: bool,
        expected: Mapping[str, str],
        cut: Cut | None = None,
        on_retry: OnRetry | None = None,
    ) -> "Body":
        """Send a request, with retries, until a successful response begins.

        The lost connection that it replaces, `cut`, counts as a failed attempt. `on_retry` is called before each retry,
        except a quiet reconnection, with its number and the failure.
        """
        retries = self._retries(repeatable=repeatable, cut=cut)
        attempt = partial(self._send, kwargs, options, timeouts, expected)
        body: Body = self._retrying(attempt, timeouts, retries, on_retry)
        return body

    def close(self) -> None:
        """Send nothing more, and close the HTTP client, unless it is the user's."""
        self.closed = True
        if self._owned:
            self._client.close()

    def check_open(self) -> None:
        """Raise a RuntimeError if this client or the HTTP client is closed."""
        if self.closed or self._client.is_closed:
            raise RuntimeError(f"the {'client' if self.closed else 'http_client'} is closed; use a new one")

    def _retries(self, *, repeatable: bool, cut: Cut | None = None) -> Retries:
        policy = self.settings.retry
        return Retries(policy, repeatable=repeatable, last_start=monotonic() + policy.total, cut=cut)

    def _retrying(
        self, attempt: Callable[[], Any], timeouts: Timeouts, retries: Retries, on_retry: OnRetry | None = None
    ) -> Any:
        failure, quiet, run = None, False, ""
        if retries.cut is not None:
            failure, quiet = retries.cut.cause, retries.cut.quiet
            run = f"run {retries.cut.run_id}: " if retries.cut.run_id else ""
        while True:
            if failure is None:
                try:
                    return attempt()
                except LangGraphError as error:
                    failure, quiet = error, False
            wait = retries.next_wait(failure, monotonic(), timeouts.remaining)
            if wait is None:
                raise failure
            level, most = logging.DEBUG if quiet else logging.WARNING, retries.policy.max_retries
            _log.log(level, "%sretry %d of %d in %.2f s: %s", run, retries.number, most, wait, failure)
            if on_retry is not None and not quiet:
                on_retry(retries.number, failure)
            sleep(wait)
            failure = None

    def _send(self, kwargs: RequestKwargs, options: Options, timeouts: Timeouts, expected: Mapping[str, str]) -> "Body":
        """Send a request once. The response has a success status, and its body is not read yet."""
        self.check_open()
        if self._owned and self._process != os.getpid():
            client: Any = self._client
            client.cookies = client.cookies  # another thread of the parent process may have held the jar's lock
            self._process = os.getpid()
        request = self._request(kwargs, options, timeouts, expected)
        started = monotonic()
        timeouts.request_started()
        try:
            response = self._client.send(request, stream=True, follow_redirects=False)
        except transport_errors() as error:
            self._log_request(request, type(error).__name__, started)
            refusal: Any = getattr(error, "response", None)
            is_about_it = getattr(error, "request", None) is request
            if refusal is not None and is_about_it:
                # An event hook of the user's client has called `raise_for_status`.
                said = b""
                with suppress(*transport_errors()):  # it may not have read the body
                    said = refusal.content
                raise status_error(request, refusal.status_code, refusal.headers, said) from error
            raise deadline_error(request) if timeouts.expired else connection_error(error, request) from error
        self._log_request(request, response.status_code, started)
        body = Body(request, response, timeouts)
        if response.is_success:
            timeouts.response_started()
            return body
        # The status is what matters. What arrives of the body, as long as the head might have taken, may explain it.
        content = BodyReader(_MAX_ERROR_BYTES)
        with suppress(LangGraphError):
            body.read(content)
        raise status_error(request, response.status_code, response.headers, content.content())

    def _request(self, kwargs: RequestKwargs, options: Options, timeouts: Timeouts, expected: Mapping[str, str]) -> Any:
        params: dict[str, Any] = {**kwargs.get("params", {}), **options.params}
        headers = {
            **self.settings.headers,
            **expected,
            **{name.lower(): value for name, value in kwargs.get("headers", {}).items()},
            **options.headers,
        }
        url = self.settings.url + kwargs["url"]
        return self._client.build_request(
            kwargs["method"].upper(),
            f"{url}?{httpx.QueryParams(params)}" if params else url,
            # Encoded here: httpx allows only ASCII in text, but an event's id may be any text.
            headers=[
                (name.encode(), value.encode()) for name, value in headers.items() if self._defaults.get(name) != value
            ],
            content=kwargs.get("content"),
            extensions={"timeout": timeouts},
        )

    def _log_request(self, request: Any, outcome: object, started: float) -> None:
        if _log.isEnabledFor(logging.DEBUG):
            milliseconds = 1000 * (monotonic() - started)
            _log.debug("%s %s: %s in %.0f ms", request.method, shown_url(request), outcome, milliseconds)


class Body:
    """The body of a response, decoded as it arrives. At its end, the response is closed.

    An exception that is not of the network, such as a cancellation or one of a signal handler, may interrupt a read.
    If our transport was waiting for data then, the next read goes on; otherwise the connection counts as lost.

    Args:
        request: The request.
        response: Its response, of httpx or httpx2.
        timeouts: The request's timeouts.

    Raises while iterating:
        APIConnectionError: If the connection is lost or idle for too long, or the call times out.
        APIResponseError: If the body can't be decoded.
    """

    def __init__(self, request: SentRequest, response: Any, timeouts: Timeouts) -> None:
        self.request = request
        self.response = response
        self._timeouts = timeouts
        # Not `response.iter_raw()`, which refuses the second iteration that `close` needs.
        self._raw: Iterator[bytes] = iter(response.stream)
        encoding: str | None = response.headers.get("content-encoding")
        if response.is_stream_consumed:
            # An event hook, or a transport that makes responses itself, has read and decoded it.
            self._raw, encoding = _whole(response.content), None
        self._encoding = encoding
        self.reading: bool = False  # or interrupted: it has taken no data that it did not return
        self._ended = self._closed = False
        self._interruptions = 0
        self._silent_since: float | None = None  # when the first of the interruptions since the last data came
        self._decoder: ContentDecoder | None = None
        self._decoded: Iterator[bytes] = iter(())

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if self._closed and not self._ended:
            raise connection_lost(self.request, "the connection was closed before the end of the response")
        self.reading = True
        try:
            chunk = next(self._raw) if self._encoding is None else self._next_decoded(self._encoding)
            self._silent_since, self.reading = None, False
        except StopIteration:
            # Iterating again over what wraps our transport's stream might give nothing.
            self._ended = not self._interruptions or self.response.extensions["body"].complete
            self.close()
            if not self._ended:
                raise connection_lost(self.request, "a read was interrupted and can't go on") from None
            raise
        except ContentError as error:
            self.close()
            raise response_error(self.request, str(error)) from error
        except transport_errors() as error:
            self.close()
            failure = deadline_error(self.request) if self._timeouts.expired else connection_error(error, self.request)
            raise failure from error
        except BaseException:
            self._interrupted()
            raise
        if self._timeouts.expired:
            self.close()
            raise deadline_error(self.request)
        return chunk

    def read(self, content: BodyReader, heartbeat: Callable[[], None] = lambda: None) -> APIResponse:
        """Read all of it into `content`, and close it. `heartbeat` is called for each chunk before the content."""
        with closing(self):
            for chunk in self:
                try:
                    content.feed(chunk)
                except ContentError as error:
                    raise response_error(self.request, str(error)) from error
                if not content.started:
                    heartbeat()
        return APIResponse(self.request, self.response.status_code, self.response.headers, content.content())

    def close(self) -> None:
        """Close the response, and its connection too unless the body has ended."""
        if self._closed:
            return
        self._closed = True
        try:
            self.response.close()
        finally:
            if not self._ended and "network_stream" in self.response.extensions:
                # trio warns of generators that are not exhausted. Those of a closed response end at once.
                with suppress(*transport_errors()):
                    for _ in self._raw:
                        pass

    def interrupt(self) -> None:
        """Close the response; a task or thread that iterates over the body gets an APIConnectionError."""
        body = self.response.extensions.get("body")
        (self.response.close() if body is None else body.interrupt())

    def _interrupted(self) -> None:
        """Prepare the next read after an exception that ended the generators of the response's stream."""
        now, limit = monotonic(), self._timeouts.get("read")
        self._silent_since = self._silent_since or now
        silent = limit is not None and now - self._silent_since >= limit  # a caller may interrupt each read early
        body = self.response.extensions.get("body")
        if body is None or not body.waiting or silent:
            self.close()
        else:
            self._raw, self._interruptions = iter(self.response.stream), self._interruptions + 1

    def _next_decoded(self, encoding: str) -> bytes:
        chunk = next(self._decoded, None)
        if chunk is not None:
            return chunk
        if self._decoder is None:
            self._decoder = ContentDecoder(encoding)
        try:
            self._decoded = self._decoder.decode(next(self._raw))
        except StopIteration:
            if not self._decoder.complete:
                raise httpx.RemoteProtocolError("the compressed body ends early") from None
            raise
        return next(self._decoded, b"")


def _whole(content: bytes) -> Iterator[bytes]:
    yield content
