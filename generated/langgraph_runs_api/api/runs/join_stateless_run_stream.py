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
    run_id: str,
    *,
    stream_mode: str | Unset = UNSET,
    cancel_on_disconnect: int | Unset = UNSET,
    last_event_id: str | Unset = UNSET,
) -> dict[str, Any]:
    """The request as keyword arguments of `httpx.Client.request`; nothing is sent."""
    headers: dict[str, Any] = {}
    if not isinstance(last_event_id, Unset):
        headers["Last-Event-ID"] = last_event_id

    params: dict[str, Any] = {}

    params["stream_mode"] = stream_mode

    params["cancel_on_disconnect"] = cancel_on_disconnect

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/runs/{run_id}/stream".format(
            run_id=quote(str(run_id), safe=""),
        ),
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def parse_response(status_code: int, content: bytes, *, raise_on_unexpected_status: bool = True) -> str | None:
    """The response as this package's types.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and raise_on_unexpected_status is True.
        KeyError: If a required field is missing; its argument is the field's name.
        TypeError: If a value is of another type than documented.
        ValueError: If the content is not JSON, or a date is not one.
    """
    response = Received(status_code, content)
    if response.status_code == 200:
        response_200 = response.text
        return response_200

    if raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[str]:
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
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
    stream_mode: str | Unset = UNSET,
    cancel_on_disconnect: int | Unset = UNSET,
    last_event_id: str | Unset = UNSET,
) -> Response[str]:
    """Stream the events of a stateless run without knowing its thread.

     Only LangGraph.js has this endpoint; the others respond with 404.

    Args:
        run_id (str): The run; a UUID on every known server.
        stream_mode (str | Unset): Which of the run's modes to send: a single mode, or a JSON
            array of modes (`["values","custom"]`). If the parameter is repeated, only the last mode
            is sent; for comma-separated modes, none. LangGraph.js and Aegra ignore it and send every
            mode.
        cancel_on_disconnect (int | Unset): 1 cancels the run if this request's connection is
            lost.
        last_event_id (str | Unset): Send the events after the one with this id; `-1` sends all
            events. On the Python server, events of the same millisecond may share an id; the first
            event sent is the first with a later id.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[str]
    """

    kwargs = get_kwargs(
        run_id=run_id,
        stream_mode=stream_mode,
        cancel_on_disconnect=cancel_on_disconnect,
        last_event_id=last_event_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
    stream_mode: str | Unset = UNSET,
    cancel_on_disconnect: int | Unset = UNSET,
    last_event_id: str | Unset = UNSET,
) -> str | None:
    """Stream the events of a stateless run without knowing its thread.

     Only LangGraph.js has this endpoint; the others respond with 404.

    Args:
        run_id (str): The run; a UUID on every known server.
        stream_mode (str | Unset): Which of the run's modes to send: a single mode, or a JSON
            array of modes (`["values","custom"]`). If the parameter is repeated, only the last mode
            is sent; for comma-separated modes, none. LangGraph.js and Aegra ignore it and send every
            mode.
        cancel_on_disconnect (int | Unset): 1 cancels the run if this request's connection is
            lost.
        last_event_id (str | Unset): Send the events after the one with this id; `-1` sends all
            events. On the Python server, events of the same millisecond may share an id; the first
            event sent is the first with a later id.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        str
    """

    return sync_detailed(
        run_id=run_id,
        client=client,
        stream_mode=stream_mode,
        cancel_on_disconnect=cancel_on_disconnect,
        last_event_id=last_event_id,
    ).parsed


async def asyncio_detailed(
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
    stream_mode: str | Unset = UNSET,
    cancel_on_disconnect: int | Unset = UNSET,
    last_event_id: str | Unset = UNSET,
) -> Response[str]:
    """Stream the events of a stateless run without knowing its thread.

     Only LangGraph.js has this endpoint; the others respond with 404.

    Args:
        run_id (str): The run; a UUID on every known server.
        stream_mode (str | Unset): Which of the run's modes to send: a single mode, or a JSON
            array of modes (`["values","custom"]`). If the parameter is repeated, only the last mode
            is sent; for comma-separated modes, none. LangGraph.js and Aegra ignore it and send every
            mode.
        cancel_on_disconnect (int | Unset): 1 cancels the run if this request's connection is
            lost.
        last_event_id (str | Unset): Send the events after the one with this id; `-1` sends all
            events. On the Python server, events of the same millisecond may share an id; the first
            event sent is the first with a later id.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[str]
    """

    kwargs = get_kwargs(
        run_id=run_id,
        stream_mode=stream_mode,
        cancel_on_disconnect=cancel_on_disconnect,
        last_event_id=last_event_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
    stream_mode: str | Unset = UNSET,
    cancel_on_disconnect: int | Unset = UNSET,
    last_event_id: str | Unset = UNSET,
) -> str | None:
    """Stream the events of a stateless run without knowing its thread.

     Only LangGraph.js has this endpoint; the others respond with 404.

    Args:
        run_id (str): The run; a UUID on every known server.
        stream_mode (str | Unset): Which of the run's modes to send: a single mode, or a JSON
            array of modes (`["values","custom"]`). If the parameter is repeated, only the last mode
            is sent; for comma-separated modes, none. LangGraph.js and Aegra ignore it and send every
            mode.
        cancel_on_disconnect (int | Unset): 1 cancels the run if this request's connection is
            lost.
        last_event_id (str | Unset): Send the events after the one with this id; `-1` sends all
            events. On the Python server, events of the same millisecond may share an id; the first
            event sent is the first with a later id.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        str
    """

    return (
        await asyncio_detailed(
            run_id=run_id,
            client=client,
            stream_mode=stream_mode,
            cancel_on_disconnect=cancel_on_disconnect,
            last_event_id=last_event_id,
        )
    ).parsed
