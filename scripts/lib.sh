# Sourced by the other scripts: where things are, which versions, and how to speak to the person at the terminal.
# shellcheck shell=bash

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Tools live outside of the clone, one folder a version, so that a second clone finds them and `make clean` keeps them.
tools=${WS_ECHO_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/ws-echo/tools}

# Pinned versions. wasm-bindgen's is the one in Cargo.lock: the tool and the library must be the same.
trunk_version=0.21.14
binaryen_version=132.0.0
cargo_deny_version=0.20.2
ws_version=8.23.0          # the WebSocket client of Node
websockets_version=17.4     # the one of Python
wasm_bindgen_version=$(awk '$0 == "name = \"wasm-bindgen\"" { getline; gsub(/[^0-9.]/, ""); print }' "$root/Cargo.lock")

wasm_target=wasm32-unknown-unknown
# The name that scripts/setup-wasm-target gives to Debian's Rust, where rustup itself has no wasm target.
debian_toolchain=ws-echo-debian

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Runs "$@" silently; prints what it said only if it fails. Says every minute that it is still at it.
quietly() {
    local log status=0 pid ticker
    log=$(mktemp)
    "$@" >"$log" 2>&1 </dev/null &
    pid=$!
    {
        (
            minutes=0
            while sleep 60; do
                minutes=$((minutes + 1))
                printf '    ... still running after %d min\n' "$minutes" >&3
            done
        ) 2>/dev/null &
    } 3>&2
    ticker=$!
    wait "$pid" || status=$?
    {
        pkill -P "$ticker"
        kill "$ticker"
        wait "$ticker"
    } 2>/dev/null || true
    if [ "$status" -ne 0 ]; then
        cat "$log" >&2
    fi
    rm -f "$log"
    return "$status"
}

# Runs "$@" as root: as it is, or by sudo without asking for a password.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif have sudo && sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        return 126
    fi
}

can_apt() { have apt-get && as_root true; }

# Installs Debian packages, after one `apt-get update` a run.
apt_install() {
    if [ -z "${ws_echo_apt_updated:-}" ]; then
        quietly as_root apt-get -qq update || return 1
        export ws_echo_apt_updated=1
    fi
    quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "$@"
}

# Starts "$@", which is a ws-echo, in the background; sets `server` to its process id and `address` to where it listens.
start_server() {
    local log
    log=$(mktemp)
    "$@" 2>"$log" &
    server=$!
    until address=$(sed -n 's/.*Service started.*address=\([^ ]*\).*/\1/p' "$log") && [ -n "$address" ]; do
        kill -0 "$server" 2>/dev/null || die "the server did not start: $(cat "$log")"
        sleep 0.05
    done
    rm -f "$log"
}
