"""The built documentation: complete, without a dead link, and loading nothing from elsewhere."""

import inspect
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import langgraph_runs
from tests.support.pages import ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built pages. A page that is not in the navigation or a link that leads nowhere fails the build."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        check=False,
        text=True,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    return folder


def test_pages_load_nothing_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 10
    assert {path.name: found for path in pages if (found := _Loaded(path.read_text(encoding="utf-8")).found)} == {}
    styles = [path.read_text(encoding="utf-8") for path in [*site.rglob("*.css"), *site.rglob("*.svg"), *pages]]
    assert [
        found for style in styles for found in re.findall(r"(?:url\(|@import)\W{0,2}(?:https?:)?//[^)]*", style)
    ] == []


def test_the_search_knows_every_page(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    found = {entry["location"].partition("#")[0] for entry in index["docs"]}
    assert found == {path.relative_to(site).as_posix() for path in site.rglob("*.html")} - {"404.html"}


def test_the_reference_has_every_public_name_once(site: Path) -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in (site / "api").glob("*.html"))
    assert "<details" not in pages  # a section of a docstring that griffe does not know
    shown = re.findall(r'<h\d id="langgraph_runs\.(?:_[\w.]+\.)?(\w+)"', pages)
    assert {name: shown.count(name) for name in langgraph_runs.__all__} == dict.fromkeys(langgraph_runs.__all__, 1)


@pytest.mark.parametrize("name", [name for name in langgraph_runs.__all__ if name.endswith("sClient")])
def test_the_reference_shows_and_describes_every_argument(site: Path, name: str) -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in (site / "api").glob("*.html"))
    _, *parts = re.split(rf'<h3 id="langgraph_runs\.{name}\.', pages)
    described = {part.partition('"')[0]: re.findall(r"<b><code>(\w+)</code></b>", part) for part in parts}
    shown = {part.partition('"')[0]: part.partition("</pre>")[0] for part in parts}
    for method, function in inspect.getmembers(getattr(langgraph_runs, name), inspect.isfunction):
        if not method.startswith("_"):
            arguments = list(inspect.signature(function).parameters)[1:]
            assert described[method][: len(arguments)] == arguments
            assert [one for one in arguments if f">{one}</span>" not in shown[method]] == []


class _Loaded(HTMLParser):
    """Finds what a browser gets from another host to show a page; a link to follow is no such thing."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {"src", "srcset", "href", "xlink:href", "data", "poster"} - ({"href"} if tag == "a" else set())
        self.found += [value for name, value in attrs if name in names and value and re.match(r"(https?:)?//", value)]
