"""Processes documents, each with a run, and repeats a run that fails as a whole, after a growing pause.

The client itself repeats only what certainly never reached the server. Repeat a whole run only if the graph may do its
work twice. Each document has a thread, so that its attempts can be listed by their metadata.
"""

import random
import time
from typing import Any
from uuid import uuid4

from langgraph_runs import (
    APIConnectionError,
    Client,
    InternalServerError,
    RateLimitError,
    RunFailedError,
    StreamDisconnectedError,
    WaitTimeoutError,
)

ATTEMPTS = 4
# What may pass. A wrong request or a missing permission does not.
TRANSIENT = (
    APIConnectionError,
    InternalServerError,
    RateLimitError,
    RunFailedError,
    StreamDisconnectedError,
    WaitTimeoutError,
)

# The example's graph fails in the first `failures` attempts.
DOCUMENTS = [{"n": 1}, {"n": 2, "failures": 2}, {"n": 3, "failures": 99}]


def process(client: Client, thread_id: str, document: dict[str, Any]) -> Any:
    attempt = 1
    while True:
        try:
            return client.runs.wait(
                thread_id,
                "agent",
                input=document,
                metadata={"attempt": attempt},
                if_not_exists="create",
                timeout=60,
                on_disconnect="cancel",  # a run that takes too long does not go on beside the next attempt
            )
        except TRANSIENT as error:
            if attempt == ATTEMPTS:
                raise
            pause = random.uniform(0.5, 1) * 2 ** (attempt - 2)  # at random, so that many don't come again at once
            print(f"  attempt {attempt}: {error}; again in {pause:.1f} s")
            time.sleep(pause)
            attempt += 1


with Client() as client:
    for document in DOCUMENTS:
        thread_id = str(uuid4())
        print(f"document {document['n']}, thread {thread_id}")
        try:
            values = process(client, thread_id, document)
        except TRANSIENT as error:
            print(f"  given up: {error}")
        else:
            print(f"  n is {values['n']}")
        for run in client.runs.iter(thread_id):
            print(f"  attempt {run.metadata['attempt']}: run {run.run_id}, {run.status}")
