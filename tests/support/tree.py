"""A copy of the project, in which tests change the description and follow the documented steps."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent.parent
RUN = (
    "{'run_id': 'r', 'thread_id': 't', 'assistant_id': 'a', 'status': 'pending', 'created_at': '2026-01-01T00:00:00Z',"
    " 'updated_at': '2026-01-01T00:00:00Z'}"
)
# Sends what a call sends to nobody, and prints the request.
CALLING = f"""
import httpx, orjson
from langgraph_runs import Client

def answer(request):
    print(request.method, request.url.path, request.url.query.decode(), request.content.decode())
    return httpx.Response(200, json=7 if request.url.path == '/runs/count' else {RUN})

client = Client('http://server', http_client=httpx.Client(transport=httpx.MockTransport(answer)))
"""


class Tree:
    """A copy of the project.

    Args:
        folder: Where it is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        ignored = (".git", ".venv", ".servers", ".*_cache", ".hypothesis", "__pycache__", "results")
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*ignored))

    def describe(self, change: Callable[[Any], object]) -> None:
        """Change openapi.yaml."""
        yaml = YAML()
        yaml.width = 10_000
        path = self.folder / "openapi.yaml"
        document = yaml.load(path.read_text())
        change(document)
        with path.open("w") as file:
            yaml.dump(document, file)

    def edit(self, name: str, pattern: str, replacement: str) -> None:
        """Replace the only match of a pattern in a file."""
        path = self.folder / name
        text, count = re.subn(pattern, replacement, path.read_text())
        assert count == 1, (name, pattern, count)
        path.write_text(text)

    def add_key(self, kind: str, key: str) -> None:
        """Add a key to a typed dict of options, as its first."""
        body = rf'(class {kind}\(.*\n    """(?:.|\n)*?"""\n\n)'
        self.edit("langgraph_runs/options.py", body, rf'\1    {key}\n    """Rehearsed."""\n')

    def run(self, *command: str, code: int = 0) -> str:
        """Run Python, which must end with this exit code, and return what it prints."""
        return self._done([sys.executable, *command], code)

    def _done(self, command: list[str], code: int) -> str:
        environment = {
            "PYTHONPATH": f"{self.folder}:{self.folder / 'generated'}",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout
        return done.stdout

    def generate(self) -> str:
        """`make generate`, after which nothing is out of date."""
        said = self.run("-m", "scripts.codegen")
        self.run("-m", "scripts.codegen", "--check")
        return said

    def derive_and_snapshot(self) -> None:
        """`make derive` and `make snapshot`."""
        assert self.run("scripts/derive_sync.py") == ""
        assert self.run("scripts/public_api.py") == ""

    def test(self, *names: str, code: int = 0) -> str:
        """`make test ARGS=...`, one line a failure."""
        return self.run("-m", "pytest", "-q", "--tb=line", "-p", "no:cacheprovider", *names, code=code)

    def demands(self) -> str:
        """What `tests/client/test_reachable.py` asks for."""
        return self.test("tests/client/test_reachable.py", code=1)

    def is_done(self) -> None:
        """Nothing more is asked for."""
        self.test("tests/client/test_reachable.py", "tests/client/test_faces.py", "tests/client/test_public_api.py")
        assert self.run("scripts/derive_sync.py", "--check") == ""

    def call(self, code: str) -> str:
        """What a call sends, and what it returns."""
        return self.run("-c", CALLING + code)

    def make(self, *arguments: str, code: int = 0) -> str:
        """Run `make` with the environment that runs the tests, and return what it prints."""
        (self.folder / ".installed").touch()  # so that make installs nothing
        variables = ["INSTALLED=.installed", f"BIN={Path(sys.executable).parent}"]
        return self._done(["make", *variables, *arguments], code)


def fields(document: Any, name: str) -> Any:
    """The fields of a schema."""
    return document["components"]["schemas"][name]["properties"]


def text(description: str) -> dict[str, Any]:
    """A schema of text."""
    return {"type": "string", "description": description}
