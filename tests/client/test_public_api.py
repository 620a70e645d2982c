"""The public API changes only with its snapshot."""

import importlib
from pathlib import Path

import pytest

import langgraph_runs
from scripts import public_api


def test_the_public_api_is_what_the_snapshot_says() -> None:
    changes = "".join(public_api.differences())
    assert not changes, f"the public API has changed; if that is meant, run `make snapshot`\n{changes}"


CHANGES = {
    "another default": ("errors.py", "sent: bool = True", "sent: bool = False"),
    "another name": ("options.py", "feedback_keys: Sequence", "feedback_key: Sequence"),
    "another rule": ("options.py", "Rule(minimum=0)", "Rule(minimum=1)"),
    "another type": ("_async/runs.py", "-> builtins.list[Run]:", "-> Sequence[Run]:"),
    "another overload": ("_sync/runs.py", "stream_mode: _Debug", "stream_mode: _Tasks"),
    "another attribute": ("errors.py", "self.request_id =", "self.request ="),
    "another property": ("_async/stream.py", "def last_event_id(self) -> str | None", "def last_event_id(self) -> str"),
    "another key": ("payloads.py", "triggers: list[str]", "triggers: list[Any]"),
    "another literal": ("types.py", 'Literal["*"]', 'Literal["all"]'),
    "an inherited attribute": ("events.py", "def namespace(self)", "def subgraphs(self)"),
    "not exported any more": ("__init__.py", '    "RunStream",\n', ""),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_snapshot_tells(change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name, old, new = CHANGES[change]
    for package, folder in public_api.FOLDERS.items():
        for source in (folder / package).rglob("*.py"):
            target = tmp_path / source.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    changed = tmp_path / "langgraph_runs" / name
    text = changed.read_text()
    assert old in text
    before = public_api.render()
    changed.write_text(text.replace(old, new))
    monkeypatch.setattr(public_api, "FOLDERS", dict.fromkeys(public_api.FOLDERS, tmp_path))
    public_api._statements.cache_clear()
    assert public_api.render() != before
    public_api._statements.cache_clear()


@pytest.mark.parametrize("name", langgraph_runs.__all__)
def test_every_public_name_is_there_and_in_dir(name: str) -> None:
    assert getattr(langgraph_runs, name) is not None
    assert name in dir(langgraph_runs)


def test_there_is_nothing_of_another_name() -> None:
    with pytest.raises(AttributeError, match="Clients"):
        langgraph_runs.Clients  # type: ignore[attr-defined] # noqa: B018 - asking for it is the test


def test_all_names_are_sorted_and_of_public_modules() -> None:
    assert sorted(langgraph_runs.__all__) == langgraph_runs.__all__
    namespace: dict[str, object] = {}
    exec("from langgraph_runs import *", namespace)  # noqa: S102 - the only way to a star import inside a function
    assert namespace.keys() - {"__builtins__"} == set(langgraph_runs.__all__)
    assert importlib.import_module("langgraph_runs") is langgraph_runs
