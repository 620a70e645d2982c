"""Facts about running servers that our code relies on.

Documents leave out how a server behaves, or describe it wrongly. So each fact is checked with plain HTTP requests: what
the server does is summed up in a short text, and compared with the text that is expected of this kind of server. Our
own client is not used, since it hides what differs between servers.

A fact whose question is a single request is a line of its module's table; any other is a function with a decorator.

The server must serve the graph of `examples/agent`, or one that takes the same inputs, as the assistant `agent`.
"""

from scripts.drift.facts import cancelling, creating, joining, listing, streaming, waiting

FACTS = [
    *creating.FACTS,
    *waiting.FACTS,
    *listing.FACTS,
    *streaming.FACTS,
    *joining.FACTS,
    *cancelling.FACTS,
]
"""All facts."""
