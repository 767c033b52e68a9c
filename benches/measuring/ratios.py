"""Ratios of times that were measured in turn, and their tables."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO


@dataclass
class Figure:
    """One measured thing: the values of each side, how they are written, and how many times as much as flowdeck the
    plain and the tuned table have to take, at least."""

    title: str
    values: dict[str, list[float]]
    form: Callable[[float], str]
    bar: tuple[float, float] = (0.0, 0.0)

    def median(self, side: str) -> str:
        return self.form(statistics.median(self.values[side])) if side in self.values else ""

    def ratio(self, side: str) -> float:
        return ratio(self.values[side], self.values["flowdeck"])


def ratio(theirs: list[float], ours: list[float]) -> float:
    """How many times as long they took: the median over the rounds, each against the same round."""
    return statistics.median(their / our for their, our in zip(theirs, ours, strict=True))


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
    return "\n".join([head.replace("|  |", "| |", 1), "|" + " --- |" * len(rows[0]), *body])
