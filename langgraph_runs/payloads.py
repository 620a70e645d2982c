"""Typed dicts of the data in events.

A key is required if the Python server, LangGraph.js and Aegra always send it, and otherwise NotRequired. Servers may
send other keys too. Values are plain JSON, neither converted nor checked.
"""

import sys
from typing import Any, Literal, NotRequired, TypeAlias, final

from langgraph_runs.types import Checkpoint, Config

if sys.version_info >= (3, 13):
    from typing import TypedDict
else:
    from typing_extensions import TypedDict

ContentBlock: TypeAlias = dict[str, Any]
"""A part of a message's content. Its `type` (`text`, `image_url`, ...) determines the other keys."""


class ToolCall(TypedDict):
    """A model's call of a tool."""

    name: str  # The tool.
    args: dict[str, Any]  # The arguments.
    id: NotRequired[str | None]  # The call's id, to which the tool message refers.
    type: NotRequired[str]  # `tool_call`.


class InvalidToolCall(TypedDict):
    """A call whose arguments are not a JSON object, or are still incomplete."""

    name: NotRequired[str | None]  # The tool.
    args: NotRequired[str | None]  # The arguments so far, as text.
    id: NotRequired[str | None]  # The call's id.
    error: NotRequired[str | None]  # What is wrong with the arguments, if the server says so.
    type: NotRequired[str]  # `invalid_tool_call`.


class ToolCallChunk(TypedDict):
    """A chunk of a tool call."""

    name: NotRequired[str | None]  # The tool, in the first chunk.
    args: NotRequired[str | None]  # A part of the arguments' JSON text.
    id: NotRequired[str | None]  # The call's id, in the first chunk.
    index: NotRequired[int | str | None]  # The call's position among the message's calls.
    type: NotRequired[str]  # `tool_call_chunk`.


class UsageMetadata(TypedDict):
    """Numbers of tokens of a model call."""

    input_tokens: int  # Tokens of the prompt.
    output_tokens: int  # Tokens of the model's output.
    total_tokens: int  # The sum of both.
    input_token_details: NotRequired[dict[str, int]]  # Some of the prompt's tokens by kind, such as `cache_read`.
    output_token_details: NotRequired[dict[str, int]]  # Some of the output's tokens by kind, such as `reasoning`.


class Message(TypedDict):
    """A LangChain message. Its type determines which of the optional keys it has."""

    content: str | list[str | ContentBlock]  # A text, or a list of texts and blocks.
    type: str  # The kind of author: `human`, `ai`, `system`, `tool`, `function` or `chat`.
    id: str | None  # The same in all chunks of a message.
    name: NotRequired[str | None]  # The author's name; the tool of a tool message.
    additional_kwargs: dict[str, Any]  # Other data of the model's provider.
    response_metadata: dict[str, Any]  # What the provider says about the model's response, such as `finish_reason`.
    tool_calls: NotRequired[list[ToolCall]]  # `ai`: the model's tool calls.
    invalid_tool_calls: NotRequired[list[InvalidToolCall]]  # `ai`: tool calls with invalid arguments.
    usage_metadata: NotRequired[UsageMetadata | None]  # `ai`: numbers of tokens, if the provider sends them.
    # `ai`: chunks of tool calls. LangGraph.js has them in complete messages too.
    tool_call_chunks: NotRequired[list[ToolCallChunk]]
    tool_call_id: NotRequired[str]  # `tool`: the id of the tool call.
    artifact: NotRequired[Any]  # `tool`: data for the program that the model does not see.
    status: NotRequired[str]  # `tool`: `success` or `error`.
    role: NotRequired[str]  # `chat`: the author's role.


class MessageChunk(Message):
    """A chunk of a message. Its type is `AIMessageChunk`, or `ai` from LangGraph.js."""

    chunk_position: NotRequired[str | None]  # `last` in a message's last chunk; not sent by LangGraph.js.


