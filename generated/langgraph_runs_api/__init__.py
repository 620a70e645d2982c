# openapi.yaml sha256 e4cea2469ceb13b0aba580533387bf610f1da0ea4cb996b1275bf5ee68ba18c5, openapi-python-client 0.29.1
# Made by scripts/generate.py from openapi.yaml; do not edit.
"""A client library for accessing LangGraph runs API"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .client import AuthenticatedClient, Client

if not TYPE_CHECKING:  # or any name would do

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
