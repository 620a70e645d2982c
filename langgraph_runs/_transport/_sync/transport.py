# Derived from langgraph_runs/_transport/_async/transport.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""httpx's transport with our pool instead of httpcore's."""

import ssl
from typing import Any

import httpx

from langgraph_runs._transport._sync.pool import Pool
from langgraph_runs._transport.network import DEFAULT_LIMITS


class HTTPTransport(httpx.HTTPTransport):
    """An `httpx.HTTPTransport` that is several times as fast with streams, and limits no connections by default.

    The `timeout` in a request's extensions may be any mapping. Its key `read` is looked up before each read, so the
    timeout may change while the response arrives.

    Args:
        verify: Which certificates are trusted, as in httpx.
        cert: A client certificate, as in httpx.
        trust_env: Whether to use SSL_CERT_FILE and SSL_CERT_DIR.
        limits: The maximum number of concurrent requests (default: none), how many idle connections are kept (default:
            100), and for how many seconds (default: 4).
        options: Other arguments of httpx's transport (`http2`, `proxy`, `uds`, ...). With any of them, httpx's own pool
            is used.
    """

    def __init__(
        self,
        verify: ssl.SSLContext | str | bool = True,
        cert: Any = None,
        trust_env: bool = True,
        *,
        limits: httpx.Limits = DEFAULT_LIMITS,
        **options: Any,
    ) -> None:
        tls = httpx.create_ssl_context(verify=verify, cert=cert, trust_env=trust_env)
        super().__init__(verify=tls, limits=limits, **options)
        if not any(value for name, value in options.items() if name != "http1"):
            tls.set_alpn_protocols(["http/1.1"])
            # The only private name of httpx that this project uses; tests/transport/test_mounted.py checks it.
            self._pool = Pool(tls, limits)  # type: ignore[assignment]
