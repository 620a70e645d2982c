"""CONTRIBUTING walks through a change from start to end: its commands run here, and print what it says they print."""

import json
import re
from pathlib import Path
from typing import Any

from tests.support.tree import ROOT, Tree

NEW = "0.17.0"
SECTION = re.compile(r"^### A change from start to end\n(.*?)^### ", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def test_the_walkthrough_prints_what_it_says(tree: Tree) -> None:
    steps = quoted_commands()
    assert [command.split()[1] for command, _ in steps] == [
        *("drift", "changelog", "generate", "test", "derive", "snapshot", "drift")
    ]
    write_server_document(tree)
    follow(tree, steps[0], code=2)
    follow(tree, steps[1])
    tree.describe(describe)
    follow(tree, steps[2])
    follow(tree, steps[3], code=2)
    implement(tree)
    follow(tree, steps[4])
    follow(tree, steps[5])
    tree.is_done()
    decide(tree)
    follow(tree, steps[6])
    assert (tree.folder / "scripts" / "drift" / "served" / f"PY-{NEW}.json").exists()


def quoted_commands() -> list[tuple[str, list[str]]]:
    """The commands of the walkthrough, each with the lines that it is said to print."""
    section = SECTION.search((ROOT / "CONTRIBUTING.md").read_text())
    assert section
    found: list[tuple[str, list[str]]] = []
    for language, block in BLOCK.findall(section[1]):
        if language:
            continue
        indent = len(block) - len(block.lstrip())
        for line in (line[indent:].rstrip() for line in block.splitlines()):
            if line.startswith("$ "):
                found.append((line.removeprefix("$ "), []))
            else:
                found[-1][1].append(line)
    return found


def follow(tree: Tree, step: tuple[str, list[str]], *, code: int = 0) -> None:
    """Run a command and look for the quoted lines; `...` stands for any text, and for any lines."""
    command, quoted = step
    arguments = [
        one.replace('"', "").replace("'", "") for one in re.findall(r"(?:[^\s'\"]|'[^']*'|\"[^\"]*\")+", command)
    ]
    printed = tree.make(*arguments[1:], code=code)
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line).replace(r"\.\.\.", ".*") + r" *\n"
        for line in quoted
    )
    assert re.fullmatch(rf"{pattern}(?:make: .*\n)?", printed), f"$ {command}\n{printed}"


def write_server_document(tree: Tree) -> None:
    """The document of the new server: that of its predecessor, changed."""
    newest = max((ROOT / "scripts" / "drift" / "served").glob("PY-*.json"), key=version)
    document = json.loads(newest.read_text())
    describe(document)
    del document["paths"]["/runs/batch"]
    (tree.folder / "new-server.json").write_text(json.dumps(document))


def version(path: Path) -> list[int]:
    return [*map(int, re.findall(r"\d+", path.stem))]


def describe(document: Any) -> None:
    """What the new server has, in its own document or in ours."""
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        names = schema.get("properties", {}).keys()
        if "langsmith_session_name" in names or {"kwargs", "status"} <= names:
            schema["properties"]["urgency"] = {"type": "integer", "description": "How urgent it is."}
        if "webhook" in names:
            schema["properties"]["region"] = {"type": "string", "description": "Where to run."}
    extend_lists(document)
    parameter = {"name": "newest_first", "in": "query", "schema": {"type": "boolean"}, "description": "The order."}
    document["paths"]["/threads/{thread_id}/runs"]["get"]["parameters"].append(parameter)
    content = {"application/json": {"schema": {"type": "integer"}}}
    document["paths"]["/runs/summary"] = {
        "get": {
            "operationId": "summarize_runs",
            "tags": ["runs"],
            "summary": "Tell how many runs there are.",
            "responses": {"200": {"description": "How many there are.", "content": content}},
        }
    }


def extend_lists(value: Any) -> None:
    """Add a mode and a status wherever all modes or all statuses are listed."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "enum" and {"updates", "debug"} <= {*inner}:
                inner.append("heartbeats")
            elif name == "enum" and {"success", "timeout"} <= {*inner}:
                inner.append("parked")
            else:
                extend_lists(inner)
    elif isinstance(value, list):
        for inner in value:
            extend_lists(inner)


def implement(tree: Tree) -> None:
    """What the failing test asks for."""
    tree.add_key("RunFields", "region: str | None")
    tree.add_key("ListOptions", "newest_first: bool | None")
    source = "langgraph_runs/_async/runs.py"
    tree.edit(source, r"    list_runs,\n", "    list_runs,\n    summarize_runs,\n")
    tree.edit(source, r"import check_done, ", "import parsed, check_done, ")
    tree.edit(
        source,
        r"(?=    @documented\n    async def delete\()",
        "    @documented\n    async def summarize(self, **options: Unpack[CallOptions]) -> int:\n"
        '        """Tell how many runs there are."""\n'
        '        call, _ = self._http.call("summarize", CallOptions, options)\n'
        "        response = await self._http.fetch(summarize_runs.get_kwargs(), call, repeatable=True)\n"
        "        return parsed(summarize_runs.parse_response, response)\n\n",
    )
    calls = "tests/client/test_reachable.py"
    tree.edit(calls, r"\nCALLS = \{\n", '\nCALLS = {\n    "summarize_runs": [Call("summarize")],\n')


def decide(tree: Tree) -> None:
    """What the notes say then."""
    notes = "scripts/drift/notes.yaml"
    batch = r'      - \{difference: "status 200 body: type array -> any", in: \[create_run_batch\]\}\n'
    tree.edit(notes, batch, "")
    tree.edit(notes, r"\[create_stateless_run, create_run_batch\]", "[create_stateless_run]")
    tree.edit(
        notes,
        r"(?=\n# What a version added\n)",
        """
PY >=0.17:
  - why: Older servers still have it; with this one it is a NotFoundError.
    differences:
      - "operation POST /runs/batch: removed"

PY <0.17:
  - why: It returns a list of runs (fact batch).
    differences:
      - {difference: "status 200 body: type array -> any", in: [create_run_batch]}
      - {difference: "RunCreateStateless.on_disconnect: removed", in: [create_run_batch]}
""",
    )
