"""Tables of the search: they only say again, by words, what the facts say. No graph, release or digest has them."""

from sqlalchemy import ARRAY, BigInteger, Index, String, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel


class SearchDocument(SQLModel, table=True):
    """The names that one or more things bear, and the words by which these are found; one row for all its bearers."""

    __tablename__ = "search_document"
    __table_args__ = (Index("search_document_by_lexemes", "lexemes", postgresql_using="gin"),)

    #: best first: begins with the length of the first name (`schema.search_index.document_id`)
    id: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    #: `schema.search_rules.Kind`
    kind_code: str = Field(sa_type=String(collation="C"))
    #: as the facts write them; the first is what a reader is shown
    names: list[str] = Field(sa_type=ARRAY(Text))
    #: by which rules the lexemes were made
    rules_code: str = Field(sa_type=String(collation="C"))
    lexemes: str = Field(sa_type=TSVECTOR)


class SearchThing(SQLModel, table=True):
    """A medicine, organisation or place, and the document of its names."""

    __tablename__ = "search_thing"
    __table_args__ = (Index("search_thing_by_document", "document_id", "thing_id"),)

    kind_code: str = Field(sa_type=String(collation="C"), primary_key=True)
    #: identifier of the medicine or organisation; of a place its division code as a number
    thing_id: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    document_id: int = Field(sa_type=BigInteger)


class SearchCode(SQLModel, table=True):
    """A code by which a thing is found, without the words that every code of its sort begins with."""

    __tablename__ = "search_code"
    __table_args__ = (Index("search_code_by_code", "kind_code", "code", "thing_id"),)

    kind_code: str = Field(sa_type=String(collation="C"), primary_key=True)
    thing_id: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    code: str = Field(sa_type=String(collation="C"), primary_key=True)
