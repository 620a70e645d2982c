# Generated from openapi.yaml by `make generate`; do not edit.
from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from ...values import Received, checked, to_json

if TYPE_CHECKING:
    from ...client import AuthenticatedClient, Client
from ... import errors
from ...models.thread_state_update import ThreadStateUpdate
from ...models.thread_update_state_response import ThreadUpdateStateResponse
from ...types import Response


def get_kwargs(
    thread_id: str,
    *,
    body: ThreadStateUpdate,
) -> dict[str, Any]:
    """The request as keyword arguments of `httpx.Client.request`; nothing is sent."""
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/threads/{thread_id}/state".format(
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
) -> ThreadUpdateStateResponse | None:
    """The response as this package's types.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and raise_on_unexpected_status is True.
        KeyError: If a required field is missing; its argument is the field's name.
        TypeError: If a value is of another type than documented.
        ValueError: If the content is not JSON, or a date is not one.
    """
    response = Received(status_code, content)
    if response.status_code == 200:
        response_200 = ThreadUpdateStateResponse.from_dict(checked(response.json(), dict, "response_200"))

        return response_200

    if raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ThreadUpdateStateResponse]:
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
    body: ThreadStateUpdate,
) -> Response[ThreadUpdateStateResponse]:
    """Change the state of a thread, as a node would.

     An unknown node is 400 on the Python server, 500 on the others. A busy thread is 409; Aegra accepts
    it.

    Args:
        thread_id (str): The thread; a UUID on every known server.
        body (ThreadStateUpdate): A change of a state.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ThreadUpdateStateResponse]
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
    body: ThreadStateUpdate,
) -> ThreadUpdateStateResponse | None:
    """Change the state of a thread, as a node would.

     An unknown node is 400 on the Python server, 500 on the others. A busy thread is 409; Aegra accepts
    it.

    Args:
        thread_id (str): The thread; a UUID on every known server.
        body (ThreadStateUpdate): A change of a state.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ThreadUpdateStateResponse
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
    body: ThreadStateUpdate,
) -> Response[ThreadUpdateStateResponse]:
    """Change the state of a thread, as a node would.

     An unknown node is 400 on the Python server, 500 on the others. A busy thread is 409; Aegra accepts
    it.

    Args:
        thread_id (str): The thread; a UUID on every known server.
        body (ThreadStateUpdate): A change of a state.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ThreadUpdateStateResponse]
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
    body: ThreadStateUpdate,
) -> ThreadUpdateStateResponse | None:
    """Change the state of a thread, as a node would.

     An unknown node is 400 on the Python server, 500 on the others. A busy thread is 409; Aegra accepts
    it.

    Args:
        thread_id (str): The thread; a UUID on every known server.
        body (ThreadStateUpdate): A change of a state.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ThreadUpdateStateResponse
    """

    return (
        await asyncio_detailed(
            thread_id=thread_id,
            client=client,
            body=body,
        )
    ).parsed
