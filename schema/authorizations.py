"""Words of approvals: how an approval stands (批准文号状态) and what befalls it (批准、再注册、持有人变更 …)."""

from collections.abc import Mapping
from enum import StrEnum

from schema.names import name_key


class AuthorizationStatus(StrEnum):
    """How the regulator says that an approval stands; nobody here works it out from a date."""

    VALID = "valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    REVOKED = "revoked"


class EventKind(StrEnum):
    """What happened to an approval."""

    ISSUE = "issue"
    RENEWAL = "renewal"
    REISSUE = "reissue"
    HOLDER_TRANSFER = "holder_transfer"
    SUPPLEMENT = "supplement"
    CANCELLATION = "cancellation"
    REVOCATION = "revocation"


_STATUSES: dict[str, AuthorizationStatus] = {
    **dict.fromkeys(("有效", "正常", "在册", "valid"), AuthorizationStatus.VALID),
    **dict.fromkeys(("过期", "已过期", "失效", "逾期未再注册", "expired"), AuthorizationStatus.EXPIRED),
    **dict.fromkeys(("暂停", "暂停使用", "暂停销售", "suspended"), AuthorizationStatus.SUSPENDED),
    **dict.fromkeys(("注销", "已注销", "cancelled"), AuthorizationStatus.CANCELLED),
    **dict.fromkeys(("撤销", "已撤销", "吊销", "revoked"), AuthorizationStatus.REVOKED),
}
_KINDS: dict[str, EventKind] = {
    **dict.fromkeys(("批准", "核发", "首次注册", "issue"), EventKind.ISSUE),
    **dict.fromkeys(("再注册", "延续", "renewal"), EventKind.RENEWAL),
    **dict.fromkeys(("换发", "换发批准文号", "reissue"), EventKind.REISSUE),
    **dict.fromkeys(
        ("持有人变更", "上市许可持有人变更", "持有人转让", "holder_transfer"), EventKind.HOLDER_TRANSFER
    ),
    **dict.fromkeys(("补充申请", "变更", "备案", "supplement"), EventKind.SUPPLEMENT),
    **dict.fromkeys(("注销", "cancellation"), EventKind.CANCELLATION),
    **dict.fromkeys(("撤销", "吊销", "revocation"), EventKind.REVOCATION),
}
#: how an approval stands after an event; an event that is not here says nothing of it
STATUS_AFTER: Mapping[EventKind, AuthorizationStatus] = {
    EventKind.ISSUE: AuthorizationStatus.VALID,
    EventKind.RENEWAL: AuthorizationStatus.VALID,
    EventKind.REISSUE: AuthorizationStatus.VALID,
    EventKind.CANCELLATION: AuthorizationStatus.CANCELLED,
    EventKind.REVOCATION: AuthorizationStatus.REVOKED,
}


def authorization_status_of(word: str) -> AuthorizationStatus | None:
    """The status that a word stands for; None where it is none of the vocabulary."""
    return _STATUSES.get(name_key(word))


def event_kind_of(word: str) -> EventKind | None:
    """The kind of event that a word stands for; None where it is none of the vocabulary."""
    return _KINDS.get(name_key(word))


def status_words() -> str:
    """Every word for a status, for a hint."""
    return "、".join(word for word in _STATUSES if not word.isascii())


def kind_words() -> str:
    """Every word for a kind of event, for a hint."""
    return "、".join(word for word in _KINDS if not word.isascii())
