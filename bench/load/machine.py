"""What the machine is, and what processes use of it, read from /proc."""

import os
import subprocess
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
CORES = os.cpu_count() or 1
QUIET_CORES = 0.15
"""Other processes may use this much of one core before a measurement waits."""


def facts(root: Path, java: str) -> dict:
    """The machine and versions that figures belong to."""
    model = next(
        (line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
         if line.startswith("model name")), "unknown")
    memory = int(Path("/proc/meminfo").read_text().split()[1]) // 1024
    commit = output(["git", "-C", str(root), "rev-parse", "--short=12", "HEAD"])
    if output(["git", "-C", str(root), "status", "--porcelain", "--untracked-files=no"]):
        commit += " with changes"
    release = Path("/etc/os-release").read_text()
    system = next(line.split("=", 1)[1].strip('"') for line in release.splitlines() if line.startswith("PRETTY_NAME"))
    return {
        "cpu": model,
        "cores": CORES,
        "memory_mb": memory,
        "kernel": os.uname().release,
        "system": system,
        "commit": commit or "unknown",
        "jdk": jdk_version(java),
    }


def jdk_version(java: str) -> str:
    text = subprocess.run([java, "-version"], capture_output=True, text=True, check=True).stderr
    line = next((line for line in text.splitlines() if "Runtime Environment" in line), text.splitlines()[0])
    return line.replace("OpenJDK Runtime Environment", "").strip()


def output(command: list) -> str:
    """What a command prints, or nothing when it fails."""
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""


def stat(pid: int):
    """Fields of /proc/PID/stat from the state on, or None when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return None


def tree(root: int) -> list:
    """A process and all its descendants."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            fields = stat(int(entry))
            if fields:
                children.setdefault(int(fields[1]), []).append(int(entry))
    found = [root]
    for pid in found:
        found.extend(children.get(pid, []))
    return found


def cpu_seconds(roots: list) -> float:
    """User and system time of process trees, with that of children that have ended."""
    ticks = 0
    for root in roots:
        for pid in tree(root):
            fields = stat(pid)
            if fields:
                ticks += sum(int(field) for field in fields[11:15])
    return ticks / TICKS


def busy_seconds() -> float:
    """What all processors together have spent on anything but idling since boot."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    user, nice, system, _idle, _iowait, irq, softirq, steal = fields
    return (user + nice + system + irq + softirq + steal) / TICKS


def memory_mb(root: int) -> list:
    """Resident and proportional memory of each process of a tree: (pid, name, rss, pss)."""
    rows = []
    for pid in tree(root):
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            name = process_name(pid)
        except OSError:
            continue
        size = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in rollup[1:]}
        rows.append((pid, name, size["Rss"], size["Pss"]))
    return rows


def process_name(pid: int) -> str:
    """The role of a process, such as `java up`, without paths and options."""
    words = [word for word in Path(f"/proc/{pid}/cmdline").read_text().split("\0") if word]
    if not words:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    name = words[0].rsplit("/", 1)[-1]
    role = next((word for word in words[1:] if word in ("up", "worker", "builder")), "")
    return f"{name} {role}".strip()


def handles(root: int) -> dict:
    """Open descriptors, threads and resident megabytes of a tree."""
    pids = tree(root)
    descriptors = threads = 0
    for pid in pids:
        try:
            descriptors += len(os.listdir(f"/proc/{pid}/fd"))
            threads += len(os.listdir(f"/proc/{pid}/task"))
        except OSError:
            continue
    rss = sum(row[2] for row in memory_mb(root))
    return {"processes": len(pids), "descriptors": descriptors, "threads": threads, "rss_mb": round(rss, 1)}


def wait_until_quiet(limit_seconds: float, say) -> bool:
    """Waits until other processes leave the machine alone, at most so long; whether they do."""
    deadline = time.monotonic() + limit_seconds
    told = False
    while True:
        before, began = busy_seconds(), time.monotonic()
        time.sleep(0.5)
        load = (busy_seconds() - before) / (time.monotonic() - began)
        if load <= QUIET_CORES:
            return True
        if time.monotonic() > deadline:
            return False
        if not told:
            say(f"waiting for a quiet machine: others use {load:.2f} cores")
            told = True
