"""Running the commands in this process."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from scripts.drift.__main__ import main as drift
from tests.tools.test_comparison import FROZEN

Run: TypeAlias = Callable[..., int]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command with arguments and returns its exit code."""

    def call(*arguments: str | Path, main: Callable[[], int] = drift) -> int:
        ours = ["--openapi", FROZEN] if main is drift else []
        monkeypatch.setattr(sys, "argv", ["script", *map(str, ours), *map(str, arguments)])
        return main()

    return call


@pytest.fixture
def notes(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a file of notes."""

    def write(text: str) -> Path:
        path = tmp_path / "notes.yaml"
        path.write_text(text)
        return path

    return write
