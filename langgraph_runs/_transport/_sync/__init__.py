# Derived from langgraph_runs/_transport/_async/__init__.py by scripts/derive_sync.py (make derive): edit that file, not this one.
"""The transport for asyncio and trio; `_sync`, the one for threads, is derived from it."""
