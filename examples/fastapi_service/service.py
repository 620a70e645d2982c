"""A service that asks an agent: one endpoint waits for the answer, one passes it on as it grows.

    uvicorn service:app

It needs fastapi and uvicorn, and a LangGraph server at LANGGRAPH_API_URL with an assistant `agent`.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import StreamingResponse

from langgraph_runs import AsyncClient, LangGraphError, RunFailedError


def create_app(make_client: Callable[[], AsyncClient] = AsyncClient) -> FastAPI:
    """The application. One client serves all requests; a test passes one of a fake server."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with make_client() as client:
            app.state.client = client
            yield

    app = FastAPI(lifespan=lifespan)
    app.post("/answer")(answer)
    app.get("/progress")(progress)
    return app


def the_client(request: Request) -> AsyncClient:
    """The application's client."""
    client: AsyncClient = request.app.state.client
    return client


TheClient = Annotated[AsyncClient, Depends(the_client)]


async def answer(body: dict[str, Any], client: TheClient) -> dict[str, Any]:
    """Wait for the agent's answer."""
    try:
        values: dict[str, Any] = await client.runs.wait(None, "agent", input=body, timeout=60)
    except RunFailedError as error:
        raise HTTPException(422, f"the agent could not answer: {error.message}") from error
    except LangGraphError as error:
        raise HTTPException(502, "the agent can't be reached") from error
    return values


async def progress(question: str, client: TheClient) -> StreamingResponse:
    """Pass on what the agent tells of its work, a line each. The run is cancelled when the browser leaves."""

    async def lines() -> AsyncIterator[str]:
        arguments: dict[str, Any] = {"input": {"question": question}, "on_disconnect": "cancel"}
        async with client.runs.stream(None, "agent", stream_mode="custom", **arguments) as stream:
            async for event in stream:
                if event.event == "custom":
                    yield f"{event.data}\n"

    return StreamingResponse(lines(), media_type="text/plain")


app = create_app()
