# Generated from openapi.yaml by `make generate`; do not edit.
from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from ...values import Received, checked

if TYPE_CHECKING:
    from ...client import AuthenticatedClient, Client
from ... import errors
from ...models.partial_run import PartialRun
from ...models.run import Run
from ...models.run_select_field import RunSelectField
from ...models.run_status import RunStatus
from ...types import UNSET, Response, Unset


def get_kwargs(
    thread_id: str,
    *,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    status: RunStatus | Unset = UNSET,
    select: list[RunSelectField] | Unset = UNSET,
) -> dict[str, Any]:
    """The request as keyword arguments of `httpx.Client.request`; nothing is sent."""

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["offset"] = offset

    json_status: str | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = status

    params["status"] = json_status

    json_select: list[str] | Unset = UNSET
    if not isinstance(select, Unset):
        json_select = []
        for select_item_data in select:
            select_item: str = select_item_data
            json_select.append(select_item)

    params["select"] = json_select

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/threads/{thread_id}/runs".format(
            thread_id=quote(str(thread_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def parse_response(
    status_code: int, content: bytes, *, raise_on_unexpected_status: bool = True
) -> list[PartialRun | Run] | None:
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

            def _parse_response_200_item(data: object) -> PartialRun | Run:
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    response_200_item_type_0 = Run.from_dict(checked(data, dict, "response_200_item_type_0"))

                    return response_200_item_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                if not isinstance(data, dict):
                    raise TypeError()
                response_200_item_type_1 = PartialRun.from_dict(checked(data, dict, "response_200_item_type_1"))

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
) -> Response[list[PartialRun | Run]]:
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
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    status: RunStatus | Unset = UNSET,
    select: list[RunSelectField] | Unset = UNSET,
) -> Response[list[PartialRun | Run]]:
    """List the runs of a thread, a page at a time.

     Newest first; on LangGraph.js, oldest first. No server filters by metadata or time.

    Args:
        thread_id (str): The thread; a UUID on every known server.
        limit (int | Unset): The maximum number of runs. The servers' default is 10.
        offset (int | Unset): The number of runs to skip.
        status (RunStatus | Unset): Only runs in this status.
        select (list[RunSelectField] | Unset): Return only these fields of each run, one parameter
            per field. LangGraph.js and Aegra ignore it.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[list[PartialRun | Run]]
    """

    kwargs = get_kwargs(
        thread_id=thread_id,
        limit=limit,
        offset=offset,
        status=status,
        select=select,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    thread_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    status: RunStatus | Unset = UNSET,
    select: list[RunSelectField] | Unset = UNSET,
) -> list[PartialRun | Run] | None:
    """List the runs of a thread, a page at a time.

     Newest first; on LangGraph.js, oldest first. No server filters by metadata or time.

    Args:
        thread_id (str): The thread; a UUID on every known server.
        limit (int | Unset): The maximum number of runs. The servers' default is 10.
        offset (int | Unset): The number of runs to skip.
        status (RunStatus | Unset): Only runs in this status.
        select (list[RunSelectField] | Unset): Return only these fields of each run, one parameter
            per field. LangGraph.js and Aegra ignore it.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        list[PartialRun | Run]
    """

    return sync_detailed(
        thread_id=thread_id,
        client=client,
        limit=limit,
        offset=offset,
        status=status,
        select=select,
    ).parsed


async def asyncio_detailed(
    thread_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    status: RunStatus | Unset = UNSET,
    select: list[RunSelectField] | Unset = UNSET,
) -> Response[list[PartialRun | Run]]:
    """List the runs of a thread, a page at a time.

     Newest first; on LangGraph.js, oldest first. No server filters by metadata or time.

    Args:
        thread_id (str): The thread; a UUID on every known server.
        limit (int | Unset): The maximum number of runs. The servers' default is 10.
        offset (int | Unset): The number of runs to skip.
        status (RunStatus | Unset): Only runs in this status.
        select (list[RunSelectField] | Unset): Return only these fields of each run, one parameter
            per field. LangGraph.js and Aegra ignore it.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[list[PartialRun | Run]]
    """

    kwargs = get_kwargs(
        thread_id=thread_id,
        limit=limit,
        offset=offset,
        status=status,
        select=select,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    thread_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    status: RunStatus | Unset = UNSET,
    select: list[RunSelectField] | Unset = UNSET,
) -> list[PartialRun | Run] | None:
    """List the runs of a thread, a page at a time.

     Newest first; on LangGraph.js, oldest first. No server filters by metadata or time.

    Args:
        thread_id (str): The thread; a UUID on every known server.
        limit (int | Unset): The maximum number of runs. The servers' default is 10.
        offset (int | Unset): The number of runs to skip.
        status (RunStatus | Unset): Only runs in this status.
        select (list[RunSelectField] | Unset): Return only these fields of each run, one parameter
            per field. LangGraph.js and Aegra ignore it.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        list[PartialRun | Run]
    """

    return (
        await asyncio_detailed(
            thread_id=thread_id,
            client=client,
            limit=limit,
            offset=offset,
            status=status,
            select=select,
        )
    ).parsed
