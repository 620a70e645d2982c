"""Changes of the server's API, each followed in a copy of the tree by the steps of CONTRIBUTING alone.

Each ends in one of two ways: it works, or a command names the file and what to do. The description is changed as data,
so that a real change in the same place does not disturb this.
"""

import re
from typing import Any

from tests.support.tree import RUN, Tree, fields, text

# What servers send


def test_a_new_field_mode_and_status_of_a_response_need_no_edit(tree: Tree) -> None:
    def change(document: Any) -> None:
        fields(document, "PartialRun")["urgency"] = {"type": "integer", "description": "How urgent it is."}
        document["components"]["schemas"]["StreamMode"]["enum"].append("heartbeats")

    tree.describe(change)
    assert "run `make generate`" in tree.run("-m", "scripts.codegen", "--check", code=1)
    tree.generate()
    tree.derive_and_snapshot()
    tree.is_done()
    seen = tree.run(
        "-c",
        "from typing import get_args\nfrom langgraph_runs import Run, StreamMode\n"
        f"print(Run.from_dict({{**{RUN}, 'urgency': 7}}).urgency, 'heartbeats' in get_args(StreamMode))",
    )
    assert seen == "7 True\n"


def test_a_new_status_has_to_be_classified(tree: Tree) -> None:
    tree.describe(lambda document: document["components"]["schemas"]["RunStatus"]["enum"].append("parked"))
    tree.generate()
    asked = tree.test("tests/sansio/test_responses.py", code=1)
    assert "'parked'" in asked
    assert "langgraph_runs/_sansio/responses.py" in asked


def test_a_response_that_becomes_a_union_fails_where_it_is_read(tree: Tree) -> None:
    def change(document: Any) -> None:
        document["components"]["schemas"]["Queued"] = {
            "type": "object",
            "description": "A run that has not started.",
            "required": ["place"],
            "properties": {"place": {"type": "integer", "description": "How many runs are before it."}},
        }
        response = document["paths"]["/threads/{thread_id}/runs/{run_id}"]["get"]["responses"]["200"]
        either = {"oneOf": [{"$ref": "#/components/schemas/Run"}, {"$ref": "#/components/schemas/Queued"}]}
        response["content"]["application/json"]["schema"] = either

    tree.describe(change)
    tree.generate()
    said = tree.run("-m", "mypy", "langgraph_runs", code=1)
    assert re.search(r'^langgraph_runs/_async/runs\.py:\d+: error: Incompatible return .*"Run"', said, re.MULTILINE)


def test_a_required_field_that_becomes_nullable_is_asked_for(tree: Tree) -> None:
    tree.describe(lambda document: fields(document, "PartialRun")["assistant_id"].update(type=["string", "null"]))
    tree.generate()
    asked = tree.test("tests/sansio/test_responses.py", code=1)
    assert "'assistant_id'" in asked
    assert "langgraph_runs/_sansio/responses.py" in asked


# What callers send


def test_new_fields_and_a_new_parameter_are_one_key_each(tree: Tree) -> None:
    def change(document: Any) -> None:
        fields(document, "RunCreate")["region"] = text("Where to run.")
        fields(document, "RunCreateStateful")["branch"] = text("The branch of the thread.")
        fields(document, "RunCreateStateless")["pool"] = text("The pool of workers.")
        parameter = {"name": "newest_first", "in": "query", "schema": {"type": "boolean"}, "description": "The order."}
        document["paths"]["/threads/{thread_id}/runs"]["get"]["parameters"].append(parameter)

    tree.describe(change)
    tree.generate()
    asked = " ".join(tree.demands().split())
    options = "langgraph_runs/options.py"
    for method, field, where in (
        ("stream", "region", f"RunFields in {options} ("),
        ("stream", "branch", f"RunOptions in {options}, as Annotated[..., NEEDS_THREAD]"),
        ("create_batch", "pool", f"RunFields in {options}, as Annotated[..., NEEDS_STATELESS]"),
        ("list", "newest_first", f"ListOptions in {options}"),
    ):
        assert f"{method}() sends no '{field}'" in asked
        assert f"Add the key `{field}`, with its type and a docstring, to {where}" in asked

    tree.add_key("RunFields", "region: str | None")
    tree.add_key("RunOptions", "branch: Annotated[str | None, NEEDS_THREAD]")
    tree.add_key("RunFields", "pool: Annotated[str | None, NEEDS_STATELESS]")
    tree.add_key("ListOptions", "newest_first: bool | None")
    tree.derive_and_snapshot()
    tree.is_done()
    assert '"region":"eu","branch":"b"' in tree.call("client.runs.create('t', 'agent', region='eu', branch='b')")
    assert '"pool":"p"' in tree.call("client.runs.create(None, 'agent', pool='p')")
    assert "ValueError: branch: it needs a thread" in tree.call(
        "try: client.runs.create(None, 'agent', branch='b')\nexcept ValueError as error: print(repr(error))"
    ).replace("ValueError('", "ValueError: ")


def test_a_new_required_field_is_asked_for(tree: Tree) -> None:
    def change(document: Any) -> None:
        fields(document, "RunCreate")["tenant"] = text("Who pays.")
        document["components"]["schemas"]["RunCreate"]["required"].append("tenant")

    tree.describe(change)
    tree.generate()
    tree.demands()
    tree.add_key("RunFields", "tenant: str | None")
    asked = " ".join(tree.demands().split())
    assert "create_run in openapi.yaml requires 'tenant', and create() can leave it out" in asked
    assert "langgraph_runs/options.py Required[...], or give it a Rule(default=...)" in asked
    tree.edit("langgraph_runs/options.py", r"    tenant: str \| None", "    tenant: Required[str]")
    tree.derive_and_snapshot()
    tree.is_done()
    assert '"tenant":"x"' in tree.call("client.runs.create('t', 'agent', tenant='x')")
    missing = tree.call("try: client.runs.create('t', 'agent')\nexcept ValueError as error: print(error)")
    assert missing == "tenant: it is missing\n"


