"""Derive the synchronous face from the asynchronous one, token by token.

`langgraph_runs/_async/` is written by hand; `langgraph_runs/_sync/` is what this script makes of it:

    python scripts/derive_sync.py            write the derived folders
    python scripts/derive_sync.py --check    change nothing; show what differs and exit 1 if anything does

`async` and `await` go, and the names in NAMES become their synchronous twins, in code by exact identifier, in
docstrings, comments and other strings by whole word. Whatever still looks asynchronous afterwards is an error and not
a guess: the answer is one more line in NAMES, or a pair of functions in a module that both faces share.
"""

import argparse
import difflib
import io
import re
import subprocess
import sys
import token
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Source folder, derived folder. The second belongs to this script: what has no source in the first is deleted.
FOLDERS = (
    ("langgraph_runs/_async", "langgraph_runs/_sync"),
    ("langgraph_runs/_transport/_async", "langgraph_runs/_transport/_sync"),
    ("tests/client/_async", "tests/client/_sync"),
    ("tests/faults/_async", "tests/faults/_sync"),
    ("tests/testing/_async", "tests/testing/_sync"),
    ("tests/transport/_async", "tests/transport/_sync"),
    ("tests/typing/_async", "tests/typing/_sync"),
)

NAMES = {
    # ours
    "_async": "_sync",
    "AsyncClient": "Client",  # httpx's too
    "AsyncAssistantsClient": "AssistantsClient",
    "AsyncRunsClient": "RunsClient",
    "AsyncThreadsClient": "ThreadsClient",
    "AsyncRunStream": "RunStream",
    "AsyncBody": "Body",
    "AsyncEvent": "Event",
    "AsyncEventSource": "EventSource",
    "AsyncHTTP": "HTTP",
    "AsyncWait": "Wait",
    "AsyncWire": "Wire",
    "AsyncHTTPClient": "HTTPClient",
    "AsyncInterruptible": "Interruptible",
    "AsyncPool": "Pool",
    "AsyncRunMap": "RunMap",
    "AsyncSemaphore": "Semaphore",
    "AsyncWorkers": "Workers",
    "_AsyncConnection": "_Connection",
    "_AsyncResponseBody": "_ResponseBody",
    "_AsyncShare": "_Share",
    "aowner": "owner",
    "aconnect": "connect",
    "asleep": "sleep",
    "ainterrupted": "interrupted",
    "async_client": "client",
    "async_http_client": "http_client",
    # the language and its library
    "AbstractAsyncContextManager": "AbstractContextManager",
    "AsyncExitStack": "ExitStack",
    "AsyncGenerator": "Generator",
    "AsyncIterable": "Iterable",
    "AsyncIterator": "Iterator",
    "StopAsyncIteration": "StopIteration",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
    "aclose": "close",
    "aclosing": "closing",
    "aiter": "iter",
    "anext": "next",
    "asynccontextmanager": "contextmanager",
    "enter_async_context": "enter_context",
    "push_async_callback": "callback",
    "push_async_exit": "push",
    # httpx and httpcore
    "AsyncConnectionPool": "ConnectionPool",
    "AsyncNetworkStream": "NetworkStream",
    "AsyncBaseTransport": "BaseTransport",
    "AsyncByteStream": "SyncByteStream",
    "AsyncHTTPTransport": "HTTPTransport",
    "aiter_bytes": "iter_bytes",
    "aiter_lines": "iter_lines",
    "aiter_raw": "iter_raw",
    "aiter_text": "iter_text",
    "aread": "read",
    "handle_async_request": "handle_request",
}
WORDS = NAMES | {
    "Asynchronous": "Synchronous",
    "Asynchronously": "Synchronously",
    "asynchronous": "synchronous",
    "asynchronously": "synchronously",
}

KEYWORDS = frozenset({"async", "await"})
ASYNC_ONLY = re.compile(r"async|await|coroutine", re.IGNORECASE)
ASYNC_LIBRARIES = frozenset({"anyio", "sniffio", "trio"})

