"""Events and runs shaped like those of real servers: what the canned server sends, and what the decoders read."""

from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

import orjson

THREAD = "231c9a3c-c39c-42b3-b46f-930ea32ccf96"
RUN = "01a201a0-7de9-7396-ab99-85ac330b04d2"
ASSISTANT = "fe096781-5601-53d2-b2f6-0d3403f7e9ca"
METADATA = b'event: metadata\r\ndata: {"run_id":"%b","attempt":1}\r\n\r\n' % RUN.encode()

# A longer stream repeats these.
_DIFFERENT = 1000
_WORDS = ["an", "agent", "thinks", "of", "tea,", "writes", "a", "line,", "calls", "tools", "and", "goes", "on"]


def events(kind: str, count: int, size: int = 0) -> Iterator[bytes]:
    """`count` events as bytes.

    Args:
        kind: `token` (about 450 bytes each), `token-ids` (the same with ids), `values` (a state with messages) or
            `document` (long texts).
        count: How many.
        size: The bytes of each, for `values` and `document`.
    """
    if kind.startswith("token"):
        ids = kind == "token-ids"
        return islice(cycle([token(number, ids=ids) for number in range(min(count, _DIFFERENT))]), count)
    if kind == "values":
        return islice(cycle([_event(b"values", {"messages": _messages(size)})]), count)
    text = "All that is known of tea. " * (10**6 // 26)
    return islice(cycle([_event(b"values", {"documents": [text] * max(1, size // len(text))})]), count)


def token(number: int, sent: int | None = None, *, ids: bool = False) -> bytes:
    """A piece of a message in the mode messages-tuple, perhaps with the time `sent` in its metadata and with an id."""
    message: dict[str, Any] = {
        "content": f" {_WORDS[number % len(_WORDS)]} {number}",
        "additional_kwargs": {},
        "response_metadata": {},
        "type": "AIMessageChunk",
        "name": None,
        "id": f"lc_run--{RUN}",
        "tool_calls": [],
        "invalid_tool_calls": [],
        "usage_metadata": None,
        "tool_call_chunks": [],
    }
    metadata: dict[str, Any] = {
        "run_id": RUN,
        "graph_id": "agent",
        "langgraph_step": 1,
        "langgraph_node": "talk",
        "langgraph_triggers": ["branch:to:talk"],
        "ls_model_type": "chat",
    }
    data = [message, metadata if sent is None else {**metadata, "sent": sent}]
    return _event(b"messages", data, b"id: %d-0\r\n" % (1_790_000_000_000 + number) if ids else b"")


def run(status: str) -> bytes:
    """A run as JSON."""
    return orjson.dumps(
        {
            "run_id": RUN,
            "thread_id": THREAD,
            "assistant_id": ASSISTANT,
            "metadata": {"created_by": "system", "graph_id": "agent", "assistant_id": ASSISTANT, "a": 1},
            "status": status,
            "kwargs": {
                "input": {"tokens": 0},
                "command": None,
                "config": {
                    "configurable": {
                        "langgraph_auth_user": None,
                        "langgraph_auth_permissions": [],
                        "langgraph_request_id": "c101bc3c-0870-49e4-a308-b88fa53eab40",
                        "run_id": RUN,
                        "thread_id": THREAD,
                        "graph_id": "agent",
                        "assistant_id": ASSISTANT,
                    },
                    "metadata": {"created_by": "system", "graph_id": "agent", "assistant_id": ASSISTANT, "a": 1},
                },
                "context": {},
                "stream_mode": ["values"],
                "interrupt_before": None,
                "interrupt_after": None,
                "webhook": None,
                "temporary": False,
                "subgraphs": False,
                "resumable": False,
                "durability": "async",
            },
            "multitask_strategy": "enqueue",
            "created_at": "2026-11-22T05:00:04.354637+00:00",
            "updated_at": "2026-11-22T05:00:05.814794+00:00",
            "langsmith_session_name": None,
        }
    )


def payload(event: bytes) -> bytes:
    """The JSON of one of these events."""
    return event.partition(b"\r\ndata: ")[2].partition(b"\r\n")[0]


def _event(name: bytes, data: Any, id_line: bytes = b"") -> bytes:
    return b"event: %b\r\ndata: %b\r\n%b\r\n" % (name, orjson.dumps(data), id_line)


def _messages(size: int) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    left = size
    while left > 0:
        number = len(messages)
        message: dict[str, Any] = {
            "content": " ".join(_WORDS[(number + word) % len(_WORDS)] for word in range(60)),
            "additional_kwargs": {},
            "response_metadata": {"finish_reason": "stop", "model_name": "a-model"},
            "type": "ai" if number % 2 else "human",
            "name": None,
            "id": f"{RUN}-{number}",
            "tool_calls": [],
            "usage_metadata": {"input_tokens": 10 + number, "output_tokens": 60, "total_tokens": 70 + number},
        }
        messages.append(message)
        left -= len(orjson.dumps(message)) + 1
    return messages
