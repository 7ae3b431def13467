"""The library types that programs are made of, and what can be done with them.

In the texts, {c} is a container, {x} a value for an element, {k} the key of an element that may be expected to be
there, {n} a key that is new each time, {v} the initial values, {first} is begin() of a container that is not empty.
"""

from dataclasses import dataclass
from typing import Tuple

from .program import Type

INT = Type("int", "int", "checked::Int")
STR = Type("str", "std::string", "checked::string")
VIEW = Type("view", "std::string_view", "std::string_view")
CSTR = Type("cstr", "const char *", "const char *")
SPAN = Type("span", "std::span<int>", "std::span<checked::Int>", None, INT)
BITS = Type("bits", "std::uintptr_t", "std::uintptr_t", None, INT)  # a pointer written as a number
NODE = Type("node", "std::shared_ptr<Node>", "std::shared_ptr<Node>")
FN = Type("fn", "std::function<int()>", "std::function<int()>")

TEXTS = ['"a text longer than a small buffer"', '"another one, just as long as that"']


@dataclass(frozen=True)
class Family:
    """One kind of container."""

    name: str
    judged: str
    run: str
    header: str
    keyed: bool
    elements: Tuple[str, ...]  # expressions for an element
    iterators: Tuple[str, ...]
    inserts: Tuple[str, ...]
    erases: Tuple[str, ...]
    wholes: Tuple[str, ...]  # change all of it
    each: str = "auto &"  # how a range-for names an element
    hashed: bool = False  # begin() may be any element, in every run another
    by_iterator: bool = True  # erase takes an iterator and gives the next
    optional: bool = False  # only where installed


_SEQUENCE_INSERTS = ("{c}.push_back({x});", "{c}.emplace_back({x});", "{c}.insert({c}.{first}, {x});")
_SEQUENCE_WHOLES = ("{c} = {t}{{{v}}};", "{c}.clear();\n{c}.push_back({x});\n{c}.push_back({x});")
_MAP_ELEMENTS = ("{c}.at({k})", "{c}.find({k})->second", "{c}[{n}]")
_MAP_INSERTS = ("{c}[{n}] = {x};", "{c}.emplace({n}, {x});", "{c}.try_emplace({n}, {x});",
                "{c}.insert_or_assign({n}, {x});", "{c}.insert({{{n}, {x}}});")
_MAP_WHOLES = ("{c} = {t}{{{v}}};", "{c}.clear();\n{c}.insert({{1, {x}}});\n{c}.insert({{2, {x}}});")
_MAP_ERASES = ("{c}.erase({e});", "{c}.erase({c}.find({k}));")
_HASH_MAP = dict(keyed=True, hashed=True, elements=_MAP_ELEMENTS, iterators=("{c}.find({k})",), inserts=_MAP_INSERTS,
                 erases=_MAP_ERASES, wholes=_MAP_WHOLES)

FAMILIES = (
    Family("vector", "std::vector", "checked::vector", "vector", False,
           ("{c}[0]", "{c}.front()", "{c}.back()", "{c}.at(1)", "*{c}.{first}"), ("{c}.{first}", "{c}.{first} + 1"),
           _SEQUENCE_INSERTS + ("{c}.resize({c}.size() + 1);", "{c}.push_back({c}[0]);"),
           ("{c}.pop_back();", "{c}.erase({c}.{first});"), _SEQUENCE_WHOLES + ("{c}.reserve(64);",)),
    Family("deque", "std::deque", "checked::deque", "deque", False,
           ("{c}[0]", "{c}.front()", "{c}.back()", "{c}.at(1)"), ("{c}.{first}", "{c}.{first} + 1"),
           _SEQUENCE_INSERTS + ("{c}.push_front({x});",), ("{c}.pop_back();", "{c}.pop_front();"), _SEQUENCE_WHOLES),
    Family("list", "std::list", "checked::list", "list", False,
           ("{c}.front()", "{c}.back()", "*{c}.{first}"), ("{c}.{first}",),
           _SEQUENCE_INSERTS + ("{c}.push_front({x});",), ("{c}.pop_back();", "{c}.erase({c}.{first});"),
           _SEQUENCE_WHOLES),
    Family("map", "std::map", "checked::map", "map", True, _MAP_ELEMENTS + ("{c}.{first}->second",),
           ("{c}.{first}", "{c}.find({k})"), _MAP_INSERTS, _MAP_ERASES + ("{c}.erase({c}.{first});",), _MAP_WHOLES),
    Family("unordered_map", "std::unordered_map", "checked::unordered_map", "unordered_map", **_HASH_MAP),
    Family("hmap", "hmap::map", "checked::hmap", "hmap/map.h", each="auto ", **_HASH_MAP),
    Family("flat_hash_map", "absl::flat_hash_map", "checked::flat_hash_map", "absl/container/flat_hash_map.h",
           by_iterator=False, optional=True, **_HASH_MAP),
    Family("node_hash_map", "absl::node_hash_map", "checked::node_hash_map", "absl/container/node_hash_map.h",
           by_iterator=False, optional=True, **_HASH_MAP),
)

# Containers of owners. {o} is a new owner, {p} a new object, {e} one of the elements.
OWNING = tuple(family for family in FAMILIES if family.name in ("vector", "map", "unordered_map", "hmap"))


@dataclass(frozen=True)
class Owning:
    elements: Tuple[str, ...]
    inserts: Tuple[str, ...]
    erases: Tuple[str, ...]
    whole: str
    initial: str


_ENDS = ("{e}.reset({p});", "{e} = {o};")
OWNING_SEQUENCE = Owning(
    ("{c}[0]", "{c}.front()", "{c}.back()", "{c}.at(1)"),
    ("{c}.push_back({o});", "{c}.emplace_back({p});", "{c}.insert({c}.{first}, {o});"),
    _ENDS + ("{c}.pop_back();", "{c}.erase({c}.{first});"), "{c}.clear();\n{c}.push_back({o});\n{c}.push_back({o});",
    "\n{c}.push_back({o});\n{c}.push_back({o});")
OWNING_MAP = Owning(
    ("{c}.at({k})", "{c}.find({k})->second"), ("{c}[{n}] = {o};", "{c}.emplace({n}, {o});"),
    _ENDS + ("{c}.erase({k});",), "{c}.clear();\n{c}[1] = {o};\n{c}[2] = {o};", "\n{c}[1] = {o};\n{c}[2] = {o};")


def container(family, element):
    key = "int, " if family.keyed else ""
    return Type("cont", f"{family.judged}<{key}{element.judged}>", f"{family.run}<{key}{element.run}>", family, element)


def pointer(to):
    return Type("ptr", to.judged + " *", to.run + " *", None, to)


def reference(to):
    return Type("ref", to.judged + " &", to.run + " &", None, to)


def iterator(of):
    return Type("iter", of.judged + "::iterator", of.run + "::iterator", of.family, of)


def unique(to):
    return Type("uptr", f"std::unique_ptr<{to.judged}>", f"std::unique_ptr<{to.run}>", None, to)


def shared(to):
    return Type("sptr", f"std::shared_ptr<{to.judged}>", f"std::shared_ptr<{to.run}>", None, to)


def owners(family):
    """A container of owners."""
    key = "int, " if family.keyed else ""
    return Type("owners", f"{family.judged}<{key}std::unique_ptr<int>>", f"{family.run}<{key}std::unique_ptr<checked::Int>>",
                family, INT)


def many(of):
    """A vector of borrows."""
    return Type("many", f"std::vector<{of.judged}>", f"std::vector<{of.run}>", None, of)
