"""Where a run is, out of an answer's `Location` and `Content-Location`."""

import re
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import unquote, urlsplit

import httpx
from attrs import frozen

from langgraph_runs.payloads import path_id

_PATH = re.compile(r"(?:/threads/(?P<thread>[^/]+))?/runs/(?P<run>[^/]+)(?:/(?:stream|join))?/?$")


@frozen
class Address:
    """A run's place; `thread_id` is None where the server does not tell."""

    run_id: str | None = None
    thread_id: str | None = None


def address(headers: Mapping[str, str], request_url: httpx.URL) -> Address:
    """Where the run is that this answer is about.

    `Location` counts before `Content-Location` (which is all that JS sends). One that points to another origin is not believed: nothing of
    ours, the API key least of all, may be sent there. Only the ids are taken from it; the request for them is built anew, so it also works
    behind a proxy that serves the API under a prefix.
    """
    for name in ("location", "content-location"):
        value = headers.get(name)
        if value and _same_origin(value, request_url) and (match := _PATH.search(urlsplit(value).path)):
            thread = match["thread"]
            with suppress(ValueError):
                return Address(
                    path_id("run_id", unquote(match["run"])),
                    path_id("thread_id", unquote(thread)) if thread else None,
                )
    return Address()


def _same_origin(location: str, request_url: httpx.URL) -> bool:
    try:
        target = request_url.join(location)
        return (target.scheme, target.host, target.port) == (request_url.scheme, request_url.host, request_url.port)
    except (httpx.InvalidURL, ValueError):  # the latter for a host name that is none
        return False
