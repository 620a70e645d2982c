"""What a client is set up with: which argument or variable counts, and what is refused before anything is sent."""

import copy
import math
import pickle
import ssl
import sys
import traceback
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import httpx2
import pytest
from pydantic import SecretStr

from langgraph_runs import AsyncClient, Client, RetryPolicy, __version__
from langgraph_runs._sansio.config import (
    DEFAULT_STEPS,
    DEFAULT_URL,
    NOT_GIVEN,
    MaybeKey,
    Settings,
    checked_headers,
    checked_params,
    checked_timeout,
    proxy_for,
    resolve,
    seconds,
)

KEYS = ("LANGGRAPH_API_KEY", "LANGSMITH_API_KEY", "LANGCHAIN_API_KEY")
SECRET = "lsv2-very-secret"  # noqa: S105 - of no server


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of the tests has none of ours."""
    for name in ("LANGGRAPH_API_URL", *KEYS):
        monkeypatch.delenv(name, raising=False)


def resolved(
    url: str | httpx.URL | None = None,
    *,
    api_key: MaybeKey = NOT_GIVEN,
    headers: dict[str, str] | None = None,
    timeout: Any = None,
    max_retries: Any = 4,
    http_client: Any = None,
) -> Settings:
    """The settings of a client with these arguments."""
    return resolve(
        url, api_key=api_key, headers=headers, timeout=timeout, max_retries=max_retries, http_client=http_client
    )


# -- where the server is


def test_the_url_is_the_argument_then_the_http_clients_then_the_variables_then_the_development_servers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = httpx.Client(base_url="http://own")
    assert resolved().url == DEFAULT_URL == "http://localhost:2024"
    monkeypatch.setenv("LANGGRAPH_API_URL", "http://variable/")
    assert resolved().url == "http://variable"
    assert resolved(http_client=own).url == "http://own"
    assert resolved(http_client=httpx.Client()).url == "http://variable"
    assert resolved("http://argument", http_client=own).url == "http://argument"


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("http://host", "http://host"),
        ("https://host:8443/", "https://host:8443"),
        ("http://host/prefix//", "http://host/prefix"),
        (" http://host\n", "http://host"),
        ("http://[::1]:2024", "http://[::1]:2024"),
        ("http://me:secret@host", "http://host"),  # sent as a header
        (httpx.URL("http://host/a b"), "http://host/a%20b"),
    ],
)
def test_a_url_is_kept_but_for_its_last_slash(given: str | httpx.URL, url: str) -> None:
    assert resolved(given).url == url


@pytest.mark.parametrize(
    "url",
    [
        "host",
        "localhost:2024",
        "//host",
        "/path",
        "http://",
        "http:///path",
        "ftp://host",
        "http://host?a=b",
        "http://host#a",
        "http://host:port",
        "http://host:99999",
        "http://[::1",
        "http://ho\0st",
        "http://a..b",
        f"http://{'a' * 70}.b",
    ],
)
def test_what_is_no_servers_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="^url: .* is not a server's URL; an example is http://localhost:2024$"):
        resolved(url)


@pytest.mark.parametrize("url", ["http://host?key=hidden", "http://host/#hidden"])
def test_a_query_is_named_as_what_is_wrong_but_not_shown(url: str) -> None:
    with pytest.raises(ValueError, match="^url: 'http://host/?' with a query or fragment is not a") as caught:
        resolved(url)
    assert "hidden" not in str(caught.value)


def test_the_place_of_a_wrong_url_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGGRAPH_API_URL", "'http://variable'\n")
    assert resolved().url == "http://variable"
    monkeypatch.setenv("LANGGRAPH_API_URL", "variable")
    with pytest.raises(ValueError, match="^LANGGRAPH_API_URL: 'variable' is not a server's URL"):
        resolved()
    with pytest.raises(ValueError, match="^http_client: 'ftp://own' is not a server's URL"):
        resolved(http_client=httpx.Client(base_url="ftp://own"))


# -- who asks


def test_the_keys_variables_count_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "x-api-key" not in resolved().headers
    for name in reversed(KEYS):
        monkeypatch.setenv(name, f" '{name}' ")
        assert resolved().headers["x-api-key"] == name
    monkeypatch.setenv(KEYS[0], ' "" ')
    assert resolved().headers["x-api-key"] == KEYS[1]


def test_the_argument_counts_before_the_variables_and_none_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEYS[0], "variable")
    assert resolved(api_key="argument").headers["x-api-key"] == "argument"
    assert "x-api-key" not in resolved(api_key=None).headers


@pytest.mark.parametrize(
    "key",
    [
        "",
        f"{SECRET}\n",
        f"{SECRET}\r\nx: y",
        f"{SECRET}\0",
        f" {SECRET}",
        f"{SECRET} ",
        f"\t{SECRET}",
        f"{SECRET}\u00fc",
    ],
)
def test_a_key_that_a_header_can_not_carry_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(ValueError, match="^api_key: it is empty or contains a character") as caught:
        resolved(api_key=key)
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_a_variable_that_holds_no_key_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEYS[1], f"{SECRET}\x7f")
    with pytest.raises(ValueError, match="^LANGSMITH_API_KEY: ") as caught:
        resolved()
    assert SECRET not in str(caught.value)


def test_a_key_that_is_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match="^api_key: must be a string or None, not bytes$"):
        resolved(api_key=b"key")  # type: ignore[arg-type] # that is the point


# -- headers


def test_headers_are_ours_and_the_callers_before_them() -> None:
    headers = resolved(api_key="key", headers={"X-Own": "1", "User-Agent": "mine", "X-API-KEY": "other"}).headers
    assert headers == {"user-agent": "mine", "x-api-key": "other", "x-own": "1"}
    assert resolved().headers["user-agent"] == f"langgraph-runs/{__version__}"


@pytest.mark.parametrize("name", ["", "a b", "a:b", "a\r\n", "a\0", "\u00e4", "a\x7f", "a\tb", " a"])
def test_what_can_not_be_a_headers_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="^headers: .* is not a valid name of a header$"):
        checked_headers({name: "x"})


@pytest.mark.parametrize("value", ["a\r\nx-injected: 1", "a\n", "a\0", "\x1f", "a\x7f", "\u20ac", "\u00fc", " a", "a "])
def test_what_a_header_can_not_carry_is_refused_without_showing_it(value: str) -> None:
    with pytest.raises(ValueError, match="^headers: the value of 'x-secret' contains a character") as caught:
        checked_headers({"x-secret": SECRET + value if value.strip() == value else value})
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("value", ["", "a", "a b", "a\tb", "~!#"])
def test_what_a_header_can_carry_is_kept(value: str) -> None:
    assert checked_headers({"X-A": value}) == {"x-a": value}


@pytest.mark.parametrize("headers", [{"a": 1}, {"a": None}, {"a": b"x"}, {1: "x"}])
def test_headers_are_texts(headers: Any) -> None:
    with pytest.raises(TypeError, match="^headers: names and values must be strings"):
        checked_headers(headers)


@pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding"])
def test_headers_do_not_change_where_the_body_ends(name: str) -> None:
    with pytest.raises(ValueError, match=f"^headers: '{name}' is set from the request's body"):
        checked_headers({name: "chunked"})


def test_no_headers_are_none() -> None:
    assert checked_headers(None) == {}


# -- how long to wait, how often to try again


def test_the_default_timeout_is_for_nodes_that_think_for_minutes() -> None:
    assert resolved().steps == DEFAULT_STEPS == {"connect": 10, "read": 300, "write": 60, "pool": 30}


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_an_http_clients_timeout_counts_unless_it_is_the_librarys_default(library: Any) -> None:
    assert resolved(http_client=library.Client()).steps == DEFAULT_STEPS
    own = library.Client(timeout=library.Timeout(7, read=None))
    steps = {"connect": 7, "read": None, "write": 7, "pool": 7}
    assert resolved(http_client=own).steps == steps
    assert resolved(http_client=own, timeout=2).steps == dict.fromkeys(DEFAULT_STEPS, 2.0)
    assert resolved(http_client=library.Client(timeout=None)).steps == dict.fromkeys(DEFAULT_STEPS)


def test_a_number_bounds_each_step_and_a_timeout_is_taken_as_it_is() -> None:
    assert checked_timeout(7) == dict.fromkeys(DEFAULT_STEPS, 7.0)
    for library in (httpx, httpx2):
        given = library.Timeout(None, connect=3)
        assert checked_timeout(given) == {"connect": 3, "read": None, "write": None, "pool": None}


@pytest.mark.parametrize(
    ("value", "kind", "problem"),
    [
        (SecretStr("hidden"), TypeError, "must be a string, a number, True, False or a list of these, not SecretStr"),
        (["a", SecretStr("hidden")], TypeError, "must be .* not SecretStr"),
        (b"a", TypeError, "must be .* not bytes"),
        ({"a": 1}, TypeError, "must be .* not dict"),
        (object(), TypeError, "must be .* not object"),
        ("a\ud83d", ValueError, ".*surrogates not allowed"),
        (("a", "\ud83d"), ValueError, ".*surrogates not allowed"),
    ],
)
def test_a_query_parameter_that_can_not_be_sent_is_named(value: Any, kind: type[Exception], problem: str) -> None:
    with pytest.raises(kind, match=rf"^params\.key: {problem}"):
        checked_params({"a": 1, "key": value})
    for client in (Client("http://localhost:1"), AsyncClient("http://localhost:1")):
        with pytest.raises(kind, match=rf"^params\.key: {problem}"):
            client.runs.stream("t", "agent", params={"key": value})


def test_query_parameters_are_texts_numbers_and_lists_of_these() -> None:
    given: Any = {"a": ["x", 1, 2.5, True, None], "b": UUID(int=1), "c": "\N{ALIEN MONSTER}", "d": ()}
    assert checked_params(given) is given
    assert checked_params(None) == {}


@pytest.mark.parametrize("value", [0, -1, -0.5, math.nan, math.inf, -math.inf, 1e20])
def test_a_timeout_that_no_clock_could_keep_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="^timeout: must be a positive number of seconds"):
        checked_timeout(value)
    with pytest.raises(ValueError, match=r"^timeout\.read: must be a positive number of seconds"):
        checked_timeout(httpx.Timeout(1, read=value))
    with pytest.raises(ValueError, match="^name: must be a positive number of seconds"):
        seconds("name", value)


@pytest.mark.parametrize("value", ["5", True, [1], (1, 2)])
def test_a_timeout_is_a_number(value: Any) -> None:
    with pytest.raises(TypeError, match="^timeout: must be a number of seconds, not "):
        checked_timeout(value)


def test_a_policy_or_a_number_of_retries() -> None:
    assert resolved(max_retries=0).retry == RetryPolicy(max_retries=0)
    policy = RetryPolicy(max_retries=2, total=3, initial=0.1, maximum=1)
    assert resolved(max_retries=policy).retry is policy


@pytest.mark.parametrize("value", [-1, True, 1.5, "4", None])
def test_a_number_of_retries_is_an_integer_that_is_not_negative(value: Any) -> None:
    with pytest.raises(ValueError, match="^max_retries: must be a non-negative integer"):
        resolved(max_retries=value)


@pytest.mark.parametrize("name", ["total", "initial", "maximum"])
@pytest.mark.parametrize("value", [0, -1, math.nan])
def test_a_policys_times_are_positive(name: str, value: float) -> None:
    times: dict[str, Any] = {name: value}
    with pytest.raises(ValueError, match=f"^{name}: must be a positive number of seconds"):
        RetryPolicy(**times)


# -- what a client shows


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_no_repr_shows_the_key_or_the_password(kind: type[Client] | type[AsyncClient]) -> None:
    client = kind(f"http://me:{SECRET}@host:1/prefix", api_key=SECRET, headers={"authorization": SECRET})
    assert repr(client) == f"{kind.__name__}('http://host:1/prefix')"
    assert SECRET not in f"{client.runs!r} {client._http!r} {client._http.settings!r}"


@pytest.mark.parametrize(
    "url",
    [
        f"ftp://me:{SECRET}@host",
        f"http://host?key={SECRET}",
        f"http://host#{SECRET}",
        f"me:{SECRET}@host",
        f"http://a:{SECRET}@[::1",
    ],
)
def test_a_refused_url_is_shown_without_what_may_be_secret(url: str) -> None:
    with pytest.raises(ValueError, match="^url: ") as caught:
        Client(url)
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_the_clients_other_arguments_are_checked_too() -> None:
    with pytest.raises(
        TypeError, match=r"^http_client: must be an httpx\.Client or httpx2\.Client, not httpx\.AsyncClient$"
    ):
        Client(http_client=httpx.AsyncClient())  # type: ignore[arg-type] # that is the point
    with pytest.raises(
        TypeError, match=r"^http_client: must be an httpx\.AsyncClient or httpx2\.AsyncClient, not httpx\.Client$"
    ):
        AsyncClient(http_client=httpx.Client())  # type: ignore[arg-type] # that is the point
    for kind in (Client, AsyncClient):
        with pytest.raises(ValueError, match="^idle_timeout: must be a positive number"):
            kind(idle_timeout=0)


PROXIED = [
    *("http://example.com", "https://example.com", "http://sub.example.com:8080", "http://xexample.com"),
    *("http://10.0.0.7", "http://10.0.0.0:8", "http://[::1]:2024", "http://localhost:2024", "https://x.localhost"),
]
EXCLUDED = [
    *(
        "",
        "*",
        "example.com",
        ".example.com",
        "*.example.com",
        "*example.com",
        "other.com",
        "EXAMPLE.com",
        "xample.com",
    ),
    *("example.com:8080", "sub.example.com:8080", "example.com:80", ".example.com:8080", "example.com/path", "com"),
    *("https://example.com", "http://example.com", "http://sub.example.com:8080", "http://*.example.com"),
    *("all://*example.com", "http://", "all://", "all://*:8080", "ftp://example.com"),
    *("10.0.0.7", "10.0.0.7:80", "10.0.0.0/8", "10.0.0.0:8", "::1", "fe80::1", "http://[::1]:2024"),
    *("localhost", "localhost:2024", ".localhost", " example.com , 10.0.0.7 ", "example.com,", ",*"),
]


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize("excluded", EXCLUDED)
def test_the_environments_proxies_are_read_as_httpx_reads_them(excluded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://proxy:1")
    monkeypatch.setenv("NO_PROXY", excluded)
    with httpx.Client(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)) as client:
        for url in PROXIED:
            theirs = client._transport_for_url(httpx.URL(url))
            assert (proxy_for(url) is None) is (theirs is client._transport), (excluded, url)


@pytest.mark.parametrize(
    ("variables", "proxy"),
    [
        ({}, None),
        ({"HTTP_PROXY": "proxy:1"}, None),
        ({"HTTPS_PROXY": "proxy:1"}, "http://proxy:1"),
        ({"HTTPS_PROXY": "", "ALL_PROXY": "https://all:1"}, "https://all:1"),
        ({"HTTPS_PROXY": "http://me:p%40ss@proxy:1", "ALL_PROXY": "socks://all:1"}, "http://me:p%40ss@proxy:1"),
        ({"ALL_PROXY": "socks://all:1", "NO_PROXY": "example.com"}, None),
        ({"NO_PROXY": "host:port"}, None),
    ],
)
def test_the_scheme_chooses_the_proxy(
    variables: dict[str, str], proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert proxy_for("https://example.com") == proxy


@pytest.mark.parametrize("entry", ["[::1]", "[::1]:2024", "::1/128"])
def test_an_address_in_brackets_which_httpx_refuses_is_read(entry: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://proxy:1")
    monkeypatch.setenv("NO_PROXY", entry)
    assert proxy_for("http://[::1]:2024") is None
    assert proxy_for("http://[::2]:2024") == "http://proxy:1"


@pytest.mark.parametrize("name", ["ALL_PROXY", "HTTPS_PROXY", "https_proxy"])
@pytest.mark.parametrize("proxy", ["socks://me:secret@proxy:1", "ftp://proxy", "http://proxy:port", "://proxy"])
def test_a_proxy_that_can_not_be_used_is_named_with_its_variable(
    name: str, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, proxy)
    for kind in (Client, AsyncClient):
        with pytest.raises(ValueError, match=f"^{name}: it is no URL of a proxy; .* http, https or socks5$"):
            kind("https://example.com")


def test_a_socks_proxy_without_the_package_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://proxy:1")
    monkeypatch.setitem(sys.modules, "socksio", None)
    with pytest.raises(ValueError, match="^ALL_PROXY: a SOCKS proxy needs the package socksio"):
        Client("https://example.com")


def test_an_exclusion_that_can_not_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://proxy:1")
    monkeypatch.setenv("NO_PROXY", "localhost,host:port")
    with pytest.raises(ValueError, match="^NO_PROXY: 'host:port' is no host: "):
        Client("https://example.com")


# -- how the default client connects


@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("headers", [("x-a", "b")], "must be a mapping, not list"),
        ("headers", "x-a: b", "must be a mapping, not str"),
        ("limits", {"max_connections": 3}, "must be an httpx.Limits, not dict"),
        ("limits", 0, "must be an httpx.Limits, not int"),
        ("verify", Path("ca.pem"), "must be True, False or an ssl.SSLContext, not PosixPath"),
        ("verify", 0, "must be True, False or an ssl.SSLContext, not int"),
    ],
)
def test_a_setting_of_another_type_is_named(kind: Any, name: str, value: Any, problem: str) -> None:
    with pytest.raises(TypeError, match=f"^{name}: {problem}$"):
        kind(**{name: value})


def test_limits_of_either_library_are_taken() -> None:
    for limits in (httpx.Limits(max_connections=3), httpx2.Limits(max_connections=3)):
        Client(limits=limits).close()  # type: ignore[arg-type] # httpx2's are the same, but for their name


@pytest.mark.filterwarnings("ignore:`verify=<str>` is deprecated:DeprecationWarning")
def test_certificates_that_can_not_be_read_are_named_with_their_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (empty := tmp_path / "empty.pem").write_text("")
    for path in (tmp_path / "nowhere.pem", empty):
        with pytest.raises(ValueError, match="^verify: no certificates can be read there: "):
            Client("https://example.com", verify=str(path))
        with monkeypatch.context() as context:
            context.setenv("SSL_CERT_FILE", str(path))
            for kind in (Client, AsyncClient):
                with pytest.raises(ValueError, match="^SSL_CERT_FILE or SSL_CERT_DIR: no certificates can be read"):
                    kind("https://example.com")


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_client_for_another_process_is_refused_with_what_to_do(kind: Any) -> None:
    client = kind()
    for one in (client, client.runs.wait, client.threads):
        for duplicate in (pickle.dumps, copy.deepcopy):
            with pytest.raises(TypeError, match=r"Client can't be copied or pickled; make one in each process$"):
                duplicate(one)
