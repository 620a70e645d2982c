"""Lists of runs: page by page, and filtered here, since no server filters by metadata or time."""

import builtins
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any, Generic, TypeVar

from attrs import evolve, frozen

from langgraph_runs._async.http import AsyncHTTP
from langgraph_runs._sansio.filters import RunFilter
from langgraph_runs._sansio.plans import Options
from langgraph_runs._sansio.responses import run_page
from langgraph_runs_api.api.runs import list_runs
from langgraph_runs_api.models.partial_run import PartialRun
from langgraph_runs_api.models.run import Run

SomeRun = TypeVar("SomeRun", Run, PartialRun)
_PAGE = 100
_MAX_STALE = 10


@frozen(eq=False, repr=False)
class RunPages(Generic[SomeRun]):
    """The runs of a thread."""

    http: AsyncHTTP
    options: Options
    thread_id: str
    query: Mapping[str, Any]  # parameters of each page, but for `limit` and `offset`
    kind: type[SomeRun]

    async def matching(self, wanted: RunFilter, limit: int, offset: int) -> builtins.list[SomeRun]:
        """As many runs that match as `limit` says, after the first `offset` of them."""
        if not wanted.active:
            return await self._page(limit, offset)
        query = dict(self.query)
        if "select" in query:
            query["select"] = wanted.fields(query["select"])
        found: builtins.list[SomeRun] = []
        async with aclosing(evolve(self, query=query).all()) as runs:
            async for run in runs:
                if wanted.matches(run):
                    found.append(run)
                    if len(found) == offset + limit:
                        break
        return found[offset:]

    async def all(self) -> AsyncGenerator[SomeRun, None]:
        """All runs, each once: runs added at the front of the list meanwhile push others onto the next page."""
        seen: set[str | None] = set()
        offset = longest = stale = 0
        while page := await self._page(_PAGE, offset):
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

    async def _page(self, limit: int, offset: int) -> builtins.list[SomeRun]:
        request = list_runs.get_kwargs(self.thread_id, limit=limit, offset=offset, **self.query)
        response = await self.http.fetch(request, self.options, repeatable=True)
        return run_page(list_runs.parse_response, response, self.kind)