class MessageMetadata(TypedDict):
    """The origin of a message."""

    run_id: str  # The run.
    thread_id: str  # Its thread.
    langgraph_node: str  # The node.
    langgraph_step: int  # The step of the node's graph.
    langgraph_triggers: list[str]  # The channels that triggered the node.
    # The path of the task: how it was scheduled, then the node's name and, for a `Send`, numbers.
    langgraph_path: list[Any]
    # The namespace of the task: `node:task-id` for each graph from the outermost to the task's, joined by `|`.
    langgraph_checkpoint_ns: str
    # The namespace of the surrounding graph or of the task; missing for messages that a node returned.
    checkpoint_ns: NotRequired[str]
    tags: NotRequired[list[str]]  # The tags of the model call.
    name: NotRequired[str]  # The node's name, from LangGraph.js for messages that a node returned.
    ls_integration: NotRequired[str]  # What created the message: `langchain_chat_model` or `langgraph`.
    ls_provider: NotRequired[str]  # The model's provider.
    ls_model_name: NotRequired[str]  # The model.
    ls_model_type: NotRequired[str]  # `chat`.
    ls_temperature: NotRequired[float | None]  # The model's temperature.
    ls_max_tokens: NotRequired[int | None]  # The maximum number of the model's output tokens.
    ls_stop: NotRequired[list[str] | None]  # The model's stop sequences.
    assistant_id: NotRequired[str]  # The assistant; not on Aegra.
    graph_id: NotRequired[str]  # The assistant's graph; not on Aegra.
    created_by: NotRequired[str]  # Who created the assistant, such as `system`; not on Aegra.
    run_attempt: NotRequired[int]  # How many times the run was started; not on Aegra.
    langgraph_version: NotRequired[str]  # The version of the server's langgraph; not on Aegra.
    langgraph_api_version: NotRequired[str]  # The server's version; only on the Python server.
    langgraph_plan: NotRequired[str]  # The server's licence; not on Aegra.
    langgraph_host: NotRequired[str]  # Who hosts the server; not on Aegra.
    langgraph_api_url: NotRequired[str | None]  # The server's URL as configured there; not on Aegra.
    lc_versions: NotRequired[dict[str, str]]  # Versions of LangChain's Python packages.
    versions: NotRequired[dict[str, str]]  # Versions of LangChain's JavaScript packages.


class MessagesMetadata(TypedDict):
    """The value for each message in the event `messages/metadata`."""

    metadata: MessageMetadata  # The origin of the message.


class RunnableData(TypedDict, total=False):
    """The input or output of a runnable."""

    input: Any  # Its input, when it starts; on some servers also when it ends.
    chunk: Any  # A chunk of its output.
    output: Any  # Its output.
    error: Any  # Its error.


class RunnableEvent(TypedDict):
    """A callback of a LangChain runnable: a graph, a node, a model, a tool or a function."""

    event: str  # What happened: `on_chain_start`, `on_chat_model_stream`, `on_tool_end`, ...
    name: str  # The runnable.
    run_id: str  # The id of this call of the runnable; for the graph itself, the run's id.
    tags: list[str]  # The runnable's tags.
    metadata: dict[str, Any]  # Like `MessageMetadata`; for the graph itself, without a node.
    data: RunnableData  # The runnable's input or output.
    parent_ids: NotRequired[list[str]]  # The ids of the surrounding calls, outermost first; not from LangGraph.js.


class InterruptPayload(TypedDict):
    """An interrupt."""

    value: Any  # The value that the graph passed to `interrupt()`.
    id: NotRequired[str]  # The interrupt's id, to resume several interrupts at once.
    # The JSON schema of the value to resume with, if the graph has one; only on the Python server.
    response_schema: NotRequired[Any]
    ns: NotRequired[list[str] | None]  # The interrupted task; from older servers.
    resumable: NotRequired[bool]  # Whether the run can be resumed; from older servers.
    when: NotRequired[str]  # `during` or `breakpoint`; from older servers.


