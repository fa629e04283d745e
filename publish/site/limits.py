"""What a connection to a release may do, whoever writes the SQL."""

import sqlite3

#: no single value of a release is longer; stops SQL functions that build huge texts
_VALUE_BYTES_MAX = 5_000_000
#: as much as SQLite maps at most; larger files are read in the ordinary way beyond it
_MAPPED_BYTES_MAX = 2**31 - 2**16
#: what no question in SQL may do. Datasette takes only SELECT, and the file is opened for reading alone; this stands
#: behind both, for other files and for tables that would fill the memory
_REFUSED = {
    sqlite3.SQLITE_ATTACH,
    sqlite3.SQLITE_DETACH,
    sqlite3.SQLITE_CREATE_TEMP_TABLE,
    sqlite3.SQLITE_CREATE_TEMP_VIEW,
    sqlite3.SQLITE_CREATE_TEMP_TRIGGER,
    sqlite3.SQLITE_CREATE_TEMP_INDEX,
}
#: tells where the file lies
_PATH_PRAGMA = "database_list"


def limit(connection: sqlite3.Connection, *, is_sql: bool) -> None:
    """Limit what one value may take, read the file through memory, and let strangers' SQL only read."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _VALUE_BYTES_MAX)
    connection.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES_MAX}")
    if is_sql:
        connection.set_authorizer(_authorize)


def _authorize(
    action: int, first: str | None, _second: str | None, _base: str | None, _trigger: str | None
) -> int:
    if action == sqlite3.SQLITE_PRAGMA:
        # ignored is: no rows. Datasette itself asks for this one, and is content with none
        return sqlite3.SQLITE_IGNORE if first == _PATH_PRAGMA else sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY if action in _REFUSED else sqlite3.SQLITE_OK
