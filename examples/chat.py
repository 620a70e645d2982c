"""Chats at the terminal: tokens as they come, and your answer wherever the graph asks for one.

Ctrl-C stops an answer; at a prompt, Ctrl-C or Ctrl-D leaves. Give the thread's id as an argument to go on with it later.
"""

import contextlib
import sys
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from langgraph_runs import (
    Client,
    Interrupt,
    LangGraphError,
    MessageTupleEvent,
    UpdatesEvent,
    message_text,
)


def main() -> None:
    thread_id = sys.argv[1] if len(sys.argv) > 1 else str(uuid4())
    with Client() as client:
        try:
            while True:
                said = input("> ")
                interrupts = turn(client, thread_id, input={"messages": [{"role": "user", "content": said}]})
                while interrupts:
                    answers = {str(asked.id): input(f"{asked.value['question']} ") for asked in interrupts}
                    interrupts = turn(client, thread_id, command={"resume": answers})
        except (EOFError, KeyboardInterrupt):
            print(f"\nTo go on: python {sys.argv[0]} {thread_id}")


def turn(client: Client, thread_id: str, **what: Any) -> Sequence[Interrupt]:
    """Prints the answer of one run, and returns what the graph asks."""
    interrupts: Sequence[Interrupt] = ()
    answered = False
    stream = client.runs.stream(
        thread_id,
        "chat",
        stream_mode=["messages-tuple", "updates"],
        stream_resumable=True,  # a lost connection goes on where it was
        if_not_exists="create",
        **what,
    )
    try:
        with stream:
            for event in stream:
                match event:
                    case MessageTupleEvent():
                        token = message_text(event.message)
                        answered = answered or token != ""
                        print(token, end="", flush=True)
                    case UpdatesEvent() if event.interrupts:
                        interrupts = event.interrupts
                    case _:
                        pass
    except KeyboardInterrupt:
        # Leaving the stream does not stop the run.
        if stream.run_id:
            with contextlib.suppress(LangGraphError):  # it has just ended, or the server is away
                client.runs.cancel(thread_id, stream.run_id, wait=True)
        print(" (stopped)")
    except LangGraphError as error:
        print(f"({error})")
    else:
        if answered:
            print()
    return interrupts


if __name__ == "__main__":
    main()
