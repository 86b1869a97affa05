#!/usr/bin/env python3
"""Formats results for the terminal and for docs/performance.md. Writes that file from the last results if run as a program."""

import json
import re

from servers import HTTP2, OURS, RAW, ROOT, SERVERS, TARGET, TLS

# ws-echo over HTTP/1.1 in the scenarios of HTTP/2, and over HTTP/2 in those of TLS.
HTTP1 = "ws-echo, HTTP/1.1"
HTTP2_ROW = "ws-echo, HTTP/2"

INTRODUCTION = """\
# Performance

The cost of ws-echo, compared with a raw TCP echo, which is the limit of the machine, and with other servers. `make bench`
writes this page; `make bench ARGS='--scenario 64x64x16 --servers raw,ws-echo,bun'` measures a part of it, and
`make bench ARGS=--help` lists the options.

Measured on: {machine}.

Method: the server is pinned to one core and runs one worker; the load generator, written in Rust on epoll, is pinned to
another. It keeps the given number of messages in flight on each connection, sends binary frames that it built and masked
beforehand, and compares every byte of every echo. Each figure is the median of {rounds} rounds of {seconds:g} s. Each round
measures all servers, so that a disturbance of the machine affects all alike. It starts each server anew, because the place
of a process in memory changes its speed by some percent. A share is relative to the raw TCP echo of the same round.

Reading: server and load generator have one core each, and either can be the limit. If the shares of two servers are near
1.00 and near each other, the load generator is the limit, and the processor time for a message shows the difference.
Differences of less than 0.03 are noise. The latency is that of a server under full load, where a message waits for
messages of other connections: it shows how evenly connections are served, not the speed of a single message."""

DEFLATE = """\
## permessage-deflate: messages a second, processor time for a message

JSON texts of 1 KiB, compressed, with no context takeover on either side. A dash: not supported by the server.

"""

MEMORY = """\
## Memory

Resident memory of the process. Idle: with 10,000 open connections, and again after each has echoed one message of
64 bytes. Big: one binary message of 1 GiB in one frame; growth is the peak during it, less the resident memory before.

"""

SECURE = """\
## WebSocket over TLS

HTTP/1.1 over TLS 1.3 with AES-128-GCM, which the load generator alone offers, and a certificate with a key on P-256. Each
figure is the median of {rounds} rounds of {seconds:g} s. A share is relative to the raw echo over TLS. The row with HTTP/2 has 8 streams
on each connection. The implementations:

{implementations}"""

HTTP2_TEXT = """\
## HTTP/2

WebSockets on streams of HTTP/2, 8 on each connection, without TLS. Each figure is the median of {rounds} rounds of {seconds:g} s. A share
is relative to ws-echo over HTTP/1.1 with as many sockets, in the same round. The two others echo the bytes of DATA frames, and know no
WebSocket."""

BUSY = """\
The machine did other work during these rounds: neither the server nor the load had its core for itself. So of these figures
only the processor time and the memory say something."""

# Share of a core that the busier of server and load has on a machine that does nothing else.
QUIET = 0.75

PEERS = """\
## The servers

Each is a fast echo as a user of its library would write it: one thread, `TCP_NODELAY`, messages of any size.
Sources: `bench/peers`; versions: `bench/Cargo.toml` and `scripts/lib.sh`.

"""


def echo_text(medians):
    """Returns the table of a scenario for the terminal."""
    heads = ["messages/s", "to raw", "CPU/message", "to raw", "p50", "p99", "server", "load"]
    rows = [["", *heads]]
    for name, result in medians.items():
        if "per_second" not in result:
            rows.append([name, result.get("refused") or result.get("failed")])
            continue
        ratio, cpu_ratio = (f"{result[figure]:.3f}" if figure in result else "" for figure in ("ratio", "cpu_ratio"))
        row = [name, f"{result['per_second']:,.0f}", ratio, f"{result['server_cpu_ns']:,.0f} ns", cpu_ratio]
        row += [f"{result['p50_us']:,.0f} µs", f"{result['p99_us']:,.0f} µs"]
        row += [f"{result['server_cpu_share']:.0%}", f"{result['load_cpu_share']:.0%}"]
        if result["uncompressed"]:
            row.append("answers uncompressed")
        rows.append(row)
    widths = [12, 9, 14, 9, 11, 11, 8, 6, 0]
    cells = (map(str.rjust, row[1:], widths) for row in rows)
    return "\n".join(row[0].ljust(18) + " ".join(line) for row, line in zip(rows, cells))


