"""Waits for a run's final values, and joins the run again when the connection is lost."""

import logging
from contextlib import aclosing, suppress
from typing import Any

from attrs import define, field

from langgraph_runs._async.http import HEARTBEATS, AsyncBody, AsyncHTTP
from langgraph_runs._sansio.conversion import Converters
from langgraph_runs._sansio.decompression import BodyReader
from langgraph_runs._sansio.failures import connection_lost, reports_cancellation
from langgraph_runs._sansio.location import RunLocation, locate
from langgraph_runs._sansio.plans import Options
from langgraph_runs._sansio.requests import RequestKwargs
from langgraph_runs._sansio.responses import APIResponse, Parse, one, values
from langgraph_runs._sansio.retries import Cut
from langgraph_runs._sansio.timeouts import Timeouts
from langgraph_runs.errors import (
    APIConnectionError,
    ConflictError,
    LangGraphError,
    NotFoundError,
    RunFailedError,
    StreamDisconnectedError,
    WaitTimeoutError,
)
from langgraph_runs.types import OnRunCreated
from langgraph_runs_api.api.runs import cancel_run, get_run, join_run

_log = logging.getLogger("langgraph_runs")


@define(eq=False, repr=False)
class AsyncWait:
    """One wait or join, across as many connections as it takes."""

    http: AsyncHTTP
    converters: Converters
    options: Options
    start: RequestKwargs | None = None  # the request that starts the run and waits; None to join the run at `location`
    parse: Parse[Any] = join_run.parse_response  # of the response to that
    location: RunLocation = field(factory=RunLocation)
    cancel_on_disconnect: bool = False  # also when it was joined again
    on_run_created: OnRunCreated | None = None
    _timeouts: Timeouts = field(init=False)
    _stalled: int = 0  # connections in a row without a sign of life
    _empty: bool = False  # whether the server itself ended the last response before the values
    _rejoined: bool = False

    def __attrs_post_init__(self) -> None:
        self._timeouts = self.options.timeouts()

    async def values(self) -> Any:
        """The run's final values; it raises what `AsyncRunsClient.wait` does."""
        try:
            if self.start is None:
                body = await self._join()
            else:
                body = await self.http.open(
                    self.start, self.options, self._timeouts, repeatable=False, expected=HEARTBEATS
                )
            response = await self._response(body)
            try:
                result = values(self.parse, response, self.location)
            except RunFailedError as error:
                if not reports_cancellation(error) or None in self.location:
                    raise
                # The state that the cancelled run reached is sent to those who join it from now on.
                response = await self._response(await self._join())
                result = {}
                with suppress(NotFoundError):  # rolled back, as the Python server reports it from 0.16 on
                    result = values(self.parse, response, self.location)
            except NotFoundError as error:
                if self._rejoined:
                    raise self._disconnected(f"the server no longer knows the run: {error}") from error
                raise
        except APIConnectionError as error:
            if not self._timeouts.expired:
                raise
            run_id, thread_id = self.location
            name = run_id or "(not known to be created)"
            message = f"run {name} did not finish within its timeout of {self.options.seconds} s"
            if self.cancel_on_disconnect:
                message += "; the server cancels it"
            elif None not in self.location:
                message += f"; it goes on, and join({thread_id!r}, {run_id!r}) waits for it again"
            raise WaitTimeoutError(message, run_id=run_id, thread_id=thread_id) from error
        return self.converters.values(result, response.request, self.location)

    async def cancel(self, timeout: float) -> None:
        """Cancel the run, whose ids are known, in at most `timeout` seconds."""
        request = cancel_run.get_kwargs(*self.location.path)
        try:
            await self.http.fetch(request, self.options._replace(seconds=timeout).started(), repeatable=True)
        except (NotFoundError, ConflictError):
            pass  # it has ended
        except Exception as error:  # noqa: BLE001 - nobody waits for this; it may be one of a user's event hook
            _log.warning("run %s: could not be cancelled: %s", self.location.run_id, error)

    async def _response(self, body: AsyncBody) -> APIResponse:
        """The complete response, from as many connections as it takes."""
        while True:
            try:
                return await self._read(body)
            except APIConnectionError as error:
                if self._timeouts.expired:
                    raise
                try:
                    body = await self._rejoin(error)
                except StreamDisconnectedError:
                    # The Python server 0.4 sends no values for a run that was cancelled before it started.
                    if not self._empty or not await self._was_cancelled():
                        raise
                    return APIResponse(body.request, 200, body.response.headers, b"{}")

    async def _read(self, body: AsyncBody) -> APIResponse:
        def heartbeat() -> None:
            if self._timeouts.heartbeat():
                self._stalled = 0

        content, self._empty = BodyReader(self.http.settings.max_bytes), False
        async with aclosing(body):
            self._found(locate(body.response.headers))
            response = await body.read(content, heartbeat)
        if not content.started:
            self._empty = "transfer-encoding" in body.response.headers  # only the server itself ends such a body
            raise connection_lost(body.request, "the response ended before the values")
        return response

    def _found(self, found: RunLocation) -> None:
        known = self.location
        self.location = known.completed(found)
        if known.run_id is None and found.run_id is not None and self.on_run_created is not None:
            self.on_run_created({"run_id": found.run_id, "thread_id": self.location.thread_id})

    async def _rejoin(self, error: APIConnectionError) -> AsyncBody:
        self._stalled += 1
        if None in self.location:
            raise self._disconnected(f"the server did not tell the run's ids: {error}") from error
        if self._stalled > self.http.settings.retry.max_retries:
            raise self._disconnected(f"this happened {self._stalled} times in a row: {error}") from error
        try:
            body = await self._join(Cut(error, self._stalled, run_id=self.location.run_id))
        except LangGraphError as failure:
            if self._timeouts.expired:
                raise
            raise self._disconnected(f"joining it again failed: {failure}") from failure
        self._rejoined = True
        return body

    async def _join(self, cut: Cut | None = None) -> AsyncBody:
        self.parse = join_run.parse_response
        query: dict[str, Any] = {"cancel_on_disconnect": 1} if self.cancel_on_disconnect else {}
        request = join_run.get_kwargs(*self.location.path, **query)
        return await self.http.open(
            request, self.options, self._timeouts, repeatable=True, expected=HEARTBEATS, cut=cut, on_retry=self._tell
        )

    async def _was_cancelled(self) -> bool:
        """Whether the run is known to be cancelled; False if the server cannot be asked."""
        if None in self.location:
            return False
        try:
            request = get_run.get_kwargs(*self.location.path)
            response = await self.http.fetch(request, self.options, repeatable=False)
            return one(get_run.parse_response, response).status == "interrupted"
        except LangGraphError:
            return False

    def _tell(self, attempt: int, _: Exception) -> None:
        self._stalled = attempt

    def _disconnected(self, why: str) -> StreamDisconnectedError:
        run_id, thread_id = self.location
        return StreamDisconnectedError(
            f"waiting for run {run_id or '(id unknown)'}: the connection was lost, and {why}",
            run_id=run_id,
            thread_id=thread_id,
            last_event_id=None,
        )
