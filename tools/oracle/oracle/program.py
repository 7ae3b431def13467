"""A small C++ program as statements over variables.

The text of a statement is a list of parts: plain text, and the variables, functions and types that it names. So a
program can be written down in two ways (for refleak, and to be run), and it is known what depends on what when
statements are left out.
"""

from dataclasses import dataclass, field
from typing import List, Optional, Tuple


@dataclass(frozen=True)
class Type:
    """What a variable is. `judged` is its spelling for refleak, `run` the spelling when the program is run."""

    kind: str  # int, str, cont, ptr, ref, view, span, cstr, bits, iter, fn, uptr, sptr, owners, box, many, node, key
    judged: str
    run: str
    family: Optional[object] = None  # of a container or of an iterator's container
    of: Optional["Type"] = None  # what it leads to, or its elements


@dataclass(eq=False)
class Var:
    name: str
    type: Type


@dataclass(eq=False)
class Stmt:
    kind: str  # for the coverage table
    parts: list
    declares: Optional[Var] = None
    blocks: List[list] = field(default_factory=list)
    heads: List[str] = field(default_factory=list)  # what stands before the second and further blocks
    probe: Optional[list] = None  # what is done after it when the program is run, and is hidden from refleak
    pinned: bool = False  # the program is not valid without it
    leaves: bool = False  # leaves the loop that it stands in


@dataclass(eq=False)
class Function:
    name: str
    result: Optional[Type]
    params: List[Var]
    body: list
    heap: frozenset = frozenset()  # parameters that point to allocations, which the function may end
    owner: Optional["Struct"] = None
    depth: int = 1


@dataclass(eq=False)
class Struct:
    name: str
    fields: List[Tuple[Var, list]]  # with what each is made from
    type: Type = None


@dataclass(eq=False)
class Program:
    name: str
    structs: List[Struct]
    globals: List[Stmt]
    functions: List[Function]


def named(parts):
    """The variables, functions and structs that a list of parts names."""
    return [part for part in parts if isinstance(part, (Var, Function, Struct))]


def statements(block):
    for stmt in block:
        yield stmt
        for inner in stmt.blocks:
            yield from statements(inner)


def mentions(function):
    """The variables that the function names, or a function that it calls does."""
    found = set()
    for stmt in statements(function.body):
        for part in named(stmt.parts):
            found |= mentions(part) if isinstance(part, Function) and part is not function else {part}
    return found


def all_statements(program):
    yield from program.globals
    for function in program.functions:
        yield from statements(function.body)


def well_formed(program):
    """Whether everything that is named is declared before and in scope."""
    known = {var for struct in program.structs for var, _ in struct.fields}
    if not program.structs and any(uses_struct(function) for function in program.functions):
        return False
    if not _block_well_formed(program.globals, known):
        return False
    for function in program.functions:
        if function.owner is not None and function.owner not in program.structs:
            return False
        if not _block_well_formed(function.body, known | set(function.params)):
            return False
        known.add(function)
    return True


def uses_struct(function):
    """Whether a parameter or variable is of a struct's type."""
    declared = [stmt.declares for stmt in statements(function.body) if stmt.declares is not None]
    types = [var.type for var in function.params + declared]
    return any(type.kind == "box" or type.of is not None and type.of.kind == "box" for type in types)


LOOPS = ("while", "range-for", "sweep")


def _block_well_formed(block, known, in_loop=False):
    for stmt in block:
        if stmt.leaves and not in_loop:
            return False
        # A statement may name what it declares itself: its own name, a range-for's variable.
        names = named(stmt.parts + (stmt.probe or []))
        if any(name not in known and name is not stmt.declares for name in names):
            return False
        inner = set(known)
        if stmt.declares is not None:
            (inner if stmt.blocks else known).add(stmt.declares)
        loop = in_loop or stmt.kind.startswith(LOOPS)
        if not all(_block_well_formed(nested, set(inner), loop) for nested in stmt.blocks):
            return False
    return True
