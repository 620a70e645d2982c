# Derived from langgraph_runs/_async/__init__.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""The synchronous face; what only it has is waiting."""
