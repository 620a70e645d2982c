"""What servers send in events, as typed dicts.

A key is required where each of the three servers sends it, otherwise NotRequired, whatever the reason: another kind of message, an option that is
off, another server. Servers may send more than these. Values are plain JSON: nothing is converted, and nothing is checked.
"""

import sys
from typing import Any, Literal, NotRequired, TypeAlias, final

from langgraph_runs.types import Checkpoint, Config

if sys.version_info >= (3, 13):
    from typing import TypedDict
else:
    from typing_extensions import TypedDict

__all__ = [
    "CheckpointConfig",
    "CheckpointMetadata",
    "CheckpointPayload",
    "CheckpointTask",
    "ContentBlock",
    "DebugCheckpoint",
    "DebugPayload",
    "DebugTask",
    "DebugTaskResult",
    "InterruptPayload",
    "InvalidToolCall",
    "Message",
    "MessageChunk",
    "MessageMetadata",
    "MessagesMetadata",
    "RunMetadata",
    "RunnableData",
    "RunnableEvent",
    "TaskResult",
    "TaskStart",
    "ToolCall",
    "ToolCallChunk",
    "UsageMetadata",
]

ContentBlock: TypeAlias = dict[str, Any]
"""A part of a message's content: `type` tells its kind (`text`, `image_url`, ...), and that kind the other keys."""


class ToolCall(TypedDict):
    """A tool that a model wants to be called."""

    name: str
    """The tool."""
    args: dict[str, Any]
    """What to call it with."""
    id: NotRequired[str | None]
    """The call's id, for the tool message that answers it."""
    type: NotRequired[str]
    """`tool_call`."""


class InvalidToolCall(TypedDict):
    """A call whose arguments are no JSON object, or not yet."""

    name: NotRequired[str | None]
    """The tool."""
    args: NotRequired[str | None]
    """The arguments as far as the model wrote them."""
    id: NotRequired[str | None]
    """The call's id."""
    error: NotRequired[str | None]
    """What is wrong with the arguments, where the server tells."""
    type: NotRequired[str]
    """`invalid_tool_call`."""


class ToolCallChunk(TypedDict):
    """A piece of a tool call."""

    name: NotRequired[str | None]
    """The tool, in the first piece."""
    args: NotRequired[str | None]
    """A piece of the arguments' JSON text."""
    id: NotRequired[str | None]
    """The call's id, in the first piece."""
    index: NotRequired[int | str | None]
    """Which of the message's calls it is a piece of."""
    type: NotRequired[str]
    """`tool_call_chunk`."""


class UsageMetadata(TypedDict):
    """The tokens that a model call took."""

    input_tokens: int
    """Of the prompt."""
    output_tokens: int
    """Of the answer."""
    total_tokens: int
    """Of both."""
    input_token_details: NotRequired[dict[str, int]]
    """Some of the prompt's, by kind, such as `cache_read`."""
    output_token_details: NotRequired[dict[str, int]]
    """Some of the answer's, by kind, such as `reasoning`."""


class Message(TypedDict):
    """A LangChain message. Which of the keys it has besides the required ones, its type tells."""

    content: str | list[str | ContentBlock]
    """What it says: a text, or a list of texts and blocks."""
    type: str
    """Who says it: `human`, `ai`, `system`, `tool`, `function` or `chat`."""
    id: str | None
    """The same for all pieces of one message."""
    name: NotRequired[str | None]
    """The name of who says it; a tool message's tool."""
    additional_kwargs: dict[str, Any]
    """What the model's provider has besides all this."""
    response_metadata: dict[str, Any]
    """What the provider tells about its answer, such as `finish_reason`."""
    tool_calls: NotRequired[list[ToolCall]]
    """`ai`: the tools to be called."""
    invalid_tool_calls: NotRequired[list[InvalidToolCall]]
    """`ai`: calls that can't be made."""
    usage_metadata: NotRequired[UsageMetadata | None]
    """`ai`: the tokens that it took, where the provider tells."""
    tool_call_chunks: NotRequired[list[ToolCallChunk]]
    """`ai`: the pieces of tool calls that came with a piece of it; JS leaves them in whole messages too."""
    tool_call_id: NotRequired[str]
    """`tool`: the call that it answers."""
    artifact: NotRequired[Any]
    """`tool`: what the tool gives to the program, and not to the model."""
    status: NotRequired[str]
    """`tool`: `success` or `error`."""
    role: NotRequired[str]
    """`chat`: who says it."""


