"""Streams a run of the server at LANGGRAPH_API_URL, or at http://localhost:2024."""

from langgraph_runs import Client, CustomEvent, UpdatesEvent

with (
    Client() as client,
    client.runs.stream(None, "agent", input={"tokens": 3}, stream_mode=["updates", "custom"]) as stream,
):
    for event in stream:
        match event:
            case UpdatesEvent(data=data):
                print("update", data)
            case CustomEvent(data=data):
                print("custom", data)
            case _:
                pass
