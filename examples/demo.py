"""A tour of the client on a real LangGraph server: `make demo`.

It starts an in-memory server on a free port, and stops it at the end, even on Ctrl-C. The graph, with
its input, is described in `agent/graph.py`.
"""

import asyncio
import signal
import sys
import textwrap
import uuid

from examples.server import local_server
from langgraph_runs import (
    AsyncClient,
    Client,
    CustomEvent,
    Event,
    MessageTupleEvent,
    MetadataEvent,
    UpdatesEvent,
    ValuesEvent,
)


def main() -> None:
    # With signals as exceptions, every `with` cleans up: connections are closed, and the server is stopped.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: sys.exit(128 + number))

    heading("Starting a LangGraph server on this machine")
    with local_server() as url:
        say("url", url)
        try:
            sync_tour(url)
            asyncio.run(async_tour(url))
        finally:
            heading("Stopping the server")


def sync_tour(url: str) -> None:
    with Client(url) as client:
        heading("Sync: a run streamed with several modes")
        with client.runs.stream(
            None,
            "agent",
            input={"tokens": 3, "sleep": 0.3, "text": "Tea is a drink."},
            stream_mode=["custom", "messages-tuple", "updates", "values"],
            stream_subgraphs=True,
        ) as stream:
            for event in stream:
                show(event)

        heading("Sync: an interrupt, and its resume")
        thread_id = uuid.uuid4()
        with client.runs.stream(
            thread_id, "agent", input={"ask": True}, stream_mode="updates", if_not_exists="create"
        ) as updates:
            for event in updates:
                show(event)
        values = client.runs.wait(thread_id, "agent", command={"resume": "yes"})
        say("answer", values["answer"])


async def async_tour(url: str) -> None:
    async with AsyncClient(url) as client:
        heading("Async: a run streamed with several modes, resumed where its connection is lost")
        async with client.runs.stream(
            None,
            "agent",
            input={"tokens": 3, "sleep": 0.3, "text": "So is coffee."},
            stream_mode=["custom", "messages-tuple", "updates", "values"],
            stream_subgraphs=True,
            stream_resumable=True,
        ) as stream:
            async for event in stream:
                show(event)

        heading("Async: a batch of three runs")
        runs = await client.runs.create_batch(
            [{"assistant_id": "agent", "input": {"n": n}, "on_completion": "keep"} for n in (10, 20, 30)]
        )
        for values in await asyncio.gather(*(client.runs.join(run.thread_id, run.run_id) for run in runs)):
            say("n", values["n"])

        heading("Async: a run that would take minutes, cancelled")
        thread_id = uuid.uuid4()
        async with client.runs.stream(
            thread_id, "agent", input={"tokens": 600, "sleep": 0.3}, stream_mode="custom", if_not_exists="create"
        ) as customs:
            async for event in customs:
                show(event)
                if isinstance(event, CustomEvent) and event.data["i"] == 2:
                    break
        [run] = await client.runs.list(thread_id)
        await client.runs.cancel(thread_id, run.run_id, wait=True)
        run = await client.runs.get(thread_id, run.run_id)
        say("status", run.status)


def show(event: Event) -> None:
    place = "".join(f" in {graph.partition(':')[0]}" for graph in event.namespace)
    match event:
        case MetadataEvent(data=data):
            say("run", data["run_id"])
        case CustomEvent(data=data):
            say("custom", data)
        case MessageTupleEvent(data=[message, _]):
            say("token", repr(message["content"]) + place)
        case UpdatesEvent(interrupts=[interrupt]):
            say("question", interrupt.value)
        case UpdatesEvent(data=data):
            say("update", f"by {', '.join(data)}{place}")
        case ValuesEvent(data=data, namespace=()):
            say("values", data)
        case _:
            pass


def heading(text: str) -> None:
    print(f"\n== {text}", flush=True)


def say(what: str, text: object) -> None:
    print(f"{what:>10}  {textwrap.shorten(str(text), 100, placeholder=' ...')}", flush=True)


if __name__ == "__main__":
    main()
