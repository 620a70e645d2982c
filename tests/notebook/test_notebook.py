"""`examples/notebook.ipynb`, executed in a kernel of its own: `make test-notebook`."""

import nbformat
import pytest
from nbclient import NotebookClient

from examples.server import AGENT

NOTEBOOK = AGENT.parent / "notebook.ipynb"


def test_the_notebook_runs_from_top_to_bottom(server_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGGRAPH_API_URL", server_url)
    notebook = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    assert not any(cell.get("outputs") for cell in notebook.cells), "outputs are not checked in"

    NotebookClient(notebook, timeout=60).execute()

    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert not [output for output in outputs if output.output_type == "stream" and output.name == "stderr"]
    shown = [output.get("text") or output.data.get("text/markdown") or output.data["text/plain"] for output in outputs]
    assert shown[:3] == ["You said: Tea is a **drink**.", "Order tea?\n", "'Ordered: tea.'"]
    assert shown[3] == "['success', 'success', 'success']\n"
    assert "success" in outputs[4].data["text/html"]
    assert shown[5] == "So is coffee."