def test_a_renamed_field_is_named(tree: Tree) -> None:
    def change(document: Any) -> None:
        properties = fields(document, "RunCreate")
        properties["tracer"] = properties.pop("langsmith_tracer")

    tree.describe(change)
    tree.generate()
    asked = " ".join(tree.demands().split())
    assert "create() has the option 'langsmith_tracing', but create_run in openapi.yaml has no such field" in asked
    assert "Rename the key in langgraph_runs/options.py" in asked
    tree.edit("langgraph_runs/options.py", r'field="langsmith_tracer"', 'field="tracer"')
    tree.derive_and_snapshot()
    tree.is_done()
    sent = tree.call("client.runs.create('t', 'agent', langsmith_tracing={'project_name': 'p'})")
    assert '"tracer":{"project_name":"p"}' in sent


def test_a_field_and_a_parameter_of_another_type_are_named(tree: Tree) -> None:
    def change(document: Any) -> None:
        fields(document, "RunCreate")["webhook"] = {"type": "object", "description": "What to call."}
        offset(document)["schema"]["type"] = "boolean"

    def offset(document: Any) -> Any:
        parameters = document["paths"]["/threads/{thread_id}/runs"]["get"]["parameters"]
        return next(one for one in parameters if one.get("name") == "offset")

    tree.describe(change)
    tree.generate()
    asked = " ".join(tree.demands().split())
    assert (
        "create() sends a 'webhook' that create_run in openapi.yaml does not allow: 'sample of webhook' is not" in asked
    )
    assert "list() sends a 'offset' that list_runs in openapi.yaml does not allow: 7 is not of type 'boolean'" in asked
    assert "Change the type of its key in langgraph_runs/options.py" in asked
    tree.edit("langgraph_runs/options.py", r"    webhook: str \| None", "    webhook: Mapping[str, Any] | None")
    tree.describe(lambda document: offset(document)["schema"].update(type="integer"))  # the pages need a number
    tree.generate()
    tree.derive_and_snapshot()
    tree.is_done()
    assert '"webhook":{"url":"u"}' in tree.call("client.runs.create('t', 'agent', webhook={'url': 'u'})")


# Operations


def test_a_new_operation_and_its_fields_are_asked_for(tree: Tree) -> None:
    def change(document: Any) -> None:
        weight = {"type": "integer", "description": "How much each counts."}
        document["components"]["schemas"]["RunsCount"] = {
            "type": "object",
            "description": "What to count.",
            "required": ["status"],
            "properties": {"status": text("Which runs."), "weight": weight},
        }
        document["paths"]["/runs/count"] = {
            "post": {
                "operationId": "count_runs",
                "tags": ["runs"],
                "summary": "Count runs.",
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RunsCount"}}},
                },
                "responses": {
                    "200": {
                        "description": "How many there are.",
                        "content": {"application/json": {"schema": {"type": "integer"}}},
                    }
                },
            }
        }

    tree.describe(change)
    tree.generate()
    asked = " ".join(tree.demands().split())
    assert "a new operation needs a method in langgraph_runs/_async/runs.py, its options in" in asked

    tree.edit(
        "langgraph_runs/options.py",
        r"class CancelManyOptions\(",
        'class CountOptions(CallOptions, total=False):\n    """Of `count`."""\n\n'
        '    status: Required[str]\n    """Which runs."""\n\n\nclass CancelManyOptions(',
    )
    source = "langgraph_runs/_async/runs.py"
    tree.edit(source, r"    CancelManyOptions,\n", "    CancelManyOptions,\n    CountOptions,\n")
    tree.edit(source, r"    cancel_runs,\n", "    cancel_runs,\n    count_runs,\n")
    tree.edit(
        source,
        r"(?=    @documented\n    async def delete\()",
        "    @documented\n    async def count(self, **options: Unpack[CountOptions]) -> int:\n"
        '        """Count runs."""\n'
        '        call, given = self._http.call("count", CountOptions, options)\n'
        "        request = count_runs.get_kwargs(body=count_runs.RunsCount(**given))\n"
        "        return parsed(count_runs.parse_response, await self._http.fetch(request, call, repeatable=True))\n\n",
    )
    tree.edit(source, r"import check_done, ", "import parsed, check_done, ")
    tree.edit("tests/client/test_reachable.py", r"\nCALLS = \{\n", '\nCALLS = {\n    "count_runs": [Call("count")],\n')
    tree.derive_and_snapshot()
    asked = " ".join(tree.demands().split())
    assert "count() sends no 'weight', which the body of count_runs in openapi.yaml has" in asked
    assert "to CountOptions in langgraph_runs/options.py" in asked
    tree.add_key("CountOptions", "weight: int | None")
    tree.derive_and_snapshot()
    tree.is_done()
    counted = tree.call("print(client.runs.count(status='error', weight=2))")
    assert counted == 'POST /runs/count  {"status":"error","weight":2}\n7\n'


def test_a_removed_operation_is_missed_where_it_is_used(tree: Tree) -> None:
    tree.describe(lambda document: document["paths"].pop("/runs/batch"))
    tree.generate()
    assert not (tree.folder / "generated/langgraph_runs_api/api/runs/create_run_batch.py").exists()
    used = tree.run("-c", "from langgraph_runs import Client", code=1)
    assert re.search(r'File ".*/langgraph_runs/_\w+/\w+\.py", line \d+', used)
    assert "cannot import name 'create_run_batch'" in used
