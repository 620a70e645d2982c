"""The derivation of the synchronous face: what it changes, what it leaves alone, what it refuses, and `--check`."""

import re
import textwrap
from pathlib import Path

import pytest

from scripts import derive_sync
from scripts.derive_sync import UnderivableError, derive, main, tidy

SOURCE, TARGET = derive_sync.FOLDERS[0]


def derived(text: str) -> str:
    """The derived text without its header line."""
    header, _, rest = derive(textwrap.dedent(text), "here.py").partition("\n")
    assert header.startswith("# Derived from here.py")
    return rest


def test_code_loses_its_keywords_and_changes_its_names() -> None:
    source = """\
        class AsyncClient:
            async def __aenter__(self) -> "AsyncClient":
                await self._http.__aenter__()
                return self

            async def items(self) -> AsyncIterator[int]:
                async with self.runs as runs, self._lock:
                    async for item in runs.aiter_raw():
                        yield (await anext(item)).text
                ok = [x async for x in self if await x.aread()]
        """
    assert derived(source) == textwrap.dedent("""\
        class Client:
            def __enter__(self) -> "Client":
                self._http.__enter__()
                return self

            def items(self) -> Iterator[int]:
                with self.runs as runs, self._lock:
                    for item in runs.iter_raw():
                        yield (next(item)).text
                ok = [x for x in self if x.read()]
        """)


@pytest.mark.parametrize("name", derive_sync.NAMES)
def test_every_name_of_the_table_is_renamed_in_code_and_in_prose(name: str) -> None:
    other = derive_sync.NAMES[name]
    assert derived(f"{name} = '{name}'  # {name}\n") == f"{other} = '{other}'  # {other}\n"


@pytest.mark.parametrize(
    "text",
    [
        "enclose = disclose = my_aclose_count = 1\n",
        "text = 'AsyncClients enclose'  # maclose\n",
        "text = 'asyncio and trio; you await the answer, an async service'\n",
        "raise SomeError(f'{a}{{b}} {c!r:>{width}}')\n",
        "é = 'ü'  # ß\n\nif é:\n\tpass\n",
        "",
    ],
)
def test_what_only_looks_similar_stays(text: str) -> None:
    assert derived(text) == text


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("Use `async with AsyncClient() as client:`.", "Use `with Client() as client:`."),
        ("event = await client.runs.get('t', 'r')", "event = client.runs.get('t', 'r')"),
        ("async for event in stream: ...", "for event in stream: ..."),
        ("An `AsyncRunStream` of an AsyncRunsClient", "A `RunStream` of a RunsClient"),
        ("an AsyncIterator", "an Iterator"),
        ("An asynchronous client", "A synchronous client"),
        ("langgraph_runs._async.client", "langgraph_runs._sync.client"),
        ("call ``await stream.aclose()``", "call ``stream.close()``"),
    ],
)
@pytest.mark.parametrize("form", ["'''{}'''\n", "x = 1  # {}\n", 'f"""{{x}} {}"""\n', "br'''{}'''\n"])
def test_docstrings_comments_and_strings_read_right(form: str, prose: str, expected: str) -> None:
    assert derived(form.format(prose)) == form.format(expected)


def test_an_f_string_is_derived_alike_on_every_python() -> None:
    # Python 3.11 sees one string token here, 3.12 and later see names and nested strings.
    source = """f"async for {AsyncClient.aread} {f'{aclose}'} {anext(x):{aiter}}" 'AsyncClient' + aclose\n"""
    assert derived(source) == """f"for {Client.read} {f'{close}'} {next(x):{iter}}" 'Client' + close\n"""


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("x = 1\ny = AsyncThing\n", "here.py:2: AsyncThing "),
        ("import asyncio\n", "here.py:1: asyncio "),
        ("from anyio import sleep\n", "here.py:1: anyio "),
        ("import trio\n", "here.py:1: trio "),
        ("f: Awaitable[int]\n", "here.py:1: Awaitable "),
        ("self.is_async = True\n", "here.py:1: is_async "),
        ("async def f():\n    return f'{await (x)}'\n", "here.py: line 3 of what is derived from it is not valid: "),
        ("x = 1\nasync def f(:\n", "here.py:2: not valid Python: "),
        ("def f():\n    a\n  b\n", "here.py:3: not valid Python: unindent does not match"),
        ('x = 1\ny = """\n', "here.py:2: not valid Python: unterminated"),
    ],
)
def test_what_has_no_synchronous_form_is_refused_with_its_place(text: str, place: str) -> None:
    with pytest.raises(UnderivableError, match=f"^{re.escape(place)}"):
        derive(text, "here.py")


