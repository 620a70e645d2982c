# Generated from openapi.yaml by `make generate`; do not edit.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..answers import Answer
from ..models.multitask_strategy import MultitaskStrategy, check_multitask_strategy
from ..models.run_status import RunStatus, check_run_status
from ..values import as_object

if TYPE_CHECKING:
    from ..models.json_object import JsonObject


T = TypeVar("T", bound="Run")


@_attrs_define(repr=False)
class Run(Answer):
    """A run."""

    run_id: str = ""
    """ The run's id. """
    thread_id: str = ""
    """ The run's thread. """
    assistant_id: str = ""
    """ The run's assistant. """
    status: RunStatus | str = "pending"
    """ The run's status. Other values are possible. """
    created_at: datetime.datetime = datetime.datetime.fromtimestamp(0, datetime.UTC)
    """ When it was created. """
    updated_at: datetime.datetime = datetime.datetime.fromtimestamp(0, datetime.UTC)
    """ When it last changed. """
    metadata: JsonObject = _attrs_field(factory=dict)
    """ The run's metadata. """
    kwargs: JsonObject = _attrs_field(factory=dict)
    """ How the run was started: `input`, `config`, `context` and more. Not sent by Aegra. """
    multitask_strategy: MultitaskStrategy | None | str = None
    """ What to do if the thread is busy. Other values are possible. Not sent by Aegra. """
    langsmith_session_name: None | str = None
    """ The traces' LangSmith project (Python server). """
    config: JsonObject = _attrs_field(factory=dict)
    """ The run's config (Aegra). """
    context: JsonObject = _attrs_field(factory=dict)
    """ The run's context (Aegra). """
    input_: Any = None
    """ The run's input. Only Aegra sends it here; the others send it in `kwargs`. """
    output: Any = None
    """ The final values, once the run has ended (Aegra). """
    error_message: None | str = None
    """ Why the run failed (Aegra). """
    user_id: None | str = None
    """ The user who created the run (Aegra). """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    _ATTRIBUTES = {
        "run_id": "run_id",
        "thread_id": "thread_id",
        "assistant_id": "assistant_id",
        "status": "status",
        "created_at": "created_at",
        "updated_at": "updated_at",
        "metadata": "metadata",
        "kwargs": "kwargs",
        "multitask_strategy": "multitask_strategy",
        "langsmith_session_name": "langsmith_session_name",
        "config": "config",
        "context": "context",
        "input": "input_",
        "output": "output",
        "error_message": "error_message",
        "user_id": "user_id",
    }

    def to_dict(self) -> dict[str, Any]:
        run_id = self.run_id

        thread_id = self.thread_id

        assistant_id = self.assistant_id

        status: str
        if isinstance(self.status, str):
            status = self.status
        else:
            status = self.status

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        metadata = self.metadata

        kwargs = self.kwargs

        multitask_strategy: None | str
        if isinstance(self.multitask_strategy, str):
            multitask_strategy = self.multitask_strategy
        else:
            multitask_strategy = self.multitask_strategy

        langsmith_session_name: None | str
        langsmith_session_name = self.langsmith_session_name

        config = self.config

        context = self.context

        input_ = self.input_

        output = self.output

        error_message: None | str
        error_message = self.error_message

        user_id: None | str
        user_id = self.user_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "run_id": run_id,
                "thread_id": thread_id,
                "assistant_id": assistant_id,
                "status": status,
                "created_at": created_at,
                "updated_at": updated_at,
                "metadata": metadata,
                "kwargs": kwargs,
                "multitask_strategy": multitask_strategy,
                "langsmith_session_name": langsmith_session_name,
                "config": config,
                "context": context,
                "input": input_,
                "output": output,
                "error_message": error_message,
                "user_id": user_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        run_id = d.pop("run_id")

        thread_id = d.pop("thread_id")

        assistant_id = d.pop("assistant_id")

        def _parse_status(data: object) -> RunStatus | str:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = check_run_status(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(RunStatus | str, data)

        status = _parse_status(d.pop("status"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        metadata = as_object(d.pop("metadata", None))

        kwargs = as_object(d.pop("kwargs", None))

        def _parse_multitask_strategy(data: object) -> MultitaskStrategy | None | str:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                multitask_strategy_type_0 = check_multitask_strategy(data)

                return multitask_strategy_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MultitaskStrategy | None | str, data)

        multitask_strategy = _parse_multitask_strategy(d.pop("multitask_strategy", None))

        def _parse_langsmith_session_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        langsmith_session_name = _parse_langsmith_session_name(d.pop("langsmith_session_name", None))

        config = as_object(d.pop("config", None))

        context = as_object(d.pop("context", None))

        input_ = d.pop("input", None)

        output = d.pop("output", None)

        def _parse_error_message(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        error_message = _parse_error_message(d.pop("error_message", None))

        def _parse_user_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        user_id = _parse_user_id(d.pop("user_id", None))

        run = cls(
            run_id=run_id,
            thread_id=thread_id,
            assistant_id=assistant_id,
            status=status,
            created_at=created_at,
            updated_at=updated_at,
            metadata=metadata,
            kwargs=kwargs,
            multitask_strategy=multitask_strategy,
            langsmith_session_name=langsmith_session_name,
            config=config,
            context=context,
            input_=input_,
            output=output,
            error_message=error_message,
            user_id=user_id,
        )

        run.additional_properties = d
        return run
