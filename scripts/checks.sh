# Runs and counts checks. Sourced behind lib.sh by scripts that run many checks. The last line reports the number that passed.
# shellcheck shell=bash

# No backtraces: the panic message names the assertion's place.
export RUST_BACKTRACE=${RUST_BACKTRACE:-0}
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never}

# Time limit of a `cargo test` run in seconds, so that a hanging test does not block the whole run.
tests_timeout=1200

passed=0 failed=0 skipped=0 failures=()

# Runs one check: a name and its command. Exit status 77 means that the check is not possible on this machine.
check() {
    say "$1"
    start "$@"
    conclude_check "$1"
}

# Checks that run in the background, in the order of their start.
begun=()

# Starts a check, with arguments as for `check`. It runs beside the following ones, and `conclude` waits for it.
begin_check() {
    start "$@"
    begun+=("$1")
}

# Waits for a started check, and counts it.
conclude_check() {
    local status=0
    settle "$1" || status=$?
    if [ "$status" -eq 0 ]; then
        passed=$((passed + 1))
    elif [ "$status" -eq 77 ]; then
        printf '    skipped\n' >&2
        skipped=$((skipped + 1))
    else
        failed=$((failed + 1))
        failures+=("$1")
    fi
}

# Runs `cargo test` with these arguments and counts each test.
cargo_tests() {
    local name=$1 status=0 log
    shift
    say "$name"
    start tests timeout "$tests_timeout" cargo test --locked --no-fail-fast "$@"
    log=$logs/tests
    wait_for tests || status=$?
    read -r good bad < <(awk '/^test result:/ { good += $4; bad += $6 } END { print good + 0, bad + 0 }' "$log")
    # A failed run without any failed test did not compile, or was killed.
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        bad=1
    fi
    if [ "$bad" -gt 0 ]; then
        tr '\r' '\n' <"$log" | grep -vE '^test .* \.\.\. ok$|^ *[A-Z][a-z]+ \[[ =>]*\] ' >&2
        failures+=("$name")
    fi
    printf '    %d passed, %d failed\n' "$good" "$bad" >&2
    passed=$((passed + good)) failed=$((failed + bad))
    forget tests
}

# Prints the number of passed checks, also after an early exit.
summary() {
    local status=$?
    [ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
    printf '%d passed, %d failed%s\n' "$passed" "$failed" "$([ "$skipped" -eq 0 ] || echo ", $skipped skipped")"
}
trap summary EXIT

# Waits for the checks in the background, and lists the failed ones. Must be the last command of the script.
conclude() {
    local name
    for name in "${begun[@]}"; do
        say "$name"
        conclude_check "$name"
    done
    for name in "${failures[@]}"; do
        printf 'failed: %s\n' "$name"
    done
    [ "$failed" -eq 0 ]
}
