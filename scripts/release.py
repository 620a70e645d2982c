"""What stands between the tree and a release, and the steps that a person takes. It uploads nothing.

python -m scripts.release dist     after the files were built and checked; see `make release`
"""

import re
import subprocess
import sys
from pathlib import Path

from langgraph_runs import __version__
from scripts import ROOT


def problems(version: str, changelog: str, changed: str, built: list[str]) -> list[str]:
    """Why this tree can't be released: the text of CHANGELOG.md, what git says of the tree, and the files built."""
    heading = re.search(r"^## (.*)$", changelog, re.MULTILINE)
    found = []
    if heading is None or not re.fullmatch(rf"{re.escape(version)} \(\d{{4}}-\d\d-\d\d\)", heading[1]):
        found.append(f"CHANGELOG.md must begin with '## {version} (YYYY-MM-DD)', the day of the release")
    if changed:
        found.append(f"commit or drop what is not committed:\n{changed.rstrip()}")
    expected = {f"langgraph_runs-{version}.tar.gz", f"langgraph_runs-{version}-py3-none-any.whl"}
    if {*built} != expected:
        found.append(f"{', '.join(sorted(expected))} must have been built, and were not")
    return found


def main(folder: str) -> int:
    """Print what is to be done."""
    status = subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, check=True, capture_output=True, text=True)
    built = [path.name for path in Path(folder).iterdir()]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    if found := problems(__version__, changelog, status.stdout, built):
        print("Not ready to be released:", *found, sep="\n- ", file=sys.stderr)
        return 1
    print(
        f"{folder}/ is ready. Nothing was uploaded. What is left for you to do:\n"
        "1. bash .ci/run\n"
        f"2. git tag -a v{__version__} -m 'langgraph-runs {__version__}' && git push --follow-tags\n"
        f"3. .venv/bin/python -m twine upload {folder}/*\n"
        "4. set the next version in langgraph_runs/_version.py, and begin its section '(unreleased)' in CHANGELOG.md"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