def memory_text(mode, name, result):
    if "failed" in result:
        return f"{name:18}{result['failed']}"
    if mode != "big":
        silent, used = result["silent"], result["used"]
        return (
            f"{name:18}{silent['rss']:>8,.0f} B RSS, {silent['anonymous']:,.0f} B heap a connection; "
            f"after a message {used['rss']:,.0f} B, {used['anonymous']:,.0f} B"
        )
    refused = f"  {result['refused']}" if "refused" in result else ""
    return f"{name:18}{result['growth'] / (1 << 20):>10,.1f} MiB in {result['seconds']:.1f} s{refused}"


def markdown(results):
    """Returns the text of docs/performance.md."""
    servers = results["servers"]
    listed = (f"- {bold(name, name)}: {SERVERS.get(name, 'another build of ws-echo')}" for name in servers)
    sections = [INTRODUCTION.format(**results), *measured(results), PEERS + "\n".join(listed)]
    return "\n\n".join(sections) + "\n"


def updated(text, results):
    """Returns the text of docs/performance.md with the sections that were measured, and with its others as they are."""
    head, *sections = text.rstrip("\n").split("\n\n## ")
    titles = [section.partition("\n")[0] for section in sections]
    for section in measured(results):
        title, section = section.removeprefix("## ").partition("\n")[0], section.removeprefix("## ")
        if title in titles:
            sections[titles.index(title)] = section
        else:
            # Before the list of the servers.
            sections.insert(-1, section)
            titles.insert(-1, title)
    return "\n\n## ".join([head, *sections]) + "\n"


def measured(results):
    """Returns the sections that have figures."""
    servers, echo, memory = results["servers"], results["echo"], results["memory"]
    # Servers that speak nothing but HTTP/2 have a section of their own.
    servers = [name for name in servers if name not in HTTP2 or name == OURS]
    groups = {"": {}, "deflate": {}, "tls": {}, "http2": {}}
    for name, medians in echo.items():
        group = name.partition(":")[0]
        groups[group if group in groups else ""][name] = medians
    sections = [f"## {title}\n\n{table(servers, groups[''], show)}" for title, show in PLAIN.items() if groups[""]]
    if groups["deflate"]:
        # Raw TCP has no compression.
        sections.append(DEFLATE + table([name for name in servers if name != RAW], groups["deflate"], compressed))
    if "idle" in memory or "big" in memory:
        sections.append(MEMORY + memory_table(servers, memory))
    if groups["tls"] or "tls:idle" in memory:
        sections.append(secure(results, groups["tls"]))
    if groups["http2"]:
        sections.append(streams(results, groups["http2"]))
    return sections


def streams(results, scenarios):
    """Returns the section about HTTP/2."""
    servers = [HTTP1, *(name for name in results["servers"] if name in HTTP2 or name not in SERVERS)]
    tables = (f"### {title}\n\n{table(servers, scenarios, show)}" for title, show in OVER_HTTP2.items())
    busy = [BUSY] if any(is_disturbed(medians) for medians in scenarios.values()) else []
    return "\n\n".join([HTTP2_TEXT.format(**results), *busy, *tables])


def secure(results, scenarios):
    """Returns the section about TLS."""
    servers = [name for name in results["servers"] if name in TLS or name not in SERVERS]
    servers.insert(servers.index(OURS) + 1 if OURS in servers else 0, HTTP2_ROW)
    implementations = "\n".join(f"- {bold(name, name)}: {TLS[name]}" for name in servers if name in TLS)
    parts = [SECURE.format(**results, implementations=implementations)]
    if any(is_disturbed(medians) for medians in scenarios.values()):
        parts.append(BUSY)
    for title, show in OVER_TLS.items() if scenarios else ():
        parts.append(f"### {title}\n\n{table(servers, scenarios, show)}")
    if idle := results["memory"].get("tls:idle"):
        title = "Resident memory of an idle connection over TLS, in bytes"
        parts.append(f"### {title}\n\n{idle_table([name for name in servers if name != HTTP2_ROW], idle)}")
    return "\n\n".join(parts)


