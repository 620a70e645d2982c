"""Merges the message chunks of the modes `messages-tuple` and `messages` into complete messages.

The rules are those of LangChain. Python and JavaScript differ in some; a chunk's type shows which of them sent it. Only
tool calls are stricter than in LangChain: their arguments count once they are complete JSON, and are never completed.
"""

import json
from collections.abc import Iterator
from typing import Any, Final, cast

from langgraph_runs.events import Event, MessagesEvent, MessageTupleEvent
from langgraph_runs.payloads import ContentBlock, Message, MessageChunk
from langgraph_runs_api.display import Shown
from langgraph_runs_api.values import is_list, is_object


class MessageFolder(Shown):
    """Merges message chunks by the messages' ids. It keeps all messages.

    ```python
    folder = MessageFolder()
    for event in client.runs.stream(None, "agent", input=..., stream_mode="messages-tuple"):
        if message := folder.add(event):
            show(message_text(message))
    ```
    """

    def __init__(self) -> None:
        self._chunks: dict[object, MessageChunk] = {}
        self._messages: dict[object, Message] = {}

    def __rich_repr__(self) -> Iterator[tuple[str, Any]]:
        yield "messages", len(self._messages)
        yield from ((str(message.get("type")), message_text(message)) for message in self._messages.values())

    @property
    def messages(self) -> list[Message]:
        """All messages so far, in the order in which they began."""
        return [*self._messages.values()]

    def add(self, event: Event) -> Message | None:
        """Add an event of any kind.

        Args:
            event: The event; it is not modified.

        Returns:
            The event's message so far; None if the event has no message. The next chunk makes a new message rather than
            modify this one. A tool call with incomplete arguments is in `invalid_tool_calls`.
        """
        match event:
            case MessageTupleEvent() if "content" in event.message:
                return self._add(event.message)
            case MessagesEvent():
                message = None
                for message in event.messages:
                    self._messages[_key(message)] = message
                return message
            case _:
                return None

    def _add(self, chunk: MessageChunk) -> Message:
        key = _key(chunk)
        if "tool_call_chunks" not in chunk and not _is_python(chunk):
            self._messages[key] = chunk  # a complete message
        elif key in self._chunks or key not in self._messages:
            before = self._chunks.get(key)
            self._chunks[key] = merged = chunk if before is None else _merged(before, chunk)
            self._messages[key] = _message(merged)
        # Otherwise the message came from the mode `messages`: LangGraph.js sends it in both modes if both are streamed.
        return self._messages[key]


def message_text(message: Message) -> str:
    """The text in the content of a message or chunk, without content of other types."""
    content: object = message.get("content")
    if isinstance(content, str):
        return content
    return "".join(_block_text(block) for block in content) if is_list(content) else ""


def _block_text(block: object) -> str:
    text = block.get("text") if is_object(block) and block.get("type") == "text" else block
    return text if isinstance(text, str) else ""


def _key(message: Message) -> object:
    # Messages without an id are never merged.
    id = message.get("id")
    return id if isinstance(id, str) else object()


def _is_python(chunk: MessageChunk) -> bool:
    return str(chunk.get("type")).endswith(_CHUNK)


_CHUNK: Final = "MessageChunk"


def _message(merged: MessageChunk) -> Message:
    """The message of the chunks so far."""
    message = merged.copy()
    chunks = message.pop("tool_call_chunks", None)
    message.pop("chunk_position", None)
    if _is_python(message):
        message["type"] = message["type"].removesuffix(_CHUNK).lower()
    if chunks and is_list(chunks):
        calls = [_tool_call(chunk) for chunk in chunks if is_object(chunk)]
        message["tool_calls"] = [call for call in calls if call["type"] == "tool_call"]
        message["invalid_tool_calls"] = [call for call in calls if call["type"] != "tool_call"]
    return message


