"""Figures, goals and verdicts, as a table for people, Markdown and JSON."""

import statistics

from .machine import QUIET_CORES

RATIOS = [
    ("wasm hello / nginx return 200", "Baton hello (C, fresh instance)", "nginx return 200", 0.6),
    ("wasm hello / workerd hello", "Baton hello (C, fresh instance)", "workerd hello", 3.0),
    ("html / nginx return 200 of the same page", "Baton html", "nginx return 200, page", 0.9),
    ("js handler / Node's http server", "Baton js handler", "Node http server", 0.5),
    ("handed off / behind an nginx proxy, html, keep-alive", "Baton html", "Baton html behind nginx proxy", 2.5),
    ("handed off / behind an nginx proxy, wasm hello, keep-alive",
     "Baton hello (C, fresh instance)", "Baton hello behind nginx proxy", 2.5),
    ("handed off / behind an nginx proxy, new connections",
     "Baton hello, new connections", "Baton behind nginx proxy, new connections", 1.0),
]
LATENCIES = [
    ("hello p50 beside 50 ms CPU", "hello beside 8 callers of 50 ms CPU", "p50_ms", 1.0),
    ("hello p99 beside 50 ms CPU", "hello beside 8 callers of 50 ms CPU", "p99_ms", 20.0),
    ("hello p50 beside 50 ms sleep", "hello beside 8 callers of 50 ms sleep", "p50_ms", 1.0),
    ("hello p99 beside 50 ms sleep", "hello beside 8 callers of 50 ms sleep", "p99_ms", 5.0),
]


def medians(rounds: list) -> dict:
    """The median of each figure over the undisturbed rounds, or over all when others disturbed every one."""
    found = {"rounds": len(rounds)}
    rounds = [one for one in rounds if one["foreign_cores"] <= QUIET_CORES] or rounds
    found["counted"] = len(rounds)
    keys = [key for key, value in rounds[0].items() if isinstance(value, (int, float)) and not isinstance(value, bool)]
    found |= {key: statistics.median(one[key] for one in rounds) for key in keys}
    found["rps_low"] = min(one["rps"] for one in rounds)
    found["rps_high"] = max(one["rps"] for one in rounds)
    found["errors"] = sum(sum(one["errors"].values()) + sum(one.get("slow_errors", {}).values()) for one in rounds)
    return found


def disturbed(one: dict) -> bool:
    return one["foreign_cores"] > QUIET_CORES


def goals(results: dict) -> list:
    """Each goal that was measured: what, figure, goal, unit and whether it is reached."""
    load = results["load"]
    found = []
    for what, ours, theirs, least in RATIOS:
        if ours in load and theirs in load:
            ratio = load[ours]["rps"] / load[theirs]["rps"]
            found.append({"what": what, "figure": ratio, "goal": least, "unit": "x", "reached": ratio >= least,
                          "disturbed": disturbed(load[ours]) or disturbed(load[theirs]),
                          "cpu_ratio": load[theirs]["cpu_us"] / load[ours]["cpu_us"]})

    def at_most(what, figure, goal, unit):
        found.append({"what": what, "figure": figure, "goal": goal, "unit": unit, "reached": figure <= goal})

    for what, name, key, most in LATENCIES:
        if name in load:
            at_most(what, load[name][key], most, "ms")
            found[-1]["disturbed"] = disturbed(load[name])
    if "first_calls" in results:
        at_most("first call of a just deployed C function, median", results["first_calls"]["first_median_ms"], 3, "ms")
    if "memory_idle" in results:
        at_most("memory of all processes, idle (RSS)", results["memory_idle"]["rss_mb"], 250, "MB")
    if "start_s" in results:
        at_most("second start to first answer, median", statistics.median(results["start_s"]), 1.5, "s")
    if "cli_ms" in results:
        at_most("./baton list, median", statistics.median(results["cli_ms"]), 250, "ms")
    return found


def load_rows(results: dict) -> list:
    rows = []
    for name, one in results["load"].items():
        rows.append([
            name, f"{one['rps']:,.0f}", f"{one['rps_low']:,.0f}-{one['rps_high']:,.0f}", f"{one['p50_ms']:.2f}",
            f"{one['p99_ms']:.2f}", f"{one['cpu_us']:.1f}", f"{one['foreign_cores']:.2f}",
            f"{one['counted']}/{one['rounds']}", f"{one['errors']}"])
    return rows


