# Derived from langgraph_runs/_async/pages.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""Lists of runs: page by page, and filtered here, since no server filters by metadata or time."""

import builtins
from collections.abc import Generator, Mapping
from contextlib import closing
from typing import Any, Generic, TypeVar

from attrs import evolve, frozen

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
            return self._page(limit, offset)
        query = dict(self.query)
        if "select" in query:
            query["select"] = wanted.fields(query["select"])
        found: builtins.list[SomeRun] = []
        with closing(evolve(self, query=query).all()) as runs:
            for run in runs:
                if wanted.matches(run):
                    found.append(run)
                    if len(found) == offset + limit:
                        break
        return found[offset:]

    def all(self) -> Generator[SomeRun, None]:
        """All runs, each once: runs added at the front of the list meanwhile push others onto the next page."""
        seen: set[str | None] = set()
        offset = longest = stale = 0
        while page := self._page(_PAGE, offset):
            known = len(seen)
            for run in page:
                if run.run_id not in seen:
                    seen.add(run.run_id)
                    yield run
            longest = max(longest, len(page))
            stale = stale + 1 if len(seen) == known else 0
            # Added runs push known ones onto a last page. A server that ignores the offset repeats its first page.
            if stale and (len(page) < longest or stale == _MAX_STALE):
                return
            offset += len(page)

    def _page(self, limit: int, offset: int) -> builtins.list[SomeRun]:
        request = list_runs.get_kwargs(self.thread_id, limit=limit, offset=offset, **self.query)
        response = self.http.fetch(request, self.options, repeatable=True)
        return run_page(list_runs.parse_response, response, self.kind)
