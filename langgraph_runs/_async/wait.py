"""Waiting for a run's final values, and going on waiting where the connection was lost."""

from contextlib import aclosing
from typing import Any

from attrs import define, field

from langgraph_runs._async.http import HEARTBEATS, AsyncBody, AsyncHTTP, feed
from langgraph_runs._sansio.conversion import Converters
from langgraph_runs._sansio.decompression import BodyReader
from langgraph_runs._sansio.failures import lost, tells_cancellation
from langgraph_runs._sansio.location import Address, address
from langgraph_runs._sansio.plans import Options
from langgraph_runs._sansio.requests import RequestKwargs, given
from langgraph_runs._sansio.responses import Parse, one_run, values
from langgraph_runs._sansio.retries import Cut
from langgraph_runs._sansio.timeouts import Timeouts
from langgraph_runs.errors import (
    APIConnectionError,
    LangGraphError,
    NotFoundError,
    RunFailedError,
    StreamDisconnectedError,
    WaitTimeoutError,
)
from langgraph_runs.types import OnRunCreated
from langgraph_runs_api.api.runs import get_run, join_run


@define(eq=False, repr=False)
class AsyncWait:
    """One wait or join, across as many connections as it takes.

    Attributes:
        http: What sends.
        opening: The request that starts the run and waits, or joins it.
        parse: The generated parser of its answer.
        repeatable: Whether the opening may be sent twice: a join may, a create may not.
        options: What the caller asked for.
        idle_timeout: Seconds of silence after which the connection counts as lost; None works it out.
        cancel_on_disconnect: Whether the server is to cancel the run when the connection is lost, also after rejoining.
        address: Where the run is, as far as it is known.
        on_run_created: Told once when the run is created.
        converters: What makes the values' type real.
    """

    http: AsyncHTTP
    opening: RequestKwargs
    parse: Parse[Any]
    repeatable: bool
    options: Options
    idle_timeout: float | None = None
    cancel_on_disconnect: bool = False
    address: Address = field(factory=Address)
    on_run_created: OnRunCreated | None = None
    converters: Converters = field(factory=Converters)
    _stalled: int = 0

    async def values(self) -> Any:
        """The run's final values.

        Raises:
            WaitTimeoutError: If they did not come in time.
            StreamDisconnectedError: If the connection was lost and the run can't be joined again.
            LangGraphError: Whatever else goes wrong.
        """
        timeouts = self.options.timeouts(self.idle_timeout)
        try:
            return await self._values(timeouts)
        except APIConnectionError as error:
            if not timeouts.expired:
                raise
            run_id, thread_id = self.address.run_id, self.address.thread_id
            message = f"run {run_id or '(not known to be created)'} is not done within timeout"
            raise WaitTimeoutError(message, run_id=run_id, thread_id=thread_id) from error

    async def _values(self, timeouts: Timeouts) -> Any:
        body = await self.http.open(
            self.opening, self.options, timeouts, repeatable=self.repeatable, expected=HEARTBEATS
        )
        parse, rejoined, cancelled = self.parse, False, False
        while True:
            content, empty = BodyReader(self.http.settings.max_bytes), False
            try:
                async with aclosing(body):
                    self._locate(address(body.response.headers, body.request.url))
                    async for chunk in body:
                        feed(content, chunk, body.request)
                        if not content.started and timeouts.heartbeat():
                            self._stalled = 0
                if not content.started:
                    empty = "transfer-encoding" in body.response.headers  # nobody but the server ends such a body
                    raise lost(body.request, "the answer ended before the values came")
            except APIConnectionError as error:
                if timeouts.expired:
                    raise
                try:
                    body = await self._rejoin(error, timeouts)
                except StreamDisconnectedError:
                    # PY 0.4 answers with nothing for a run that was cancelled before it started.
                    if not empty or not await self._was_cancelled():
                        raise
                    return self.converters.values({}, body.request)
                parse, rejoined = join_run.parse_response, True
                continue
            answer = body.answer(content)
            try:
                result = values(parse, answer, run_id=self.address.run_id, thread_id=self.address.thread_id)
            except RunFailedError as error:
                if cancelled or not tells_cancellation(error) or error.thread_id is None:
                    raise
                # What it had come to is told to those who join it from now on.
                body = await self.http.open(self._join(), self.options, timeouts, repeatable=True, expected=HEARTBEATS)
                parse, cancelled = join_run.parse_response, True
                continue
            except NotFoundError as error:
                if cancelled:
                    result = {}  # rolled back, and so says PY from 0.16 on
                elif rejoined:
                    raise self._lost(f"the server does not know the run any more: {error}") from error
                else:
                    raise
            return self.converters.values(result, answer.request)

    def _locate(self, found: Address) -> None:
        known = self.address
        self.address = Address(known.run_id or found.run_id, known.thread_id or found.thread_id)
        if known.run_id is None and found.run_id is not None and self.on_run_created is not None:
            self.on_run_created({"run_id": found.run_id, "thread_id": found.thread_id})

    async def _rejoin(self, cut: APIConnectionError, timeouts: Timeouts) -> AsyncBody:
        self._stalled += 1
        run_id, thread_id = self.address.run_id, self.address.thread_id
        if run_id is None or thread_id is None:
            raise self._lost(f"the server did not tell where to join the run: {cut}") from cut
        if self._stalled > self.http.settings.retry.max_retries:
            raise self._lost(f"that was the case {self._stalled} times in a row: {cut}") from cut
        try:
            return await self.http.open(
                self._join(),
                self.options,
                timeouts,
                repeatable=True,
                expected=HEARTBEATS,
                cut=Cut(cut, self._stalled),
                run_id=run_id,
                on_retry=self._tell,
            )
        except LangGraphError as error:
            if timeouts.expired:
                raise
            raise self._lost(f"joining it again failed: {error}") from error

    def _join(self) -> RequestKwargs:
        return join_run.get_kwargs(
            str(self.address.thread_id),
            str(self.address.run_id),
            cancel_on_disconnect=given(int(self.cancel_on_disconnect) or None),
        )

    async def _was_cancelled(self) -> bool:
        """Whether the run is known to be cancelled; who does not get to know keeps the error that he has."""
        run_id, thread_id = self.address.run_id, self.address.thread_id
        if run_id is None or thread_id is None:
            return False
        try:
            answer = await self.http.fetch(get_run.get_kwargs(thread_id, run_id), self.options, repeatable=False)
            return one_run(get_run.parse_response, answer).status == "interrupted"
        except LangGraphError:
            return False

    def _tell(self, attempt: int, _: Exception) -> None:
        self._stalled = attempt

    def _lost(self, why: str) -> StreamDisconnectedError:
        run_id, thread_id = self.address.run_id, self.address.thread_id
        return StreamDisconnectedError(
            f"waiting for run {run_id or '(id unknown)'}: the connection was lost, and {why}",
            run_id=run_id,
            thread_id=thread_id,
            last_event_id=None,
        )