class MessageChunk(Message):
    """A piece of a message. From Python its type is `AIMessageChunk`; from JS `ai`, as if it were whole."""

    chunk_position: NotRequired[str | None]
    """`last` on the message's last piece; JS does not tell."""


class MessageMetadata(TypedDict):
    """Where in the graph a message comes from."""

    run_id: str
    """The run."""
    thread_id: str
    """Its thread."""
    langgraph_node: str
    """The node."""
    langgraph_step: int
    """The step of its graph."""
    langgraph_triggers: list[str]
    """What made the node run."""
    langgraph_path: list[Any]
    """The way by which its task came about: how, then the node's name or, for a `Send`, also numbers."""
    langgraph_checkpoint_ns: str
    """The task: `node:task-id` for each graph on the way to it, joined by `|`."""
    checkpoint_ns: NotRequired[str]
    """The same of the graph around it, or of the task itself; missing for what a node itself returned."""
    tags: NotRequired[list[str]]
    """The tags of the model call."""
    name: NotRequired[str]
    """The node's name, on JS for what a node itself returned."""
    ls_integration: NotRequired[str]
    """What made the message: `langchain_chat_model` or `langgraph`."""
    ls_provider: NotRequired[str]
    """The model's provider."""
    ls_model_name: NotRequired[str]
    """The model."""
    ls_model_type: NotRequired[str]
    """`chat`."""
    ls_temperature: NotRequired[float | None]
    """The model's temperature."""
    ls_max_tokens: NotRequired[int | None]
    """How many tokens the model may answer with."""
    ls_stop: NotRequired[list[str] | None]
    """What makes the model stop."""
    assistant_id: NotRequired[str]
    """The assistant; not on Aegra."""
    graph_id: NotRequired[str]
    """The assistant's graph; not on Aegra."""
    created_by: NotRequired[str]
    """Who made the assistant, such as `system`; not on Aegra."""
    run_attempt: NotRequired[int]
    """How often the run was started; not on Aegra."""
    langgraph_version: NotRequired[str]
    """The server's langgraph; not on Aegra."""
    langgraph_api_version: NotRequired[str]
    """The server itself; only on Python."""
    langgraph_plan: NotRequired[str]
    """The server's licence; not on Aegra."""
    langgraph_host: NotRequired[str]
    """Who hosts the server; not on Aegra."""
    langgraph_api_url: NotRequired[str | None]
    """The server's own idea of its address; not on Aegra."""
    lc_versions: NotRequired[dict[str, str]]
    """Versions of LangChain's packages, in Python."""
    versions: NotRequired[dict[str, str]]
    """Versions of LangChain's packages, on JS."""


class MessagesMetadata(TypedDict):
    """What `messages/metadata` tells of one message."""

    metadata: MessageMetadata
    """Where it comes from."""


class RunnableData(TypedDict, total=False):
    """What went into a runnable or came out of it."""

    input: Any
    """At its start, on some servers also at its end."""
    chunk: Any
    """A piece of what it gives."""
    output: Any
    """All of what it gave."""
    error: Any
    """What it failed with."""


class RunnableEvent(TypedDict):
    """A callback of one of LangChain's runnables: a graph, a node, a model, a tool, a piece of code."""

    event: str
    """What happened: `on_chain_start`, `on_chat_model_stream`, `on_tool_end`, ..."""
    name: str
    """The runnable."""
    run_id: str
    """This call of the runnable; for the graph itself the run's id."""
    tags: list[str]
    """The runnable's tags."""
    metadata: dict[str, Any]
    """As `MessageMetadata`, but the graph itself is in no node."""
    data: RunnableData
    """What went in or came out."""
    parent_ids: NotRequired[list[str]]
    """The calls around this one, outermost first; not on JS."""


class InterruptPayload(TypedDict):
    """An interrupt as it is sent."""

    value: Any
    """What the graph asks."""
    id: NotRequired[str]
    """The interrupt's id, to answer several at once."""
    response_schema: NotRequired[Any]
    """The JSON schema of an answer, if the graph gave one; only on Python."""
    ns: NotRequired[list[str] | None]
    """The task that asks; from older servers."""
    resumable: NotRequired[bool]
    """Whether it can be answered; from older servers."""
    when: NotRequired[str]
    """`during` or `breakpoint`; from older servers."""


