"""The options that the scripts share."""

import argparse
import sys
from pathlib import Path


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("not a number above 0")
    return number


def parser(doc: str | None, rounds: int) -> argparse.ArgumentParser:
    """A parser with the options of all scripts; `rounds` is how often they ask if nothing is given."""
    if not Path("/proc/self/status").exists():
        sys.exit("only on Linux: the memory of processes is read from /proc")
    found = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    found.add_argument("--rounds", type=positive, default=rounds, help="how often each question is asked")
    found.add_argument("--markdown", action="store_true", help="print a Markdown table, and the rest to stderr")
    found.add_argument("--flowdeck", type=Path, help="the program to measure; else it is built")
    return found
