"""The questions that flowdeck and DuckDB are asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .database import DuckDB, in_network, number
from .groups import BY_BYTES, PAIRS, PORTS_OF_SOURCES, SERVICES, Filter, Groups, Row, amounts

DATABASES = ("plain", "tuned")
SIDES = ("flowdeck", *DATABASES)
PAGE = 50
SAMPLES = 20
ALL = Filter()


def as_it_is(answer: Any) -> Any:
    return answer


@dataclass
class Question:
    """One question in three forms. A form may have a {place}, another one in each round."""

    title: str
    flowdeck: str
    plain: str
    tuned: str
    # The rows of DuckDB in the form in which flowdeck gives its check.
    check: Callable[[list[Row]], Any]
    # What to check a long result by, which is then kept in a table; asked once, off the clock. The table is {table}.
    verify: str | Callable[[str], str] = ""
    # The form of the rows of `verify`, if not that of `check`.
    verified: Callable[[list[Row]], Any] | None = None
    # The part of flowdeck's check that `check` gives.
    part: Callable[[Any], Any] = as_it_is
    # Below which number the place of a round is drawn.
    places: int = 1
    # How many times as long the plain and the tuned table have to take, at least.
    bar: tuple[float, float] = (3.0, 1.0)
    seconds: dict[str, list[float]] = field(default_factory=lambda: {side: [] for side in SIDES})

    @property
    def stays(self) -> bool:
        """Whether the result of the timed query stays in DuckDB, in a table."""
        return bool(self.verify) and self.verified is None

    def verifying(self, side: str) -> str:
        return self.verify(side) if callable(self.verify) else self.verify.replace("{table}", side)


def grouped(groups: Groups, bar: tuple[float, float], records: Filter = ALL) -> Question:
    """The largest groups, from both tables."""
    return Question(
        title=groups.title,
        flowdeck=groups.flowdeck(records),
        plain=groups.timed("plain", records),
        tuned=groups.timed("tuned", records),
        check=amounts,
        verify=lambda side: groups.ordered(side, records),
        verified=groups.whole,
        part=lambda check: amounts(check[1]),
        bar=bar,
    )


def by_minute(records: Filter = ALL) -> Question:
    """The records of each minute at each interface with each action."""
    cells = (
        'SELECT start // 60 AS minute, "interface-id" AS interface, action, count(*) AS n '
        f"FROM {{table}} {records.where()} GROUP BY ALL"
    )
    word = "coalesce(action::VARCHAR, '-')"
    counted = f"SELECT count(*), sum(n) FROM ({cells})"
    return Question(
        title="Records by minute, interface and action",
        flowdeck=f"minutes {records.flowdeck}".rstrip(),
        plain=counted.replace("{table}", "plain"),
        tuned=counted.replace("{table}", "tuned"),
        check=lambda rows: [rows[0][0], int(rows[0][1]), list(rows[0][2])],
        verify=f"SELECT count(*), sum(n * n), max((n, minute, interface::VARCHAR, {word})) FROM ({cells})",
        bar=(6.0, 3.0),
    )


def counted(title: str, plain: str, tuned: str = "") -> Question:
    """How many records a filter selects."""
    select = "SELECT count(*) FROM {} WHERE {}"
    return Question(
        title=f"`{title}`",
        flowdeck=f"count {title}",
        plain=select.format("plain", plain),
        tuned=select.format("tuned", tuned or plain),
        check=lambda rows: rows[0][0],
    )


def both(title: str, flowdeck: str, query: str, check: Callable[[list[Row]], Any], **more: Any) -> Question:
    """A question that is put to both tables in the same words, with {table} for its name."""
    plain, tuned = (query.replace("{table}", side) for side in ("plain", "tuned"))
    return Question(title=title, flowdeck=flowdeck, plain=plain, tuned=tuned, check=check, **more)


def groupings() -> list[Question]:
    """The questions for groups of all records."""
    return [
        grouped(BY_BYTES, (5.0, 2.0)),
        by_minute(),
        grouped(PAIRS, (4.0, 1.0)),
        grouped(SERVICES, (3.0, 1.0)),
        grouped(PORTS_OF_SOURCES, (4.0, 1.0)),
    ]


def questions(database: DuckDB) -> list[Question]:
    """What is timed."""
    records = database.one("SELECT count(*) FROM plain")
    rejected = database.one("SELECT count(*) FROM plain WHERE action = 'REJECT'")
    # An address that one record in a thousand comes from.
    sources = "SELECT srcaddr, count(*) AS n FROM plain WHERE srcaddr NOT NULL GROUP BY 1"
    address = database.one(f"SELECT srcaddr FROM ({sources}) ORDER BY abs(n - {records} / 1000), srcaddr LIMIT 1")
    low, high = number("10.16.0.0"), number("10.31.255.255")
    page = f"SELECT * FROM {{table}} WHERE action = 'REJECT' ORDER BY start LIMIT {PAGE} OFFSET {{place}}"
    places = ", ".join(str((records - 1) * sample // SAMPLES) for sample in range(SAMPLES + 1))
    sorted_bytes = "SELECT bytes, row_number() OVER (ORDER BY bytes DESC NULLS LAST) - 1 AS place FROM {table}"

    def starts(rows: list[Row]) -> Any:
        return [rejected, [row[10] for row in rows]]

    return [
        counted("action == REJECT", "action = 'REJECT'"),
        counted(f"srcaddr == {address}", f"srcaddr = '{address}'", f"srcaddr = {number(address)}"),
        # Records of protocols without ports have port 0: DuckDB is spared the question that flowdeck asks of them.
        counted("dstport in {22, 3389} and action == REJECT", "dstport IN (22, 3389) AND action = 'REJECT'"),
        counted(
            "addr in 10.16.0.0/12",
            f"{in_network('srcaddr')} OR {in_network('dstaddr')}",
            f"srcaddr BETWEEN {low} AND {high} OR dstaddr BETWEEN {low} AND {high}",
        ),
        counted("bytes > 1MB or packets < 3", "bytes > 1000000 OR packets < 3"),
        *groupings(),
        both(
            "`action == REJECT`, sorted by `start`: the first page",
            "page 0 action == REJECT",
            page.replace("{place}", "0"),
            starts,
        ),
        both("… a page anywhere", "page {place} action == REJECT", page, starts, places=max(1, rejected - PAGE)),
        both(
            "All records by `bytes`, largest first (row ids)",
            "sort",
            "SELECT rowid FROM {table} ORDER BY bytes DESC NULLS LAST",
            lambda rows: [row[0] for row in rows],
            verify=f"SELECT bytes FROM ({sorted_bytes}) WHERE place IN ({places}) ORDER BY place",
            bar=(5.0, 5.0),
        ),
    ]


def filtered(database: DuckDB) -> list[Question]:
    """The questions for groups once more of some of the records, for the comparison of the answers alone: of the
    rejected ones, of about half, and of those without addresses, ports, action and counts."""
    half = int(database.one("SELECT median(bytes) FROM plain"))
    selections = [
        Filter("action == REJECT", "action = 'REJECT'"),
        Filter(f"bytes >= {half}", f"bytes >= {half}"),
        Filter("log-status == NODATA", "\"log-status\" = 'NODATA'"),
    ]
    found = []
    for records in selections:
        asked = [grouped(groups, (0.0, 0.0), records) for groups in (BY_BYTES, PAIRS, SERVICES, PORTS_OF_SOURCES)]
        for question in [*asked, by_minute(records)]:
            question.title += f", of `{records.flowdeck}`"
            found.append(question)
    return found
