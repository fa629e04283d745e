"""`baogong publish`: releases of open data."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.cli.listing import err, out, print_json, show
from hub.cli.on_record import on_record
from hub.cli.runtime import connection_to, read_settings, ready_database, run
from hub.clock import system_clock
from hub.config import Settings
from hub.db.snapshot import open_snapshot
from hub.errors import HubError, NothingToReleaseError, ReleaseError
from publish import shelf
from publish.change_files import count_of
from publish.changes import CHANGED, Change, Pair, changes_of
from publish.manifest import TableChanges
from publish.release import EmptySnapshotError, FailedChecksError, Release, build_release
from publish.shelf import Acceptance
from publish.tables import public_tables
from schema.declare import Label

app = typer.Typer(no_args_is_help=True, add_completion=False, help="开放数据发布 Releases of open data.")

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON Print JSON.")]
#: changes of a table that `diff` lists; all of them are in the files of the release
_LISTED = 1_000


@app.callback()
def publish() -> None:
    """开放数据发布 Releases of open data."""


@app.command()
def release(
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="人工认可行数变化或缺失，须写明人和理由 Let a drift pass; needs --by and --reason.",
        ),
    ] = False,
    by: Annotated[str, typer.Option("--by", help="认可人 Who lets it pass.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="理由 Why.")] = "",
    as_json: AsJson = False,
) -> None:
    """发布：由当前数据生成一版，核对后切换 Build a release of what is known now, check it and switch to it."""
    with _told():
        acceptance = _acceptance(by, reason) if force else None
        made = run(_release(read_settings(), acceptance, show_failed=as_json))
    if as_json:
        print_json(asdict(made))
        raise typer.Exit(1 if made.failures else 0)
    out.print(f"已发布 released {made.id}（数据截至 data as of {made.data_as_of}）", highlight=False)
    for table, rows in made.row_counts.items():
        out.print(f"  {table:25} {rows:>12,}", highlight=False)


@app.command()
def releases(as_json: AsJson = False) -> None:
    """各发布版本，含未通过核对者 The releases, those that failed their checks too."""
    folder = read_settings().release_dir
    current = shelf.current(folder)
    records = [
        _record(folder, each, is_current=current is not None and each.id == current.id)
        for each in (*shelf.sealed(folder), *shelf.failed(folder))
    ]
    columns = {
        "id": "版本 release",
        "state": "状态 state",
        "data_as_of": "数据截至 data as of",
        "rows": "行数 rows",
        "previous": "上一版 before it",
        "failures": "未通过 failed",
    }
    show(records, columns, as_json=as_json, empty="还没有发布 No release yet.")


@app.command()
def rollback(
    release_id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="缺省为当前版的上一版 Default: the one before.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """回到以前的版本 Serve an earlier release again."""
    settings = read_settings()
    folder = settings.release_dir
    with _told(), shelf.working_on(folder):
        chosen = shelf.find(folder, release_id) if release_id else shelf.before_current(folder)
        shelf.verify(folder / chosen.id)
        run(_switch(settings, chosen.id))
    if as_json:
        print_json({"id": chosen.id, "data_as_of": chosen.data_as_of})
    else:
        out.print(
            f"当前版本 now serving {chosen.id}（数据截至 data as of {chosen.data_as_of}）", highlight=False
        )


@app.command()
def diff(
    older: Annotated[str, typer.Argument(metavar="A", help="较早的版本 The older release.")],
    newer: Annotated[str, typer.Argument(metavar="B", help="较新的版本 The newer release.")],
    table: Annotated[
        str | None, typer.Option("--table", help="列出此表的变化 List the changes of this table.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """两个版本的差异，按表 What changed between two releases, by table."""
    folder = read_settings().release_dir
    with _told():
        old, new = shelf.find(folder, older), shelf.find(folder, newer)
        pair = Pair(old, folder / old.id, new, folder / new.id)
        if table is None:
            _show_counts(pair, as_json=as_json)
        else:
            _show_changes(pair, table, as_json=as_json)


class ReleaseFailedError(ReleaseError):
    """The release did not pass its checks; the one before goes on being served."""

    def __init__(self, failed: Release) -> None:
        found = [each.found for each in failed.failures if each.found]
        zh, en = "；".join(each.zh for each in found), "; ".join(each.en for each in found)
        message = Label(
            f"{failed.id} 未通过核对，没有发布，当前版本不变。{zh}。",
            f"{failed.id} failed its checks and was not published; the current release is unchanged. {en}",
        )
        super().__init__("release.failed", message)
        self.release = failed


async def make_release(settings: Settings, url: str, acceptance: Acceptance | None = None) -> Release:
    """Build a release from a snapshot of the store, and switch to it. Raises ReleaseError."""
    async with connection_to(url) as connection, open_snapshot(connection) as snapshot:
        try:
            return await build_release(snapshot, settings.release_dir, acceptance)
        except EmptySnapshotError as error:
            raise NothingToReleaseError(
                "release.nothing",
                Label(
                    "还没有入库的数据，无可发布：请先 baogong feed ingest。",
                    "nothing is promoted yet: run baogong feed ingest first",
                ),
            ) from error
        except FailedChecksError as error:
            raise ReleaseFailedError(error.release) from error
        except shelf.BusyError as error:
            raise _BUSY from error


async def _release(settings: Settings, acceptance: Acceptance | None, *, show_failed: bool) -> Release:
    about = {"accepted_by": acceptance.by, "reason": acceptance.reason} if acceptance else {}
    try:
        async with (
            ready_database(settings) as url,
            on_record(settings, url, "publish.release", **about),
        ):
            return await make_release(settings, url, acceptance)
    except ReleaseFailedError as error:
        if not show_failed:
            raise
        return error.release


async def _switch(settings: Settings, release_id: str) -> None:
    async with (
        ready_database(settings) as url,
        on_record(settings, url, "publish.rollback", release=release_id),
    ):
        shelf.switch(settings.release_dir, release_id)


_BUSY = ReleaseError(
    "release.busy",
    Label(
        "另一进程正在发布或切换，请稍后再试。",
        "another process builds or switches a release; try again later",
    ),
)


def _acceptance(by: str, reason: str) -> Acceptance:
    if not (by.strip() and reason.strip()):
        raise ReleaseError(
            "release.by_whom",
            Label(
                "--force 须写明 --by 和 --reason。",
                "--force needs --by and --reason: who lets it pass, and why",
            ),
        )
    return Acceptance(by.strip(), reason.strip(), f"{system_clock():%Y-%m-%dT%H:%M:%SZ}")


@contextmanager
def _told() -> Iterator[None]:
    """What can go wrong with releases, as sentences and exit status 1."""
    try:
        yield
    except HubError as error:
        _fail(error)
    except shelf.BusyError:
        _fail(_BUSY)
    except shelf.NoSuchReleaseError as error:
        wanted = str(error)
        _fail(
            ReleaseError(
                "release.unknown",
                Label(
                    f"没有发布版本 {wanted}，可用 baogong publish releases 查看。",
                    f"there is no release {wanted}",
                ),
            )
        )
    except shelf.BrokenReleaseError as error:
        _fail(
            ReleaseError(
                "release.broken",
                Label(
                    f"{error} 与校验值不符，未切换。", "is not what its checksum says; nothing was switched"
                ),
            )
        )


def _fail(error: HubError) -> None:
    err.print(str(error), style="red", markup=False, soft_wrap=True)
    raise typer.Exit(1) from error


def _record(folder: Path, each: Release, *, is_current: bool) -> dict[str, Any]:
    accepted = shelf.acceptance_of(folder, each.id)
    return {
        "id": each.id,
        "state": "current" if is_current else each.state,
        "data_as_of": each.data_as_of,
        "rows": sum(each.row_counts.values()),
        "previous": each.previous,
        "failures": "\n".join(f"{check.name}: {check.found}" for check in each.failures) or None,
        "accepted": asdict(accepted) if accepted else None,
    }


def _show_counts(pair: Pair, *, as_json: bool) -> None:
    counts = [_count(pair, each.name) for each in public_tables()]
    records = [asdict(each) for each in counts if each.added or each.removed or each.changed]
    columns = {
        "table": "表 table",
        "added": "新增 added",
        "removed": "删除 removed",
        "changed": "更改 changed",
    }
    show(records, columns, as_json=as_json, empty="没有差异 Nothing changed.")


def _count(pair: Pair, name: str) -> TableChanges:
    (table,) = (each for each in public_tables() if each.name == name)
    return count_of(name, Counter(change.kind for change in changes_of(pair, table)))


def _show_changes(pair: Pair, name: str, *, as_json: bool) -> None:
    found = [each for each in public_tables() if each.name == name]
    if not found:
        raise ReleaseError(
            "release.no_table", Label(f"发布版本没有表 {name}。", f"releases have no table {name}")
        )
    records = [_change(each) for each in islice(changes_of(pair, found[0]), _LISTED)]
    columns = {"change": "变化 change", "key": "键 key", "before": "原 before", "after": "现 after"}
    show(records, columns, as_json=as_json, empty="没有差异 Nothing changed.")


def _change(change: Change) -> dict[str, Any]:
    both = change.kind == CHANGED
    before, after = change.before or {}, change.after or {}
    differ = {name for name in change.row if both and before[name] != after[name]}
    return {
        "change": change.kind,
        "key": {name: change.row[name] for name in change.key},
        "before": _only(change.before, differ),
        "after": _only(change.after, differ),
    }


def _only(row: dict[str, Any] | None, names: set[str]) -> dict[str, Any] | None:
    """Of a row that is otherwise now, what differs; of another, all."""
    return row if row is None or not names else {name: row[name] for name in row if name in names}
