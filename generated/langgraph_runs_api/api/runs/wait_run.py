# Generated from openapi.yaml by `make generate`; do not edit.
from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

import httpx

from ...values import Received, as_object, to_json

if TYPE_CHECKING:
    from ...client import AuthenticatedClient, Client
from ... import errors
from ...models.json_object import JsonObject
from ...models.run_create_stateful import RunCreateStateful
from ...types import Response


def get_kwargs(
    thread_id: str,
    *,
    body: RunCreateStateful,
) -> dict[str, Any]:
    """The request as keyword arguments of `httpx.Client.request`; nothing is sent."""
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/threads/{thread_id}/runs/wait".format(
            thread_id=quote(str(thread_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    if "json" in _kwargs:
        _kwargs["content"] = to_json(_kwargs.pop("json"))
    return _kwargs


def parse_response(
    status_code: int, content: bytes, *, raise_on_unexpected_status: bool = True
) -> bool | float | JsonObject | list[Any] | None | str | None:
    """The response as this package's types.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and raise_on_unexpected_status is True.
        KeyError: If a required field is missing; its argument is the field's name.
        TypeError: If a value is of another type than documented.
        ValueError: If the content is not JSON, or a date is not one.
    """
    response = Received(status_code, content)
    if response.status_code == 200:

        def _parse_response_200(data: object) -> bool | float | JsonObject | list[Any] | None | str:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_json_value_type_0 = as_object(data)

                return componentsschemas_json_value_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, list):
                    raise TypeError()
                componentsschemas_json_value_type_1 = cast(list[Any], data)

                return componentsschemas_json_value_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(bool | float | JsonObject | list[Any] | None | str, data)

        response_200 = _parse_response_200(response.json())

        return response_200

    if raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[bool | float | JsonObject | list[Any] | None | str]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=parse_response(
            response.status_code,
            response.content,
            raise_on_unexpected_status=client.raise_on_unexpected_status,
        ),
    )


def sync_detailed(
    thread_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: RunCreateStateful,
) -> Response[bool | float | JsonObject | list[Any] | None | str]:
    """Start a run on a thread and wait for its final values.

    Args:
        thread_id (str): The thread; a UUID on every known server.
        body (RunCreateStateful): What to run on a thread. Leave out fields instead of sending
            null, which servers refuse for most of them.
            `input`, `command` and the values inside them may be null.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[bool | float | JsonObject | list[Any] | None | str]
    """

    kwargs = get_kwargs(
        thread_id=thread_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    thread_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: RunCreateStateful,
) -> bool | float | JsonObject | list[Any] | None | str | None:
    """Start a run on a thread and wait for its final values.

    Args:
        thread_id (str): The thread; a UUID on every known server.
        body (RunCreateStateful): What to run on a thread. Leave out fields instead of sending
            null, which servers refuse for most of them.
            `input`, `command` and the values inside them may be null.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        bool | float | JsonObject | list[Any] | None | str
    """

    return sync_detailed(
        thread_id=thread_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    thread_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: RunCreateStateful,
) -> Response[bool | float | JsonObject | list[Any] | None | str]:
    """Start a run on a thread and wait for its final values.

    Args:
        thread_id (str): The thread; a UUID on every known server.
        body (RunCreateStateful): What to run on a thread. Leave out fields instead of sending
            null, which servers refuse for most of them.
            `input`, `command` and the values inside them may be null.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[bool | float | JsonObject | list[Any] | None | str]
    """

    kwargs = get_kwargs(
        thread_id=thread_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    thread_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: RunCreateStateful,
) -> bool | float | JsonObject | list[Any] | None | str | None:
    """Start a run on a thread and wait for its final values.

    Args:
        thread_id (str): The thread; a UUID on every known server.
        body (RunCreateStateful): What to run on a thread. Leave out fields instead of sending
            null, which servers refuse for most of them.
            `input`, `command` and the values inside them may be null.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        bool | float | JsonObject | list[Any] | None | str
    """

    return (
        await asyncio_detailed(
            thread_id=thread_id,
            client=client,
            body=body,
        )
    ).parsed
