"""The fake server without its clients: requests in, responses out, one at a time."""

import threading
import time
from fnmatch import fnmatchcase

import attrs
import httpx

from langgraph_runs.testing._answers import Answer, FakeRequest, json_answer
from langgraph_runs.testing._endpoints import Call
from langgraph_runs.testing._reader import Reader
from langgraph_runs.testing._runs import Store
from langgraph_runs.testing._script import Script


@attrs.define
class Failure:
    """What the next requests get instead of an answer."""

    answer: Answer | Exception
    times: int
    on: str


@attrs.define
class Core:
    """What happens on the server, at the time of the clock."""

    api_key: str | None
    keep_requests: int
    requests: list[FakeRequest] = attrs.field(factory=list[FakeRequest])
    scripts: dict[str, Script] = attrs.field(factory=dict[str, Script])
    failures: list[Failure] = attrs.field(factory=list[Failure])
    _store: Store = attrs.field(factory=Store)
    _lock: threading.RLock = attrs.field(factory=threading.RLock)

    def answer(self, request: httpx.Request) -> Answer:
        """Answer a client's request, whose body was read."""
        url = request.url
        seen = FakeRequest(request.method, url.path, url.params, httpx.Headers(request.headers), request.content)
        with self._lock:
            self.requests.append(seen)
            del self.requests[: max(0, len(self.requests) - self.keep_requests)]
            for failure in self.failures:
                if failure.times and fnmatchcase(f"{seen.method} {seen.path}", failure.on):
                    failure.times -= 1
                    if isinstance(failure.answer, Exception):
                        raise failure.answer
                    return failure.answer
            if self.api_key is not None and seen.headers.get("x-api-key") != self.api_key:
                return json_answer({"detail": "Invalid API key"}, status=401)
            return self.call(seen)

    def call(self, request: FakeRequest) -> Answer:
        """Answer a request that nothing is in the way of."""
        with self._lock:
            return Call(self._store, self.scripts, request, time.time()).answer()

    def poll(self, reader: Reader) -> bytes | float | None:
        """What a reader gets now; see `Reader.poll`."""
        with self._lock:
            now = time.time()
            self._store.advance(now, reader.run.thread)
            return reader.poll(now)

    def left(self, reader: Reader) -> None:
        """A reader's connection is gone."""
        with self._lock:
            now = time.time()
            reader.close(now)
            self._store.advance(now, reader.run.thread)
