"""Words of the register as coded values; a word that is not known is a CellError, not a guess."""

from connectors.cells import CellError
from schema.authorizations import authorization_status_of, event_kind_of, kind_words, status_words


def authorization_status(raw: str) -> str:
    """How an approval or a registration stands. CellError `cell.word`."""
    return _known(authorization_status_of(raw), status_words())


def event_kind(raw: str) -> str:
    """What happened to an approval. CellError `cell.word`."""
    return _known(event_kind_of(raw), kind_words())


def _known(value: str | None, words: str) -> str:
    if value is None:
        raise CellError("cell.word", f"应为下列之一：{words}", f"expected one of: {words}")
    return str(value)
