# Generated from openapi.yaml by `make generate`; do not edit.
from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

import httpx

from ...values import Received, as_object

if TYPE_CHECKING:
    from ...client import AuthenticatedClient, Client
from ... import errors
from ...models.json_object import JsonObject
from ...types import UNSET, Response, Unset


def get_kwargs(
    thread_id: str,
    run_id: str,
    *,
    cancel_on_disconnect: int | Unset = UNSET,
) -> dict[str, Any]:
    """The request as keyword arguments of `httpx.Client.request`; nothing is sent."""

    params: dict[str, Any] = {}

    params["cancel_on_disconnect"] = cancel_on_disconnect

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/threads/{thread_id}/runs/{run_id}/join".format(
            thread_id=quote(str(thread_id), safe=""),
            run_id=quote(str(run_id), safe=""),
        ),
        "params": params,
    }

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
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
    cancel_on_disconnect: int | Unset = UNSET,
) -> Response[bool | float | JsonObject | list[Any] | None | str]:
    """Wait for a run to end and get its final values.

     If the run does not exist, only Aegra responds with 404. The others respond with 200 and `__error__`
    (`404: Run not found` from the Python server, `"Run not found"` from LangGraph.js).

    Args:
        thread_id (str): The thread; a UUID on every known server.
        run_id (str): The run; a UUID on every known server.
        cancel_on_disconnect (int | Unset): 1 cancels the run if this request's connection is
            lost.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[bool | float | JsonObject | list[Any] | None | str]
    """

    kwargs = get_kwargs(
        thread_id=thread_id,
        run_id=run_id,
        cancel_on_disconnect=cancel_on_disconnect,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    thread_id: str,
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
    cancel_on_disconnect: int | Unset = UNSET,
) -> bool | float | JsonObject | list[Any] | None | str | None:
    """Wait for a run to end and get its final values.

     If the run does not exist, only Aegra responds with 404. The others respond with 200 and `__error__`
    (`404: Run not found` from the Python server, `"Run not found"` from LangGraph.js).

    Args:
        thread_id (str): The thread; a UUID on every known server.
        run_id (str): The run; a UUID on every known server.
        cancel_on_disconnect (int | Unset): 1 cancels the run if this request's connection is
            lost.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        bool | float | JsonObject | list[Any] | None | str
    """

    return sync_detailed(
        thread_id=thread_id,
        run_id=run_id,
        client=client,
        cancel_on_disconnect=cancel_on_disconnect,
    ).parsed


async def asyncio_detailed(
    thread_id: str,
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
    cancel_on_disconnect: int | Unset = UNSET,
) -> Response[bool | float | JsonObject | list[Any] | None | str]:
    """Wait for a run to end and get its final values.

     If the run does not exist, only Aegra responds with 404. The others respond with 200 and `__error__`
    (`404: Run not found` from the Python server, `"Run not found"` from LangGraph.js).

    Args:
        thread_id (str): The thread; a UUID on every known server.
        run_id (str): The run; a UUID on every known server.
        cancel_on_disconnect (int | Unset): 1 cancels the run if this request's connection is
            lost.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[bool | float | JsonObject | list[Any] | None | str]
    """

    kwargs = get_kwargs(
        thread_id=thread_id,
        run_id=run_id,
        cancel_on_disconnect=cancel_on_disconnect,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    thread_id: str,
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
    cancel_on_disconnect: int | Unset = UNSET,
) -> bool | float | JsonObject | list[Any] | None | str | None:
    """Wait for a run to end and get its final values.

     If the run does not exist, only Aegra responds with 404. The others respond with 200 and `__error__`
    (`404: Run not found` from the Python server, `"Run not found"` from LangGraph.js).

    Args:
        thread_id (str): The thread; a UUID on every known server.
        run_id (str): The run; a UUID on every known server.
        cancel_on_disconnect (int | Unset): 1 cancels the run if this request's connection is
            lost.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        bool | float | JsonObject | list[Any] | None | str
    """

    return (
        await asyncio_detailed(
            thread_id=thread_id,
            run_id=run_id,
            client=client,
            cancel_on_disconnect=cancel_on_disconnect,
        )
    ).parsed
