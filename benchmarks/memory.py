"""How much memory a process has had."""

import resource
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak() -> int:
    """The most memory, in bytes, that this process has had resident so far."""
    if _STATUS.exists():
        # What `getrusage` gives on Linux begins with the memory of the process that started this one.
        return int(_STATUS.read_text(encoding="utf-8").partition("VmHWM:")[2].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
