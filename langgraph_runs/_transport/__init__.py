"""An HTTP/1.1 engine for many streams at once, mounted in httpx's own transports. It knows nothing of LangGraph.

httpx spends three times as long on a stream of small chunks as it takes to read it: its parser returns them one by one, and its pool looks
at all connections whenever a request begins or ends. Here llhttp parses all that one read brings, and the pool looks at one connection.
The rest of httpx stays: what patches or instruments its clients and transports works as before.
"""

try:
    from langgraph_runs._transport._async.transport import AsyncHTTPTransport
    from langgraph_runs._transport._sync.transport import HTTPTransport
except ImportError as error:
    if (error.name or "").partition(".")[0] != "httptools":
        raise
    # There is no wheel of it for this platform, and no compiler.
    from httpx import AsyncHTTPTransport, HTTPTransport  # type: ignore[assignment]

__all__ = ["AsyncHTTPTransport", "HTTPTransport"]