def _tool_call(chunk: dict[str, Any]) -> Any:
    call = {"name": chunk.get("name"), "args": chunk.get("args"), "id": chunk.get("id"), "type": "tool_call"}
    text = call["args"] or "{}"
    # Checking the end first avoids parsing incomplete JSON for every chunk.
    if isinstance(text, str) and text.rstrip().endswith("}"):
        try:
            args = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            args = None
        if is_object(args):
            return call | {"name": call["name"] or "", "args": args}
    return call | {"error": None, "type": "invalid_tool_call"}


def _merged(left: MessageChunk, right: MessageChunk) -> MessageChunk:
    js = not _is_python(left)
    # What `_message` makes of the chunks of tool calls is not merged.
    skipped = ("tool_calls", "invalid_tool_calls") if right.get("tool_call_chunks") else ()
    merged = {key: _merged_key(key, left.get(key), value, js=js) for key, value in right.items() if key not in skipped}
    return cast("MessageChunk", {**left, **merged})


def _merged_key(key: str, left: Any, right: Any, *, js: bool) -> Any:
    if left is None or right is None:
        return left if right is None else right
    if key == "content":
        return _merged_content(left, right, js=js)
    if key == "usage_metadata":
        return _added_usage(left, right)
    return _merged_values(left, right, key, js=js) if isinstance(right, dict | list) else right


def _merged_content(left: Any, right: Any, *, js: bool) -> Any:
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    if is_list(left) and isinstance(right, str):
        if right and left and isinstance(left[-1], str):
            return [*left[:-1], left[-1] + right]
        return [*left, _as_block(right, js=js)] if right else left
    if isinstance(left, str) and is_list(right):
        return right if js and not left else [_as_block(left, js=js), *right]
    return _merged_values(left, right, "content", js=js)


def _as_block(text: str, *, js: bool) -> str | ContentBlock:
    return {"type": "text", "text": text} if js else text


def _merged_values(left: Any, right: Any, key: str, *, js: bool) -> Any:
    if left is None or right is None:
        return left if right is None else right
    if is_object(left) and is_object(right):
        return left | {name: _merged_values(left.get(name), value, name, js=js) for name, value in right.items()}
    if is_list(left) and is_list(right):
        return _merged_lists(left, right, js=js)
    if key in _SAME or (js and key == "name"):
        return left if key == "type" or right == "" else right
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    if type(left) is int and type(right) is int and (js or left != right):
        return left + right
    return right


# Keys whose values are identifiers or times, which are not added.
_SAME: Final = frozenset({"type", "id", "index", "output_version", "model_provider", "created", "timestamp"})


def _merged_lists(left: list[Any], right: list[Any], *, js: bool) -> list[Any]:
    """The items of both lists. An item of the right that continues one of the left is merged with it."""
    merged = [*left]
    for item in right:
        index = _continued(item, merged, js=js) if is_object(item) else None
        if index is not None:
            merged[index] = _merged_values(merged[index], item, "", js=js)
        elif not (js and is_object(item) and item.get("text") == ""):
            merged.append(item)
    return merged


def _continued(item: dict[str, Any], merged: list[Any], *, js: bool) -> int | None:
    """The position of the item that this one continues."""
    index, id = item.get("index"), item.get("id") or None
    if index is None and not (js and id is not None):
        return None
    for position, before in enumerate(merged):
        if is_object(before) and before.get("index") == index:
            other = before.get("id") or None
            # JavaScript uses the id if there is no index, and does not merge items of different types.
            if other == id or (index is not None and None in (other, id)):
                kinds = {str(block["type"]).removesuffix("_delta") for block in (before, item) if "type" in block}
                if not js or len(kinds) <= 1:
                    return position
    return None


def _added_usage(left: Any, right: Any) -> Any:
    if is_object(left) and is_object(right):
        return left | {
            name: _added_usage(left[name], value) if name in left else value for name, value in right.items()
        }
    return left + right if isinstance(left, int) and isinstance(right, int) else right
