# openapi.yaml sha256 1a80f6f44771396aa8f080fab982795914f9b44a5ea035ba14c26e66df7131b1, openapi-python-client 0.29.1
# Made by scripts/generate.py from openapi.yaml; do not edit.
"""A client library for accessing LangGraph runs API"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .client import AuthenticatedClient, Client


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import client

    value = globals()[name] = getattr(client, name)
    return value


__all__ = (
    "AuthenticatedClient",
    "Client",
)
