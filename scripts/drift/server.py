"""A running server: how to reach it, what it is, and the document that it serves."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import httpx
from attrs import field, frozen
from packaging.version import InvalidVersion, Version

from examples.server import local_server
from scripts import ROOT, CommandError
from scripts.drift.document import Document, DocumentError, parse

Kind: TypeAlias = Literal["PY", "JS", "AE"]
"""LangGraph API for Python, LangGraph.js API, Aegra."""
KINDS: tuple[Kind, ...] = get_args(Kind)
NAMES: dict[Kind, str] = {"PY": "langgraph-api", "JS": "LangGraph.js API", "AE": "Aegra"}
SERVERS = ROOT / ".servers"


class ServerError(CommandError):
    """Why a server cannot be examined. Whatever asks or starts one may raise it."""


def _version(stated: object) -> Version | None:
    try:
        return Version(str(stated))
    except InvalidVersion:
        return None


@frozen
class ServerInfo:
    """What a server is; the version is None if it is unknown."""

    kind: Kind
    version: Version | None = field(converter=_version)

    @property
    def title(self) -> str:
        """Its name and version."""
        return f"{NAMES[self.kind]} {self.version or '(version unknown)'}"


def kind_and_rest(text: str) -> tuple[Kind, str]:
    """The kind of server that a text such as `PY 0.4.48` starts with, and what follows."""
    stated, _, rest = text.partition(" ")
    for kind in KINDS:
        if kind == stated:
            return kind, rest.strip()
    raise ServerError(f"unknown server {stated!r}; known are {', '.join(KINDS)}")


def stated_server(text: str) -> ServerInfo:
    """The server that a text such as `PY 0.4.48` or `PY` names."""
    kind, version = kind_and_rest(text)
    server = ServerInfo(kind, version)
    if version and not server.version:
        raise ServerError(f"{version!r} is not a version; an example is 'PY 0.17.0'")
    return server


def environment(version: str) -> Path:
    """The interpreter of an environment in which this version of the server is installed."""
    folder = SERVERS / version
    python, ready = folder / "bin" / "python", folder / "ready"
    if not (ready.exists() and python.exists()):
        print(f"installing langgraph-api {version} into {folder.relative_to(ROOT)}", file=sys.stderr)
        packages = [f"langgraph-api=={version}", "langgraph-cli[inmem]"]
        for command in (
            [sys.executable, "-m", "venv", "--clear", str(folder)],
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages],
        ):
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            if done.returncode:
                raise ServerError(f"langgraph-api {version} cannot be installed:\n{done.stdout}")
        ready.touch()
    return python


@asynccontextmanager
async def connect(url: str | None, python: str = sys.executable) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client for a server. Without a URL, the server of an interpreter is started and stopped again."""
    if url is None:
        with ExitStack() as running:
            try:
                own = running.enter_context(local_server(python=python))
            except RuntimeError as error:
                raise ServerError(f"no server could be started: {error}") from error
            async with httpx.AsyncClient(base_url=own, timeout=30, trust_env=False) as http:
                yield http
        return
    try:
        usable = httpx.URL(url).scheme in ("http", "https") and httpx.URL(url).host and " " not in url
    except httpx.InvalidURL:
        usable = False
    if not usable:
        raise ServerError(f"{url!r} is not a server's URL; an example is http://localhost:2024")
    key = os.environ.get("LANGGRAPH_API_KEY")
    async with httpx.AsyncClient(base_url=url, timeout=30, headers={"x-api-key": key} if key else {}) as http:
        yield http


async def server_info(http: httpx.AsyncClient) -> ServerInfo:
    """Ask a server what it is."""
    try:
        response = await http.get("/info")
    except httpx.HTTPError as error:
        raise ServerError(f"{http.base_url}: no response ({error_text(error)})") from error
    try:
        info = response.json()
    except ValueError:
        info = {}  # nothing is known of it then, not even a version
    info = info if isinstance(info, dict) else {}
    kind: Kind = "AE" if info.get("name") == "Aegra" else "JS" if info.get("context") == "js" else "PY"
    return ServerInfo(kind, str(info.get("version") or ""))


async def served_document(http: httpx.AsyncClient) -> Document:
    """The OpenAPI document that a server serves."""
    name = f"{str(http.base_url).rstrip('/')}/openapi.json"
    try:
        response = await http.get("/openapi.json")
    except httpx.HTTPError as error:
        raise ServerError(f"{name}: no response ({error_text(error)})") from error
    if response.status_code != httpx.codes.OK:
        denied = response.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)
        raise ServerError(
            f"{name}: status {response.status_code}; "
            + ("put its key into LANGGRAPH_API_KEY" if denied else "is a LangGraph server running there?")
        )
    try:
        return parse(response.text, name)
    except DocumentError as error:
        raise ServerError(f"{error}; is a LangGraph server running there?") from error


def error_text(error: Exception) -> str:
    """What the error says, or its class if it says nothing."""
    return str(error) or type(error).__name__
