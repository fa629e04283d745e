"""What a person is told whose application asked wrongly."""

from schema.declare import Label

_MESSAGES = {
    "invalid_client": Label(
        "没有这个应用。请从查询页或命令行重新登录。",
        "There is no such application. Sign in from the query page or the command line.",
    ),
    "invalid_request": Label(
        "登录请求不对：地址不属于该应用，或缺少参数。请从查询页或命令行重新登录；查询页须以本系统的公开地址打开。",
        "The request to sign in is wrong: its address is not the application's, or something is missing."
        " Start again, at the hub's public address.",
    ),
}
_OTHER = Label("登录请求不对。请从查询页或命令行重新登录。", "The request to sign in is wrong. Start again.")


def refusal(code: str) -> Label:
    """The sentence for an error's code."""
    return _MESSAGES.get(code, _OTHER)
