"""The fast transports, for certificates and limits of your own; they need `langgraph-runs[fast]`.

`Client(transport="fast")` makes one by itself. They serve any httpx client.
"""

from langgraph_runs._async.fast import AsyncFastTransport
from langgraph_runs._sync.fast import FastTransport

__all__ = ["AsyncFastTransport", "FastTransport"]
