"""The programs that the harness needs: installs what is missing where it may, else tells how."""

import os
import shutil
import subprocess
from pathlib import Path

WORKERD = "1.20261117.1"
PACKAGES = {"wrk": "wrk", "nginx": "nginx-light", "node": "nodejs", "npm": "npm"}


class MissingTool(Exception):
    """A sentence that says what is missing and how to get it."""


def find(name: str):
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


def install(cache: Path, say) -> dict:
    """Paths of wrk, nginx, node and workerd."""
    missing = [package for tool, package in PACKAGES.items() if not find(tool)]
    if missing:
        install_packages(missing, say)
    return {
        "wrk": find("wrk"),
        "nginx": find("nginx"),
        "node": find("node"),
        "workerd": workerd(cache, say),
    }


def install_packages(packages: list, say) -> None:
    command = "apt-get install -y --no-install-recommends " + " ".join(packages)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise MissingTool(f"missing: {', '.join(packages)}: install them with your package manager, on Debian "
                          f"as root by '{command}'")
    say(f"installing {', '.join(packages)} with apt-get …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in ("apt-get update -q", command):
        done = subprocess.run(step.split(), env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise MissingTool(f"'{step}' failed: {done.stderr.strip() or done.stdout.strip()}")
    # Debian starts nginx with its own site; the harness runs one of its own.
    if "nginx-light" in packages and shutil.which("systemctl"):
        subprocess.run(["systemctl", "disable", "--now", "nginx"], capture_output=True)


def workerd(cache: Path, say) -> str:
    """workerd's own binary, out of the npm package for this machine."""
    home = cache / f"workerd-{WORKERD}"
    binary = home / "node_modules/@cloudflare/workerd-linux-64/bin/workerd"
    if not binary.exists():
        say(f"installing workerd {WORKERD} with npm …")
        home.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [find("npm"), "install", "--prefix", str(home), "--no-audit", "--no-fund", "--ignore-scripts",
             f"workerd@{WORKERD}"], capture_output=True, text=True)
        if done.returncode != 0 or not binary.exists():
            raise MissingTool(f"npm could not install workerd {WORKERD}: {done.stderr.strip()}")
    return str(binary)


def versions(tools: dict) -> dict:
    def first_line(*command) -> str:
        done = subprocess.run(command, capture_output=True, text=True)
        return (done.stdout + done.stderr).strip().splitlines()[0]

    return {
        "nginx": first_line(tools["nginx"], "-v").split("/")[-1],
        "node": first_line(tools["node"], "--version"),
        "workerd": first_line(tools["workerd"], "--version").removeprefix("workerd "),
        "wrk": first_line(tools["wrk"], "--version").split(" Copyright")[0],
    }
