"""DuckDB, with the flow logs of a folder."""

import ipaddress
import sys
import time
from typing import Any

import duckdb

from .programs import THREADS, Answer

VERSION: str = duckdb.__version__

# The narrow types of the tuned table.
TUNED = {
    "version": "UTINYINT",
    "account-id": "accounts",
    "interface-id": "interfaces",
    "srcaddr": "VARCHAR",
    "dstaddr": "VARCHAR",
    "srcport": "USMALLINT",
    "dstport": "USMALLINT",
    "protocol": "UTINYINT",
    "packets": "UINTEGER",
    "bytes": "UBIGINT",
    "start": "UINTEGER",
    "end": "UINTEGER",
    "action": "actions",
    "log-status": "statuses",
}
WORDS = {"accounts": "account-id", "interfaces": "interface-id", "actions": "action", "statuses": "log-status"}
ADDRESSES = ("srcaddr", "dstaddr")


class DuckDB:
    """A database in memory."""

    def __init__(self, files: list[str]) -> None:
        if patterns := [file for file in files if any(letter in file for letter in "*?[")]:
            sys.exit(f"DuckDB takes the name of this file for a pattern: {patterns[0]}")
        quoted = ", ".join("'{}'".format(file.replace("'", "''")) for file in files)
        self.files = f"[{quoted}], delim = ' ', header = true, nullstr = '-'"
        self.connection = duckdb.connect()
        self.connection.execute(f"SET threads = {THREADS}")

    def ask(self, query: str) -> Answer:
        began = time.perf_counter()
        self.connection.execute(query)
        rows = self.connection.fetchall()
        return time.perf_counter() - began, rows

    def keep(self, query: str) -> float:
        """The seconds until the whole result is in a table: without one, DuckDB only begins to produce it."""
        seconds, _ = self.ask(f"CREATE TEMP TABLE kept AS {query}")
        self.ask("DROP TABLE kept")
        return seconds

    def one(self, query: str) -> Any:
        return self.ask(query)[1][0][0]

    def load(self, table: str) -> float:
        """Creates the table `plain` or `tuned`. The rows may come in any order, which DuckDB loads faster."""
        columns = "*" if table == "plain" else self.tuned_columns()
        source = f"read_csv({self.files})" if table == "plain" else self.narrow(TUNED)
        self.ask("SET preserve_insertion_order = false")
        seconds, _ = self.ask(f"CREATE TABLE {table} AS SELECT {columns} FROM {source}")
        self.ask("SET preserve_insertion_order = true")
        return seconds

    def tuned_columns(self) -> str:
        """The columns of the tuned table. Collects the values of its enumerations, before the clock starts."""
        words = ", ".join(f'"{column}"' for column in WORDS.values())
        self.ask(f"CREATE TEMP TABLE words AS SELECT DISTINCT {words} FROM read_csv({self.files}, all_varchar = true)")
        for name, column in WORDS.items():
            values = f'SELECT DISTINCT "{column}" FROM words WHERE "{column}" NOT NULL'
            self.ask(f"CREATE TYPE {name} AS ENUM ({values})")
        self.ask("DROP TABLE words")
        return ", ".join(f"{integer(name)} AS {name}" if name in ADDRESSES else f'"{name}"' for name in TUNED)

    def straight(self) -> str:
        """The files as a table of a query: read with narrow types, and no look at the first lines for them."""
        return self.narrow({name: "VARCHAR" if kind in WORDS else kind for name, kind in TUNED.items()})

    def narrow(self, kinds: dict[str, str]) -> str:
        types = ", ".join(f"'{name}': '{kind}'" for name, kind in kinds.items())
        return f"read_csv({self.files}, auto_detect = false, columns = {{{types}}})"

    def compress(self) -> dict[str, int]:
        """Copies both tables into a compressed database in memory, and asks this one from then on. The sizes of the
        tables in it."""
        self.ask("ATTACH ':memory:' AS packed (COMPRESS)")
        sizes = {}
        for table in ("plain", "tuned"):
            before = self.memory()
            self.ask(f"CREATE TABLE packed.{table} AS SELECT * FROM {table}")
            self.ask("CHECKPOINT packed")
            sizes[table] = self.memory() - before
        self.ask("USE packed")
        return sizes

    def memory(self) -> int:
        """The size of the tables as DuckDB reports it."""
        return int(self.one("SELECT sum(memory_usage_bytes) FROM duckdb_memory() WHERE tag = 'IN_MEMORY_TABLE'"))


def integer(address: str) -> str:
    """SQL for the integer of an IPv4 address in text."""
    parts = [f"split_part({address}, '.', {part + 1})::UINTEGER * {256 ** (3 - part)}" for part in range(4)]
    return f"({' + '.join(parts)})::UINTEGER"


def number(address: str) -> int:
    return int(ipaddress.IPv4Address(address))


def dotted(value: Any) -> Any:
    return str(ipaddress.IPv4Address(value)) if isinstance(value, int) else value


def in_network(column: str) -> str:
    """10.16.0.0/12 for addresses in text, in the way that DuckDB answers fastest."""
    return " OR ".join(f"{column} LIKE '10.{second}.%'" for second in range(16, 32))
