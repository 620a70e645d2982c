"""The Python in README and in docs."""

import re
from pathlib import Path

_ROOT = Path(__file__).parents[2]


def python_blocks() -> dict[str, str]:
    """Each block of Python, by its page and line."""
    return {
        f"{page.relative_to(_ROOT)}:{text.count(chr(10), 0, block.start()) + 1}": block[1]
        for page in (_ROOT / "README.md", *sorted((_ROOT / "docs").glob("*.md")))
        for text in [page.read_text(encoding="utf-8")]
        for block in re.finditer(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    }


def python_block(page: str, text: str) -> str:
    """The only block of that page in which this text occurs."""
    (block,) = [block for place, block in python_blocks().items() if place.startswith(f"{page}:") and text in block]
    return block
