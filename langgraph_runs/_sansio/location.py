"""Where a run is, out of an answer's `Location` and `Content-Location`."""

import re
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import unquote, urljoin, urlsplit

from attrs import frozen

from langgraph_runs._sansio.checks import path_id

_PATH = re.compile(r"(?:/threads/(?P<thread>[^/]+))?/runs/(?P<run>[^/]+)(?:/(?:stream|join))?/?$")


@frozen
class Address:
    """A run's place; `thread_id` is None where the server does not tell."""

    run_id: str | None = None
    thread_id: str | None = None


def address(headers: Mapping[str, str], request_url: object) -> Address:
    """Where the run is that this answer is about.

    `Location` counts before `Content-Location` (which is all that JS sends). One that points to another origin is not believed: nothing of
    ours, the API key least of all, may be sent there. Only the ids are taken from it; the request for them is built anew, so it also works
    behind a proxy that serves the API under a prefix.
    """
    for name in ("location", "content-location"):
        value = headers.get(name)
        if value and _same_origin(value, str(request_url)) and (match := _PATH.search(urlsplit(value).path)):
            thread = match["thread"]
            with suppress(ValueError):
                return Address(
                    path_id("run_id", unquote(match["run"])),
                    path_id("thread_id", unquote(thread)) if thread else None,
                )
    return Address()


def _same_origin(location: str, request_url: str) -> bool:
    if location.startswith("/") and not location.startswith("//"):
        return True  # as all servers have it
    try:
        return _origin(urljoin(request_url, location)) == _origin(request_url)
    except ValueError:
        return False


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
