"""Facts about running servers that our code relies on.

Documents leave out how a server behaves, or describe it wrongly. So each fact is checked with plain HTTP requests: what
the server does is summed up in a short text, and compared with the text that is expected of this kind of server. Our
own client is not used, since it hides what differs between servers.

`facts.yaml` is the table of all facts. A question that is more than one request is a function in `questions`.

The server must serve the graph of `examples/agent`, or one that takes the same inputs, as the assistant `agent`.
"""

from pathlib import Path

from scripts.drift.facts.fact import read_facts

FACTS = read_facts(Path(__file__).with_name("facts.yaml"))
"""All facts."""
