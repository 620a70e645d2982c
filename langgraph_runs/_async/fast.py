"""The fast transport, which comes with `langgraph-runs[fast]`: the same as the default one, with llhttp in place of h11."""

from langgraph_runs._async.transport import AsyncDirectTransport
from langgraph_runs.llhttp import LlhttpAnswer


class AsyncFastTransport(AsyncDirectTransport):
    """A transport for `AsyncClient(transport=...)` or `httpx.AsyncClient(transport=...)`; `AsyncClient(transport="fast")` makes one.

    It connects directly, not through proxies, and speaks HTTP/1.1.

    Args:
        verify: Whose certificates are believed: True for those that httpx believes (SSL_CERT_FILE and SSL_CERT_DIR count), False
            for any at all, or a context of your own.
        limits: How many requests may be under way at once, and how many connections are kept for more, for how long.
    """

    answer = LlhttpAnswer
