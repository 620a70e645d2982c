"""The settings of a client: the server's URL, headers, timeouts and retries.

A wrong type is a TypeError and a bad value a ValueError; each names the argument, and shows nothing that may be secret.
"""

import os
import re
import ssl
import threading
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from enum import Enum
from typing import Any, Final, Literal, TypeAlias, cast
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies
from uuid import UUID

import httpx
from attrs import frozen

from langgraph_runs._sansio.checks import mapping
from langgraph_runs._sansio.failures import http_libraries
from langgraph_runs._version import __version__
from langgraph_runs.types import QueryParams, Timeout, TimeoutConfig

DEFAULT_URL = "http://localhost:2024"
# A node may run for minutes before the next byte, and streams of LangGraph.js have no heartbeats: hence 300 s.
DEFAULT_STEPS: Final[Mapping[str, float | None]] = {"connect": 10.0, "read": 300.0, "write": 60.0, "pool": 30.0}


class NotGiven(Enum):
    """The type of an argument that was left out, for arguments where None has a meaning."""

    token = 0


NOT_GIVEN: Final = NotGiven.token
MaybeKey: TypeAlias = str | Literal[NotGiven.token] | None


@frozen
class RetryPolicy:
    """How often to retry, and how long to wait before: a random time of at most `initial * 2**n` before retry n.

    Attributes:
        max_retries: Maximum number of retries after the first attempt.
        total: Seconds after the first attempt during which retries may start.
        initial: Maximum seconds before the first retry.
        maximum: Maximum seconds before any retry. If the server asks for a longer wait, the error is raised.
    """

    max_retries: int = 4
    total: float = 120.0
    initial: float = 0.5
    maximum: float = 30.0

    def __attrs_post_init__(self) -> None:
        if isinstance(self.max_retries, bool) or not isinstance(self.max_retries, int) or self.max_retries < 0:
            raise ValueError(f"max_retries: must be a non-negative integer, not {self.max_retries!r}")
        for name in ("total", "initial", "maximum"):
            seconds(name, getattr(self, name))


@frozen(eq=False, repr=False)
class Settings:
    """The checked settings of one client."""

    url: str
    headers: Mapping[str, str]  # among them the API key
    steps: Mapping[str, float | None]  # the timeout of each step of a request
    retry: RetryPolicy
    max_bytes: int = 256 * 2**20
    idle_timeout: float | None = None  # of methods that have an option of this name


class OfServer:
    """What has an `_http` with `Settings`: its repr names the server, and shows neither key nor headers."""

    def __repr__(self) -> str:
        settings: Settings = vars(self)["_http"].settings
        return f"{type(self).__name__}({settings.url!r})"

    def __reduce__(self) -> str:
        raise TypeError(f"{type(self).__name__} can't be copied or pickled; make one in each process")


def resolve(
    url: str | httpx.URL | None,
    *,
    api_key: MaybeKey,
    headers: Mapping[str, str] | None,
    timeout: Timeout,
    max_retries: int | RetryPolicy,
    http_client: Any = None,
    idle_timeout: float | None = None,
) -> Settings:
    """Settings from the arguments of `Client`, from its `http_client`, and from the environment."""
    own_url = str(getattr(http_client, "base_url", ""))
    places = ("url", str(url or "")), ("http_client", own_url), _variable("LANGGRAPH_API_URL")
    base_url, credentials = _url(*next((place for place in places if place[1]), ("url", DEFAULT_URL)))
    if timeout is None and http_client is not None:
        # httpx's default of 5 s is as long as the interval of heartbeats, and probably nobody's choice.
        is_default = http_client.timeout == type(http_client.timeout)(5)
        timeout = None if is_default else http_client.timeout
    own = {"user-agent": f"langgraph-runs/{__version__}"}
    if credentials:
        own["authorization"] = f"Basic {b64encode(credentials.encode()).decode()}"
    if key := _key(api_key):
        own["x-api-key"] = key
    return Settings(
        url=base_url,
        headers={**own, **checked_headers(None if headers is None else mapping("headers", headers))},
        steps=checked_timeout(timeout),
        retry=max_retries if isinstance(max_retries, RetryPolicy) else RetryPolicy(max_retries),
        idle_timeout=None if idle_timeout is None else seconds("idle_timeout", idle_timeout),
    )


