"""What `make release` demands of a tree."""

import re

import pytest

from scripts.release import problems

BUILT = ["langgraph_runs-1.2.0.tar.gz", "langgraph_runs-1.2.0-py3-none-any.whl"]
DATED = "# Changelog\n\n## 1.2.0 (2026-11-26)\n\n## 1.1.0 (2026-01-01)\n"


def test_a_tree_that_is_ready() -> None:
    assert problems("1.2.0", DATED, "", BUILT) == []


@pytest.mark.parametrize(
    ("version", "changelog", "changed", "built", "problem"),
    [
        ("1.2.0", DATED.replace("2026-11-26", "unreleased"), "", BUILT, r"CHANGELOG.md .* '## 1.2.0 \(YYYY-MM-DD\)'"),
        ("1.2.0", "# Changelog\n", "", BUILT, "CHANGELOG.md"),
        ("1.2.0", DATED, " M README.md\n", BUILT, "not committed:\n M README.md$"),
        ("1.2.0", DATED, "", BUILT[:1], "must have been built"),
        ("1.2.0", DATED, "", [*BUILT, "langgraph_runs-1.1.0.tar.gz"], "must have been built"),
    ],
)
def test_what_is_missing(version: str, changelog: str, changed: str, built: list[str], problem: str) -> None:
    [found] = problems(version, changelog, changed, built)
    assert re.search(problem, found)
