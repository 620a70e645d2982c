"""Whatever a server's document is made of, it is compared, or refused in one line."""

import copy
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.drift.__main__ import main
from scripts.drift.comparison import compare
from scripts.drift.document import DocumentError, parse
from tests.tools.test_comparison import FROZEN, OURS

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5) | st.just("$ref"),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["$ref", "type", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@settings(max_examples=100)
@given(st.data())
def test_any_server_document_is_compared_or_refused_in_one_line(data: st.DataObject) -> None:
    contents = copy.deepcopy(OURS.contents)
    for _ in range(data.draw(st.integers(1, 3))):
        holder: Any = contents[data.draw(st.sampled_from(["paths", "components"]))]
        depth = data.draw(st.integers(0, 12))
        while isinstance(holder, dict | list) and holder:
            key = data.draw(st.sampled_from(list(holder) if isinstance(holder, dict) else range(len(holder))))
            inner = holder[key]
            depth -= 1
            if depth <= 0 or not isinstance(inner, dict | list) or not inner:
                holder[key] = data.draw(ANYTHING)
                break
            holder = inner
    try:
        found = compare(OURS, parse(json.dumps(contents), "server"))
    except DocumentError as error:
        refused = str(error)
    else:
        refused = ""
        assert all(str(one) and one.operations for one in found)
    assert "\n" not in refused


def test_places_in_json_of_several_lines_have_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "server.json"
    contents = copy.deepcopy(OURS.contents)
    del contents["paths"]["/runs/batch"]
    monkeypatch.setattr(sys, "argv", ["drift", "--openapi", str(FROZEN), "--file", str(path)])

    def said(description: str, code: int) -> str:
        contents["info"]["description"] = description
        path.write_text(json.dumps(contents, indent=1, ensure_ascii=False))
        assert main() == code
        return "".join(capsys.readouterr())

    # This is no YAML, from which the lines are; the document is compared all the same.
    assert "            server  /paths\n" in said("\x7f", 1)
    text = said("\N{GRINNING FACE}", 1)
    line = path.read_text().splitlines().index(' "paths": {') + 1
    assert f"            server  {path}:{line}  /paths\n" in text
    contents["paths"] = {"/runs": 1}
    assert f"{path}:{line + 1}: /paths/~1runs: this must be an object" in said("", 2)
