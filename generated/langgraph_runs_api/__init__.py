# openapi.yaml sha256 b8c7a7a5264aff284e82183ffb6bd9121269b007367b3df011b42210e3bfc7be, openapi-python-client 0.29.1
# Generated from openapi.yaml by `make generate`; do not edit.
"""A client library for accessing LangGraph runs API.

A module of `api` sends one request, as `sync` or `asyncio`; the models are its bodies and answers:

    from langgraph_runs_api import AuthenticatedClient
    from langgraph_runs_api.api.runs import create_run
    from langgraph_runs_api.models import RunCreateStateful

    with AuthenticatedClient(url, token=key, prefix="", auth_header_name="x-api-key") as client:
        run = create_run.sync(thread_id, client=client, body=RunCreateStateful(assistant_id="agent"))

A server without keys needs only `Client(url)`. Any status but a documented success raises `errors.UnexpectedStatus`.
"""

from typing import TYPE_CHECKING

from .lazy import lazy_names

if TYPE_CHECKING:
    from .client import AuthenticatedClient, Client

if not TYPE_CHECKING:  # a type checker would accept any name
    __getattr__ = lazy_names(__name__, {"AuthenticatedClient": ".client", "Client": ".client"})

__all__ = (
    "AuthenticatedClient",
    "Client",
)