def proxy_for(url: str) -> str | None:
    """The URL of the proxy that the environment sets for this URL, as httpx reads it; None for a direct connection.

    Raises:
        ValueError: Naming the variable, if the proxy can't be used.
    """
    target, proxies = httpx.URL(url), getproxies()
    variable = target.scheme if proxies.get(target.scheme) else "all"
    excluded = filter(None, map(str.strip, proxies.get("no", "").split(",")))
    if not (proxy := proxies.get(variable)) or any(_excludes(entry, target) for entry in excluded):
        return None
    name = f"{variable}_proxy" if f"{variable}_proxy" in os.environ else f"{variable}_proxy".upper()
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    try:
        scheme = httpx.Proxy(proxy).url.scheme
    except (ValueError, httpx.InvalidURL):
        # httpx's message shows the URL, which may contain a password.
        raise ValueError(f"{name}: it is no URL of a proxy; it must begin with http, https or socks5") from None
    if scheme.startswith("socks"):
        from importlib.util import find_spec  # noqa: PLC0415 - few programs need it

        if find_spec("socksio") is None:
            raise ValueError(f"{name}: a SOCKS proxy needs the package socksio: pip install 'httpx[socks]'")
    return proxy


def _excludes(entry: str, url: httpx.URL) -> bool:
    """Whether an entry of NO_PROXY matches the URL: `*`, a URL, an address, or a domain.

    Raises:
        ValueError: If it can't be read.
    """
    if entry == "*":
        return True
    if "://" not in entry:
        host = entry.partition("/")[0]  # as in httpx, a network matches the address before the slash only
        if re.fullmatch(r"[\d.]+|\[.*\](:\d+)?|localhost", host, re.IGNORECASE):
            entry = f"all://{host}"
        else:
            entry = f"all://[{host}]" if host.count(":") > 1 else f"all://*{host}"
    try:
        pattern = httpx.URL(entry)
    except httpx.InvalidURL as error:
        raise ValueError(f"NO_PROXY: {entry.removeprefix('all://').removeprefix('*')!r} is no host: {error}") from error
    if pattern.scheme not in ("all", url.scheme) or pattern.port not in (None, url.port):
        return False
    if pattern.host.startswith("*."):
        return url.host.endswith(pattern.host[1:])
    if pattern.host.startswith("*"):
        return pattern.host == "*" or f".{url.host}".endswith(f".{pattern.host[1:]}")
    return pattern.host in ("", url.host)


def checked_headers(headers: Mapping[str, str] | None) -> dict[str, str]:
    """The headers with lower-case names."""
    checked: dict[str, str] = {}
    for name, value in (headers or {}).items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise TypeError(f"headers: names and values must be strings, not {name!r}: {type(value).__name__}")
        if not name.isascii() or not name or any(character <= " " or character in ":\x7f" for character in name):
            raise ValueError(f"headers: {name!r} is not a valid name of a header")
        if name.lower() in ("content-length", "transfer-encoding"):
            raise ValueError(f"headers: {name!r} is set from the request's body; leave it out")
        if not _fits_a_header(value):
            raise ValueError(f"headers: the value of {name!r} contains a character that is not allowed in a header")
        checked[name.lower()] = value
    return checked


def checked_params(params: QueryParams | None) -> QueryParams:
    """Query parameters, none of which would be sent as the text of an object, such as the mask of a secret."""
    for name, value in (params or {}).items():
        for one in value if isinstance(value, list | tuple) else (value,):
            if not isinstance(one, str | int | float | UUID | datetime | None):
                kinds = "a string, a number, True, False or a list of these"
                raise TypeError(f"params.{name}: must be {kinds}, not {type(one).__name__}")
            try:
                str(one).encode()
            except UnicodeEncodeError as error:
                raise ValueError(f"params.{name}: {error}") from error
    return params or {}


