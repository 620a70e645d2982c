"""What type checkers refuse of names that are not there, and of one face since it belongs to the other: an error on each marked line."""

# fmt: off
import httpx

import langgraph_runs
import langgraph_runs_api.models
from langgraph_runs import AsyncClient, AsyncRunStream, Client, Run, RunStream


def names() -> None:
    print(langgraph_runs.Clients)  # refused
    print(langgraph_runs.AsynchronousClient)  # refused
    print(langgraph_runs_api.Clients)  # refused
    print(langgraph_runs_api.models.Runs)  # refused


async def awaiting(client: AsyncClient, stream: AsyncRunStream[object]) -> None:
    run: Run = client.runs.get("t", "r")  # refused
    print(run, client.runs.create(None, "agent").run_id)  # refused
    for _ in stream:  # refused
        pass
    for _ in client.runs.iter("t"):  # refused
        pass
    with client:  # refused
        pass
    with stream:  # refused
        pass
    client.close()  # refused
    next(stream)  # refused
    AsyncClient(http_client=httpx.Client())  # refused


async def not_awaiting(client: Client, stream: RunStream[object]) -> None:
    await client.runs.get("t", "r")  # refused
    async for _ in stream:  # refused
        pass
    async for _ in client.runs.iter("t"):  # refused
        pass
    async with client:  # refused
        pass
    async with stream:  # refused
        pass
    await client.aclose()  # refused
    await anext(stream)  # refused
    Client(http_client=httpx.AsyncClient())  # refused
    other: AsyncRunStream[object] = stream  # refused
    print(other)
