#!/usr/bin/env python3
"""Compares echo servers: each server runs on one core, the load on another, and each round measures all servers."""

import argparse
import json
import os
import re
import resource
import signal
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import machine
import report
from servers import HTTP2, OURS, RAW, ROOT, SERVERS, TARGET, TLS, Launcher

ECHO = ["64x64x1", "64x64x16", "64x1KiBx1", "16x16KiBx1", "8x64KiBx1", "4x1MiBx1"]
DEFLATE = ["deflate:64x1KiBx1", "deflate:64x1KiBx16"]
SECURE = ["tls:64x64x1", "tls:64x64x16", "tls:64x1KiBx1", "tls:16x16KiBx1", "tls:4x1MiBx1"]
STREAMS = ["http2:64x64x1", "http2:64x64x16", "http2:64x1KiBx1", "http2:16x16KiBx1", "http2:4x1MiBx1"]
MEMORY = ["idle", "big", "tls:idle"]

# Streams on a connection of HTTP/2, as far as there are so many.
STREAMS_PER_CONNECTION = 8
UNITS = {"": 1, "KiB": 1 << 10, "MiB": 1 << 20}


@dataclass(frozen=True)
class Scenario:
    """Load named CONNECTIONSxBYTESxIN_FLIGHT, such as 64x1KiBx1. deflate:64x1KiBx1 sends JSON with permessage-deflate, and
    tls:64x1KiBx1 goes over TLS. http2:64x1KiBx1 has 64 streams of HTTP/2, 8 on each connection."""

    name: str
    tls: bool
    http2: bool
    kind: str
    connections: int
    bytes: int
    in_flight: int

    @classmethod
    def parse(cls, name):
        found = re.fullmatch(r"(tls:|http2:)?(deflate:|text:)?(\d+)x(\d+)(|KiB|MiB)x(\d+)", name)
        if not found:
            raise argparse.ArgumentTypeError(f"{name} is not CONNECTIONSxBYTESxIN_FLIGHT, such as 64x1KiBx16")
        over, kind, connections, size, unit, in_flight = found.groups()
        kind = (kind or "binary:").rstrip(":")
        return cls(name, over == "tls:", over == "http2:", kind, int(connections), int(size) * UNITS[unit], int(in_flight))


