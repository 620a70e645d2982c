"""A request on its way, before it is anything of HTTP's."""

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen


@frozen
class Request:
    """A request, whole. An `httpx.Request` would read its URL again and again: a sixth of what a small call costs.

    Attributes:
        method: Such as GET.
        url: Whole; it holds no user name and no password.
        headers: By names in lower case.
        content: Its body; empty for none.
        extensions: What httpx calls so: the bounds on time of each step, and who is told of new connections.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    content: bytes = field(default=b"", repr=False)
    extensions: Mapping[str, Any] = field(factory=dict[str, Any], repr=False)
