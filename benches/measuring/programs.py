"""Builds and runs flowdeck, and measures the time and the memory of other programs."""

import atexit
import functools
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

PROJECT = Path(__file__).resolve().parent.parent.parent
LAUNCHER = Path(__file__).resolve().parent / "launcher.py"
THREADS = 2

# Seconds, and the answer.
Answer = tuple[float, Any]


@dataclass(frozen=True)
class Programs:
    """The two programs of one build."""

    flowdeck: Path
    questions: Path

    @classmethod
    def named(cls, flowdeck: Path | None, questions: Path | None) -> Self:
        """Those of another build if both are given; else they are built."""
        if flowdeck and questions:
            if missing := [program for program in (flowdeck, questions) if not program.is_file()]:
                sys.exit(f"no such program: {missing[0]}")
            return cls(flowdeck.resolve(), questions.resolve())
        if flowdeck or questions:
            sys.exit("--flowdeck and --questions must be of one build: give both or neither")
        # Cargo builds the program along with a benchmark.
        found = built("bench", "--no-run", "--bench", "questions")
        return cls(found["flowdeck"], found["questions"])


def built(*arguments: str) -> dict[str, Path]:
    """The programs that Cargo builds, by name."""
    command = ["cargo", *arguments, "--locked", "--message-format", "json-render-diagnostics"]
    try:
        printed = subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"flowdeck cannot be built: {error}")
    messages = [json.loads(line) for line in printed.splitlines()]
    return {message["target"]["name"]: Path(message["executable"]) for message in messages if message.get("executable")}


@dataclass(frozen=True)
class Run:
    """A process that ran to its end."""

    seconds: float
    # The largest resident memory in bytes; that of the largest process if it started others.
    peak: int
    output: str


@functools.cache
def launcher() -> tuple[subprocess.Popen[str], Path]:
    """The process that starts the others, and the file of their output."""
    folder = Path(tempfile.mkdtemp(prefix="flowdeck-bench-"))
    atexit.register(shutil.rmtree, folder)
    output = folder / "output"
    command = [sys.executable, "-I", "-S", str(LAUNCHER), str(output)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True), output


def run(command: list[str], statuses: tuple[int, ...] = (0,)) -> Run:
    """Runs a command to its end."""
    process, output = launcher()
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps(command) + "\n")
    process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        sys.exit(1)
    seconds, peak, status = json.loads(line)
    if status not in statuses:
        sys.exit(f"exit status {status} of: {' '.join(command)[:200]}")
    return Run(seconds, peak, output.read_text())


def memory_of_process(name: str) -> int:
    """The resident memory of this process (VmRSS) or its peak (VmHWM) in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(f"{name}:"))


def generate(flowdeck: Path, folder: Path, records: int, seed: int = 1) -> None:
    """Generates flow logs in a folder, unless it exists. A folder with that name is always whole."""
    if folder.exists():
        return
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    command = [str(flowdeck), "generate", "--records", str(records), "--seed", str(seed), str(part)]
    subprocess.run(command, check=True, stdout=sys.stderr)
    part.rename(folder)


def log_files(folder: Path) -> list[str]:
    """The gzipped flow logs of a folder."""
    files = sorted(str(path) for path in folder.rglob("*.log.gz"))
    if not files:
        sys.exit(f"no *.log.gz below {folder}")
    return files


class Questions:
    """The questions program, with some folders loaded."""

    def __init__(self, program: Path, *folders: Path) -> None:
        command = [str(program), "--folder", *(str(folder.resolve()) for folder in folders)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=PROJECT, stdin=pipe, stdout=pipe, text=True)
        self.loaded = self.line()

    def line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            sys.exit("the questions program ended early")
        found: dict[str, Any] = json.loads(line)
        return found

    def ask(self, question: str) -> Answer:
        assert self.process.stdin is not None
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()
        answer = self.line()
        return answer["seconds"], answer["check"]

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()
