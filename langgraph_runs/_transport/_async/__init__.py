"""The transport for asyncio and trio; `_sync`, the one for threads, is derived from it."""
