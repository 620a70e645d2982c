"""A fast HTTP/1.1 connection pool for many concurrent streams, used inside httpx's own transports.

For streams of small chunks, httpx needs more than three times the CPU: its parser is written in Python and returns
chunks one by one, and its pool checks all connections whenever a request begins or ends. This one parses each read at
once with llhttp, and looks at one connection. The rest of httpx stays, so whatever patches or instruments it still
works.

Nothing here depends on LangGraph.
"""

try:
    from langgraph_runs._transport._async.transport import AsyncHTTPTransport
    from langgraph_runs._transport._sync.transport import HTTPTransport
except ImportError as error:
    if (error.name or "").partition(".")[0] != "httptools":
        raise
    # On this platform, there is no wheel of httptools and no compiler.
    from httpx import AsyncHTTPTransport, HTTPTransport  # type: ignore[assignment]

__all__ = ["AsyncHTTPTransport", "HTTPTransport"]