LOAD_HEAD = ["scenario", "req/s", "range", "p50 ms", "p99 ms", "CPU us/req", "foreign cores", "rounds", "errors"]
GOAL_HEAD = ["goal", "measured", "wanted", "", "by CPU/req"]


def goal_rows(found: list) -> list:
    def number(value, unit):
        return f"{value:.2f} {unit}" if value < 100 else f"{value:.0f} {unit}"

    rows = []
    for one in found:
        sign = "≥" if one["unit"] == "x" else "≤"
        rows.append([one["what"], number(one["figure"], one["unit"]), f"{sign} {one['goal']:g} {one['unit']}",
                     ("reached" if one["reached"] else "MISSED") + (", disturbed" if one.get("disturbed") else ""),
                     f"{one['cpu_ratio']:.2f} x" if "cpu_ratio" in one else ""])
    return rows


def other_rows(results: dict) -> list:
    rows = []
    if "first_calls" in results:
        calls = results["first_calls"]
        rows.append(["first call of a C function: median, slowest",
                     f"{calls['first_median_ms']:.2f} ms, {calls['first_max_ms']:.2f} ms"])
        rows.append(["second call on a new connection, median", f"{calls['second_median_ms']:.2f} ms"])
        rows.append(["deploying a C function, median", f"{calls['deploy_median_ms']:.0f} ms"])
    for key, what in (("memory_idle", "idle"), ("memory_loaded", "after the load")):
        if key in results:
            one = results[key]
            rows.append([f"memory {what}: RSS, PSS", f"{one['rss_mb']:.0f} MB, {one['pss_mb']:.0f} MB"])
            for process in one["processes"]:
                rows.append([f"  {process['name']}", f"{process['rss_mb']:.0f} MB, {process['pss_mb']:.0f} MB"])
    if "start_s" in results:
        rows.append(["starts, in order", ", ".join(f"{one:.2f} s" for one in results["start_s"])])
    if "cli_ms" in results:
        rows.append(["./baton list: fastest, slowest",
                     f"{min(results['cli_ms']):.0f} ms, {max(results['cli_ms']):.0f} ms"])
    for sample in results.get("soak", {}).get("samples", []):
        rows.append([f"soak, {sample['invocations']:,} invocations",
                     f"{sample['rss_mb']:.0f} MB, {sample['descriptors']} fds, {sample['threads']} threads, "
                     f"{sample['processes']} processes"])
    if "soak" in results:
        rows.append(["soak, errors", f"{sum(results['soak']['errors'].values())}"])
    return rows


def facts_line(results: dict) -> str:
    machine, versions = results["machine"], results["versions"]
    return (f"{machine['cores']} x {machine['cpu']}, {machine['memory_mb'] // 1024} GB, kernel {machine['kernel']}, "
            f"{machine['system']}; Baton {machine['commit']}; JDK {machine['jdk']}; nginx {versions['nginx']}, "
            f"workerd {versions['workerd']}, Node {versions['node']}, {versions['wrk']}")


def noise_line(results: dict) -> str:
    noisy = [name for name, one in results["load"].items() if disturbed(one)]
    if not noisy:
        return f"Only rounds count in which other processes used less than {QUIET_CORES} cores."
    return "Other processes disturbed every round of: " + ", ".join(noisy) + "."


def text(results: dict) -> str:
    """The report for a terminal."""
    parts = [facts_line(results), noise_line(results)]
    if results["load"]:
        parts.append(aligned([LOAD_HEAD] + load_rows(results)))
    parts.append(aligned([[row[0], row[1]] for row in other_rows(results)]))
    parts.append(aligned([GOAL_HEAD] + goal_rows(results["goals"])))
    return "\n\n".join(part for part in parts if part) + "\n"


def aligned(rows: list) -> str:
    if not rows:
        return ""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def markdown(results: dict) -> str:
    """The report for docs/BENCHMARKS.md."""
    settings = results["settings"]
    parts = [
        f"{facts_line(results)}. {settings['rounds']} rounds of {settings['seconds']:g} s, interleaved; medians. "
        + noise_line(results),
        table(GOAL_HEAD, goal_rows(results["goals"])),
        table(LOAD_HEAD, load_rows(results)),
        table(["what", "figure"], [[row[0].replace("  ", "- "), row[1]] for row in other_rows(results)]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def table(head: list, rows: list) -> str:
    if not rows:
        return ""
    lines = ["| " + " | ".join(head) + " |", "|" + "|".join([" --- "] + [" ---: "] * (len(head) - 1)) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)
