# Generated from openapi.yaml by `make generate`; do not edit.
from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx

from ...values import Received, checked, to_json

if TYPE_CHECKING:
    from ...client import AuthenticatedClient, Client
from ... import errors
from ...models.partial_thread import PartialThread
from ...models.thread import Thread
from ...models.thread_search import ThreadSearch
from ...types import Response


def get_kwargs(
    *,
    body: ThreadSearch,
) -> dict[str, Any]:
    """The request as keyword arguments of `httpx.Client.request`; nothing is sent."""
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/threads/search",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    if "json" in _kwargs:
        _kwargs["content"] = to_json(_kwargs.pop("json"))
    return _kwargs


def parse_response(
    status_code: int, content: bytes, *, raise_on_unexpected_status: bool = True
) -> list[PartialThread | Thread] | None:
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

            def _parse_response_200_item(data: object) -> PartialThread | Thread:
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    response_200_item_type_0 = Thread.from_dict(checked(data, dict, "response_200_item_type_0"))

                    return response_200_item_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                if not isinstance(data, dict):
                    raise TypeError()
                response_200_item_type_1 = PartialThread.from_dict(checked(data, dict, "response_200_item_type_1"))

                return response_200_item_type_1

            response_200_item = _parse_response_200_item(response_200_item_data)

            response_200.append(response_200_item)

        return response_200

    if raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[list[PartialThread | Thread]]:
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
    body: ThreadSearch,
) -> Response[list[PartialThread | Thread]]:
    """Search threads, a page at a time.

     Aegra ignores `ids` and `values`, and refuses `select` (422).

    Args:
        body (ThreadSearch): Which threads to return. Only those that meet all conditions are.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[list[PartialThread | Thread]]
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
    body: ThreadSearch,
) -> list[PartialThread | Thread] | None:
    """Search threads, a page at a time.

     Aegra ignores `ids` and `values`, and refuses `select` (422).

    Args:
        body (ThreadSearch): Which threads to return. Only those that meet all conditions are.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        list[PartialThread | Thread]
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: ThreadSearch,
) -> Response[list[PartialThread | Thread]]:
    """Search threads, a page at a time.

     Aegra ignores `ids` and `values`, and refuses `select` (422).

    Args:
        body (ThreadSearch): Which threads to return. Only those that meet all conditions are.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[list[PartialThread | Thread]]
    """

    kwargs = get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: ThreadSearch,
) -> list[PartialThread | Thread] | None:
    """Search threads, a page at a time.

     Aegra ignores `ids` and `values`, and refuses `select` (422).

    Args:
        body (ThreadSearch): Which threads to return. Only those that meet all conditions are.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        list[PartialThread | Thread]
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
