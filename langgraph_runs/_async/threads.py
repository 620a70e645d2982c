"""The threads of a server: creating, searching, changing and deleting them, and their states."""

import builtins
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Any, Generic, Unpack, overload

from langgraph_runs._async.http import AsyncHTTP
from langgraph_runs._async.pages import AllItems
from langgraph_runs._sansio.checks import thread_path_id
from langgraph_runs._sansio.config import OfServer
from langgraph_runs._sansio.conversion import Converters
from langgraph_runs._sansio.plans import Options
from langgraph_runs._sansio.requests import history, new_thread, request_body, state_request, thread_change
from langgraph_runs._sansio.responses import one, one_state, page, parsed, state_list
from langgraph_runs._sansio.signatures import documented
from langgraph_runs.options import (
    CallOptions,
    HistoryOptions,
    StateGetArguments,
    StateGetOptions,
    StateUpdateOptions,
    ThreadCreateOptions,
    ThreadGetOptions,
    ThreadIterOptions,
    ThreadSearchArguments,
    ThreadSearchOptions,
    ThreadUpdateOptions,
)
from langgraph_runs.states import ThreadState
from langgraph_runs.types import Checkpoint, Id, StateT, ThreadId
from langgraph_runs_api.api.threads import (
    create_thread,
    delete_thread,
    get_thread,
    get_thread_history,
    get_thread_state,
    search_threads,
    update_thread,
    update_thread_state,
)
from langgraph_runs_api.models import (
    PartialThread,
    Thread,
    ThreadSearch,
    ThreadSelectField,
    ThreadStateUpdate,
    ThreadUpdateStateResponse,
)


