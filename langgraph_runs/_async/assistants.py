"""The assistants of a server."""

import builtins
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Any, Unpack, overload

from langgraph_runs._async.http import AsyncHTTP
from langgraph_runs._async.pages import AllItems
from langgraph_runs._sansio.checks import path_id
from langgraph_runs._sansio.config import OfServer
from langgraph_runs._sansio.plans import Options
from langgraph_runs._sansio.requests import request_body
from langgraph_runs._sansio.responses import one, page
from langgraph_runs._sansio.signatures import documented
from langgraph_runs.options import (
    AssistantIterOptions,
    AssistantSearchArguments,
    AssistantSearchOptions,
    CallOptions,
)
from langgraph_runs.types import Id
from langgraph_runs_api.api.assistants import get_assistant, search_assistants
from langgraph_runs_api.models import Assistant, AssistantSearch, AssistantSelectField, PartialAssistant


class AsyncAssistantsClient(OfServer):
    """The assistants of a LangGraph API server, which are graphs with a config; `AsyncClient.assistants`.

    Errors and arguments are as in `AsyncRunsClient`.
    """

    def __init__(self, http: AsyncHTTP) -> None:
        self._http = http

    @documented
    async def get(self, assistant_id: Id, **options: Unpack[CallOptions]) -> Assistant:
        """Get an assistant.

        Calls `GET /assistants/{assistant_id}`.

        Args:
            assistant_id: Its id. A graph's name is an UnprocessableEntityError on the Python server.

        Raises:
            NotFoundError: If there is no such assistant.
        """
        call, _ = self._http.call("get", CallOptions, options)
        request = get_assistant.get_kwargs(path_id("assistant_id", assistant_id))
        return one(get_assistant.parse_response, await self._http.fetch(request, call, repeatable=True))

    @overload
    async def search(
        self, *, select: None = None, **options: Unpack[AssistantSearchOptions]
    ) -> builtins.list[Assistant]: ...
    @overload
    async def search(
        self, *, select: Sequence[AssistantSelectField], **options: Unpack[AssistantSearchOptions]
    ) -> builtins.list[PartialAssistant]: ...
    @documented
    async def search(
        self, **options: Unpack[AssistantSearchArguments]
    ) -> builtins.list[Assistant] | builtins.list[PartialAssistant]:
        """Search assistants: those that meet all conditions.

        Calls `POST /assistants/search`.

        Returns:
            The assistants; partial ones with `select`.

        Raises:
            NotFoundError: If there is no such graph; LangGraph.js and Aegra return no assistants.
        """
        call, given = self._http.call("search", AssistantSearchArguments, options)
        return await self._page(call, given)

    @documented
    def iter(self, **options: Unpack[AssistantIterOptions]) -> AsyncIterator[Assistant]:
        """Iterate over all assistants that meet all conditions, each once.

        Calls `POST /assistants/search`, for one page after another as they are needed. `timeout` bounds the whole
        iteration.

        Returns:
            The assistants, in the server's order. After an exception, the iteration goes on with the next assistant.
        """
        call, given = self._http.call("iter", AssistantIterOptions, options)
        return AllItems(partial(self._page, call, given), "assistant_id")

    async def _page(self, call: Options, given: dict[str, Any], **place: Any) -> builtins.list[Any]:
        body = request_body(AssistantSearch, AssistantSearchArguments, given | place)
        request = search_assistants.get_kwargs(body=body)
        kind = PartialAssistant if "select" in given else Assistant
        return page(search_assistants.parse_response, await self._http.fetch(request, call, repeatable=True), kind)
