"""The facts that `make drift` checks on real servers hold on the fake one too."""

import anyio

from scripts.drift.difference import Difference
from scripts.drift.facts import FACTS
from scripts.drift.facts.fact import check_facts
from tests.testing.graph import fake_agent

# It takes 6 s of silence; test_reader.py has no need to wait.
_ASKED = [fact for fact in FACTS if fact.name != "heartbeats"]


def test_every_fact_of_the_python_server_holds() -> None:
    async def differences() -> list[Difference]:
        async with fake_agent().async_http_client() as http:
            return await check_facts(http, "PY", _ASKED)

    assert anyio.run(differences) == []
