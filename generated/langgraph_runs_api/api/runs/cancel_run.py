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
from ...models.cancel_action import CancelAction
from ...models.json_object import JsonObject
from ...types import UNSET, Response, Unset


def get_kwargs(
    thread_id: str,
    run_id: str,
    *,
    wait: int | Unset = UNSET,
    action: CancelAction | Unset = UNSET,
) -> dict[str, Any]:
    """The request as keyword arguments of `httpx.Client.request`; nothing is sent."""

    params: dict[str, Any] = {}

    params["wait"] = wait

    json_action: str | Unset = UNSET
    if not isinstance(action, Unset):
        json_action = action

    params["action"] = json_action

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/threads/{thread_id}/runs/{run_id}/cancel".format(
            thread_id=quote(str(thread_id), safe=""),
            run_id=quote(str(run_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def parse_response(
    status_code: int, content: bytes, *, raise_on_unexpected_status: bool = True
) -> Any | bool | float | JsonObject | list[Any] | None | str | None:
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

    if response.status_code == 202:
        response_202 = cast(Any, None)
        return response_202

    if response.status_code == 204:
        response_204 = cast(Any, None)
        return response_204

    if raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Any | bool | float | JsonObject | list[Any] | None | str]:
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
    wait: int | Unset = UNSET,
    action: CancelAction | Unset = UNSET,
) -> Response[Any | bool | float | JsonObject | list[Any] | None | str]:
    """Cancel a run.

     For a run that has ended, the Python server responds with 404, LangGraph.js with 204, Aegra with
    200.

    Args:
        thread_id (str): The thread; a UUID on every known server.
        run_id (str): The run; a UUID on every known server.
        wait (int | Unset): 1 waits until the run has stopped. Aegra refuses `true` and `false`.
        action (CancelAction | Unset): Whether to keep the run (`interrupt`, the servers' default)
            or to undo and delete it (`rollback`).

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | bool | float | JsonObject | list[Any] | None | str]
    """

    kwargs = get_kwargs(
        thread_id=thread_id,
        run_id=run_id,
        wait=wait,
        action=action,
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
    wait: int | Unset = UNSET,
    action: CancelAction | Unset = UNSET,
) -> Any | bool | float | JsonObject | list[Any] | None | str | None:
    """Cancel a run.

     For a run that has ended, the Python server responds with 404, LangGraph.js with 204, Aegra with
    200.

    Args:
        thread_id (str): The thread; a UUID on every known server.
        run_id (str): The run; a UUID on every known server.
        wait (int | Unset): 1 waits until the run has stopped. Aegra refuses `true` and `false`.
        action (CancelAction | Unset): Whether to keep the run (`interrupt`, the servers' default)
            or to undo and delete it (`rollback`).

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | bool | float | JsonObject | list[Any] | None | str
    """

    return sync_detailed(
        thread_id=thread_id,
        run_id=run_id,
        client=client,
        wait=wait,
        action=action,
    ).parsed


async def asyncio_detailed(
    thread_id: str,
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
    wait: int | Unset = UNSET,
    action: CancelAction | Unset = UNSET,
) -> Response[Any | bool | float | JsonObject | list[Any] | None | str]:
    """Cancel a run.

     For a run that has ended, the Python server responds with 404, LangGraph.js with 204, Aegra with
    200.

    Args:
        thread_id (str): The thread; a UUID on every known server.
        run_id (str): The run; a UUID on every known server.
        wait (int | Unset): 1 waits until the run has stopped. Aegra refuses `true` and `false`.
        action (CancelAction | Unset): Whether to keep the run (`interrupt`, the servers' default)
            or to undo and delete it (`rollback`).

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | bool | float | JsonObject | list[Any] | None | str]
    """

    kwargs = get_kwargs(
        thread_id=thread_id,
        run_id=run_id,
        wait=wait,
        action=action,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    thread_id: str,
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
    wait: int | Unset = UNSET,
    action: CancelAction | Unset = UNSET,
) -> Any | bool | float | JsonObject | list[Any] | None | str | None:
    """Cancel a run.

     For a run that has ended, the Python server responds with 404, LangGraph.js with 204, Aegra with
    200.

    Args:
        thread_id (str): The thread; a UUID on every known server.
        run_id (str): The run; a UUID on every known server.
        wait (int | Unset): 1 waits until the run has stopped. Aegra refuses `true` and `false`.
        action (CancelAction | Unset): Whether to keep the run (`interrupt`, the servers' default)
            or to undo and delete it (`rollback`).

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | bool | float | JsonObject | list[Any] | None | str
    """

    return (
        await asyncio_detailed(
            thread_id=thread_id,
            run_id=run_id,
            client=client,
            wait=wait,
            action=action,
        )
    ).parsed
