"""Start and end of the measured servers, each pinned to the same core."""

import json
import os
import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "target" / "bench"

RAW = "raw"
OURS = "ws-echo"
REFERENCE = "actix-ws"

# Servers in the order of the tables, with their descriptions in the report.
SERVERS = {
    RAW: "raw TCP echo on epoll: no frames, the limit of loopback itself",
    OURS: "ws-echo, its own engine",
    REFERENCE: "ws-echo --engine actix-ws: the reference, a plain echo on actix-ws",
    "fastwebsockets": "fastwebsockets on hyper and tokio (Rust)",
    "tokio-tungstenite": "tokio-tungstenite (Rust)",
    "axum": "axum (Rust)",
    "ws": "ws with bufferutil, on Node",
    "bun": "Bun.serve, on uWebSockets (C++)",
    "uwebsockets": "uWebSockets with libdeflate (C++)",
    "gorilla": "gorilla/websocket (Go)",
    "h2": "echo of DATA frames on the crate h2 (Rust), with no WebSocket: what ws-echo's HTTP/2 rests on",
    "node-http2": "echo of DATA frames on Node's http2, with no WebSocket",
}

# Servers that speak HTTP/2, and no HTTP/1.1 unless it is ws-echo.
HTTP2 = [OURS, "h2", "node-http2"]

# Servers that speak TLS, with their implementations of it.
TLS = {
    RAW: "raw echo on the rustls of ws-echo, in place and with no frames",
    OURS: "rustls with ring",
    "tokio-tungstenite": "tokio-rustls with ring",
    "uwebsockets": "OpenSSL",
    "gorilla": "crypto/tls",
}

LISTENS = re.compile(r"(?:listening on |Service started on .*address=)(127\.0\.0\.1:\d+)")


@dataclass
class Running:
    """Process of a server that listens."""

    name: str
    process: subprocess.Popen
    address: str
    log: Path
    # Certificate to trust, if the server speaks TLS.
    certificate: Path | None

    @property
    def arguments(self):
        """Arguments of the load for this server."""
        raw = ["--raw"] if self.name in (RAW, "h2", "node-http2") else []
        tls = ["--tls", self.certificate] if self.certificate else []
        return [self.address, "--pid", str(self.process.pid), *raw, *tls]

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.unlink(missing_ok=True)


class Launcher:
    def __init__(self, cpu, ws_echo, builds):
        self.cpu = cpu
        self.programs = {OURS: ws_echo, REFERENCE: ws_echo, **builds}
        self.running = []
        self.files = None

    def identity(self):
        """Returns the files of a certificate and its key, which are made at the first call."""
        if not self.files:
            folder = TARGET / "tls"
            folder.mkdir(exist_ok=True)
            made = subprocess.check_output([TARGET / "release/bench-load", "certificate", folder])
            self.files = json.loads(made)
        return self.files["chain"], self.files["key"]

    def command(self, name, tls):
        program = self.programs.get(name)
        if not program:
            return [TARGET / "peers" / name, *(self.identity() if tls else [])]
        command = [program, "--listen", "tls:127.0.0.1:0" if tls else "127.0.0.1:0", "--workers", "1"]
        if tls:
            chain, key = self.identity()
            command += ["--tls-cert", chain, "--tls-key", key]
        command += ["--dist", "/nonexistent", "--max-message", "2GiB"]
        # Older builds have only one engine, and no such flag.
        if name == REFERENCE and b"--engine" in subprocess.check_output([program, "--help"]):
            command += ["--engine", "actix-ws"]
        return command

    def start(self, name, tls=False):
        """Starts a server, with TLS if wanted, and waits until it listens."""
        handle, log = tempfile.mkstemp(prefix=f"bench-{name}-")
        # The user's settings for ws-echo would change the measurement.
        environment = {key: value for key, value in os.environ.items() if not key.startswith("WS_ECHO_")}
        process = subprocess.Popen(
            self.command(name, tls),
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=handle,
            env=environment,
            preexec_fn=lambda: os.sched_setaffinity(0, {self.cpu}),
        )
        os.close(handle)
        server = Running(name, process, "", Path(log), self.identity()[0] if tls else None)
        self.running.append(server)
        for _ in range(200):
            said = server.log.read_text(errors="replace")
            if found := LISTENS.search(said):
                server.address = found[1]
                return server
            if process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError(f"{name} did not start:\n{said}")

    def end(self, server):
        self.running.remove(server)
        server.end()

    def end_all(self):
        while self.running:
            self.end(self.running[0])
