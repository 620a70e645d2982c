"""A streamed run, as users see it."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Generic, Self, TypeVar, cast
from weakref import ref

from langgraph_runs._async.source import AsyncEventSource
from langgraph_runs._sansio.conversion import Converters
from langgraph_runs.errors import LangGraphError
from langgraph_runs.events import Event, MetadataEvent, UnknownEvent

E_co = TypeVar("E_co", covariant=True)


class AsyncRunStream(Generic[E_co]):
    """The events of a run, as they come.

    Iterate over it, with or without `async with`. It connects on entering, or when the first event is requested.
    Leaving the block closes the connection; without `async with`, it closes when nothing refers to it any more.

    A resumable stream goes on after a lost connection, without losing or repeating an event. Any other raises
    StreamDisconnectedError instead of ending quietly.

    An exception from elsewhere that interrupts the wait for an event (a timeout, a cancellation, a signal handler's)
    loses nothing: ask for the next event again. If the stream can't go on, it raises StreamDisconnectedError from then
    on.

    Raises while iterating:
        RuntimeError: If the stream was closed before its end, or the client is closed.
        RunFailedError: If the run fails.
        NotFoundError: If there is no such run, thread or assistant.
        StreamDisconnectedError: If the connection was lost and can't be resumed.
        LangGraphError: Whatever else goes wrong.
    """

    def __init__(self, source: AsyncEventSource, converters: Converters) -> None:
        self._source = source
        self._converters = converters
        self._events = _Events(source)

    @property
    def run_id(self) -> str | None:
        """The run's id, once connected."""
        return self._source.location.run_id

    @property
    def thread_id(self) -> str | None:
        """The run's thread; None as long as it was neither given nor told by the server."""
        return self._source.location.thread_id

    @property
    def last_event_id(self) -> str | None:
        """Where to go on, in any process: `join_stream(last_event_id=...)` then gives exactly what comes after.

        It is not the last event's id, which others may share, but an older one and, after `+`, a digest of what came
        since; it fits into a header.
        """
        return self._source.last_event_id

    def __repr__(self) -> str:
        source = self._source
        state = "connected" if source.body else "not connected"
        state = "failed" if source.failure else "ended" if source.ended else "closed" if source.closed else state
        last = f", last_event={source.last_event!r}" if source.last_event else ""
        return f"{type(self).__name__}({self.run_id!r}, state={state!r}{last})"

    async def __aenter__(self) -> Self:
        try:
            await self._source.connect()
        except BaseException as error:
            self._source.failure = error if isinstance(error, LangGraphError) else None
            await self.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __aiter__(self) -> AsyncIterator[E_co | MetadataEvent | UnknownEvent]:
        self._source.check()
        # Not this object: `__anext__` would cost a loop a call per event.
        return self if self._converters.active else cast("AsyncIterator[E_co]", self._events)

    async def __anext__(self) -> E_co | MetadataEvent | UnknownEvent:
        self._source.check()
        try:
            event = await anext(cast("AsyncIterator[Event]", self._events))
            if self._converters.active:
                # Out here, so that an event that does not convert does not end the generator.
                event = self._converters.event(event, self._source.request())
            return cast("E_co", event)
        except (LangGraphError, StopAsyncIteration):
            raise
        except BaseException:
            self._source.interrupted()
            raise

    async def aclose(self) -> None:
        """Close the connection. A loop over it, also one that waits in another task or thread, ends.

        The run goes on unless it was started with `on_disconnect="cancel"`.
        """
        self._source.closed = True
        try:
            await self._events.generator.aclose()
        except (RuntimeError, ValueError):
            await self._source.interrupt()  # another task or thread is in the generator, which then closes
            return
        await self._source.close()


class _Events:
    """An iterator over the events of a stream, which goes on after an exception.

    An exception ends a generator for good. Then another takes its place here. `__anext__` is the current generator's
    own, so that a loop calls no code of ours in between. Nothing else refers to the generator, and it does not refer to
    this object: when nobody iterates any more, it is finalized, and closes the connection.
    """

    __slots__ = ("__anext__", "__weakref__", "_source", "generator")

    def __init__(self, source: AsyncEventSource) -> None:
        self._source = source
        self.use(source.events(ref(self)))

    def __aiter__(self) -> Self:
        return self

    def use(self, generator: AsyncGenerator[Event, None]) -> None:
        self.generator, self.__anext__ = generator, generator.__anext__

    async def restart(self, *, started: bool) -> None:
        generator = self._source.events(ref(self), started=started)
        if started:
            await anext(generator)
        self.use(generator)
