"""How much one request may ask for. Judged before anything else, in time linear in what was sent."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
)

from schema.graph.errors import ErrorCode, graph_error
from schema.graph.shape import Shape, shape_of
from schema.graph.weight import (
    MAX_NESTING,
    MAX_SELECTIONS,
    Scale,
    TooMuchError,
    Weight,
    introspection_weight,
)

#: tokens of a document; a hand-written query has some hundreds
MAX_TOKENS = 1_000
#: how deep selections nest
MAX_DEPTH = 16
#: objects that an answer may have at most, taking every page as full
MAX_OBJECTS = 20_000
#: operations and fragments of a document
MAX_DEFINITIONS = 50
MAX_SPREADS = 200
MAX_ALIASES = 200
MAX_DIRECTIVES = 50
#: fields on the root of one operation: each is a query of its own
MAX_ROOT_FIELDS = 32
#: pairs of fields under one name in one place: validation compares each with each
MAX_PAIRS = 1_000
#: letters of a name: for an unknown one similar names are looked for
MAX_NAME = 100
#: how many digits a number has, in a document or a variable
MAX_DIGITS = 100
#: how deep lists and objects of variables stand in each other, and how many values there are
MAX_VARIABLE_DEPTH = 16
MAX_VARIABLE_VALUES = 10_000
#: errors of the language that one answer tells of
MAX_ERRORS = 10


class Excess(NamedTuple):
    """More of something than there may be."""

    zh: str
    en: str

    def error(self) -> GraphQLError:
        """As the client is told of it."""
        return graph_error(ErrorCode.TOO_LARGE, self.zh, self.en)


def excesses(
    schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any] | None
) -> list[Excess]:
    """What a document has too much of. What it means is looked at only if it is written within the limits.

    The sizes of pages may come by variable; where the variables are not known (None), they count as the largest.
    """
    written = list(_of_shape(shape_of(document)))
    if written:
        return written
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    return [excess for each in operations for excess in _of_meaning(schema, document, each, variables)]


def excess_of_variables(variables: Mapping[str, Any]) -> Excess | None:
    """What a request's variables have too much of; None where they are within the limits."""
    left: list[tuple[Any, int]] = [(variables, 0)]
    seen = 0
    while left:
        value, depth = left.pop()
        if not isinstance(value, dict | list):
            continue
        seen += len(value)
        if depth > MAX_VARIABLE_DEPTH:
            return Excess(
                f"variables 嵌套超过 {MAX_VARIABLE_DEPTH} 层。",
                f"`variables` nest deeper than {MAX_VARIABLE_DEPTH}",
            )
        if seen > MAX_VARIABLE_VALUES:
            return Excess(
                f"variables 超过 {MAX_VARIABLE_VALUES} 个值。",
                f"`variables` have more than {MAX_VARIABLE_VALUES} values",
            )
        left.extend((each, depth + 1) for each in (value.values() if isinstance(value, dict) else value))
    return None


def parser_excess(error: GraphQLError) -> Excess | None:
    """What the parser stopped at, where it was a limit and not a mistake."""
    if not isinstance(error, GraphQLSyntaxError) or "Parsing aborted" not in error.message:
        return None
    if "too deeply" in error.message:
        return Excess("文档嵌套过深。", "the document nests too deep")
    return Excess(f"文档超过 {MAX_TOKENS} 个记号。", f"the document has more than {MAX_TOKENS} tokens")


def _of_shape(shape: Shape) -> Iterable[Excess]:
    for zh, en, found, most in (
        ("操作和片段", "operations and fragments", shape.definitions, MAX_DEFINITIONS),
        ("片段引用", "fragment spreads", shape.spreads, MAX_SPREADS),
        ("别名", "aliases", shape.aliases, MAX_ALIASES),
        ("指令", "directives", shape.directives, MAX_DIRECTIVES),
    ):
        if found > most:
            yield Excess(f"{zh}共 {found} 个，最多 {most} 个。", f"{found} {en}, at most {most}")
    if shape.nesting > MAX_NESTING:
        yield Excess(
            f"括号嵌套 {shape.nesting} 层，最多 {MAX_NESTING} 层。",
            f"brackets nested {shape.nesting} deep, at most {MAX_NESTING}",
        )
    if shape.longest_number > MAX_DIGITS:
        yield Excess(
            f"数字有 {shape.longest_number} 位，最多 {MAX_DIGITS} 位。",
            f"a number has {shape.longest_number} digits, at most {MAX_DIGITS}",
        )
    if shape.longest_name > MAX_NAME:
        yield Excess(
            f"名称有 {shape.longest_name} 个字符，最多 {MAX_NAME} 个。",
            f"a name has {shape.longest_name} letters, at most {MAX_NAME}",
        )


def _of_meaning(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any] | None,
) -> Iterable[Excess]:
    scale = Scale(schema, document, variables)
    try:
        weight = scale.weigh(operation)
    except TooMuchError:
        yield Excess(
            f"展开片段后所选超过 {MAX_SELECTIONS} 项，或嵌套超过 {MAX_NESTING} 层。",
            f"with its fragments it selects more than {MAX_SELECTIONS} fields or nests deeper than {MAX_NESTING}",
        )
        return
    yield from _of_weight(weight)
    if scale.count.pairs > MAX_PAIRS:
        yield Excess("同一字段重复选取过多。", "the same field is selected too often in one place")
    # tools differ in how deep they look for types of lists of lists
    most = introspection_weight(schema) * 3 // 2
    if scale.count.type_lists_in_each_other or weight.schema_objects > most:
        yield Excess(
            "内省查询过大；整份结构可取 /graphql/schema.graphql。",
            "introspection asks for too much; /graphql/schema.graphql has the whole schema",
        )
    roots = scale.count.root_fields
    if roots > MAX_ROOT_FIELDS:
        yield Excess(
            f"根字段共 {roots} 个，最多 {MAX_ROOT_FIELDS} 个；请分几次查询。",
            f"{roots} fields on the root, at most {MAX_ROOT_FIELDS}: ask in several queries",
        )


def _of_weight(weight: Weight) -> Iterable[Excess]:
    if weight.depth > MAX_DEPTH:
        yield Excess(
            f"嵌套 {weight.depth} 层，最多 {MAX_DEPTH} 层。",
            f"nested {weight.depth} deep, at most {MAX_DEPTH}",
        )
    if weight.objects > MAX_OBJECTS:
        yield Excess(
            f"最多可能返回 {weight.objects} 个对象，上限 {MAX_OBJECTS}；请减小 first。",
            f"could answer with {weight.objects} objects, at most {MAX_OBJECTS}: ask for smaller pages",
        )
