"""Lists of runs: filtered here since no server does it, page by page, on servers that list either way and while runs are added."""

import itertools
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

import pytest

from langgraph_runs import AsyncClient, PartialRun, Run
from tests.support.network import Request
from tests.support.replay import Replay, Response
from tests.support.samples import run_json

pytestmark = pytest.mark.anyio

FIRST, MINUTE = datetime(2026, 11, 22, tzinfo=UTC), timedelta(minutes=1)
Order = Literal["newest first", "oldest first"]
each_order = pytest.mark.parametrize("order", ["newest first", "oldest first"])


def run_number(number: int) -> dict[str, Any]:
    """The run that was created as the so-manieth, a minute after the one before."""
    return run_json(
        run_id=f"r{number}",
        created_at=(FIRST + number * MINUTE).isoformat(),
        metadata={"number": number, "even": number % 2 == 0, "third": {"is": number % 3 == 0}},
    )


class Listing:
    """A server's list of runs; so many may be added after the first page, so many after the second, and so on.

    Attributes:
        pages: How many were asked for.
        deleted: The runs that are no more.
        select: Whether the server gives the selected fields alone, as PY does; the others give all.
    """

    def __init__(
        self,
        order: Order,
        count: int,
        *,
        added: Iterable[int] = (),
        most: int = 1000,
        select: bool = False,
    ) -> None:
        self.pages = 0
        self.queries: list[dict[str, list[str]]] = []
        self.deleted: set[int] = set()
        self._order, self._count, self._most, self._select = order, count, most, select
        self._added = iter(added)

    def __call__(self, request: Request) -> Response:
        """The page that is asked for."""
        query = parse_qs(urlsplit(request.target).query)
        self.queries.append(query)
        numbers: Iterable[int] = range(self._count)
        if self._order == "newest first":
            numbers = range(self._count - 1, -1, -1)
        numbers = [number for number in numbers if number not in self.deleted]
        offset, limit = int(query["offset"][0]), min(int(query["limit"][0]), self._most)
        page = [run_number(number) for number in numbers[offset : offset + limit]]
        if self._select and "select" in query:
            page = [{name: run[name] for name in query["select"] if name in run} for run in page]
        self.pages += 1
        self._count += next(self._added, 0)
        return Response.json(page)


def ordered(order: Order, numbers: list[int]) -> list[str]:
    """The ids of these runs as the server lists them."""
    return [f"r{number}" for number in sorted(numbers, reverse=order == "newest first")]


@each_order
async def test_a_page_without_a_filter_is_the_servers(order: Order, replay: Replay) -> None:
    listing = Listing(order, 30)
    server = replay(listing)
    async with AsyncClient(server.url) as client:
        runs = await client.runs.list("t", limit=5, offset=2, status="success")
        first = await client.runs.list("t")
    numbers = list(range(30)) if order == "oldest first" else list(range(29, -1, -1))
    assert [run.run_id for run in runs] == [f"r{number}" for number in numbers[2:7]]
    assert [run.run_id for run in first] == [f"r{number}" for number in numbers[:10]]
    assert listing.queries == [
        {"limit": ["5"], "offset": ["2"], "status": ["success"]},
        {"limit": ["10"], "offset": ["0"]},
    ]
    assert all(type(run) is Run for run in runs)


@each_order
@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({"metadata": {"even": True}}, lambda number: number % 2 == 0),
        ({"metadata": {"even": True, "third": {"is": True}}}, lambda number: number % 6 == 0),
        ({"metadata": {"number": 137}}, lambda number: number == 137),
        ({"metadata": {"nothing": None}}, lambda number: False),  # noqa: ARG005 - as the others
        ({"created_after": "2026-11-22T03:59:00Z"}, lambda number: number > 239),
        ({"created_before": "2026-11-22T00:10:00Z"}, lambda number: number < 10),
        (
            {
                "created_after": "2026-11-22T01:00:00Z",
                "created_before": "2026-11-22T02:00:00Z",
                "metadata": {"even": True},
            },
            lambda number: 60 < number < 120 and number % 2 == 0,
        ),
    ],
    ids=["one key", "two keys", "one run", "none", "after", "before", "all"],
)
async def test_all_that_match_are_found_in_the_servers_order(
    order: Order, filters: Any, wanted: Callable[[int], bool], replay: Replay
) -> None:
    server = replay(Listing(order, 250))
    expected = ordered(order, [number for number in range(250) if wanted(number)])
    async with AsyncClient(server.url) as client:
        everything = await client.runs.list("t", limit=1000, **filters)
        some = await client.runs.list("t", limit=3, offset=2, **filters)
        iterated = [run.run_id async for run in client.runs.iter("t", **filters)]
    assert [run.run_id for run in everything] == expected
    assert [run.run_id for run in some] == expected[2:5]
    assert iterated == expected


@each_order
async def test_no_more_pages_are_asked_for_than_it_takes(order: Order, replay: Replay) -> None:
    listing = Listing(order, 250)
    server = replay(listing)
    async with AsyncClient(server.url) as client:
        assert len(await client.runs.list("t", limit=40, metadata={"even": True})) == 40
        assert listing.pages == 1
        assert len(await client.runs.list("t", limit=60, metadata={"even": True})) == 60
        assert listing.pages == 3
        assert len(await client.runs.list("t", limit=200, metadata={"even": True})) == 125
        assert listing.pages == 7


async def test_going_through_all_runs_asks_for_a_page_when_it_is_needed(replay: Replay) -> None:
    listing = Listing("newest first", 250)
    server = replay(listing)
    async with AsyncClient(server.url) as client:
        runs = client.runs.iter("t")
        assert listing.pages == 0
        seen = [(await anext(runs)).run_id for _ in range(100)]
        assert listing.pages == 1
        seen.append((await anext(runs)).run_id)
        assert listing.pages == 2
        seen.extend([run.run_id async for run in runs])
    assert seen == ordered("newest first", list(range(250)))


