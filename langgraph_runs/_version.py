"""The one place where the version is written: packaging reads it from here, and so does the User-Agent."""

__version__ = "0.1.0"

# The releases of LangGraph API (Python) that this version was tested with, oldest first. The last is the one that
# pyproject.toml pins.
__tested_servers__: tuple[str, ...] = ("0.4.48", "0.7.103", "0.10.3", "0.13.8", "0.16.7")
