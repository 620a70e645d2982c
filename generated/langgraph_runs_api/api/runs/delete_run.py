# Generated from openapi.yaml by `make generate`; do not edit.
from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from ...values import Received

if TYPE_CHECKING:
    from ...client import AuthenticatedClient, Client
from ... import errors
from ...types import UNSET, Response, Unset


def get_kwargs(
    thread_id: str,
    run_id: str,
    *,
    force: int | Unset = UNSET,
) -> dict[str, Any]:
    """The request as keyword arguments of `httpx.Client.request`; nothing is sent."""

    params: dict[str, Any] = {}

    params["force"] = force

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/threads/{thread_id}/runs/{run_id}".format(
            thread_id=quote(str(thread_id), safe=""),
            run_id=quote(str(run_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def parse_response(status_code: int, content: bytes, *, raise_on_unexpected_status: bool = True) -> Any | None:
    """The response as this package's types.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and raise_on_unexpected_status is True.
        KeyError: If a required field is missing; its argument is the field's name.
        TypeError: If a value is of another type than documented.
        ValueError: If the content is not JSON, or a date is not one.
    """
    response = Received(status_code, content)
    if response.status_code == 204:
        return None

    if raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Any]:
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
    force: int | Unset = UNSET,
) -> Response[Any]:
    """Delete a run.

     The Python server deletes active runs too. Aegra refuses that (409) unless `force` is 1.

    Args:
        thread_id (str): The thread; a UUID on every known server.
        run_id (str): The run; a UUID on every known server.
        force (int | Unset): 1 deletes an active run too; only on Aegra.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any]
    """

    kwargs = get_kwargs(
        thread_id=thread_id,
        run_id=run_id,
        force=force,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


async def asyncio_detailed(
    thread_id: str,
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
    force: int | Unset = UNSET,
) -> Response[Any]:
    """Delete a run.

     The Python server deletes active runs too. Aegra refuses that (409) unless `force` is 1.

    Args:
        thread_id (str): The thread; a UUID on every known server.
        run_id (str): The run; a UUID on every known server.
        force (int | Unset): 1 deletes an active run too; only on Aegra.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any]
    """

    kwargs = get_kwargs(
        thread_id=thread_id,
        run_id=run_id,
        force=force,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)
