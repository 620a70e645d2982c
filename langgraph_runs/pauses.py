"""Sleeping, for each face in its own way."""

import time


def sleep(seconds: float) -> None:
    """Sleep, the thread."""
    time.sleep(seconds)


async def asleep(seconds: float) -> None:
    """Sleep, the task, on asyncio or trio."""
    import anyio  # noqa: PLC0415 - httpx brings it, and who is synchronous need not load it

    await anyio.sleep(seconds)