def arguments():
    def listed(text):
        return text.split(",")

    def build(text):
        name, _, program = text.partition("=")
        return name, Path(program)

    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    add = parser.add_argument
    names = f"of {', '.join(ECHO + DEFLATE + SECURE + STREAMS + MEMORY)}, or any other sizes; text:SIZES sends text"
    add("--scenario", type=listed, metavar="NAME,...", help=names)
    add("--servers", type=listed, default=list(SERVERS), metavar="NAME,...", help=f"of {', '.join(SERVERS)}")
    add("--rounds", type=int, help="how often each server is measured in a scenario [13]")
    add("--seconds", type=float, help="how long each time [1]")
    add("--quick", action="store_true", help="2 rounds of 0.3 s, and a smaller big message")
    add("--text", action="store_true", help="text instead of binary messages")
    built = ROOT / "target/ws-echo"
    add("--ws-echo", type=Path, default=built, metavar="PROGRAM", help="another build of ws-echo")
    more = "one more build of ws-echo, beside it; may be given several times"
    add("--build", type=build, action="append", default=[], metavar="NAME=PROGRAM", help=more)
    add("--server-cpu", type=int, default=0)
    add("--load-cpu", type=int, default=1)
    add("--output", type=Path, help="where the report goes [docs/performance.md, if everything is measured]")
    add("--update", action="store_true", help="replace the sections of docs/performance.md that were measured")
    add("--print-servers", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    for name in given.servers:
        if name not in SERVERS:
            parser.error(f"there is no server {name}; choose from {', '.join(SERVERS)}")
    given.rounds = given.rounds or (2 if given.quick else 13)
    given.seconds = given.seconds or (0.3 if given.quick else 1.0)
    part = given.scenario or given.quick or given.text or given.build or len(given.servers) < len(SERVERS)
    if not part and not given.output:
        given.output = ROOT / "docs/performance.md"
    names = given.scenario or [*ECHO, *DEFLATE, *SECURE, *STREAMS, *MEMORY]
    if given.text:
        names = [f"text:{name}" if name in ECHO else name for name in names]
    given.memory = [name for name in names if name in MEMORY]
    try:
        given.echo = [Scenario.parse(name) for name in names if name not in MEMORY]
    except argparse.ArgumentTypeError as error:
        parser.error(str(error))
    return given


class Bench:
    def __init__(self, given):
        self.given = given
        self.servers = given.servers + [name for name, _ in given.build]
        self.launcher = Launcher(given.server_cpu, given.ws_echo, dict(given.build))

    def load(self, mode, server, *options):
        """Runs the load against a server. Returns its report, or the reason of a failure as "failed"."""
        command = [TARGET / "release/bench-load", mode, *server.arguments, *map(str, options)]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            preexec_fn=lambda: os.sched_setaffinity(0, {self.given.load_cpu}),
        )
        if done.returncode != 0:
            return {"failed": " ".join(done.stderr.split())}
        return json.loads(done.stdout)

    def echo(self):
        """Measures all scenarios. Returns {scenario: {server: medians}}."""
        return {scenario.name: self.rounds(scenario) for scenario in self.given.echo}

    def chosen(self, tls, http2=False):
        """Returns the servers that speak the protocol, and all other builds of ws-echo."""
        builds = [name for name, _ in self.given.build]
        plain = [name for name in SERVERS if name not in HTTP2 or name == OURS]
        speak = TLS if tls else HTTP2 if http2 else plain
        return [name for name in self.servers if name in speak or name in builds]

    def once(self, mode, name, tls, *options):
        """Measures a new process, because the location of its memory makes one process some percent faster than another."""
        server = self.launcher.start(name, tls)
        try:
            return self.load(mode, server, *options)
        finally:
            self.launcher.end(server)

    def measure(self, scenario, name, *options):
        """Measures a server once in a scenario."""
        sizes = ["--connections", scenario.connections, "--bytes", scenario.bytes, "--in-flight", scenario.in_flight]
        if not scenario.http2 and name != report.HTTP2_ROW:
            return self.once("echo", name, scenario.tls, "--kind", scenario.kind, *sizes, *options)
        if name == report.HTTP1:
            return self.once("echo", OURS, False, *sizes, *options)
        streams = min(scenario.connections, STREAMS_PER_CONNECTION)
        sizes[1] = scenario.connections // streams
        name = OURS if name == report.HTTP2_ROW else name
        return self.once("http2", name, scenario.tls, "--streams", streams, *sizes, *options)

    def rounds(self, scenario):
        warm_up = min(0.3, self.given.seconds / 2)
        options = ["--seconds", self.given.seconds, "--warm-up", warm_up]
        # Raw TCP has no compression.
        chosen = self.chosen(scenario.tls, scenario.http2)
        servers = [name for name in chosen if scenario.kind != "deflate" or name != RAW]
        if scenario.http2 and OURS in servers:
            servers.insert(0, report.HTTP1)
        if scenario.tls and OURS in servers:
            servers.insert(servers.index(OURS) + 1, report.HTTP2_ROW)
        results = {name: [] for name in servers}
        for number in range(self.given.rounds):
            say(f"{scenario.name}, round {number + 1} of {self.given.rounds}")
            # Each round starts with another server, so that the order does not favour one.
            turn = number % max(len(servers), 1)
            measured = {name: self.measure(scenario, name, *options) for name in servers[turn:] + servers[:turn]}
            limit = measured.get(report.HTTP1 if scenario.http2 else RAW, {})
            for name, result in measured.items():
                if limit.get("messages") and result.get("messages"):
                    result["ratio"] = result["per_second"] / limit["per_second"]
                    result["cpu_ratio"] = result["server_cpu_ns"] / limit["server_cpu_ns"]
                results[name].append(result)
            # A server without figures would fail in the next round too.
            servers = [name for name in servers if "per_second" in measured[name]]
        medians = {name: median(rounds) for name, rounds in results.items() if rounds}
        print(report.echo_text(medians), flush=True)
        return medians

    def memory(self, scenario):
        """Measures memory with idle connections or with the big message, each with a new server process."""
        tls, _, mode = scenario.rpartition(":")
        options = ["--bytes", 256 << 20] if mode == "big" and self.given.quick else []
        results = {}
        for name in self.chosen(tls):
            say(f"{scenario}, {name}")
            server = self.launcher.start(name, bool(tls))
            results[name] = self.load(mode, server, *options)
            self.launcher.end(server)
            print(report.memory_text(scenario, name, results[name]), flush=True)
        return results


def median(rounds):
    """Returns the median of each figure over the rounds, or the last result of a server without figures."""
    if "per_second" not in rounds[-1]:
        return rounds[-1]
    return {figure: statistics.median(result[figure] for result in rounds) for figure in rounds[-1]}


def say(text):
    print(f"\033[1m==>\033[0m {text}", file=sys.stderr, flush=True)


def main():
    given = arguments()
    if given.print_servers:
        print(*given.servers)
        return
    # SIGTERM becomes an exit, so that the servers are ended too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    bench = Bench(given)
    try:
        results = {"machine": machine.facts(), "servers": bench.servers}
        results |= {"rounds": given.rounds, "seconds": given.seconds}
        results["echo"] = bench.echo() if given.echo else {}
        bench.launcher.end_all()
        results["memory"] = {scenario: bench.memory(scenario) for scenario in given.memory}
    finally:
        bench.launcher.end_all()
    (TARGET / "results.json").write_text(json.dumps(results, indent=1))
    if given.output:
        given.output.write_text(report.markdown(results))
        say(f"written to {given.output}")
    elif given.update:
        page = ROOT / "docs/performance.md"
        page.write_text(report.updated(page.read_text(), results))
        say(f"written into {page}")


if __name__ == "__main__":
    main()