class AsyncThreadsClient(OfServer, Generic[StateT]):
    """The threads of a LangGraph API server; `AsyncClient.threads`.

    Errors and arguments are as in `AsyncRunsClient`. A `thread_id` may also be a `Thread`.
    """

    def __init__(self, http: AsyncHTTP, converters: Converters) -> None:
        self._http = http
        self._converters = converters

    @documented
    async def create(self, **options: Unpack[ThreadCreateOptions]) -> Thread:
        """Create a thread.

        Calls `POST /threads`. It is sent again only as `runs.create` is; with a `thread_id` and
        `if_exists="do_nothing"` also after a lost response, unless there are `supersteps`.

        Raises:
            ConflictError: If there is such a thread.
            UnprocessableEntityError: If the server refuses an argument, such as an id that is no UUID; on LangGraph.js
                a BadRequestError.
        """
        call, given = self._http.call("create", ThreadCreateOptions, options)
        body, repeatable = new_thread(given)
        response = await self._http.fetch(create_thread.get_kwargs(body=body), call, repeatable=repeatable)
        return one(create_thread.parse_response, response)

    @documented
    async def get(self, thread_id: ThreadId, **options: Unpack[ThreadGetOptions]) -> Thread:
        """Get a thread.

        Calls `GET /threads/{thread_id}`.

        Args:
            thread_id: The thread.

        Raises:
            NotFoundError: If there is no such thread.
        """
        call, given = self._http.call("get", ThreadGetOptions, options)
        fields = {name: ",".join(names) for name, names in given.items()}
        request = get_thread.get_kwargs(thread_path_id("thread_id", thread_id), **fields)
        return one(get_thread.parse_response, await self._http.fetch(request, call, repeatable=True))

    @documented
    async def update(self, thread_id: ThreadId, **options: Unpack[ThreadUpdateOptions]) -> Thread:
        """Change the metadata of a thread, or how long it is kept.

        Calls `PATCH /threads/{thread_id}`.

        Args:
            thread_id: The thread.

        Raises:
            NotFoundError: If there is no such thread.
        """
        call, given = self._http.call("update", ThreadUpdateOptions, options)
        request = update_thread.get_kwargs(thread_path_id("thread_id", thread_id), body=thread_change(given))
        return one(update_thread.parse_response, await self._http.fetch(request, call, repeatable=False))

    @documented
    async def delete(self, thread_id: ThreadId, **options: Unpack[CallOptions]) -> None:
        """Delete a thread, its states and its runs, also while it is busy.

        Calls `DELETE /threads/{thread_id}`.

        Args:
            thread_id: The thread.

        Raises:
            NotFoundError: If there is no such thread; not if it may have been deleted by a try whose response was lost.
        """
        call, _ = self._http.call("delete", CallOptions, options)
        request = delete_thread.get_kwargs(thread_path_id("thread_id", thread_id))
        await self._http.delete(request, call, delete_thread.parse_response)

    @overload
    async def search(self, *, select: None = None, **options: Unpack[ThreadSearchOptions]) -> builtins.list[Thread]: ...
    @overload
    async def search(
        self, *, select: Sequence[ThreadSelectField], **options: Unpack[ThreadSearchOptions]
    ) -> builtins.list[PartialThread]: ...
    @documented
    async def search(
        self, **options: Unpack[ThreadSearchArguments]
    ) -> builtins.list[Thread] | builtins.list[PartialThread]:
        """Search threads: those that meet all conditions.

        Calls `POST /threads/search`.

        Returns:
            The threads; partial ones with `select`.
        """
        call, given = self._http.call("search", ThreadSearchArguments, options)
        return await self._page(call, given)

    @documented
    def iter(self, **options: Unpack[ThreadIterOptions]) -> AsyncIterator[Thread]:
        """Iterate over all threads that meet all conditions, each once, also when others come or go meanwhile.

        Calls `POST /threads/search`, for one page after another as they are needed. `timeout` bounds the whole
        iteration.

        Returns:
            The threads, in the server's order. After an exception, the iteration goes on with the next thread.
        """
        call, given = self._http.call("iter", ThreadIterOptions, options)
        if "sort_by" not in given.get("extra_body", {}):
            given.setdefault("sort_by", "created_at")
        return AllItems(partial(self._page, call, given), "thread_id")

    @documented
    async def get_state(
        self,
        thread_id: ThreadId,
        checkpoint: Checkpoint | None = None,
        checkpoint_id: Id | None = None,
        **options: Unpack[StateGetOptions],
    ) -> ThreadState[StateT]:
        """Get the state of a thread.

        Calls `GET /threads/{thread_id}/state`, or `POST /threads/{thread_id}/state/checkpoint` for a checkpoint.

        Args:
            thread_id: The thread.
            checkpoint: The checkpoint. Default: the latest.
            checkpoint_id: The same by its id.

        Returns:
            The state. A thread without one, and an unknown checkpoint, have no values.

        Raises:
            NotFoundError: If there is no such thread.
        """
        arguments = {"checkpoint": checkpoint, "checkpoint_id": checkpoint_id, **options}
        call, given = self._http.call("get_state", StateGetArguments, arguments)
        request = state_request(thread_path_id("thread_id", thread_id), given)
        response = await self._http.fetch(request, call, repeatable=True)
        return one_state(get_thread_state.parse_response, response, self._converters)

    @documented
    async def update_state(
        self, thread_id: ThreadId, values: Any, **options: Unpack[StateUpdateOptions]
    ) -> ThreadUpdateStateResponse:
        """Change the state of a thread, as if a node had returned `values`. It is sent again only as `runs.create` is.

        Calls `POST /threads/{thread_id}/state`.

        Args:
            thread_id: The thread. A run of it decides which graph it has; a new one needs `graph_id` in its metadata.
            values: The change: a mapping, a list of mappings, or None for none.

        Returns:
            The checkpoint with the new state.

        Raises:
            NotFoundError: If there is no such thread.
            ConflictError: If the thread is busy; Aegra accepts it.
            BadRequestError: If there is no such node; on LangGraph.js and Aegra an InternalServerError.
        """
        call, given = self._http.call("update_state", StateUpdateOptions, options)
        body = request_body(ThreadStateUpdate, StateUpdateOptions, given, values=values)
        request = update_thread_state.get_kwargs(thread_path_id("thread_id", thread_id), body=body)
        return parsed(update_thread_state.parse_response, await self._http.fetch(request, call, repeatable=False))

    @documented
    async def get_history(
        self, thread_id: ThreadId, **options: Unpack[HistoryOptions]
    ) -> builtins.list[ThreadState[StateT]]:
        """Get the states of a thread, the latest first.

        Calls `POST /threads/{thread_id}/history`.

        Args:
            thread_id: The thread.

        Raises:
            NotFoundError: If there is no such thread.
        """
        call, given = self._http.call("get_history", HistoryOptions, options)
        request = get_thread_history.get_kwargs(thread_path_id("thread_id", thread_id), body=history(given))
        response = await self._http.fetch(request, call, repeatable=True)
        return state_list(get_thread_history.parse_response, response, self._converters)

    async def _page(self, call: Options, given: dict[str, Any], **place: Any) -> builtins.list[Any]:
        request = search_threads.get_kwargs(body=request_body(ThreadSearch, ThreadSearchArguments, given | place))
        kind = PartialThread if "select" in given else Thread
        return page(search_threads.parse_response, await self._http.fetch(request, call, repeatable=True), kind)
