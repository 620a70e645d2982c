"""No change makes events dearer without anybody noticing, and what got cheaper stays so."""

import json
from pathlib import Path

import pytest

import costs


def test_an_event_costs_what_is_noted() -> None:
    changes = "\n".join(costs.differences(costs.measured()))
    assert not changes, f"what an event costs has changed; if that can't be helped, run `make snapshot`\n{changes}"


@pytest.mark.parametrize(
    ("present", "told"),
    [(119, None), (120, "was 100: make it cheaper"), (84, None), (83, "was 100: keep that, by `make snapshot`")],
)
@pytest.mark.parametrize("what", ["calls", "instructions"])
def test_a_fifth_is_told(
    present: int, told: str | None, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(costs, "NOTED", tmp_path / "costs.json")
    costs.NOTED.write_text(json.dumps({"python": costs.VERSION, "costs": {"a way": {what: 100}}}))
    assert costs.differences({"a way": {what: present}}) == (
        [f"a way: an event costs {present} {what}, which {told}"] if told else []
    )


def test_instructions_of_another_python_are_not_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(costs, "NOTED", tmp_path / "costs.json")
    costs.NOTED.write_text(json.dumps({"python": "2.7", "costs": {"a way": {"calls": 100, "instructions": 100}}}))
    [told] = costs.differences({"a way": {"calls": 200, "instructions": 200}})
    assert "200 calls" in told
