"""README, the pages of docs, and the code in them."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))


def blocks() -> dict[str, tuple[str, str]]:
    """The language and text of each block of code, by its page and line."""
    return {
        f"{page.relative_to(ROOT)}:{text.count(chr(10), 0, block.start()) + 1}": (block[1], block[2])
        for page in PAGES
        for text in [page.read_text(encoding="utf-8")]
        for block in re.finditer(r"^```(.*)\n((?:.*\n)*?)```$", text, re.MULTILINE)
    }


def python_blocks() -> dict[str, str]:
    """Each block of Python, by its page and line."""
    return {place: text for place, (language, text) in blocks().items() if language == "python"}


def python_block(page: str, text: str) -> str:
    """The only block of that page in which this text occurs."""
    (block,) = [block for place, block in python_blocks().items() if place.startswith(f"{page}:") and text in block]
    return block
