"""The one place where the version is written: packaging reads it from here, and so does the User-Agent."""

__version__ = "0.1.0"
