"""`baogong`: the one command of the house."""

import typer

from hub.cli.lazy import lazy_group

_COMMANDS = {
    "db": "hub.cli.db:app",
    "feed": "hub.cli.feed:app",
    "identity": "hub.cli.identity:app",
    "list": "hub.cli.drug_list:app",
    "publish": "hub.cli.publish:app",
    "client": "hub.cli.client:app",
    "sender": "hub.cli.sender:app",
    "audit": "hub.cli.audit:app",
    "access": "hub.cli.access:app",
    "grant": "hub.cli.grant:app",
    "user": "hub.cli.user:app",
    "login": "hub.cli.login:login",
    "logout": "hub.cli.login:logout",
    "whoami": "hub.cli.login:whoami",
    "query": "hub.cli.login:query",
    "keys": "hub.cli.keys:app",
    "state": "hub.cli.state:app",
    "serve": "hub.cli.serve:serve",
    "site": "hub.cli.serve:site",
    "site-sql": "hub.cli.serve:site_sql",
    "worker": "hub.cli.worker:worker",
    "jobs": "hub.cli.worker:jobs",
    "demo": "hub.cli.demo:demo",
}
app = typer.Typer(
    cls=lazy_group(_COMMANDS),
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    help="保供：短缺药品保供稳价数据交换与开放 Data exchange and open data for medicines in short supply.",
)


@app.callback()
def baogong() -> None:
    """保供：短缺药品保供稳价数据交换与开放 Data exchange and open data for medicines in short supply."""
