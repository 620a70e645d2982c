"""A chat in the browser. The service keeps the API key, and relays a run's tokens as server-sent events.

Open http://localhost:8000. When the browser loses its connection, it reconnects by itself and sends the `id` of the last
event that it got as `Last-Event-ID`. That is the stream's `last_event_id`, with which `join_stream` goes on exactly
there, in whichever process of the service.
"""

import contextlib
import json
import logging
import pathlib
from collections.abc import AsyncGenerator
from typing import Any
from uuid import uuid4

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from langgraph_runs import (
    APIConnectionError,
    AsyncClient,
    AsyncRunStream,
    LangGraphError,
    MessageTupleEvent,
    StreamDisconnectedError,
    UpdatesEvent,
    message_text,
)

log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def lifespan(_: Starlette) -> AsyncGenerator[dict[str, AsyncClient]]:
    async with AsyncClient() as client:  # LANGGRAPH_API_URL and LANGGRAPH_API_KEY; one client for all requests
        yield {"client": client}


async def page(request: Request) -> Response:
    response = FileResponse(pathlib.Path(__file__).parent / "index.html")
    if "thread" not in request.cookies:
        # Whoever knows a thread's id can read it, so that each browser has its own. Your users' accounts do better.
        response.set_cookie("thread", str(uuid4()), httponly=True, samesite="strict")
    return response


async def start(request: Request) -> Response:
    """Starts a run with a message, or with the answer to a question. It goes on whether or not anybody listens."""
    said = await request.json()
    what: dict[str, Any] = (
        {"command": {"resume": said["text"]}}
        if said["answer"]
        else {"input": {"messages": [{"role": "user", "content": said["text"]}]}}
    )
    client: AsyncClient = request.state.client
    try:
        run = await client.runs.create(
            request.cookies["thread"],
            "chat",
            stream_mode=["messages-tuple", "updates"],
            stream_resumable=True,
            if_not_exists="create",
            **what,
        )
    except LangGraphError:
        log.exception("No run was started.")
        return JSONResponse({"error": "The agent can't be reached."}, status_code=502)
    return JSONResponse({"run_id": run.run_id})


async def events(request: Request) -> Response:
    client: AsyncClient = request.state.client
    stream = client.runs.join_stream(
        request.cookies["thread"],
        request.path_params["run_id"],
        last_event_id=request.headers.get("last-event-id", "-1"),  # -1: from the first event on
    )
    # nginx holds events back unless it is told not to.
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(relay(stream), media_type="text/event-stream", headers=headers)


async def relay(stream: AsyncRunStream[Any]) -> AsyncGenerator[str]:
    yield "retry: 500\n\n"  # milliseconds until the browser reconnects
    try:
        async with stream:
            async for event in stream:
                match event:
                    case MessageTupleEvent():
                        yield sse("token", message_text(event.message), stream.last_event_id)
                    case UpdatesEvent() if event.interrupts:
                        yield sse("question", event.interrupts[0].value["question"], stream.last_event_id)
                    case _:
                        pass
        yield sse("done", None)
    except (APIConnectionError, StreamDisconnectedError):
        log.exception("The agent's server was lost.")  # and the browser comes again, because nothing said `done`
    except LangGraphError:
        log.exception("The run failed.")
        yield sse("failed", None)


def sse(event: str, data: object, id: str | None = None) -> str:
    return f"event: {event}\ndata: {json.dumps(data)}\n" + (f"id: {id}\n\n" if id else "\n")


app = Starlette(
    routes=[
        Route("/", page),
        Route("/runs", start, methods=["POST"]),
        Route("/runs/{run_id}/events", events),
    ],
    lifespan=lifespan,
)

if __name__ == "__main__":
    uvicorn.run(app, port=8000)
