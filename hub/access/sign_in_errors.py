"""Why somebody cannot sign in: a code, and a sentence that gives nothing away."""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from schema.declare import Label


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step is refused."""

    code: str
    message: Label
    #: of the HTTP answer
    status: int
    retry_after_seconds: int | None = None


class SignInError(Exception):
    """A step that was refused."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


CREDENTIALS = Reason(
    "sign_in.credentials",
    Label("用户名或密码不对，或账号已停用。", "User name or password is wrong, or the account is disabled."),
    403,
)
CODE = Reason(
    "sign_in.code",
    Label(
        "验证码不对、已过期或已用过。请等下一个验证码。",
        "The code is wrong, over, or was used already. Wait for the next one.",
    ),
    403,
)
SAME_PASSWORD = Reason(
    "sign_in.password", Label("新密码与原密码相同。", "The new password is the old one."), 400
)
REPEATED = Reason("sign_in.password", Label("两次输入的新密码不同。", "The two new passwords differ."), 400)
OVER = Reason(
    "sign_in.over",
    Label("这一步已过时，请重新登录。", "This step is over; please sign in again."),
    400,
)
UNKNOWN_SUBJECT = Reason(
    "sign_in.subject",
    Label(
        "身份提供方确认了您的身份，但本系统没有对应的账号。请联系系统管理员。",
        "The identity provider knows you, but no account here is yours. Ask your administrator.",
    ),
    403,
)
PROVIDER = Reason(
    "sign_in.provider",
    Label(
        "身份提供方未能确认您是谁。请重试，或用密码登录。",
        "The identity provider could not say who you are. Try again, or use your password.",
    ),
    502,
)
FORM = Reason(
    "sign_in.form",
    Label(
        "表单已过期，或不是从本页提交的。请重试。",
        "The form is over, or was not sent from this page. Please try again.",
    ),
    400,
)
BUSY = Reason(
    "sign_in.busy",
    Label("正在登录的人太多，请稍后再试。", "Too many people are signing in; try again soon."),
    503,
    5,
)


def throttled(wait: timedelta) -> Reason:
    """Come back later."""
    seconds = ceil(wait.total_seconds())
    return Reason(
        "sign_in.throttled",
        Label(
            f"尝试次数过多，请 {seconds} 秒后再试。", f"Too many attempts; try again in {seconds} seconds."
        ),
        429,
        seconds,
    )


def weak(message: Label) -> Reason:
    """The new password is not allowed."""
    return Reason("sign_in.password", message, 400)
