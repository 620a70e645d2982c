# Generated from openapi.yaml by `make generate`; do not edit.
from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx

from ...values import Received, checked, to_json

if TYPE_CHECKING:
    from ...client import AuthenticatedClient, Client
from ... import errors
from ...models.run import Run
from ...models.run_create_stateless import RunCreateStateless
from ...types import Response


def get_kwargs(
    *,
    body: list[RunCreateStateless],
) -> dict[str, Any]:
    """The request as keyword arguments of `httpx.Client.request`; nothing is sent."""
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/runs/batch",
    }

    _kwargs["json"] = []
    for body_item_data in body:
        body_item = body_item_data.to_dict()
        _kwargs["json"].append(body_item)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    if "json" in _kwargs:
        _kwargs["content"] = to_json(_kwargs.pop("json"))
    return _kwargs


def parse_response(status_code: int, content: bytes, *, raise_on_unexpected_status: bool = True) -> list[Run] | None:
    """The response as this package's types.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and raise_on_unexpected_status is True.
        KeyError: If a required field is missing; its argument is the field's name.
        TypeError: If a value is of another type than documented.
        ValueError: If the content is not JSON, or a date is not one.
    """
    response = Received(status_code, content)
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in checked(_response_200, list, "response_200"):
            response_200_item = Run.from_dict(checked(response_200_item_data, dict, "response_200_item"))

            response_200.append(response_200_item)

        return response_200

    if raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[list[Run]]:
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
    *,
    client: AuthenticatedClient | Client,
    body: list[RunCreateStateless],
) -> Response[list[Run]]:
    """Start several stateless runs in the background.

     If an item does not match the schema, the whole batch is refused (422). If an item is refused for
    another reason
    (an unknown assistant, on the Python server), the response is an error too, but the other runs are
    created.
    Aegra does not have this endpoint (404).

    Args:
        body (list[RunCreateStateless]):

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[list[Run]]
    """

    kwargs = get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: list[RunCreateStateless],
) -> list[Run] | None:
    """Start several stateless runs in the background.

     If an item does not match the schema, the whole batch is refused (422). If an item is refused for
    another reason
    (an unknown assistant, on the Python server), the response is an error too, but the other runs are
    created.
    Aegra does not have this endpoint (404).

    Args:
        body (list[RunCreateStateless]):

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        list[Run]
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: list[RunCreateStateless],
) -> Response[list[Run]]:
    """Start several stateless runs in the background.

     If an item does not match the schema, the whole batch is refused (422). If an item is refused for
    another reason
    (an unknown assistant, on the Python server), the response is an error too, but the other runs are
    created.
    Aegra does not have this endpoint (404).

    Args:
        body (list[RunCreateStateless]):

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[list[Run]]
    """

    kwargs = get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: list[RunCreateStateless],
) -> list[Run] | None:
    """Start several stateless runs in the background.

     If an item does not match the schema, the whole batch is refused (422). If an item is refused for
    another reason
    (an unknown assistant, on the Python server), the response is an error too, but the other runs are
    created.
    Aegra does not have this endpoint (404).

    Args:
        body (list[RunCreateStateless]):

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        list[Run]
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