def checked_timeout(timeout: Timeout) -> Mapping[str, float | None]:
    """Seconds for each step (`connect`, `read`, `write`, `pool`); None for no limit."""
    if timeout is None:
        return DEFAULT_STEPS
    if not isinstance(timeout, tuple(library.Timeout for library in http_libraries())):
        return dict.fromkeys(DEFAULT_STEPS, seconds("timeout", cast("float", timeout)))
    steps = cast("TimeoutConfig", timeout).as_dict()
    for name, value in steps.items():
        if value is not None:
            seconds(f"timeout.{name}", value)
    return steps


def seconds(name: str, value: float) -> float:
    """The value, checked to be a positive number of seconds."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name}: must be a number of seconds, not {type(value).__name__}")
    if not 0 < value <= threading.TIMEOUT_MAX:
        raise ValueError(f"{name}: must be a positive number of seconds, not {value!r}")
    return float(value)


def transport_options(url: str, limits: Any, verify: Any) -> dict[str, Any]:
    """The options of a transport to this URL, from the arguments of `Client`."""
    if not isinstance(limits, tuple(library.Limits for library in http_libraries())):
        raise TypeError(f"limits: must be an httpx.Limits, not {type(limits).__name__}")
    if not isinstance(verify, bool | str | ssl.SSLContext | None):
        raise TypeError(f"verify: must be True, False or an ssl.SSLContext, not {type(verify).__name__}")
    if verify is None:
        # Without TLS, no certificates are needed, and loading them takes longer than a request.
        verify = True if url.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        tls = httpx.create_ssl_context(verify=verify)
    except OSError as error:
        name = "verify" if isinstance(verify, str) else "SSL_CERT_FILE or SSL_CERT_DIR"
        raise ValueError(f"{name}: no certificates can be read there: {error}") from error
    return {"verify": tls, "limits": limits}


def _variable(name: str) -> tuple[str, str]:
    """An environment variable with its value, which some shells and files leave in quotes."""
    return name, os.environ.get(name, "").strip().strip("'\"")


def _key(api_key: MaybeKey) -> str | None:
    name, key = "api_key", api_key
    if key is NOT_GIVEN:
        names = ("LANGGRAPH_API_KEY", "LANGSMITH_API_KEY", "LANGCHAIN_API_KEY")
        name, key = next((found for found in map(_variable, names) if found[1]), (name, None))
    if not isinstance(key, str | None):
        raise TypeError(f"{name}: must be a string or None, not {type(key).__name__}")
    if key is not None and (not key or not _fits_a_header(key)):
        raise ValueError(f"{name}: it is empty or contains a character that is not allowed in a header")
    return key


def _fits_a_header(value: str) -> bool:
    return value == value.strip() and all(" " <= character <= "~" or character == "\t" for character in value)


def _url(name: str, url: str) -> tuple[str, str]:
    """The URL without its credentials, and those as `user:password`."""
    text = url.strip()
    with suppress(ValueError, httpx.InvalidURL):
        parts = urlsplit(text)
        httpx.URL(text).raw_host.decode().encode("idna")  # fails for host names that can't be looked up
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        if usable and not (parts.query or parts.fragment):
            user, _, host = parts.netloc.rpartition("@")
            return parts._replace(netloc=host).geturl().rstrip("/"), unquote(user)
    # The message must not show a password, or a key in the query.
    shown = re.split("[?#]", re.sub("(//)?.*@", r"\1", text, flags=re.DOTALL))[0]
    rest = "" if shown == text or "@" in text else " with a query or fragment"
    raise ValueError(f"{name}: {shown!r}{rest} is not a server's URL; an example is {DEFAULT_URL}")
