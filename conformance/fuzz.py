"""Runs Autobahn's fuzzing client against an echo server, some groups of cases at a time.

Usage: fuzz.py AUTOBAHN URL REPORTS [CASE...]

AUTOBAHN is the folder that scripts/setup-autobahn filled. A CASE is one case or a group of them, such as 9.1.1, 9.1 or 9; without
any, all are run. The client's report on a group goes to REPORTS/GROUP, and what it says meanwhile to the file client.log there.
"""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

from groups import group_of, select, subgroup_of

SPEC = Path(__file__).with_name("fuzzingclient.json")

# Groups that take minutes of one core each, and therefore run by subgroup.
LONG = {"12", "13"}

# Time limit of a job, in seconds. A server that no longer answers delays the client by minutes in each case of some groups.
MOST_SECONDS = 1200


def job_of(case):
    return subgroup_of(case) if group_of(case) in LONG else group_of(case)


def fuzz(autobahn, url, folder, cases):
    """Runs these cases. Faults of the server are in the report; faults of the client are printed here."""
    folder.mkdir(parents=True)
    spec = json.loads(SPEC.read_text(encoding="utf-8"))
    spec["servers"][0]["url"] = url
    spec |= {"cases": cases, "outdir": str(folder)}
    (folder / "spec.json").write_text(json.dumps(spec, indent=4), encoding="utf-8")

    command = [f"{autobahn}/wstest", "--mode", "fuzzingclient", "--spec", folder / "spec.json"]
    log = folder / "client.log"
    start = time.monotonic()
    try:
        with log.open("wb") as output:
            subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, timeout=MOST_SECONDS, check=True)
        print(f"    {folder.name}: {len(cases)} cases in {time.monotonic() - start:.0f} s", file=sys.stderr)
        return
    except subprocess.TimeoutExpired:
        problem = f"did not end within {MOST_SECONDS} s"
    except subprocess.CalledProcessError as error:
        problem = f"ended with exit code {error.returncode}"
    last = "".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-1:])
    print(f"    {folder.name}: the fuzzing client {problem}; the last line of {log}: {last}", file=sys.stderr)


def main(autobahn, url, reports, *wanted):
    cases = select(Path(autobahn, "cases").read_text(encoding="utf-8").split(), wanted)
    for want in wanted:
        if not select(cases, [want]):
            sys.exit(f"error: there is no case {want}")
    jobs = [(job, list(of_job)) for job, of_job in groupby(cases, job_of)]
    jobs.sort(key=lambda job: group_of(job[0]) not in LONG)  # the longest first
    # One more than the number of cores, because some jobs mostly wait.
    with ThreadPoolExecutor((os.cpu_count() or 1) + 1) as pool:
        runs = [pool.submit(fuzz, autobahn, url, Path(reports, job).resolve(), of_job) for job, of_job in jobs]
    for run in runs:
        run.result()


if __name__ == "__main__":
    main(*sys.argv[1:])
