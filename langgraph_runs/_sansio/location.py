"""Finds a run's ids in the headers `Location` and `Content-Location` of a response, and in a `metadata` event."""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from langgraph_runs._sansio.checks import path_id
from langgraph_runs_api.values import is_object

_PATH = re.compile(r"(?:/threads/(?P<thread>[^/]+))?/runs/(?P<run>[^/]+)(?:/(?:stream|join))?/?$")


class RunLocation(NamedTuple):
    """The ids of a run and its thread; None where they are not known."""

    run_id: str | None = None
    thread_id: str | None = None

    @property
    def path(self) -> tuple[str, str]:
        """Both ids, which must be known, as the paths of the run's requests need them."""
        return str(self.thread_id), str(self.run_id)

    def completed(self, found: "RunLocation") -> "RunLocation":
        """These ids, and those found where one is not known."""
        return RunLocation(self.run_id or found.run_id, self.thread_id or found.thread_id)


def locate(headers: Mapping[str, str]) -> RunLocation:
    """The ids of the run that this response is about.

    `Location` takes precedence over `Content-Location`, the only one that LangGraph.js sends. Only the ids are used,
    whatever the host and prefix: requests for the run are built from the client's own URL, so they also work behind a
    proxy, and no request, and no API key, goes elsewhere.
    """
    for name in ("location", "content-location"):
        with suppress(ValueError):  # not a URL, or not an id
            if match := _PATH.search(urlsplit(headers.get(name, "")).path):
                thread_id = path_id("thread_id", unquote(match["thread"])) if match["thread"] else None
                return RunLocation(path_id("run_id", unquote(match["run"])), thread_id)
    return RunLocation()


def located(data: object) -> RunLocation:
    """The run's id in the data of a `metadata` event."""
    with suppress(ValueError):
        if is_object(data) and isinstance(run_id := data.get("run_id"), str):
            return RunLocation(path_id("run_id", run_id))
    return RunLocation()
