"""Lists, page by page."""

from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Generic, TypeVar

from attrs import define, field

from langgraph_runs_api.display import Shown

Item = TypeVar("Item")
_PAGE = 100
_MAX_STALE = 10


@define(eq=False, repr=False)
class AllItems(Shown, Generic[Item]):
    """All items of a list that match, each once, also when others are added or deleted meanwhile.

    What is added at the front pushes others onto the next page, so what was seen is left out. What is deleted makes
    others move to an earlier page; so each page begins with an item that was seen, or an earlier page is read again.

    No generator, since an exception would end it: here the next call goes on where the exception came.
    """

    page: Callable[..., Any]  # fetches a page of the list, of at most `limit` items after `offset` others
    key: str  # the field that tells the items apart
    matches: Callable[[Item], bool] = lambda _: True
    _found: deque[Item] = field(factory=deque[Any], init=False)
    _handed_out: bool = field(default=False, init=False)  # whether the first of the found ones was
    _seen: frozenset[str | None] = field(factory=frozenset[str | None], init=False)
    _offset: int = field(default=0, init=False)
    _overlaps: bool = field(default=False, init=False)  # whether the next page is to begin with an item that was seen
    _longest: int = field(default=0, init=False)
    _stale: int = field(default=0, init=False)
    _ended: bool = field(default=False, init=False)

    def __rich_repr__(self) -> Iterator[tuple[str, Any]]:
        yield "seen", len(self._seen)

    def __aiter__(self) -> AsyncIterator[Item]:
        return self

    async def __anext__(self) -> Item:
        while True:
            if self._handed_out:
                self._handed_out = False
                self._found.popleft()
            if self._found:
                self._handed_out = True
                return self._found[0]
            if self._ended:
                raise StopAsyncIteration
            await self._read_page()

    async def _read_page(self) -> None:
        asked = self._offset
        items: list[Item] = await self.page(limit=_PAGE, offset=asked)
        if self._offset != asked or self._ended:
            return  # another task that shares this iterator has read the page meanwhile
        by_id = {getattr(item, self.key): item for item in items}
        new = {id: item for id, item in by_id.items() if id not in self._seen}
        if self._overlaps and len(new) == len(by_id):
            self._offset = max(0, self._offset - self._longest)
            self._overlaps = self._offset > 0
            return
        found = deque(item for item in new.values() if self.matches(item))
        seen = self._seen.union(new)
        longest = max(len(items), self._longest)
        stale = 0 if new else self._stale + 1
        # Added items push known ones onto a last page. A server that ignores the offset repeats its first page.
        ended = not items or (stale > 0 and (len(items) < longest or stale == _MAX_STALE))
        overlaps = len(items) > 1
        offset = self._offset + len(items) - overlaps
        # All at once, since a signal handler may raise an exception after any call.
        self._found, self._seen, self._offset, self._overlaps = found, seen, offset, overlaps
        self._longest, self._stale, self._ended = longest, stale, ended
