"""Messages that grow: the pieces of the modes `messages-tuple` and `messages` folded into whole messages; pure.

The rules are those by which LangChain itself adds pieces up. Python and JavaScript differ in some; the piece tells where it comes from. Only
arguments of tool calls are handled more strictly: they count when they are complete JSON, not when they could be completed somehow.
"""

import json
from typing import Any, Final, cast

from langgraph_runs.events import Event, MessagesEvent, MessageTupleEvent
from langgraph_runs.payloads import ContentBlock, Message, MessageChunk
from langgraph_runs_api.values import is_list, is_object

__all__ = ["MessageFolder", "message_text"]


class MessageFolder:
    """Folds the pieces of messages into whole ones, by their ids. It keeps all messages that it was given.

    ```python
    folder = MessageFolder()
    for event in client.runs.stream(None, "agent", input=..., stream_mode="messages-tuple"):
        if message := folder.add(event):
            show(message_text(message))
    ```
    """

    def __init__(self) -> None:
        self._pieces: dict[object, MessageChunk] = {}
        self._messages: dict[object, Message] = {}

    @property
    def messages(self) -> list[Message]:
        """All messages as they are so far, in the order in which they began."""
        return [*self._messages.values()]

    def add(self, event: Event) -> Message | None:
        """Takes in an event of whatever kind.

        Args:
            event: The event; it is not changed.

        Returns:
            The message so far that the event belongs to, or None if the event brings none. It does not change any more: the next piece
            makes another. A tool call whose arguments are still to come is among its `invalid_tool_calls`.
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

    def _add(self, piece: MessageChunk) -> Message:
        key = _key(piece)
        if not _is_piece(piece):
            self._messages[key] = piece
        elif key in self._pieces or key not in self._messages:
            before = self._pieces.get(key)
            self._pieces[key] = so_far = piece if before is None else _joined(before, piece)
            self._messages[key] = _whole(so_far)
        # Else it is whole already: asked for both modes, JS sends a message in both ways.
        return self._messages[key]


def message_text(message: Message) -> str:
    """The text in a message's content, or in a piece's, without what else is in it."""
    content: object = message.get("content")
    if isinstance(content, str):
        return content
    return "".join(_block_text(block) for block in content) if is_list(content) else ""


def _block_text(block: object) -> str:
    text = block.get("text") if is_object(block) and block.get("type") == "text" else block
    return text if isinstance(text, str) else ""


def _key(message: Message) -> object:
    # Without an id it can't be found again.
    id = message.get("id")
    return id if isinstance(id, str) else object()


def _is_piece(message: MessageChunk) -> bool:
    return "tool_call_chunks" in message or _is_python(message)


def _is_python(piece: MessageChunk) -> bool:
    return str(piece.get("type")).endswith(_PIECE)


_PIECE: Final = "MessageChunk"


def _whole(so_far: MessageChunk) -> Message:
    """The message that the pieces so far make."""
    message = so_far.copy()
    chunks = message.pop("tool_call_chunks", None)
    message.pop("chunk_position", None)
    if _is_python(message):
        message["type"] = message["type"].removesuffix(_PIECE).lower()
    if chunks and is_list(chunks):
        calls = [_tool_call(chunk) for chunk in chunks if is_object(chunk)]
        message["tool_calls"] = [call for call in calls if call["type"] == "tool_call"]
        message["invalid_tool_calls"] = [call for call in calls if call["type"] != "tool_call"]
    return message


def _tool_call(chunk: dict[str, Any]) -> Any:
    call = {"name": chunk.get("name"), "args": chunk.get("args"), "id": chunk.get("id"), "type": "tool_call"}
    text = call["args"] or "{}"
    # Looking for the end first spares parsing what is still coming.
    if isinstance(text, str) and text.rstrip().endswith("}"):
        try:
            args = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            args = None
        if is_object(args):
            return call | {"name": call["name"] or "", "args": args}
    return call | {"error": None, "type": "invalid_tool_call"}


def _joined(left: MessageChunk, right: MessageChunk) -> MessageChunk:
    js = not _is_python(left)
    together: dict[str, Any] = {**left}
    for key, value in right.items():
        before = together.get(key)
        if before is None or value is None:
            together[key] = before if value is None else value
        elif key == "content":
            together[key] = _joined_content(before, value, js=js)
        elif key == "usage_metadata":
            together[key] = _summed(before, value)
        elif not isinstance(value, dict | list):
            together[key] = value
        elif key not in _FROM_CHUNKS or not right.get("tool_call_chunks"):
            together[key] = _joined_values(before, value, key, js=js)
    return cast("MessageChunk", together)


_FROM_CHUNKS: Final = ("tool_calls", "invalid_tool_calls")


def _joined_content(left: Any, right: Any, *, js: bool) -> Any:
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    if is_list(left) and isinstance(right, str):
        if right and left and isinstance(left[-1], str):
            return [*left[:-1], left[-1] + right]
        return [*left, _as_block(right, js=js)] if right else left
    if isinstance(left, str) and is_list(right):
        return right if js and not left else [_as_block(left, js=js), *right]
    return _joined_values(left, right, "content", js=js)


def _as_block(text: str, *, js: bool) -> str | ContentBlock:
    return {"type": "text", "text": text} if js else text


def _joined_values(left: Any, right: Any, key: str, *, js: bool) -> Any:
    if left is None or right is None:
        return left if right is None else right
    if is_object(left) and is_object(right):
        return left | {name: _joined_values(left.get(name), value, name, js=js) for name, value in right.items()}
    if is_list(left) and is_list(right):
        return _joined_lists(left, right, js=js)
    if key in _SAME or (js and key == "name"):
        return left if key == "type" or right == "" else right
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    if type(left) is int and type(right) is int and (js or left != right):
        return left + right
    return right


# What names a thing, or a moment, is not added up.
_SAME: Final = frozenset({"type", "id", "index", "output_version", "model_provider", "created", "timestamp"})


def _joined_lists(left: list[Any], right: list[Any], *, js: bool) -> list[Any]:
    """The items of both; one of the right that goes on with one of the left is joined to it."""
    together = [*left]
    for item in right:
        place = _place(item, together, js=js) if is_object(item) else None
        if place is not None:
            together[place] = _joined_values(together[place], item, "", js=js)
        elif not (js and is_object(item) and item.get("text") == ""):
            together.append(item)
    return together


def _place(item: dict[str, Any], together: list[Any], *, js: bool) -> int | None:
    """Where in the list the item goes on."""
    index, id = item.get("index"), item.get("id") or None
    if index is None and not (js and id is not None):
        return None
    for place, before in enumerate(together):
        if is_object(before) and before.get("index") == index:
            other = before.get("id") or None
            # JS takes an id for an index where there is none, and joins nothing of different types.
            if other == id or (index is not None and None in (other, id)):
                kinds = {str(block["type"]).removesuffix("_delta") for block in (before, item) if "type" in block}
                if not js or len(kinds) <= 1:
                    return place
    return None


def _summed(left: Any, right: Any) -> Any:
    if is_object(left) and is_object(right):
        return left | {name: _summed(left[name], value) if name in left else value for name, value in right.items()}
    return left + right if isinstance(left, int) and isinstance(right, int) else right