@each_order
@pytest.mark.parametrize("added", [1, 7, 60])
async def test_each_run_comes_once_though_others_are_added_meanwhile(order: Order, added: int, replay: Replay) -> None:
    server = replay(Listing(order, 250, added=[added] * 5))
    async with AsyncClient(server.url) as client:
        seen = [run.run_id async for run in client.runs.iter("t")]
    assert len(seen) == len(set(seen))
    at_first = ordered(order, list(range(250)))
    assert [run_id for run_id in seen if run_id in at_first] == at_first


@pytest.mark.parametrize("added", [3, 60])
async def test_runs_that_are_added_for_ever_do_not_keep_the_newest_first_from_an_end(
    added: int, replay: Replay
) -> None:
    server = replay(Listing("newest first", 250, added=itertools.repeat(added)))
    async with AsyncClient(server.url) as client:
        seen = [run.run_id async for run in client.runs.iter("t")]
    assert seen == ordered("newest first", list(range(250)))


async def test_a_whole_page_of_known_runs_is_not_the_end(replay: Replay) -> None:
    server = replay(Listing("newest first", 350, added=[99]))
    async with AsyncClient(server.url) as client:
        seen = [run.run_id async for run in client.runs.iter("t")]
    assert seen == ordered("newest first", list(range(350)))


@each_order
@pytest.mark.parametrize("share", [1, 2, 3, 100])
async def test_no_run_is_missed_though_those_that_came_are_deleted_meanwhile(
    order: Order, share: int, replay: Replay
) -> None:
    listing = Listing(order, 250)
    server = replay(listing)
    seen: list[str] = []
    async with AsyncClient(server.url) as client:
        async for run in client.runs.iter("t"):
            seen.append(run.run_id)
            if len(seen) % share == 0:
                listing.deleted.add(int(run.run_id[1:]))
    assert seen == ordered(order, list(range(250)))
    assert listing.pages < 30


@each_order
async def test_the_end_is_found_though_all_is_deleted_meanwhile(order: Order, replay: Replay) -> None:
    listing = Listing(order, 250)
    server = replay(listing)
    async with AsyncClient(server.url) as client:
        runs = client.runs.iter("t")
        for _ in range(100):
            await anext(runs)
        listing.deleted.update(range(250))
        assert [run async for run in runs] == []


async def test_a_server_that_knows_no_offset_is_not_asked_for_ever(replay: Replay) -> None:
    server = replay(Response.json([run_number(number) for number in range(100)]))
    async with AsyncClient(server.url) as client:
        seen = [run.run_id async for run in client.runs.iter("t")]
    assert seen == [f"r{number}" for number in range(100)]
    assert len(server.requests) < 20


@each_order
async def test_a_server_may_give_shorter_pages_than_asked_for(order: Order, replay: Replay) -> None:
    server = replay(Listing(order, 50, most=7))
    async with AsyncClient(server.url) as client:
        seen = [run.run_id async for run in client.runs.iter("t")]
        matching = await client.runs.list("t", limit=100, metadata={"even": True})
    assert seen == ordered(order, list(range(50)))
    assert [run.run_id for run in matching] == ordered(order, list(range(0, 50, 2)))


async def test_a_thread_without_runs(replay: Replay) -> None:
    server = replay(Listing("newest first", 0))
    async with AsyncClient(server.url) as client:
        assert await client.runs.list("t") == []
        assert await client.runs.list("t", metadata={"a": 1}) == []
        assert await client.runs.list("t", select=["run_id"], created_after="2026-11-22") == []
        assert [run async for run in client.runs.iter("t")] == []


@pytest.mark.parametrize("alone", [True, False], ids=["only these fields", "all fields"])
async def test_selected_fields_are_partial_runs(alone: bool, replay: Replay) -> None:
    listing = Listing("newest first", 3, select=alone)
    server = replay(listing)
    async with AsyncClient(server.url) as client:
        runs = await client.runs.list("t", select=["run_id", "status"])
    assert listing.queries[0]["select"] == ["run_id", "status"]
    assert [type(run) for run in runs] == [PartialRun] * 3
    assert [(run.run_id, run.status) for run in runs] == [(f"r{number}", "success") for number in (2, 1, 0)]
    if alone:
        assert all((run.thread_id, run.created_at, run.metadata, run.config) == (None, None, {}, {}) for run in runs)


@pytest.mark.parametrize("alone", [True, False], ids=["only these fields", "all fields"])
async def test_selected_runs_are_filtered_though_the_fields_for_it_were_not_selected(
    alone: bool, replay: Replay
) -> None:
    listing = Listing("newest first", 250, select=alone)
    server = replay(listing)
    async with AsyncClient(server.url) as client:
        runs = await client.runs.list(
            "t", select=["status"], limit=4, metadata={"even": True}, created_before="2026-11-22T02:00:00Z"
        )
    assert [(run.run_id, run.status) for run in runs] == [(f"r{number}", "success") for number in (118, 116, 114, 112)]
    assert set(listing.queries[0]["select"]) == {"status", "run_id", "metadata", "created_at"}


async def test_a_tuple_of_fields_is_a_list(replay: Replay) -> None:
    listing = Listing("newest first", 1)
    server = replay(listing)
    async with AsyncClient(server.url) as client:
        await client.runs.list("t", select=("run_id",), params={"extra": "1"}, headers={"X-A": "b"})
    assert listing.queries == [{"limit": ["10"], "offset": ["0"], "select": ["run_id"], "extra": ["1"]}]
    assert server.requests[0].headers["x-a"] == "b"
