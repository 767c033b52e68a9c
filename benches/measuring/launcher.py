"""Runs commands for `programs.run`: reads a list of words a line, and answers with a line about each run.

On Linux the peak memory of a process includes that of the process that starts it. So this one imports nothing large.
"""

import json
import os
import sys
import time


def run(command: list[str], output: str) -> tuple[float, int, int]:
    """The seconds, the peak memory in bytes and the exit status of a command whose output goes to a file."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    files = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0), (os.POSIX_SPAWN_OPEN, 1, output, flags, 0o600)]
    began = time.perf_counter()
    try:
        process = os.posix_spawnp(command[0], command, os.environ, file_actions=files)
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")
    _, status, usage = os.wait4(process, 0)
    return time.perf_counter() - began, usage.ru_maxrss << 10, os.waitstatus_to_exitcode(status)


for line in sys.stdin:
    print(json.dumps(run(json.loads(line), sys.argv[1])), flush=True)
