"""Documents and variables made to cost much more than they weigh, for tests and for `python -m tests.bench.bombs`."""

from collections.abc import Mapping

#: what each is refused by: its own limits, or the language
LARGE, INVALID, UNREADABLE = "TOO_LARGE", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"


def nested(name: str, times: int, leaf: str) -> str:
    """`a { a { … leaf … } }`."""
    return f"{name} {{ " * times + leaf + " }" * times


def doubling(levels: int, leaf: str) -> str:
    """Fragments that each spread the next one twice."""
    chain = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels))
    return f"{{ ...F0 }} {chain} fragment F{levels} on Query {{ {leaf} }}"


def doubling_below(levels: int) -> str:
    """Fragments that each stand under two names, each deeper than the one before."""
    chain = " ".join(
        f"fragment F{n} on Region {{ a: parent {{ ...F{n + 1} }} b: parent {{ ...F{n + 1} }} }}"
        for n in range(levels)
    )
    return f'{{ region(code: "440106") {{ ...F0 }} }} {chain} fragment F{levels} on Region {{ code }}'


_PAGE = "products(first: 1) { totalCount edges { cursor } }"

BOMBS: Mapping[str, tuple[str, str]] = {
    "doubling fragments, 10": (doubling(10, _PAGE), LARGE),
    "doubling fragments, 30": (doubling(30, "products { totalCount }"), LARGE),
    "doubling fragments of nothing": (doubling(40, "__typename"), LARGE),
    "doubling fragments, in fields": (doubling_below(12), LARGE),
    "a chain of 49 fragments": (
        "{ ...F0 } "
        + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(48))
        + " fragment F48 on Query { ...F0 }",
        INVALID,
    ),
    "fragment cycle": ("{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }", INVALID),
    "fragment cycle, doubling": (
        "{ ...F } fragment F on Query { ...G ...G } fragment G on Query { ...F ...F }",
        INVALID,
    ),
    "nested inline fragments": (f"{{ {nested('...', 400, '__typename')} }}", LARGE),
    "the same field 1,400 times": ("{ products {" + "totalCount " * 1400 + "} }", LARGE),
    "the same object 150 times": ("{" + _PAGE * 150 + "}", LARGE),
    "the same object in 45 fragments": (
        "{"
        + " ".join(f"...F{n}" for n in range(45))
        + "}"
        + " ".join(f"fragment F{n} on Query {{ {_PAGE} }}" for n in range(45)),
        LARGE,
    ),
    "190 fragments": (
        "{" + " ".join(f"fragment F{n} on Query {{ a }}" for n in range(190)).join(["a }", ""]),
        LARGE,
    ),
    "1,000 aliases": ("{" + " ".join(f"a{n}:__typename" for n in range(490)) + "}", LARGE),
    "10,000 aliases": ("{" + " ".join(f"a{n}:__typename" for n in range(10_000)) + "}", LARGE),
    "700 directives": ("{ products " + "@a " * 700 + "{ totalCount } }", LARGE),
    "many operations": (" ".join(f"query A{n} {{ __typename }}" for n in range(300)), LARGE),
    "100 fields on the root": ("{" + " ".join(f"a{n}: {_PAGE}" for n in range(100)) + "}", LARGE),
    "unknown fields": ("{" + " ".join(f"prodcts{n}" for n in range(1400)) + "}", LARGE),
    "30 unknown fields": ("{" + " ".join(f"prodcts{n}" for n in range(30)) + "}", INVALID),
    "long unknown fields": ("{" + " ".join(f"product{'x' * 200}{n}" for n in range(900)) + "}", LARGE),
    "unknown types": ("{ a } " + " ".join(f"fragment F{n} on Prodct{n} {{ a }}" for n in range(48)), INVALID),
    "unknown arguments": (
        "{ products(" + " ".join(f"frst{n}: 1" for n in range(250)) + ") { totalCount } }",
        INVALID,
    ),
    "deep list": ("{ products(filter: " + "[" * 700 + "]" * 700 + ") { totalCount } }", LARGE),
    "deep object": ("{ products(filter: " + "{a:" * 300 + "1" + "}" * 300 + ") { totalCount } }", LARGE),
    "deep type": ("query ($a: " + "[" * 600 + "Int" + "]" * 600 + ") { products { totalCount } }", LARGE),
    "long list": ("{ products(filter: {nope: {in: [" + '"1" ' * 900 + "]}}) { totalCount } }", INVALID),
    "long number": ("{ products(first: " + "9" * 200_000 + ") { totalCount } }", LARGE),
    "long decimals": ("{ products(first: 0." + "9" * 200_000 + ") { totalCount } }", LARGE),
    "long name": ("{ " + "a" * 200_000 + " }", LARGE),
    "long unclosed text": ('{ products(after: "' + "x" * 200_000, UNREADABLE),
    "commas": ("{" + "," * 200_000, UNREADABLE),
    "brackets": ("{" * 900, UNREADABLE),
    "tokens": ("{" + "a " * 100_000 + "}", LARGE),
    "introspection of types in types": (
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
        LARGE,
    ),
    "introspection of interfaces of types": (
        "{ __schema { types { possibleTypes { interfaces { name } } } } }",
        LARGE,
    ),
    "introspection 30 times": (
        "{"
        + " ".join(f"a{n}: __schema {{ types {{ fields {{ args {{ name }} }} }} }}" for n in range(30))
        + "}",
        LARGE,
    ),
    "introspection in a fragment": (
        "{ __schema { types { ...T } } } fragment T on __Type { fields { type { fields { name } } } }",
        LARGE,
    ),
}


def deep_json(levels: int) -> dict[str, object]:
    """Objects in objects."""
    value: dict[str, object] = {}
    for _ in range(levels):
        value = {"a": value}
    return value