@final
class TaskStart(TypedDict):
    """A task that starts: a node with an input. `"result" in data` tells it from a TaskResult."""

    id: str
    """The task."""
    name: str
    """Its node."""
    input: Any
    """What the node gets, usually the state."""
    triggers: list[str]
    """What made it run."""
    metadata: NotRequired[dict[str, Any]]
    """What the run has besides the graph's own; left out where there is nothing."""
    interrupts: NotRequired[list[InterruptPayload]]
    """Empty; only on JS."""


@final
class TaskResult(TypedDict):
    """A task that has ended."""

    id: str
    """The task."""
    name: str
    """Its node."""
    result: Any
    """What it wrote, by the state's keys; empty where it failed or waits."""
    error: Any
    """What it failed with, or None: `error` and `message` on Python, `name` and `message` on JS."""
    interrupts: list[InterruptPayload]
    """Where it waits for a human."""


class CheckpointConfig(Config, total=False):
    """The config that leads to a checkpoint. In `configurable` are `thread_id`, `checkpoint_id`, `checkpoint_ns`, and much of the server's own."""

    metadata: dict[str, Any]
    """The run's metadata; only on JS."""


class CheckpointMetadata(TypedDict):
    """How a checkpoint came about. Besides these it may hold the metadata of the run that wrote it."""

    source: str
    """`input`, `loop`, `update` or `fork`."""
    step: int
    """-1 for the input, then counted from 0."""
    parents: dict[str, str]
    """The ids of the checkpoints around it, by namespace."""


class CheckpointTask(TypedDict):
    """A task that comes next after a checkpoint, or what it has done already."""

    id: str
    """The task."""
    name: str
    """Its node."""
    interrupts: NotRequired[list[InterruptPayload]]
    """Where it waits for a human; Python leaves it out where the task failed."""
    error: NotRequired[Any]
    """What it failed with."""
    result: NotRequired[Any]
    """What it wrote."""
    state: NotRequired[Any]
    """None, or a config that leads to the state of the node's subgraph; not on JS."""
    checkpoint: NotRequired[Checkpoint | None]
    """The latest checkpoint of the node's subgraph, in place of `state`."""
    path: NotRequired[list[Any]]
    """The way by which it came about; only on JS."""


class CheckpointPayload(TypedDict):
    """A checkpoint: the state after a step, and what comes next."""

    config: CheckpointConfig
    """Leads to this checkpoint."""
    parent_config: NotRequired[CheckpointConfig | None]
    """Leads to the one before; None, or on JS left out, for the first."""
    values: Any
    """The state."""
    metadata: CheckpointMetadata
    """How it came about."""
    next: list[str]
    """The nodes that come next; none at the end."""
    tasks: list[CheckpointTask]
    """Their tasks."""
    checkpoint: NotRequired[Checkpoint | None]
    """Which one it is: fit for the argument `checkpoint`; on JS and in debug events, there not for subgraphs on Aegra."""
    parent_checkpoint: NotRequired[Checkpoint | None]
    """The one before, where `checkpoint` is sent."""


class DebugCheckpoint(TypedDict):
    """A checkpoint was written."""

    type: Literal["checkpoint"]
    """Tells it from the other debug payloads."""
    step: int
    """The graph's step: -1 for the input, then counted from 0."""
    timestamp: str
    """When, in ISO 8601."""
    payload: CheckpointPayload
    """The checkpoint."""


class DebugTask(TypedDict):
    """A task starts."""

    type: Literal["task"]
    """Tells it from the other debug payloads."""
    step: int
    """The graph's step."""
    timestamp: str
    """When, in ISO 8601."""
    payload: TaskStart
    """The task."""


class DebugTaskResult(TypedDict):
    """A task has ended."""

    type: Literal["task_result"]
    """Tells it from the other debug payloads."""
    step: int
    """The graph's step."""
    timestamp: str
    """When, in ISO 8601."""
    payload: TaskResult
    """What came of it."""


DebugPayload: TypeAlias = DebugCheckpoint | DebugTask | DebugTaskResult
"""What a debug event carries; its `type` tells which."""


class RunMetadata(TypedDict):
    """The first thing that a stream tells."""

    run_id: str
    """The run."""
    attempt: int
    """How often the run was started: 1 unless the server had to start it again."""
