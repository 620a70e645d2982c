"""Generate the package langgraph_runs_api, or compare it with what would be generated.

`make generate` and `make check` run this. If anything goes wrong, the old package stays as it was.
"""

import difflib
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from scripts import ROOT, command, command_line
from scripts.codegen.generate import PACKAGE, generate


@command("generate")
def main() -> int:
    """Run the command.

    Returns:
        The exit code: 0 for success, 1 if --check found differences, 2 if nothing could be generated.
    """
    parser = command_line("codegen", __doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the package is not up to date")
    parser.add_argument("--openapi", type=Path, default=ROOT / "openapi.yaml", help="the description to read")
    parser.add_argument("--output", type=Path, default=ROOT / "generated" / PACKAGE, help="the package to write")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        package = generate(arguments.openapi, Path(scratch))
        if arguments.check:
            return report_differences(package, arguments.output)
        replace(arguments.output, package)
    print(f"{arguments.output.name}: {len(list(arguments.output.rglob('*.py')))} modules from {arguments.openapi.name}")
    return 0


def report_differences(package: Path, current: Path) -> int:
    """Print how the current package differs from the one just generated.

    Returns:
        1 if they differ, else 0.
    """
    differences = 0
    for name in sorted(files(package) | files(current)):
        old, new = (lines_of(folder / name) for folder in (current, package))
        if old != new:
            differences += 1
            labels = f"{PACKAGE}/{name} (checked in)", f"{PACKAGE}/{name} (generated)"
            print("".join(difflib.unified_diff(old, new, *labels)))
    if differences:
        print(f"{differences} files differ from what openapi.yaml gives: run `make generate`")
    return min(differences, 1)


def files(folder: Path) -> set[Path]:
    """The package's files, relative to its folder."""
    return {
        path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    }


def lines_of(path: Path) -> list[str]:
    """The file's lines; none if there is no such file."""
    return path.read_text().splitlines(keepends=True) if path.exists() else []


def replace(old: Path, new: Path) -> None:
    """Put the new package in the old one's place, and forget what mypy knows of the old one.

    The copy is complete before the old package is touched; two renames then swap them. Ctrl-C waits for that.
    """
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        old.parent.mkdir(parents=True, exist_ok=True)
        incoming, outgoing = old.with_suffix(".new"), old.with_suffix(".old")
        for leftover in (incoming, outgoing):
            shutil.rmtree(leftover, ignore_errors=True)
        shutil.copytree(new, incoming)
        if old.exists():
            old.rename(outgoing)
        incoming.rename(old)
        for outdated in (outgoing, old.parent.parent / ".mypy_cache"):
            shutil.rmtree(outdated, ignore_errors=True)
    finally:
        signal.signal(signal.SIGINT, before)


if __name__ == "__main__":
    sys.exit(main())
