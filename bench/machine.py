"""Description of the machine for the report, without its name."""

import os
import platform
import re
import subprocess
from pathlib import Path


def facts():
    cpu = _found(r"model name\s*: (.*)", "/proc/cpuinfo") or platform.machine()
    memory = int(_found(r"MemTotal:\s*(\d+)", "/proc/meminfo") or 0) / (1 << 20)
    system = _found(r'PRETTY_NAME="(.*)"', "/etc/os-release") or "Linux"
    kernel = re.match(r"\d+\.\d+", platform.release())[0]
    virtual = ", virtual" if _found(r"flags.*\b(hypervisor)\b", "/proc/cpuinfo") else ""
    # Compilers and runtimes of the peers.
    commands = {"Rust": ["rustc", "--version"], "Node": ["node", "--version"], "Go": ["go", "version"]}
    commands["OpenSSL"] = ["openssl", "version"]
    versions = (f"{name} {number}" for name, command in commands.items() if (number := _version(command)))
    hardware = f"{cpu}, {os.cpu_count()} cores{virtual}, {memory:.0f} GiB"
    return f"{hardware}; {', '.join([system, f'Linux {kernel}', *versions])}"


def _version(command):
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return re.search(r"\d+\.\d+(\.\d+)?", said)[0]


def _found(pattern, path):
    found = re.search(pattern, Path(path).read_text())
    return found and found[1].strip()
