"""What the commands refuse, each in one line that says what to do: documents, servers, arguments; and Ctrl-C."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts import ROOT
from scripts.codegen.__main__ import main as generate
from scripts.drift.__main__ import main as drift
from scripts.drift.comparison import compare
from scripts.drift.document import DocumentError, parse
from scripts.test_servers import main as servers
from tests.support.replay import Replay, Response, by_path
from tests.tools.conftest import Run
from tests.tools.test_comparison import OURS

HEAD = "openapi: 3.1.0\ninfo: {title: x, version: '1'}\n"
COMPONENTS = (
    "components: {schemas: {A: {$ref: '#/components/schemas/B'}, B: {allOf: [{$ref: '#/components/schemas/A'}]}}}\n"
)
OTHERS = "components: {schemas: {A: {}}}\n"


def with_body(body: str) -> str:
    return f"{HEAD}paths: {{/runs: {{post: {{operationId: a, requestBody: {body}, responses: {{}}}}}}}}\n"


BAD = {
    "no OpenAPI": ("a: 1\n", "OpenAPI"),
    "a list": ("- 1\n", "OpenAPI"),
    "empty": ("", "OpenAPI"),
    "syntax": ("openapi: [\n", "expected the node content|while parsing"),
    "duplicate keys": (f"{HEAD}paths: {{}}\npaths: {{}}\n", "found duplicate key .paths."),
    "no paths": (f"{HEAD}paths: {{}}\n", "it has no paths"),
    "nowhere": (
        with_body("{$ref: '#/nowhere'}") + OTHERS,
        r"/paths/~1runs/post/requestBody: the \$ref '#/nowhere' leads nowhere",
    ),
    "elsewhere": (
        with_body("{$ref: 'http://x.invalid/y'}") + OTHERS,
        r"/paths/~1runs/post/requestBody: the \$ref 'http://x.invalid/y' leads nowhere",
    ),
    "circle": (
        with_body("{content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}") + COMPONENTS,
        r"/components/schemas/\w(/allOf/0)?: the \$ref leads in a circle",
    ),
}


@pytest.mark.parametrize("text_and_line", [pytest.param(bad, id=name) for name, bad in BAD.items()])
@pytest.mark.parametrize("script", ["drift --file", "drift --openapi", "generate --openapi"])
def test_an_invalid_document_is_one_clear_line_and_nothing_is_written(
    script: str, text_and_line: tuple[str, str], run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, line = text_and_line
    folder = tmp_path / "written"
    folder.mkdir()
    bad = tmp_path / "bad.yaml"
    bad.write_text(text)
    match script:
        case "drift --file":
            code = run("--file", bad)
        case "drift --openapi":
            code = run("--openapi", bad, "--file", ROOT / "openapi.yaml")
        case _:
            code = run("--openapi", bad, "--output", folder / "made", main=generate)
    assert code == 2
    out, said = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(rf"{script.partition(' ')[0]}: .*bad\.yaml.*({line}).*\n", said)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{nope", "bad.json:1: .*expected ',' or '}'"),
        ('{"openapi": "3.1.0", "openapi": "3.1.0"}', "bad.json: found duplicate key 'openapi'"),
        ('{"openapi": "3.1.0", "paths": {"/things": {}}}', "it has no operations on runs, threads or assistants"),
        ('{"openapi": "3.1.0", "paths": {"/runs": 1}}', "/paths/~1runs: this must be an object"),
        ('{"openapi": "3.1.0", "paths": {"/runs": {"post": []}}}', "/paths/~1runs/post: this must be an object"),
        ('{"swagger": "2.0", "paths": {"/runs": {}}}', "not an OpenAPI 3 document"),
        ("a: &a [*a]", "it contains itself"),
        ("? [a]\n: 1", "a key must be a text"),
    ],
)
def test_an_invalid_server_document_is_one_clear_line(
    text: str, line: str, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(text)
    assert run("--file", bad) == 2
    assert re.fullmatch(rf"drift: .*{line}.*\n", capsys.readouterr().err)


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        ({"requestBody": []}, "/requestBody: this must be an object"),
        ({"parameters": {}}, "/parameters: this must be a list"),
        ({"parameters": [{"in": "query"}]}, "/parameters/0: this parameter has no `name` or no `in`"),
        ({"responses": {"204": {"content": []}}}, "/responses/204/content: this must be an object"),
        ({"responses": {"404": {"content": {"text/plain": 1}}}}, "/content/text~1plain: this must be an object"),
    ],
)
def test_a_broken_part_of_a_server_document_is_named(
    broken: dict[str, Any], line: str, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contents = copy.deepcopy(OURS.contents)
    contents["paths"]["/runs/cancel"]["post"].update(broken)
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(contents))
    assert run("--file", bad) == 2
    assert re.fullmatch(rf"drift: .*bad\.json: /paths/~1runs~1cancel/post.*{line}\n", capsys.readouterr().err)


def test_an_invalid_schema_is_named() -> None:
    text = json.dumps(OURS.contents).replace('"type": "boolean"', '"type": "text"')
    with pytest.raises(DocumentError, match="there is no type 'text'"):
        compare(OURS, parse(text, "server"))


@pytest.mark.parametrize(
    ("path", "line"),
    [("none.yaml", "No such file or directory"), (".", "Is a directory"), ("binary", "not a text file")],
)
def test_a_file_that_cannot_be_read_is_one_clear_line(
    path: str, line: str, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    assert run("--file", tmp_path / path) == 2
    assert re.fullmatch(rf"drift: .*: {line}\n", capsys.readouterr().err)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--url", "no address"], "'no address' is not a server's URL; an example is http://localhost:2024"),
        (["--url", "ftp://127.0.0.1"], "'ftp://127.0.0.1' is not a server's URL"),
        (["--server", "RB", "--file", "openapi.yaml"], "unknown server 'RB'; known are PY, JS, AE"),
        (["--server", "PY next", "--file", "openapi.yaml"], "'next' is not a version; an example is 'PY 0.17.0'"),
    ],
)
def test_invalid_arguments_are_one_clear_line(
    arguments: list[str], line: str, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert run(*arguments) == 2
    out, said = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(rf"drift: .*{line}.*\n", said)


def test_an_unreachable_server_is_one_clear_line(run: Run, replay: Replay, capsys: pytest.CaptureFixture[str]) -> None:
    url = replay(Response.none()).url
    assert run("--url", url) == 2
    assert re.fullmatch(rf"drift: {url}: no response \(.+\)\n", capsys.readouterr().err)


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (Response.json({"detail": "Not Found"}, status=404), "status 404; is a LangGraph server running there?"),
        (Response.json({"detail": "No key"}, status=401), "status 401; put its key into LANGGRAPH_API_KEY"),
        (Response(200, (), b"<html>Sign in</html>"), "not an OpenAPI 3 document; is a LangGraph server running there?"),
        (Response(200, (), b'{"paths": ' + b"[" * 100_000), "it is nested too deeply; is a LangGraph .*"),
        (Response.none(), "no response \\(.+\\)"),
    ],
)
def test_a_server_without_a_document_is_one_clear_line(
    answer: Response, line: str, run: Run, replay: Replay, capsys: pytest.CaptureFixture[str]
) -> None:
    server = replay(by_path({"GET /info": Response.json({}), "GET /openapi.json": answer}))
    assert run("--url", server.url) == 2
    said = capsys.readouterr().err
    assert re.fullmatch(rf"drift: {server.url}/openapi\.json:.*{line.replace('?', '[?]')}\n", said)


def test_without_our_graph_only_the_document_can_be_compared(
    run: Run, replay: Replay, notes: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    answers = by_path(
        {
            "GET /info": Response.json({"version": "0.17.0"}),
            "GET /openapi.json": Response.json(OURS.contents),
            "POST /assistants/search": Response.json([]),
        }
    )
    server = replay(answers)
    assert run("--url", server.url, "--notes", notes("{}")) == 2
    assert "facts are checked with the graph of examples/agent" in capsys.readouterr().err
    assert run("--url", server.url, "--notes", notes("{}"), "--document-only") == 0
    assert "langgraph-api 0.17.0" in capsys.readouterr().out


def test_a_version_that_is_none_is_unknown(run: Run, replay: Replay, capsys: pytest.CaptureFixture[str]) -> None:
    answers = {"GET /info": Response.json({"version": "nightly"}), "GET /openapi.json": Response.json(OURS.contents)}
    run("--url", replay(by_path(answers)).url, "--document-only")
    assert "langgraph-api (version unknown)" in capsys.readouterr().out


@pytest.mark.parametrize("main", [drift, generate, servers], ids=["drift", "generate", "test_servers"])
def test_ctrl_c_is_one_line(
    main: Callable[[], int], run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("argparse.ArgumentParser.parse_args", interrupted)
    assert run(main=main) == 130
    assert re.fullmatch(r"\w+: interrupted, nothing is half-written\n", capsys.readouterr().err)


def test_a_servers_key_comes_from_the_environment(
    run: Run, replay: Replay, notes: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGGRAPH_API_KEY", "secret")
    answers = by_path({"GET /info": Response.json({}), "GET /openapi.json": Response.json(OURS.contents)})
    server = replay(answers)
    assert run("--url", server.url, "--notes", notes("{}"), "--document-only") == 0
    assert {request.headers.get("x-api-key") for request in server.requests} == {"secret"}
