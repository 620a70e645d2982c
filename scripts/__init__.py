"""The tools of this repository. `make help` lists the commands that run them."""

import argparse
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def command_line(name: str, description: str | None) -> argparse.ArgumentParser:
    """A parser for `python -m scripts.NAME`; the description is the first line of a docstring."""
    return argparse.ArgumentParser(prog=f"python -m scripts.{name}", description=(description or "").partition("\n")[0])
