"""Streams a run of the server at LANGGRAPH_API_URL or http://localhost:2024, also after a lost connection."""

import asyncio

from langgraph_runs import AsyncClient


async def main() -> None:
    async with (
        AsyncClient() as client,
        client.runs.stream(None, "agent", input={"tokens": 3}, stream_resumable=True) as stream,
    ):
        async for event in stream:
            print(event.event, event.data)


asyncio.run(main())
