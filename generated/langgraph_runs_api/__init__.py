# openapi.yaml sha256 1c671ea9dd8539e54bbfe105b3f407961eb3d339a2851ff35fb35720b345539c, openapi-python-client 0.29.1
# Generated from openapi.yaml by `make generate`; do not edit.
"""A client library for accessing LangGraph runs API"""

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
