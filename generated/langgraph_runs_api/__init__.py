# openapi.yaml sha256 41f941b764e98772ed17ab51593d41d351ff7b259146f9ab11264a93e1f91244, openapi-python-client 0.29.1
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
