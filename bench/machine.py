"""What the figures were measured on."""

import os
import platform
from pathlib import Path

_CPU_INFO = Path("/proc/cpuinfo")


def machine() -> str:
    """The processor, its cores and the Python version, in one line."""
    lines = _CPU_INFO.read_text(encoding="utf-8").splitlines() if _CPU_INFO.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    model = names[0] if names else platform.processor() or platform.machine()
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def own_memory_mb() -> float:
    """What this process has that is of no file, and so shared with no other, in MiB; on Linux."""
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="utf-8").splitlines()
    sizes = dict(line.split(":") for line in lines if line.endswith("kB"))
    return int(sizes["Anonymous"].split()[0]) / 1024
