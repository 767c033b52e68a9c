"""DuckDB, with the flow logs of a folder."""

import ipaddress
import time
from pathlib import Path
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

    def __init__(self, folder: Path) -> None:
        self.files = f"'{folder}/**/*.log.gz', delim = ' ', header = true, nullstr = '-'"
        self.connection = duckdb.connect()
        self.connection.execute(f"SET threads = {THREADS}")

    def ask(self, query: str, fetch: bool = True) -> Answer:
        began = time.perf_counter()
        self.connection.execute(query)
        rows = self.connection.fetchall() if fetch else []
        return time.perf_counter() - began, rows

    def one(self, query: str) -> Any:
        return self.ask(query)[1][0][0]

    def load_plain(self) -> float:
        """The usual way: with the types that DuckDB infers."""
        return self.ask(f"CREATE TABLE plain AS SELECT * FROM read_csv({self.files})")[0]

    def load_tuned(self) -> float:
        """With the narrowest types. The values of the enumerations are collected before the clock starts."""
        for name, column in WORDS.items():
            words = f'SELECT DISTINCT "{column}" FROM read_csv({self.files}, all_varchar = true)'
            self.ask(f'CREATE TYPE {name} AS ENUM (SELECT "{column}" FROM ({words}) WHERE "{column}" NOT NULL)')
        types = ", ".join(f"'{name}': '{kind}'" for name, kind in TUNED.items())
        columns = ", ".join(f"{integer(name)} AS {name}" if name in ADDRESSES else f'"{name}"' for name in TUNED)
        files = f"read_csv({self.files}, auto_detect = false, columns = {{{types}}})"
        return self.ask(f"CREATE TABLE tuned AS SELECT {columns} FROM {files}")[0]

    def straight(self) -> str:
        """The files as a table of a query: read with narrow types, and no look at the first lines for them."""
        words = {kind: "VARCHAR" for kind in WORDS}
        types = ", ".join(f"'{name}': '{words.get(kind, kind)}'" for name, kind in TUNED.items())
        return f"read_csv({self.files}, auto_detect = false, columns = {{{types}}})"

    def memory(self) -> int:
        """The size of the tables as DuckDB reports it."""
        return self.one("SELECT sum(memory_usage_bytes) FROM duckdb_memory() WHERE tag = 'IN_MEMORY_TABLE'")


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