@final
class TaskStart(TypedDict):
    """A task that starts: a node with an input. Unlike a TaskResult, it has no key `result`."""

    id: str  # The task.
    name: str  # Its node.
    input: Any  # The node's input, usually the state.
    triggers: list[str]  # The channels that triggered the node.
    metadata: NotRequired[dict[str, Any]]  # The run's metadata, if it has any.
    interrupts: NotRequired[list[InterruptPayload]]  # Empty; only from LangGraph.js.


@final
class TaskResult(TypedDict):
    """A task that has ended."""

    id: str  # The task.
    name: str  # Its node.
    result: Any  # What it wrote, by the state's keys; empty if it failed or was interrupted.
    # Its error, or None. Keys: `error` and `message` on the Python server, `name` and `message` on LangGraph.js.
    error: Any
    interrupts: list[InterruptPayload]  # The interrupts that it waits for.


class CheckpointConfig(Config, total=False):
    """The config that identifies a checkpoint: `configurable` has `thread_id`, `checkpoint_id` and more."""

    metadata: dict[str, Any]  # The run's metadata; only from LangGraph.js.


class CheckpointMetadata(TypedDict):
    """How a checkpoint was created. It may also have the metadata of the run that wrote it."""

    source: str  # `input`, `loop`, `update` or `fork`.
    step: int  # -1 for the input, then 0, 1, ...
    parents: dict[str, str]  # The ids of the surrounding graphs' checkpoints, by namespace.


class CheckpointTask(TypedDict):
    """A task that is next after a checkpoint, with its result if it has ended."""

    id: str  # The task.
    name: str  # Its node.
    # The interrupts that it waits for; missing on the Python server if the task failed.
    interrupts: NotRequired[list[InterruptPayload]]
    error: NotRequired[Any]  # Its error.
    result: NotRequired[Any]  # What it wrote.
    state: NotRequired[Any]  # The config of the state of the node's subgraph, or None; not from LangGraph.js.
    checkpoint: NotRequired[Checkpoint | None]  # The latest checkpoint of the node's subgraph, instead of `state`.
    path: NotRequired[list[Any]]  # The path of the task; only from LangGraph.js.


class CheckpointPayload(TypedDict):
    """A checkpoint: the state after a step, and what comes next."""

    config: CheckpointConfig  # The config of this checkpoint.
    # The config of the previous checkpoint. For the first one it is None, or missing on LangGraph.js.
    parent_config: NotRequired[CheckpointConfig | None]
    values: Any  # The state.
    metadata: CheckpointMetadata  # How the checkpoint was created.
    next: list[str]  # The nodes that are next; none at the end.
    tasks: list[CheckpointTask]  # The tasks of those nodes.
    # A value for the argument `checkpoint`. Sent by LangGraph.js, and in debug events; not for subgraphs on Aegra.
    checkpoint: NotRequired[Checkpoint | None]
    parent_checkpoint: NotRequired[Checkpoint | None]  # The same for the previous checkpoint, if `checkpoint` is sent.


class DebugCheckpoint(TypedDict):
    """A checkpoint was written."""

    type: Literal["checkpoint"]  # Tells it apart from the other debug payloads.
    step: int  # The graph's step: -1 for the input, then 0, 1, ...
    timestamp: str  # The time, in ISO 8601.
    payload: CheckpointPayload  # The checkpoint.


class DebugTask(TypedDict):
    """A task starts."""

    type: Literal["task"]  # Tells it apart from the other debug payloads.
    step: int  # The graph's step: -1 for the input, then 0, 1, ...
    timestamp: str  # The time, in ISO 8601.
    payload: TaskStart  # The task.


class DebugTaskResult(TypedDict):
    """A task has ended."""

    type: Literal["task_result"]  # Tells it apart from the other debug payloads.
    step: int  # The graph's step: -1 for the input, then 0, 1, ...
    timestamp: str  # The time, in ISO 8601.
    payload: TaskResult  # The task's result.


DebugPayload: TypeAlias = DebugCheckpoint | DebugTask | DebugTaskResult
"""The data of a debug event. Its `type` tells them apart."""


class RunMetadata(TypedDict):
    """The data of a stream's first event."""

    run_id: str  # The run.
    attempt: int  # How many times the run was started: 1 unless the server had to restart it.
