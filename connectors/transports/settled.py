"""Names under which programs write what they rename when it is whole."""

_UNFINISHED = (".part", ".partial", ".tmp", ".filepart")


def is_unfinished(name: str) -> bool:
    """Whether a file of this name is to be left alone: somebody still writes it."""
    return name.startswith(".") or name.lower().endswith(_UNFINISHED)
