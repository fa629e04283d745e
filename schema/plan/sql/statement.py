"""A plan as one statement, and the values that a request gives it."""

from dataclasses import dataclass
from typing import Any

from schema.plan.nodes import Mixed, Nested
from schema.plan.sql.mixed import a_pushed_page
from schema.plan.sql.parts import members
from schema.plan.sql.reach import after_entering, entered
from schema.plan.sql.text import Writer, an_object, concat
from schema.plan.values import Value, Variables
from schema.provider import Provider
from schema.reach import Sight


@dataclass(frozen=True, slots=True)
class Statement:
    """One SELECT of one row with one column: the bytes of the answer, as UTF-8."""

    text: str
    values: tuple[Value, ...]
    #: values that are no parameters and must make sense all the same
    checked: tuple[Value, ...] = ()
    #: whose rows the answer may hold, in the order of their marks
    providers: tuple[Provider, ...] = ()

    def bind(self, variables: Variables) -> list[Any]:
        """The parameters for a request. Raises GraphQLError for a value that makes no sense."""
        for value in self.checked:
            value.bind(variables)
        return [value.bind(variables) for value in self.values]


def render(root: Nested, sight: Sight) -> Statement:
    """The statement that answers a query of callers who see so far: `{"data": …}`."""
    writer = Writer(sight)
    begin = entered(writer)
    answer = an_object([(root.key, members(writer, root.parts, None))])
    # as bytes, so that nobody has to decode and encode them again
    text = f"SELECT convert_to({concat(answer)}, 'UTF8') FROM {begin} WHERE entered.reach IS NOT NULL"
    return _statement(writer, text)


def render_pushed(page: Mixed, sight: Sight) -> Statement:
    """The statement that gives a subscription's next page: `payload`, and `last`, `length` and `more` of the page."""
    writer = Writer(sight)
    begin = entered(writer)
    return _statement(writer, after_entering(begin, a_pushed_page(writer, page, members)))


def _statement(writer: Writer, text: str) -> Statement:
    return Statement(text, tuple(writer.values), tuple(writer.checked), tuple(writer.providers))
