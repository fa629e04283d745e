"""Trusted documents: files of GraphQL that an operator has put there, known by the SHA-256 of their text."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from hub.errors import SettingError
from hub.web.http_request import MAX_BODY_BYTES, GraphRequest, RequestError
from schema.declare import Label
from schema.graph.errors import ErrorCode

#: those that come with the hub
SHIPPED = Path(__file__).with_name("documents")


class TrustedDocuments:
    """The trusted documents, by identifier; `only`: no others are run."""

    def __init__(self, texts: Iterable[str], only: bool = False) -> None:
        self._only = only
        self._texts: Mapping[str, str] = {
            sha256_of(each): text for text in texts for each in _spellings(text)
        }
        self._spelt = frozenset(each for text in self._texts.values() for each in _spellings(text))

    def document(self, asked: GraphRequest) -> tuple[str, bool]:
        """The text to run, and whether it is a trusted one. Raises RequestError."""
        if asked.document is None:
            return self._known(asked.sha256 or ""), True
        if asked.sha256 is not None and asked.sha256 != sha256_of(asked.document):
            raise RequestError(
                422,
                ErrorCode.BAD_ARGUMENT,
                Label("query 的 SHA-256 与所给标识不符。", "`query` does not have the SHA-256 that is given"),
            )
        trusted = asked.document in self._spelt
        if self._only and not trusted:
            raise RequestError(
                403,
                ErrorCode.DOCUMENT_NOT_TRUSTED,
                Label(
                    "本系统只执行已登记的文档；请管理员登记后再用。",
                    "this hub runs trusted documents only: have the operator put it among them",
                ),
            )
        return asked.document, trusted

    def _known(self, sha256: str) -> str:
        text = self._texts.get(sha256)
        if text is None:
            # Apollo's clients look for the code, or for this English word
            raise RequestError(
                404,
                ErrorCode.PERSISTED_QUERY_NOT_FOUND,
                Label(
                    "没有此标识的文档。", "PersistedQueryNotFound: no trusted document has this identifier"
                ),
            )
        return text


def load_trusted(folder: Path | None, only: bool) -> TrustedDocuments:
    """The shipped documents and those of a folder and its sub-folders. SettingError where it cannot be read."""
    if folder is not None and not folder.is_dir():
        raise SettingError(
            "setting.trusted_documents",
            Label(f"HUB_TRUSTED_DOCUMENTS：没有目录 {folder}。", f"there is no folder {folder}"),
        )
    folders = [SHIPPED] if folder is None else [SHIPPED, folder]
    return TrustedDocuments(
        [_text_of(path) for each in folders for path in sorted(each.rglob("*.graphql"))], only
    )


def sha256_of(text: str) -> str:
    """The identifier of a document, in small hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _spellings(text: str) -> tuple[str, ...]:
    """The file as it is, whose SHA-256 `sha256sum` tells; and without the line's end that editors add."""
    return text, text.rstrip("\n")


def _text_of(path: Path) -> str:
    try:
        content = path.read_bytes()
        text = content.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            "setting.trusted_documents",
            Label(f"HUB_TRUSTED_DOCUMENTS：读不了 {path}。", f"cannot read {path} as UTF-8"),
        ) from error
    if len(content) > MAX_BODY_BYTES:
        raise SettingError(
            "setting.trusted_documents",
            Label(f"HUB_TRUSTED_DOCUMENTS：{path} 过大。", f"{path} has more than {MAX_BODY_BYTES} bytes"),
        )
    return text