def test_imports_are_sorted_and_merged_and_the_layout_is_ruffs(tmp_path: Path) -> None:
    text = "from b import z, y\nfrom a import Iterator, Iterator\nx = [ 1,\n 2 ]\n"
    assert tidy(text, tmp_path / "m.py") == "from a import Iterator\nfrom b import y, z\n\nx = [1, 2]\n"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two asynchronous modules, one in a subfolder, derived once."""
    monkeypatch.setattr(derive_sync, "FOLDERS", ((SOURCE, TARGET),))
    (tmp_path / SOURCE / "sub").mkdir(parents=True)
    (tmp_path / SOURCE / "client.py").write_text("class AsyncClient:\n    pass\n")
    (tmp_path / SOURCE / "sub/stream.py").write_text("async def f(x: AsyncClient) -> None:\n    await x.aclose()\n")
    assert main([], tmp_path) == 0
    return tmp_path


def test_derived_files_name_their_source_and_how_to_change_them(tree: Path) -> None:
    text = (tree / TARGET / "sub/stream.py").read_text()
    assert text.splitlines()[0] == (
        f"# Derived from {SOURCE}/sub/stream.py by scripts/derive_sync.py (make derive): edit that file, not this one."
    )
    assert "def f(x: Client) -> None:\n    x.close()\n" in text


def test_check_is_silent_when_all_is_current(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"], tree) == 0
    assert capsys.readouterr() == ("", "")


def test_a_second_run_writes_the_same_bytes(tree: Path) -> None:
    before = contents(tree)
    assert main([], tree) == 0
    assert contents(tree) == before


def test_check_shows_changed_missing_and_extra_files_and_changes_none(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / TARGET / "client.py").write_text("edited = True\n")
    (tree / TARGET / "sub/stream.py").unlink()
    (tree / TARGET / "extra.py").write_text("left = 'over'\n")
    before = contents(tree)
    assert main(["--check"], tree) == 1
    shown = capsys.readouterr().out
    assert f"--- {TARGET}/client.py (checked in)\n+++ {TARGET}/client.py (derived)\n" in shown
    assert "-edited = True\n" in shown
    assert "+class Client:\n" in shown
    assert f"--- /dev/null\n+++ {TARGET}/sub/stream.py (derived)\n" in shown
    assert f"--- {TARGET}/extra.py (checked in)\n+++ /dev/null\n" in shown
    names = ", ".join(f"{TARGET}/{name}" for name in ("client.py", "extra.py", "sub/stream.py"))
    assert shown.endswith(f"derive_sync: not what their source gives: {names}. Run: make derive\n")
    assert contents(tree) == before


@pytest.mark.parametrize("name", ["client.py", "sub/stream.py"])
def test_each_kind_of_drift_alone_fails_the_check_and_deriving_mends_it(tree: Path, name: str) -> None:
    good = contents(tree)
    file = tree / TARGET / name

    file.write_text(file.read_text() + "\n")
    assert main(["--check"], tree) == 1
    file.unlink()
    assert main(["--check"], tree) == 1
    assert main([], tree) == 0
    assert contents(tree) == good

    file.with_name("extra.py").write_text("")
    assert main(["--check"], tree) == 1
    assert main([], tree) == 0
    assert contents(tree) == good


def test_a_source_folder_without_modules_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"], tmp_path) == 1
    assert f"{SOURCE} holds no modules" in capsys.readouterr().err


def test_an_underivable_source_fails_and_writes_nothing(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(tree)
    (tree / SOURCE / "client.py").write_text("from asyncio import sleep\n")
    (tree / SOURCE / "added.py").write_text("x = 1\n")
    assert main([], tree) == 1
    assert f"{SOURCE}/client.py:1: asyncio" in capsys.readouterr().err
    assert contents(tree) == before


def contents(tree: Path) -> dict[str, bytes]:
    """The bytes of every derived file."""
    return {path.relative_to(tree).as_posix(): path.read_bytes() for path in (tree / TARGET).rglob("*.py")}
