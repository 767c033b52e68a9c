"""Questions for groups of records in the words of flowdeck and of DuckDB, and the form in which the answers are
compared.

flowdeck orders groups of the same size by their values: addresses and numbers by size, words by their bytes, missing
values last. DuckDB is timed without an order among them, and asked once more with that order for the comparison.
"""

from dataclasses import dataclass
from typing import Any

from .database import ADDRESSES, dotted, integer

LIMIT = 20
PORTS = ("srcport", "dstport")
# To flowdeck, records of other protocols have no port, although their lines have port 0.
HAS_PORTS = "(protocol IN (6, 17, 33, 132, 136) OR protocol IS NULL)"

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Filter:
    """The same filter for flowdeck and for both tables of DuckDB."""

    flowdeck: str = ""
    sql: str = ""

    def where(self) -> str:
        return f"WHERE {self.sql}" if self.sql else ""


@dataclass(frozen=True)
class Groups:
    """The largest groups of records with the same values in some fields."""

    fields: tuple[str, ...]
    # The field whose distinct values are counted; else records or bytes are.
    distinct: str = ""
    measure: str = "records"

    @property
    def title(self) -> str:
        fields = ", ".join(f"`{field}`" for field in self.fields)
        if self.distinct:
            return f"Distinct `{self.distinct}` by {fields}, top {LIMIT}"
        return f"Top {LIMIT} {fields}" + ("" if self.measure == "records" else f" by {self.measure}")

    def flowdeck(self, records: Filter) -> str:
        """For the questions program."""
        fields = ",".join(self.fields)
        if self.distinct:
            words = f"distinct {self.distinct} by {fields}"
        else:
            words = f"groups {fields}" if self.measure == "records" else "top"
        return f"{words} {records.flowdeck}".rstrip()

    def arguments(self) -> list[str]:
        """For the command line."""
        more = ["--distinct", self.distinct, "--measure", "distinct"] if self.distinct else ["--measure", self.measure]
        return ["top", "--by", ",".join(self.fields), *more, "--limit", str(LIMIT), "--output", "ndjson"]

    def timed(self, table: str, records: Filter) -> str:
        """SQL in the form that DuckDB answers fastest: groups of the same size in any order."""
        keys = ", ".join(f'"{field}"' for field in self.fields)
        # Port 0 stands for a missing port: without protocols to look at, DuckDB finds the same groups faster.
        groups = f"SELECT {keys}, {self.amount()} AS n FROM {table} {records.where()} GROUP BY ALL"
        return f"{groups} ORDER BY n DESC NULLS LAST LIMIT {LIMIT}"

    def amount(self) -> str:
        if self.distinct:
            return f"count(DISTINCT {port(self.distinct)})"
        return "count(*)" if self.measure == "records" else f"coalesce(sum({self.measure}), 0)"

    def ordered(self, table: str, records: Filter) -> str:
        """SQL for the number of groups and the largest in flowdeck's order, for the comparison."""
        keys = [f"{port(field)} AS key{place}" for place, field in enumerate(self.fields)]
        groups = f"SELECT {', '.join(keys)}, {self.amount()} AS n FROM {table} {records.where()} GROUP BY ALL"
        names = [f"key{place}" for place in range(len(keys))]
        order = ", ".join(
            f"{by_value(name, field, table)} NULLS LAST" for name, field in zip(names, self.fields, strict=True)
        )
        # Addresses in text are made numbers only in the groups that may be among the largest.
        least = f"SELECT min(n) FROM (SELECT n FROM found ORDER BY n DESC LIMIT {LIMIT})"
        return (
            f"WITH found AS MATERIALIZED ({groups}) "
            f"SELECT (SELECT count(*) FROM found), {', '.join(names)}, n FROM found WHERE n >= ({least}) "
            f"ORDER BY n DESC, {order} LIMIT {LIMIT}"
        )

    def whole(self, rows: list[Row]) -> Any:
        """The rows of `ordered` as flowdeck gives them: the number of groups, and the largest."""
        groups = [[*self.labels(keys), int(amount)] for _, *keys, amount in rows]
        return [rows[0][0] if rows else 0, groups]

    def labels(self, keys: list[Any]) -> list[str]:
        """Values as a flow log prints them."""
        words = (dotted(key) if field in ADDRESSES else key for key, field in zip(keys, self.fields, strict=True))
        return ["-" if word is None else str(word) for word in words]

    def printed(self, line: dict[str, Any]) -> list[Any]:
        """A line of the command line's answer in the same form."""
        names = [field.replace("-", "_") for field in self.fields]
        measure = f"distinct_{self.distinct.replace('-', '_')}" if self.distinct else self.measure
        return [*("-" if line[name] is None else str(line[name]) for name in names), line[measure]]


def amounts(rows: list[Row]) -> list[int]:
    """What is left of an answer without the groups: groups of the same size may come in any order."""
    return [int(row[-1]) for row in rows]


def port(field: str) -> str:
    """SQL for a field as flowdeck has it."""
    return f"CASE WHEN {HAS_PORTS} THEN {field} END" if field in PORTS else f'"{field}"'


def by_value(name: str, field: str, table: str) -> str:
    """SQL for the order of the values of a field."""
    if field in ADDRESSES:
        return integer(name) if table == "plain" else name
    return name if field in PORTS else f"{name}::VARCHAR"


BY_BYTES = Groups(("srcaddr",), measure="bytes")
PAIRS = Groups(("srcaddr", "dstaddr"))
SERVICES = Groups(("interface-id", "srcaddr", "dstaddr", "dstport"))
PORTS_OF_SOURCES = Groups(("srcaddr",), distinct="dstport")
