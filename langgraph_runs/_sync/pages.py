# Derived from langgraph_runs/_async/pages.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""Lists of runs: page by page, and filtered here, since no server filters by metadata or time."""

import builtins
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

from attrs import define, evolve, field, frozen

from langgraph_runs._sansio.filters import RunFilter
from langgraph_runs._sansio.plans import Options
from langgraph_runs._sansio.responses import run_page
from langgraph_runs._sync.http import HTTP
from langgraph_runs_api.api.runs import list_runs
from langgraph_runs_api.models.partial_run import PartialRun
from langgraph_runs_api.models.run import Run

SomeRun = TypeVar("SomeRun", Run, PartialRun)
_PAGE = 100
_MAX_STALE = 10


@frozen(eq=False, repr=False)
class RunPages(Generic[SomeRun]):
    """The runs of a thread."""

    http: HTTP
    options: Options
    thread_id: str
    query: Mapping[str, Any]  # parameters of each page, but for `limit` and `offset`
    kind: type[SomeRun]

    def matching(self, wanted: RunFilter, limit: int, offset: int) -> builtins.list[SomeRun]:
        """As many runs that match as `limit` says, after the first `offset` of them."""
        if not wanted.active:
            return self.page(limit, offset)
        query = dict(self.query)
        if "select" in query:
            query["select"] = wanted.fields(query["select"])
        found: builtins.list[SomeRun] = []
        for run in AllRuns(evolve(self, query=query), wanted):
            found.append(run)
            if len(found) == offset + limit:
                break
        return found[offset:]

    def page(self, limit: int, offset: int) -> builtins.list[SomeRun]:
        """One page of the server's list."""
        request = list_runs.get_kwargs(self.thread_id, limit=limit, offset=offset, **self.query)
        response = self.http.fetch(request, self.options, repeatable=True)
        return run_page(list_runs.parse_response, response, self.kind)


@define(eq=False, repr=False)
class AllRuns(Generic[SomeRun]):
    """All runs that match, each once: runs added at the front of the list meanwhile push others onto the next page.

    No generator, since an exception would end it: here the next call goes on where the exception came.
    """

    pages: RunPages[SomeRun]
    wanted: RunFilter
    _found: deque[SomeRun] = field(factory=deque[SomeRun], init=False)
    _handed_out: bool = field(default=False, init=False)  # whether the first of the found ones was
    _seen: frozenset[str | None] = field(factory=frozenset[str | None], init=False)
    _offset: int = field(default=0, init=False)
    _longest: int = field(default=0, init=False)
    _stale: int = field(default=0, init=False)
    _ended: bool = field(default=False, init=False)

    def __iter__(self) -> Iterator[SomeRun]:
        return self

    def __next__(self) -> SomeRun:
        if self._handed_out:
            self._handed_out = False
            self._found.popleft()
        while not self._found:
            if self._ended:
                raise StopIteration
            self._read_page()
        self._handed_out = True
        return self._found[0]

    def _read_page(self) -> None:
        page = self.pages.page(_PAGE, self._offset)
        new = {run.run_id: run for run in page if run.run_id not in self._seen}
        found = deque(run for run in new.values() if self.wanted.matches(run))
        seen = self._seen.union(new)
        longest = max(len(page), self._longest)
        stale = 0 if new else self._stale + 1
        # Added runs push known ones onto a last page. A server that ignores the offset repeats its first page.
        ended = not page or (stale > 0 and (len(page) < longest or stale == _MAX_STALE))
        offset = self._offset + len(page)
        # All at once, since a signal handler may raise an exception after any call.
        self._found, self._seen, self._offset = found, seen, offset
        self._longest, self._stale, self._ended = longest, stale, ended