def table(servers, scenarios, show):
    """Returns a table with a row for each server and a column for each scenario. A dash stands for a missing figure."""
    rows = [["connections x bytes x in flight", *(spaced(name) for name in scenarios)]]
    rows.append(["---", *("---:" for _ in scenarios)])
    for server in servers:
        results = [medians.get(server, {}) for medians in scenarios.values()]
        cells = [show(result) if "per_second" in result else "—" for result in results]
        rows.append([bold(server, server), *(bold(server, cell) for cell in cells)])
    return lines(rows)


def is_disturbed(medians):
    """Tells if other processes took much of the processor time of a scenario."""
    shares = [result[figure] for result in medians.values() for figure in SHARES if figure in result]
    return bool(shares) and max(shares) < QUIET


def idle_table(servers, idle):
    rows = [["", "after the handshake", "after one message"], ["---", "---:", "---:"]]
    for server in servers:
        result = idle.get(server, {})
        cells = [f"{result[state]['rss']:,.0f}" if state in result else "—" for state in ("silent", "used")]
        rows.append([bold(server, server), *(bold(server, cell) for cell in cells)])
    return lines(rows)


def memory_table(servers, memory):
    rows = [["", "idle, bytes a connection", "the same after one message", "big message, growth", "time"]]
    rows.append(["---", "---:", "---:", "---:", "---:"])
    for server in servers:
        idle, big = (memory.get(mode, {}).get(server, {}) for mode in ("idle", "big"))
        cells = [f"{idle[state]['rss']:,.0f}" if state in idle else "—" for state in ("silent", "used")]
        if "growth" not in big:
            cells += ["—", "—"]
        elif "refused" in big:
            cells += ["refused", "—"]
        else:
            cells += [f"{big['growth'] / (1 << 20):,.1f} MiB", f"{big['seconds']:.1f} s"]
        rows.append([bold(server, server), *(bold(server, cell) for cell in cells)])
    return lines(rows)


def lines(rows):
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def spaced(name):
    """Formats 64x1KiBx1 as 64 x 1 KiB x 1."""
    return re.sub(r"(\d)([KM])", r"\1 \2", name.split(":")[-1].replace("x", " x "))


def bold(server, text):
    return f"**{text}**" if server.startswith(OURS) else text


def share(result):
    return f"{result['ratio']:.2f}" if "ratio" in result else "—"


def per_second(result):
    return f"{result['per_second']:,.0f}"


def cpu(result):
    return f"{result['server_cpu_ns'] / 1000:,.2f}"


def latency(result):
    return f"{result['p50_us']:,.0f} / {result['p99_us']:,.0f}"


def compressed(result):
    answers = " (uncompressed)" if result["uncompressed"] else ""
    return f"{per_second(result)}{answers}, {cpu(result)} µs"


SHARES = ("server_cpu_share", "load_cpu_share")

PLAIN = {
    "Messages a second, as a share of raw TCP's": share,
    "Messages a second": per_second,
    "Processor time of the server for a message, in microseconds": cpu,
    "Latency in microseconds, median / 99th percentile": latency,
}

OVER_HTTP2 = {
    "Messages a second over HTTP/2, as a share of HTTP/1.1's": share,
    "Messages a second over HTTP/2": per_second,
    "Processor time of the server for a message over HTTP/2, in microseconds": cpu,
    "Latency over HTTP/2 in microseconds, median / 99th percentile": latency,
}

OVER_TLS = {
    "Messages a second over TLS, as a share of the raw echo's": share,
    "Messages a second over TLS": per_second,
    "Processor time of the server for a message over TLS, in microseconds": cpu,
}


def main():
    results = json.loads((TARGET / "results.json").read_text())
    (ROOT / "docs/performance.md").write_text(markdown(results))


if __name__ == "__main__":
    main()
