"""Errors a person or a client is told of: a stable code, and a message in Chinese and English."""

from schema.declare import Label
from schema.refusals import Refusal


class HubError(Exception):
    """Root of all errors that are meant to be read; others are defects."""

    def __init__(self, code: str, message: Label) -> None:
        super().__init__(str(message))
        self.code = code
        self.message = message


class BooksError(HubError):
    """The rows of a batch do not add up; nothing of it is promoted."""


class UnknownFeedError(HubError):
    """No feed has this code."""


class SenderNeededError(HubError):
    """The feed's codes are each sender's own, and no sender was named."""


class DatabaseError(HubError):
    """The database is not there, too old, or not migrated."""


class NothingToReleaseError(HubError):
    """No medicine is known: there is nothing to publish."""


class ReleaseError(HubError):
    """A release cannot be made, found or switched to."""


class PortTakenError(HubError):
    """Something else listens on the port."""


class RefusedActError(HubError):
    """What a person wants done cannot be done; nothing was changed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code, refusal.message)
        self.refusal = refusal


class NotHeldError(RefusedActError):
    """The batch is not held, so there is nothing to decide."""


class JudgementError(RefusedActError):
    """A judgement or withdrawal that cannot be made."""


class SettingError(HubError):
    """A setting's value cannot be used."""


class AuditUnavailableError(HubError):
    """The record cannot be written, so nothing goes out."""

    def __init__(self) -> None:
        super().__init__(
            "audit.unavailable",
            Label(
                "审计记录暂时无法写入，因此不提供数据；请稍后再试。",
                "the audit cannot be written just now, so no data is given; try again",
            ),
        )


class RefusedAuditActError(HubError):
    """Something about the audit that is not allowed; nothing was changed."""


class NoSuchBatchError(HubError):
    """No batch has this number."""


class ActingError(HubError):
    """Whoever wants to change access has not shown that they may."""
