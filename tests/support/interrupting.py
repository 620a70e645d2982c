"""Interrupts the wait for the next of something, as a cancellation or a signal handler does."""

import asyncio
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from itertools import count
from typing import Any

import anyio
import pytest

from tests.support.network import Request
from tests.support.replay import ReplayServer, Response
from tests.support.samples import run_json, sse

PLACE = (("content-location", "/threads/t/runs/r"),)
EVENTS = [sse("values", number, str(number)) for number in range(3)]


class InterruptionError(Exception):
    """What the signal handler raises."""


class Switch:
    """An event that the thread of a test sets and the tasks of its server wait for."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self.set = self._event.set

    async def wait(self) -> None:
        """Wait until it is set."""
        while not self._event.is_set():  # noqa: ASYNC110 - another thread sets it
            await asyncio.sleep(0.005)


class CancelledRuns:
    """A server of one run that ends at once, and of others that end when all of them have been asked to."""

    def __init__(self, others: int) -> None:
        self._left = others
        self._all = Switch()
        self.end = self._all.set
        self._numbers = count()

    def __call__(self, request: Request) -> Response:
        """The response to a request."""
        kind = ("content-type", "application/json")
        if request.path.endswith("/cancel"):
            self._left -= 1
            if not self._left:
                self.end()
            return Response(200, (kind,), self._values())
        number = next(self._numbers)
        place = ("location", f"/threads/t{number}/runs/r{number}/join")
        return Response(200, (kind, place), self._values() if number else b"{}")

    async def _values(self) -> AsyncIterator[bytes]:
        await self._all.wait()
        yield b"{}"


class Paused:
    """A server whose stream waits before each event until the test lets it go on, and also inside the second."""

    def __init__(self) -> None:
        self.switches = [Switch() for _ in range(4)]
        self.creations = 0

    def __call__(self, request: Request) -> Response:
        """The response to a request."""
        if request.path.endswith("/stream"):
            self.creations += request.method == "POST"
            after = request.headers.get("last-event-id", "-1")
            return Response.events(self._events(int(after) + 1), PLACE)
        return Response.json(run_json())

    async def _events(self, first: int) -> AsyncIterator[bytes]:
        for number in range(first, 3):
            await self.switches[number].wait()
            # In two pieces, so that it also waits inside an event.
            yield EVENTS[number][:9]
            if number == 1:
                await self.switches[3].wait()
            yield EVENTS[number][9:]


async def ainterrupted(events: AsyncIterator[Any], server: ReplayServer, requests: int = 1) -> None:
    """Cancel `anext` while it waits for the server, which has received so many requests by then."""
    failures: list[Exception] = []

    async def ask() -> None:
        try:
            await anext(events)
            pytest.fail("something came")
        except Exception as error:  # noqa: BLE001 - raised below
            failures.append(error)
            tasks.cancel_scope.cancel()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ask)
        await anyio.to_thread.run_sync(server.wait_for, lambda: len(server.requests) >= requests)
        await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
    for failure in failures:
        raise failure


def interrupted(events: Iterator[Any], server: ReplayServer, requests: int = 1) -> None:
    """Raise an exception in a signal handler while `next` waits for the server, which has received so many requests."""
    thread, lock, over = threading.get_ident(), threading.Lock(), threading.Event()

    def interrupt() -> None:
        server.wait_for(lambda: len(server.requests) >= requests)
        places: list[tuple[int, int]] = []
        while len(places) < 10 or len(set(places[-10:])) > 1:
            frame = sys._current_frames()[thread]
            places.append((id(frame), frame.f_lasti))
            time.sleep(0.005)
        with lock:
            if not over.is_set():
                signal.pthread_kill(thread, signal.SIGUSR1)

    def handle(*_: Any) -> None:
        raise InterruptionError

    previous = signal.signal(signal.SIGUSR1, handle)
    interrupter = threading.Thread(target=interrupt)
    interrupter.start()
    try:
        with pytest.raises(InterruptionError):
            next(events)
    finally:
        with lock:
            over.set()
        interrupter.join()
        signal.signal(signal.SIGUSR1, previous)
