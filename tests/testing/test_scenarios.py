"""The fake server answers as the real one does."""

import httpx
import pytest

from tests.testing.graph import fake_agent
from tests.testing.scenarios import SCENARIOS, Scenario, summed_up


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_the_fake_server_answers_as_the_real_one(server_url: str, scenario: Scenario) -> None:
    with httpx.Client(base_url=server_url, timeout=60) as real, fake_agent().http_client() as fake:
        for number, (theirs, ours) in enumerate(zip(scenario(real), scenario(fake), strict=True)):
            asked = (
                f"{number}: {theirs.request.method} {theirs.request.url.raw_path.decode()} {theirs.request.content!r}"
            )
            assert (asked, summed_up(ours)) == (asked, summed_up(theirs))