# "await" counts in prose only before a call, so that a sentence may use the word.
# An article before a renamed word is caught with it: "an AsyncClient", but "a Client".
IN_PROSE = re.compile(
    r"\basync (?=(?:def|for|with)\b)|\bawait (?=[\w.]+\()"
    rf"|(?:\b(?P<article>[Aa])n(?P<gap>\s+`*))?\b(?P<word>{'|'.join(WORDS)})\b"
)


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Write or check all derived folders; the exit code."""
    parser = argparse.ArgumentParser(description="Derive the synchronous modules from the asynchronous ones.")
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 when a derived file is not current")
    check = parser.parse_args(arguments).check
    try:
        outdated = [path for source, target in FOLDERS for path in update(root, source, target, check=check)]
    except UnderivableError as error:
        print(f"derive_sync: {error}", file=sys.stderr)
        return 1
    if check and outdated:
        print(f"derive_sync: not what their source gives: {', '.join(outdated)}. Run: make derive")
        return 1
    return 0


class UnderivableError(Exception):
    """A source that has no synchronous form yet."""


def update(root: Path, source: str, target: str, *, check: bool) -> list[str]:
    """Bring one derived folder up to date, or with `check` only show how; the names of what was out of date."""
    wanted = {}
    for path in sorted((root / source).rglob("*.py")):
        origin = path.relative_to(root).as_posix()
        name = target + origin.removeprefix(source)
        wanted[name] = tidy(derive(path.read_text(encoding="utf-8"), origin), root / name)
    if not wanted:
        raise UnderivableError(f"{source} holds no modules")
    present = {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in (root / target).rglob("*.py")
    }
    outdated = [name for name in sorted(wanted | present) if wanted.get(name) != present.get(name)]
    for name in outdated:
        if check:
            sys.stdout.writelines(difference(name, present, wanted))
        elif name in wanted:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(wanted[name], encoding="utf-8", newline="\n")
        else:
            (root / name).unlink()
    return outdated


def difference(name: str, present: Mapping[str, str], wanted: Mapping[str, str]) -> Iterator[str]:
    """A unified diff from the file as it is to the file as it should be; a file that is not there is `/dev/null`."""
    return difflib.unified_diff(
        present.get(name, "").splitlines(keepends=True),
        wanted.get(name, "").splitlines(keepends=True),
        f"{name} (checked in)" if name in present else "/dev/null",
        f"{name} (derived)" if name in wanted else "/dev/null",
    )


def derive(text: str, origin: str) -> str:
    """The synchronous form of a module's text, not yet laid out; `origin` is the module's path, for people to read."""
    parsed(text, f"{origin}:{{}}: not valid Python: {{}}")
    pieces = [f"# Derived from {origin} by scripts/derive_sync.py (make derive): edit that file, not this one.\n"]
    done = 0
    previous = ""
    for start, end, is_name in spans(text):
        pieces.append(text[done:start])
        word, done = text[start:end], end
        if not is_name:
            pieces.append(IN_PROSE.sub(in_prose, word))
        elif word in KEYWORDS:
            while text[done] == " ":
                done += 1
        elif word in NAMES:
            pieces.append(NAMES[word])
        elif ASYNC_ONLY.search(word) or (word in ASYNC_LIBRARIES and previous in {"from", "import"}):
            line = text.count("\n", 0, start) + 1
            raise UnderivableError(f"{origin}:{line}: {word} has no twin in NAMES of scripts/derive_sync.py")
        else:
            pieces.append(word)
        previous = word
    derived = "".join([*pieces, text[done:]])
    parsed(derived, f"{origin}: line {{}} of what is derived from it is not valid: {{}}")
    return derived


def parsed(text: str, problem: str) -> None:
    """Refuse text that is not Python; `{}` in the problem stand for the line and the reason."""
    try:
        compile(text, "", "exec", dont_inherit=True)
    except SyntaxError as error:
        raise UnderivableError(problem.format(error.lineno, f"{error.msg}: {(error.text or '').strip()}")) from error


def spans(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where names (True) and strings and comments (False) lie in the text.

    Python 3.12 takes f-strings apart where 3.11 gives one token: here they are one span on every version, or the result
    would depend on who derives.
    """
    offsets = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    openers, closers = ({getattr(token, f"{kind}STRING_{end}", None) for kind in "FT"} for end in ("START", "END"))
    depth = opened = 0
    for item in tokenize.generate_tokens(io.StringIO(text).readline):
        start, end = (offsets[row - 1] + column for row, column in (item.start, item.end))
        if item.type in openers:
            if not depth:
                opened = start
            depth += 1
        elif item.type in closers:
            depth -= 1
            if not depth:
                yield opened, end, False
        elif not depth and item.type in {token.NAME, token.STRING, token.COMMENT}:
            yield start, end, item.type == token.NAME


def in_prose(match: re.Match[str]) -> str:
    """What takes the place of a match of IN_PROSE."""
    if match["word"] is None:
        return ""
    word = WORDS[match["word"]]
    if match["article"] is None:
        return word
    return f"{match['article']}{'n' if word[0] in 'AEIOUaeiou' else ''}{match['gap']}{word}"


def tidy(text: str, path: Path) -> str:
    """The text with imports sorted and laid out by ruff, under the settings that hold where `path` lies."""
    for command in (["check", "--quiet", "--select", "I", "--fix"], ["format"]):
        text = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--stdin-filename", path, "-"],
            input=text,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            check=True,
        ).stdout
    return text


if __name__ == "__main__":
    sys.exit(main())
