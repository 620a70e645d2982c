"""Finds a run's ids in the headers `Location` and `Content-Location` of a response."""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from langgraph_runs._sansio.checks import path_id

_PATH = re.compile(r"(?:/threads/(?P<thread>[^/]+))?/runs/(?P<run>[^/]+)(?:/(?:stream|join))?/?$")


class RunLocation(NamedTuple):
    """The ids of a run and its thread; None where the server has not sent them."""

    run_id: str | None = None
    thread_id: str | None = None


def locate(headers: Mapping[str, str], request_url: object) -> RunLocation:
    """The ids of the run that this response is about.

    `Location` takes precedence over `Content-Location`, the only one that LangGraph.js sends. A header that points to
    another origin is ignored, because no request, and no API key, may go there. Only the ids are used: requests for the
    run are built from the client's own URL, so they also work behind a proxy that serves the API under a prefix.
    """
    for name in ("location", "content-location"):
        value = headers.get(name)
        if value and _same_origin(value, str(request_url)) and (match := _PATH.search(urlsplit(value).path)):
            thread = match["thread"]
            with suppress(ValueError):
                return RunLocation(
                    path_id("run_id", unquote(match["run"])),
                    path_id("thread_id", unquote(thread)) if thread else None,
                )
    return RunLocation()


def _same_origin(location: str, request_url: str) -> bool:
    if location.startswith("/") and not location.startswith("//"):
        return True  # every known server sends a path
    try:
        return _origin(urljoin(request_url, location)) == _origin(request_url)
    except ValueError:
        return False


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
