# Generated from openapi.yaml by `make generate`; do not edit.
from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx

from ...values import Received, to_json

if TYPE_CHECKING:
    from ...client import AuthenticatedClient, Client
from ... import errors
from ...models.cancel_action import CancelAction
from ...models.runs_cancel import RunsCancel
from ...types import UNSET, Response, Unset


def get_kwargs(
    *,
    body: RunsCancel,
    action: CancelAction | Unset = UNSET,
) -> dict[str, Any]:
    """The request as keyword arguments of `httpx.Client.request`; nothing is sent."""
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    json_action: str | Unset = UNSET
    if not isinstance(action, Unset):
        json_action = action

    params["action"] = json_action

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/runs/cancel",
        "params": params,
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    if "json" in _kwargs:
        _kwargs["content"] = to_json(_kwargs.pop("json"))
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
    *,
    client: AuthenticatedClient | Client,
    body: RunsCancel,
    action: CancelAction | Unset = UNSET,
) -> Response[Any]:
    """Cancel several runs, by status or by their ids on one thread.

     If no run matches, the Python server responds with 404, Aegra with 204. LangGraph.js lacks this
    endpoint (404).

    Args:
        action (CancelAction | Unset): Whether to keep the run (`interrupt`, the servers' default)
            or to undo and delete it (`rollback`).
        body (RunsCancel): Which runs to cancel, either by `status` or by `thread_id` and
            `run_ids`.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any]
    """

    kwargs = get_kwargs(
        body=body,
        action=action,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: RunsCancel,
    action: CancelAction | Unset = UNSET,
) -> Response[Any]:
    """Cancel several runs, by status or by their ids on one thread.

     If no run matches, the Python server responds with 404, Aegra with 204. LangGraph.js lacks this
    endpoint (404).

    Args:
        action (CancelAction | Unset): Whether to keep the run (`interrupt`, the servers' default)
            or to undo and delete it (`rollback`).
        body (RunsCancel): Which runs to cancel, either by `status` or by `thread_id` and
            `run_ids`.

    Raises:
        errors.UnexpectedStatus: If the status is no documented success and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any]
    """

    kwargs = get_kwargs(
        body=body,
        action=action,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)
