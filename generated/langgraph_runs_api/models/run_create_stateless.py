# Generated from openapi.yaml by `make generate`; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..answers import Model
from ..models.disconnect_mode import DisconnectMode, check_disconnect_mode
from ..models.durability import Durability, check_durability
from ..models.if_not_exists import IfNotExists, check_if_not_exists
from ..models.multitask_strategy import MultitaskStrategy, check_multitask_strategy
from ..models.on_completion import OnCompletion, check_on_completion
from ..models.stream_mode import StreamMode, check_stream_mode
from ..types import UNSET, Unset
from ..values import as_object, checked

if TYPE_CHECKING:
    from ..models.command import Command
    from ..models.config import Config
    from ..models.json_object import JsonObject


T = TypeVar("T", bound="RunCreateStateless")


@_attrs_define(repr=False)
class RunCreateStateless(Model):
    """What to run without a thread. Leave a field out rather than sending null."""

    assistant_id: str
    """ An assistant's id, or a graph's name. """
    input_: Any | Unset = UNSET
    """ The graph's input, any JSON. """
    command: Command | Unset = UNSET
    """ Resumes the graph after an interrupt, or controls it, instead of `input`: `resume` (the value for the
    interrupt), `update` (changes of the state), `goto` (a node's name, `{"node", "input"}`, or a list of
    these). """
    stream_mode: list[StreamMode] | StreamMode | Unset = UNSET
    """ One mode, or a list of modes. """
    stream_subgraphs: bool | Unset = UNSET
    """ Stream the events of subgraphs too. """
    stream_resumable: bool | Unset = UNSET
    """ Keep the events to resume or replay the stream. """
    metadata: JsonObject | Unset = UNSET
    """ Stored with the run. """
    config: Config | Unset = UNSET
    """ `tags`, `recursion_limit`, `configurable`. """
    context: JsonObject | Unset = UNSET
    """ Static context for the graph. """
    interrupt_before: list[str] | Literal["*"] | Unset = UNSET
    """ Interrupt before these nodes; `*` for all nodes. """
    interrupt_after: list[str] | Literal["*"] | Unset = UNSET
    """ Interrupt after these nodes; `*` for all nodes. """
    feedback_keys: list[str] | Unset = UNSET
    """ LangSmith feedback keys to create URLs for. """
    on_disconnect: DisconnectMode | Unset = UNSET
    """ What to do with the run if the connection of the stream or wait is lost. """
    webhook: str | Unset = UNSET
    """ A URL to call when the run ends. """
    multitask_strategy: MultitaskStrategy | Unset = UNSET
    """ What to do if the thread is busy. Default: `enqueue` on the Python server, `reject` on LangGraph.js. Aegra
    starts every run immediately. Without effect on a stateless run, since it has a thread of its own. """
    if_not_exists: IfNotExists | Unset = UNSET
    """ What to do if the thread does not exist. The default is `reject` (404). Aegra always creates it. Without
    effect on a stateless run, since it has no existing thread. """
    after_seconds: float | Unset = UNSET
    """ Seconds to wait before the run starts. """
    durability: Durability | Unset = UNSET
    """ When checkpoints are written. """
    langsmith_tracer: JsonObject | Unset = UNSET
    """ Where LangSmith traces go: `project_name`, `example_id` (Python server). """
    on_completion: OnCompletion | Unset = UNSET
    """ Whether to keep the thread that the server creates for the run. The default is `delete`. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    _ATTRIBUTES = {
        "assistant_id": "assistant_id",
        "input": "input_",
        "command": "command",
        "stream_mode": "stream_mode",
        "stream_subgraphs": "stream_subgraphs",
        "stream_resumable": "stream_resumable",
        "metadata": "metadata",
        "config": "config",
        "context": "context",
        "interrupt_before": "interrupt_before",
        "interrupt_after": "interrupt_after",
        "feedback_keys": "feedback_keys",
        "on_disconnect": "on_disconnect",
        "webhook": "webhook",
        "multitask_strategy": "multitask_strategy",
        "if_not_exists": "if_not_exists",
        "after_seconds": "after_seconds",
        "durability": "durability",
        "langsmith_tracer": "langsmith_tracer",
        "on_completion": "on_completion",
    }

    def to_dict(self) -> dict[str, Any]:
        assistant_id = self.assistant_id

        input_ = self.input_

        command: dict[str, Any] | Unset = UNSET
        if not isinstance(self.command, Unset):
            command = self.command

        stream_mode: list[str] | str | Unset
        if isinstance(self.stream_mode, Unset):
            stream_mode = UNSET
        elif isinstance(self.stream_mode, str):
            stream_mode = self.stream_mode
        else:
            stream_mode = []
            for stream_mode_type_1_item_data in self.stream_mode:
                stream_mode_type_1_item: str = stream_mode_type_1_item_data
                stream_mode.append(stream_mode_type_1_item)

        stream_subgraphs = self.stream_subgraphs

        stream_resumable = self.stream_resumable

        metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.metadata, Unset):
            metadata = self.metadata

        config: dict[str, Any] | Unset = UNSET
        if not isinstance(self.config, Unset):
            config = self.config

        context: dict[str, Any] | Unset = UNSET
        if not isinstance(self.context, Unset):
            context = self.context

        interrupt_before: list[str] | Literal["*"] | Unset
        if isinstance(self.interrupt_before, Unset):
            interrupt_before = UNSET
        elif isinstance(self.interrupt_before, list):
            interrupt_before = self.interrupt_before

        else:
            interrupt_before = self.interrupt_before

        interrupt_after: list[str] | Literal["*"] | Unset
        if isinstance(self.interrupt_after, Unset):
            interrupt_after = UNSET
        elif isinstance(self.interrupt_after, list):
            interrupt_after = self.interrupt_after

        else:
            interrupt_after = self.interrupt_after

        feedback_keys: list[str] | Unset = UNSET
        if not isinstance(self.feedback_keys, Unset):
            feedback_keys = self.feedback_keys

        on_disconnect: str | Unset = UNSET
        if not isinstance(self.on_disconnect, Unset):
            on_disconnect = self.on_disconnect

        webhook = self.webhook

        multitask_strategy: str | Unset = UNSET
        if not isinstance(self.multitask_strategy, Unset):
            multitask_strategy = self.multitask_strategy

        if_not_exists: str | Unset = UNSET
        if not isinstance(self.if_not_exists, Unset):
            if_not_exists = self.if_not_exists

        after_seconds = self.after_seconds

        durability: str | Unset = UNSET
        if not isinstance(self.durability, Unset):
            durability = self.durability

        langsmith_tracer: dict[str, Any] | Unset = UNSET
        if not isinstance(self.langsmith_tracer, Unset):
            langsmith_tracer = self.langsmith_tracer

        on_completion: str | Unset = UNSET
        if not isinstance(self.on_completion, Unset):
            on_completion = self.on_completion

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "assistant_id": assistant_id,
            }
        )
        if input_ is not UNSET:
            field_dict["input"] = input_
        if command is not UNSET:
            field_dict["command"] = command
        if stream_mode is not UNSET:
            field_dict["stream_mode"] = stream_mode
        if stream_subgraphs is not UNSET:
            field_dict["stream_subgraphs"] = stream_subgraphs
        if stream_resumable is not UNSET:
            field_dict["stream_resumable"] = stream_resumable
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if config is not UNSET:
            field_dict["config"] = config
        if context is not UNSET:
            field_dict["context"] = context
        if interrupt_before is not UNSET:
            field_dict["interrupt_before"] = interrupt_before
        if interrupt_after is not UNSET:
            field_dict["interrupt_after"] = interrupt_after
        if feedback_keys is not UNSET:
            field_dict["feedback_keys"] = feedback_keys
        if on_disconnect is not UNSET:
            field_dict["on_disconnect"] = on_disconnect
        if webhook is not UNSET:
            field_dict["webhook"] = webhook
        if multitask_strategy is not UNSET:
            field_dict["multitask_strategy"] = multitask_strategy
        if if_not_exists is not UNSET:
            field_dict["if_not_exists"] = if_not_exists
        if after_seconds is not UNSET:
            field_dict["after_seconds"] = after_seconds
        if durability is not UNSET:
            field_dict["durability"] = durability
        if langsmith_tracer is not UNSET:
            field_dict["langsmith_tracer"] = langsmith_tracer
        if on_completion is not UNSET:
            field_dict["on_completion"] = on_completion

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        assistant_id = d.pop("assistant_id")

        input_ = d.pop("input", UNSET)

        _command = d.pop("command", UNSET)
        command: Command | Unset
        if isinstance(_command, Unset):
            command = UNSET
        else:
            command = as_object(_command)

        def _parse_stream_mode(data: object) -> list[StreamMode] | StreamMode | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                stream_mode_type_0 = check_stream_mode(data)

                return stream_mode_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, list):
                raise TypeError()
            stream_mode_type_1 = []
            _stream_mode_type_1 = data
            for stream_mode_type_1_item_data in checked(_stream_mode_type_1, list, "stream_mode_type_1"):
                stream_mode_type_1_item = check_stream_mode(stream_mode_type_1_item_data)

                stream_mode_type_1.append(stream_mode_type_1_item)

            return stream_mode_type_1

        stream_mode = _parse_stream_mode(d.pop("stream_mode", UNSET))

        stream_subgraphs = d.pop("stream_subgraphs", UNSET)

        stream_resumable = d.pop("stream_resumable", UNSET)

        _metadata = d.pop("metadata", UNSET)
        metadata: JsonObject | Unset
        if isinstance(_metadata, Unset):
            metadata = UNSET
        else:
            metadata = as_object(_metadata)

        _config = d.pop("config", UNSET)
        config: Config | Unset
        if isinstance(_config, Unset):
            config = UNSET
        else:
            config = as_object(_config)

        _context = d.pop("context", UNSET)
        context: JsonObject | Unset
        if isinstance(_context, Unset):
            context = UNSET
        else:
            context = as_object(_context)

        def _parse_interrupt_before(data: object) -> list[str] | Literal["*"] | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not data == "*":
                    raise TypeError()
                interrupt_before_type_0 = cast(Literal["*"], data)
                if interrupt_before_type_0 != "*":
                    raise ValueError(f"interrupt_before_type_0 must match const '*', got '{interrupt_before_type_0}'")
                return interrupt_before_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, list):
                raise TypeError()
            interrupt_before_type_1 = cast(list[str], data)

            return interrupt_before_type_1

        interrupt_before = _parse_interrupt_before(d.pop("interrupt_before", UNSET))

        def _parse_interrupt_after(data: object) -> list[str] | Literal["*"] | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not data == "*":
                    raise TypeError()
                interrupt_after_type_0 = cast(Literal["*"], data)
                if interrupt_after_type_0 != "*":
                    raise ValueError(f"interrupt_after_type_0 must match const '*', got '{interrupt_after_type_0}'")
                return interrupt_after_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, list):
                raise TypeError()
            interrupt_after_type_1 = cast(list[str], data)

            return interrupt_after_type_1

        interrupt_after = _parse_interrupt_after(d.pop("interrupt_after", UNSET))

        feedback_keys = cast(list[str], d.pop("feedback_keys", UNSET))

        _on_disconnect = d.pop("on_disconnect", UNSET)
        on_disconnect: DisconnectMode | Unset
        if isinstance(_on_disconnect, Unset):
            on_disconnect = UNSET
        else:
            on_disconnect = check_disconnect_mode(_on_disconnect)

        webhook = d.pop("webhook", UNSET)

        _multitask_strategy = d.pop("multitask_strategy", UNSET)
        multitask_strategy: MultitaskStrategy | Unset
        if isinstance(_multitask_strategy, Unset):
            multitask_strategy = UNSET
        else:
            multitask_strategy = check_multitask_strategy(_multitask_strategy)

        _if_not_exists = d.pop("if_not_exists", UNSET)
        if_not_exists: IfNotExists | Unset
        if isinstance(_if_not_exists, Unset):
            if_not_exists = UNSET
        else:
            if_not_exists = check_if_not_exists(_if_not_exists)

        after_seconds = d.pop("after_seconds", UNSET)

        _durability = d.pop("durability", UNSET)
        durability: Durability | Unset
        if isinstance(_durability, Unset):
            durability = UNSET
        else:
            durability = check_durability(_durability)

        _langsmith_tracer = d.pop("langsmith_tracer", UNSET)
        langsmith_tracer: JsonObject | Unset
        if isinstance(_langsmith_tracer, Unset):
            langsmith_tracer = UNSET
        else:
            langsmith_tracer = as_object(_langsmith_tracer)

        _on_completion = d.pop("on_completion", UNSET)
        on_completion: OnCompletion | Unset
        if isinstance(_on_completion, Unset):
            on_completion = UNSET
        else:
            on_completion = check_on_completion(_on_completion)

        run_create_stateless = cls(
            assistant_id=assistant_id,
            input_=input_,
            command=command,
            stream_mode=stream_mode,
            stream_subgraphs=stream_subgraphs,
            stream_resumable=stream_resumable,
            metadata=metadata,
            config=config,
            context=context,
            interrupt_before=interrupt_before,
            interrupt_after=interrupt_after,
            feedback_keys=feedback_keys,
            on_disconnect=on_disconnect,
            webhook=webhook,
            multitask_strategy=multitask_strategy,
            if_not_exists=if_not_exists,
            after_seconds=after_seconds,
            durability=durability,
            langsmith_tracer=langsmith_tracer,
            on_completion=on_completion,
        )

        run_create_stateless.additional_properties = d
        return run_create_stateless

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
