"""Ratios of times that were measured in turn, and their tables."""

import statistics
from typing import TextIO


def ratio(slower: list[float], faster: list[float]) -> float:
    """How many times as long the first took: the median over the rounds, each against the same round."""
    return statistics.median(slow / fast for slow, fast in zip(slower, faster, strict=True))


def times(value: float) -> str:
    return f"{value:,.0f} ×" if value >= 10 else f"{value:.1f} ×"


def milliseconds(seconds: float) -> str:
    value = seconds * 1e3
    return f"{value:.3f}" if value < 0.1 else f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def in_milliseconds(seconds: float) -> str:
    return f"{milliseconds(seconds)} ms"


def in_seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds:.2f} s"


def megabytes(size: float) -> str:
    return f"{size / 1e6:,.0f} MB"


def spread(values: list[float]) -> str:
    """The median in milliseconds, with the least and the most."""
    least, most = milliseconds(min(values)), milliseconds(max(values))
    return f"{milliseconds(statistics.median(values))} ({least}..{most})"


def columns(rows: list[list[str]], out: TextIO) -> None:
    """Prints rows in columns: the first to the left, the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        print("  ".join(cells).rstrip(), file=out)


def markdown(rows: list[list[str]]) -> str:
    """Rows as a table of a document; the first has the headings."""
    head, *body = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([head, "|" + " --- |" * len(rows[0]), *body])
