# Derived from langgraph_runs/_async/http.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""Sending a request and reading its answer: the one place that does I/O.

Every failure leaves here as one of the library's own exceptions. Retries go through stamina, by the rule in `retries.py`.
"""

import logging
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from time import monotonic
from typing import Any, Self, TypeAlias, cast

import httpx
from attrs import frozen

from langgraph_runs._sansio.config import Settings, checked_headers, checked_timeout, seconds
from langgraph_runs._sansio.decompression import ACCEPTED, BodyReader, ContentDecoder, ContentError
from langgraph_runs._sansio.failures import connection_error, response_error, shown_url, status_error
from langgraph_runs._sansio.requests import RequestKwargs
from langgraph_runs._sansio.responses import Answer
from langgraph_runs._sansio.retries import may_retry, pause
from langgraph_runs._sansio.timeouts import Patience
from langgraph_runs._sync.bounds import HEAD_BOUNDS, bound_if_new, bounded
from langgraph_runs._sync.channel import Channel
from langgraph_runs.errors import APIConnectionError, APITimeoutError, LangGraphError
from langgraph_runs.hangups import HangUp
from langgraph_runs.requests import Request
from langgraph_runs.types import QueryParams, Timeout

OnRetry: TypeAlias = Callable[[int, Exception], None]

_log = logging.getLogger("langgraph_runs")
_MAX_ERROR_BYTES = 2**20
# What a request asks for: a stream; values that heartbeats keep alive; an answer that comes as a whole. Compression would hold back
# what is to come at once.
EVENTS = {"accept": "text/event-stream", "accept-encoding": "identity"}
HEARTBEATS = {"accept": "application/json", "accept-encoding": "identity"}
_WHOLE = {"accept": "application/json", "accept-encoding": ACCEPTED}
# On asyncio httpx lets TLS failures through that come after the handshake, such as a certificate that the server misses.
HTTPX_ERRORS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ssl.SSLError)


@frozen
class Options:
    """What the caller of one method asked for, besides the method's own arguments.

    Attributes:
        headers: Sent besides the client's.
        params: Sent besides the method's.
        timeout: Bounds on each step of the request.
        deadline: When the whole call must be over, on the monotonic clock; None for no such bound.
    """

    headers: Mapping[str, str]
    params: QueryParams
    timeout: httpx.Timeout
    deadline: float | None


class HTTP:
    """Sends requests to one server, by one way out."""

    def __init__(self, settings: Settings, channel: Channel) -> None:
        self.settings = settings
        self._channel = channel

    def options(
        self, headers: Mapping[str, str] | None = None, params: QueryParams | None = None, timeout: Timeout = None
    ) -> Options:
        """Check the options that every method takes.

        Raises:
            TypeError: Naming an argument of the wrong type.
            ValueError: Naming an argument that can't be used.
        """
        deadline = None
        if timeout is None:
            limits = self.settings.timeout
        elif isinstance(timeout, httpx.Timeout):
            limits = checked_timeout(timeout)
        else:
            deadline, limits = monotonic() + seconds("timeout", timeout), self.settings.timeout
        return Options(checked_headers(headers), params or {}, limits, deadline)

    def fetch(
        self, kwargs: RequestKwargs, options: Options, *, repeatable: bool, idle_timeout: float | None = None
    ) -> Answer:
        """Send a request, again where that is allowed, and read its answer to the end.

        Raises:
            LangGraphError: What it failed with.
        """
        patience = Patience(options.timeout.read, idle_timeout, options.deadline)

        def once() -> Answer:
            content = BodyReader(self.settings.max_bytes)
            with closing(self._send(kwargs, options, patience, _WHOLE)) as body:
                for chunk in body:
                    feed(content, chunk, body.request)
            return body.answer(content)

        answer: Answer = self._trying(once, patience, repeatable=repeatable)
        return answer

    def open(
        self,
        kwargs: RequestKwargs,
        options: Options,
        patience: Patience,
        *,
        repeatable: bool,
        expected: Mapping[str, str],
        cut: LangGraphError | None = None,
        stalled: int = 0,
        on_retry: OnRetry | None = None,
    ) -> "Body":
        """Send a request, again where that is allowed, until a success begins to answer.

        Args:
            kwargs: The request.
            options: What the caller asked for.
            patience: The bounds on time.
            repeatable: Whether the request may be sent again though it may have reached the server.
            expected: EVENTS or HEARTBEATS.
            cut: What cut the answer that this request goes on with, if it does. It counts as a failed try like those that may follow, so
                that whoever watches retries sees it.
            stalled: How many times it was cut since the last progress. The first time it is opened at once, after that with the pauses
                and out of the number of tries that the policy has for one failing request.
            on_retry: Told of each retry beforehand: its number since the last progress, and what failed.

        Raises:
            LangGraphError: What it failed with.
        """

        def once() -> Body:
            return self._send(kwargs, options, patience, expected)

        body: Body = self._trying(once, patience, repeatable=repeatable, cut=cut, stalled=stalled, on_retry=on_retry)
        return body

    def _trying(
        self,
        once: Callable[[], Any],
        patience: Patience,
        *,
        repeatable: bool,
        cut: LangGraphError | None = None,
        stalled: int = 0,
        on_retry: OnRetry | None = None,
    ) -> Any:
        """Call `once`, again by this client's policy where that is allowed.

        Args:
            once: What to try.
            patience: The bounds on time.
            repeatable: Whether the request may be sent again though it may have reached the server.
            cut: What it has failed with already, if that is to be made up for.
            stalled: How many times it was cut since the last progress.
            on_retry: Told of each retry beforehand: its number, and what failed.

        Raises:
            LangGraphError: What it failed with at last.
        """
        policy = self.settings.retry
        failure = cut
        if failure is None:
            # A first try needs no machinery, and most programs never load it.
            try:
                return once()
            except LangGraphError as error:
                if policy.max_retries == 0 or not may_retry(error, repeatable=repeatable):
                    raise
                failure = error
        import stamina  # noqa: PLC0415 - see above

        pending = [failure]
        failures = max(0, stalled - 1)
        last_start = monotonic() + policy.total

        def wait_or_give_up(error: Exception) -> bool | float:
            nonlocal failures
            if failures >= policy.max_retries or not may_retry(error, repeatable=repeatable):
                return False
            now = monotonic()
            # What ran until it was cut gets its first chance at once.
            seconds = 0.0 if failures == 0 and cut is not None else pause(policy, failures, error)
            remaining = patience.remaining(now)
            if seconds is None or now + seconds > last_start or (remaining is not None and remaining <= seconds):
                return False
            failures += 1
            _log.info("retry %d of %d in %.2f s: %s", failures, policy.max_retries, seconds, error)
            if on_retry is not None:
                on_retry(failures, error)
            return seconds

        # The bounds are those above.
        for attempt in stamina.retry_context(on=wait_or_give_up, attempts=None, timeout=None):
            with attempt:
                if pending:
                    raise pending.pop()
                return once()
        raise AssertionError("stamina ends with a result or an exception")

    def close(self) -> None:
        """Close the connections that are ours."""
        self._channel.close()

    def _send(self, kwargs: RequestKwargs, options: Options, patience: Patience, expected: Mapping[str, str]) -> "Body":
        """Send once; the answer has a success status, and its body is still to be read.

        Raises:
            LangGraphError: What it failed with.
        """
        request = self._request(kwargs, options, patience, expected)
        before = HEAD_BOUNDS.set(patience.for_head(request.extensions["timeout"], monotonic()))
        try:
            response = self._channel.send(request)
        except HTTPX_ERRORS as error:
            if patience.expired(monotonic()):
                raise out_of_time(request) from error
            raise connection_error(error, request) from error
        finally:
            HEAD_BOUNDS.reset(before)
        patience.connected(monotonic())
        body = Body(request, response, patience)
        if response.is_success:
            return body
        content = BodyReader(_MAX_ERROR_BYTES)
        try:
            with closing(body):
                for chunk in body:
                    content.feed(chunk)
        except (ContentError, LangGraphError):
            pass  # The status tells what matters, and the start of the body may tell why.
        raise status_error(request, response.status_code, response.headers, content.content())

    def _request(
        self, kwargs: RequestKwargs, options: Options, patience: Patience, expected: Mapping[str, str]
    ) -> Request:
        now = monotonic()
        limits = {**options.timeout.as_dict(), "read": patience.next_read(now)}
        remaining = patience.remaining(now)
        if remaining is not None:
            limits = {
                step: max(0.001, remaining if limit is None else min(limit, remaining))
                for step, limit in limits.items()
            }
        params: dict[str, Any] = {**kwargs.get("params", {}), **options.params}
        headers = {
            **expected,
            **self.settings.headers,
            **{name.lower(): value for name, value in kwargs.get("headers", {}).items()},
            **options.headers,
        }
        url = self.settings.url + kwargs["url"]
        return Request(
            kwargs["method"].upper(),
            f"{url}?{httpx.QueryParams(params)}" if params else url,
            headers,
            kwargs.get("content") or b"",
            {"timeout": limits, "trace": bound_if_new},
        )


class Body:
    """The body of an answer as it comes, decoded; each read waits as long as `patience` allows. Closes the answer at its end.

    Raises while iterating:
        APIConnectionError: If the connection is lost, or silent for too long.
        APIResponseError: If the body can't be decoded.
    """

    def __init__(self, request: Request, response: httpx.Response, patience: Patience) -> None:
        self.request = request
        self.response = response
        self._patience = patience
        self._hang_up = HangUp(response)
        # The stream itself: `iter_raw` would cost every chunk one generator more.
        self._raw = iter(cast("httpx.SyncByteStream", response.stream))
        encoding: str | None = response.headers.get("content-encoding")
        if response.is_stream_consumed:
            # A transport without a network, such as httpx.MockTransport, may give an answer that is read and decoded already.
            self._raw, encoding = _whole(response.content), None
        self._next_chunk = self._raw.__next__
        self._encoding = encoding
        self._decoder: ContentDecoder | None = None
        self._pieces: Iterator[bytes] = iter(())
        connection = None if response.http_version == "HTTP/2" else response.extensions.get("network_stream")
        self._bounded = connection and bounded(connection)
        if self._bounded is not None:
            self._bounded.body = patience, self._hang_up

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        try:
            chunk = self._next_chunk() if self._encoding is None else self._next_decoded(self._encoding)
        except StopIteration:
            self.close()
            raise
        except (*HTTPX_ERRORS, ContentError) as error:
            raise self.failure(error) from error
        if self._patience.deadline is not None and self._patience.expired(monotonic()):
            self.close()
            raise out_of_time(self.request)
        return chunk

    def chunks(self) -> Iterator[bytes]:
        """The same by a shorter way, where there is nothing to do with a chunk.

        It raises what httpx raises, for `failure` to tell, and closes nothing.
        """
        return self if self._encoding is not None or self._patience.deadline is not None else self._raw

    def failure(
        self, error: httpx.HTTPError | httpx.InvalidURL | httpx.StreamError | ssl.SSLError | ContentError
    ) -> LangGraphError:
        """Close the answer that was ended by this error of httpx, or that can't be decoded; what to raise for it."""
        self.close()
        if isinstance(error, ContentError):
            return response_error(self.request, str(error))
        if self._patience.expired(monotonic()):
            return out_of_time(self.request)
        return connection_error(error, self.request)

    def answer(self, content: BodyReader) -> Answer:
        """The answer with its content, which was read."""
        response = self.response
        return Answer(self.request, response.status_code, response.headers, content.content())

    def close(self) -> None:
        """Close the answer, and with it the connection if the body is not at its end."""
        read, self._bounded = self._bounded, None
        if read is None:
            self.response.close()
            return
        read.body = None  # it may carry another answer soon
        self.response.close()
        # On trio, a generator that is left before its end is warned of. Those of a closed connection end at once.
        with suppress(*HTTPX_ERRORS):
            for _ in self._raw:
                pass

    def hang_up(self) -> None:
        """Close the answer while another task or thread iterates over this: it gets an APIConnectionError at once."""
        self._hang_up.now()

    def _next_decoded(self, encoding: str) -> bytes:
        chunk = next(self._pieces, None)
        if chunk is not None:
            return chunk
        if self._decoder is None:
            self._decoder = ContentDecoder(encoding)
        self._pieces = self._decoder.decode(self._next_chunk())
        return next(self._pieces, b"")


def _whole(content: bytes) -> Iterator[bytes]:
    yield content


def feed(body: BodyReader, chunk: bytes, request: Request) -> None:
    """Hand a chunk to the reader; its complaint becomes a typed error."""
    try:
        body.feed(chunk)
    except ContentError as error:
        raise response_error(request, str(error)) from error


def out_of_time(request: Request) -> LangGraphError:
    """The exception for a call that took longer than its `timeout`."""
    url = shown_url(request.url)
    return APITimeoutError(f"{request.method} {url}: not done within its timeout", method=request.method, url=url)


def lost(request: Request, why: str) -> APIConnectionError:
    """The exception for a connection that ended though httpx found nothing wrong with it."""
    url = shown_url(request.url)
    return APIConnectionError(f"{request.method} {url}: {why}", method=request.method, url=url)
