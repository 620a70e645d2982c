"""What all rehearsals start with."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.tree import Tree


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    """A copy of the project."""
    yield Tree(tmp_path / "tree")
    shutil.rmtree(tmp_path / "tree")
