"""Makes a program from a seed.

Every program compiles, and does nothing undefined but use what it has borrowed too long: pointers are checked where
they may be null, keys and elements are there or the run is vacuous, what was moved from is not looked at again.
"""

import random
from dataclasses import dataclass

from . import library as lib
from .program import Function, Program, Stmt, Struct, Var, mentions


@dataclass(frozen=True)
class Twofold:
    """Text that is one thing for refleak and another when the program is run."""

    judged: str
    run: str


@dataclass(eq=False)
class Place:
    """Something that can be named at a point of the program."""

    parts: list
    type: object
    nullable: bool = False
    mutable: bool = True  # can be assigned to
    own: bool = False  # a variable of this function's own, or a parameter by value
    simple: bool = True  # one name
    static: bool = False  # a global or a field: no lambda can name it in its captures
    field: bool = False
    depth: int = 0  # of the block that it was declared in
    heap: bool = False  # points to an allocation that may be deleted
    steps: bool = False  # an iterator to the first of several elements, never set anew


PICK = "pick()"
MAY_BE_NULL = ("ptr", "fn", "bits")
EMPTY = {"ptr": " = nullptr", "fn": "", "view": ' = "none"', "bits": " = 0", "many": ""}
LOOP = Twofold("while (pick()) {", "for (int round = 0; round != 3 && pick(); ++round) {")
TICK = Twofold("", "oracle::tick();")


def fill(template, **slots):
    """The parts of a template, with lists of parts in its slots."""
    parts = []
    rest = template
    while rest:
        brace = min((at for at in (rest.find("{"), rest.find("}")) if at >= 0), default=-1)
        if brace < 0:
            parts.append(rest)
            break
        if brace:
            parts.append(rest[:brace])
        if rest[brace : brace + 2] in ("{{", "}}"):
            parts.append(rest[brace])
            rest = rest[brace + 2 :]
            continue
        end = rest.index("}", brace)
        parts.extend(slots[rest[brace + 1 : end]])
        rest = rest[end + 1 :]
    return parts


class Scope:
    """What can be named at a point, and where the point is."""

    def __init__(self, places, function, loops=0, depth=0, walked=()):
        self.places = list(places)
        self.function = function
        self.loops = loops
        self.depth = depth
        self.walked = list(walked)  # places of hash maps that a loop here walks over, in an order that nobody knows

    def inner(self, loop=False):
        return Scope(self.places, self.function, self.loops + loop, self.depth + 1, self.walked)

    def find(self, test):
        return [place for place in self.places if test(place)]

    def add_struct(self, place, struct, new=False):
        """The fields of a variable. What other code puts into its owners is not in a new one yet."""
        for var, _ in struct.fields:
            if new and var.type.kind == "owners":
                continue
            self.add(Place(place.parts + [".", var], var.type, nullable=var.type.kind in MAY_BE_NULL, simple=False))

    def of(self, type):
        return self.find(lambda place: place.type == type)

    def add(self, place):
        place.depth = self.depth
        self.places.append(place)

    def drop(self, place):
        self.places.remove(place)


class Generator:
    def __init__(self, seed, absl=True):
        self.random = random.Random(seed)
        self.absl = absl
        self.count = 0
        self.functions = []
        self.globals = []
        self.structs = []
        self.nodes = self.chance(0.06)  # the program is about objects that share each other
        self.opens = self.chance(0.3)  # and lets go of links

    # Choices.

    def chance(self, share):
        return self.random.random() < share

    def pick(self, items):
        return self.random.choice(items)

    def weighted(self, table):
        names = list(table)
        return self.random.choices(names, [table[name] for name in names])[0]

    def name(self, stem):
        self.count += 1
        return f"{stem}{self.count}"

    def theme(self):
        """Few types a program, so that things meet."""
        families = [family for family in lib.FAMILIES if self.absl or not family.optional]
        self.conts = []
        for _ in range(self.random.choices([1, 2], [3, 2])[0]):
            element = self.random.choices([lib.INT, lib.STR], [3, 2])[0]
            if self.chance(0.12):
                element = lib.container(lib.FAMILIES[0], lib.INT)
                self.conts.append(element)
            self.conts.append(lib.container(self.pick(families), element))

    # Values.

    def number(self):
        return str(self.random.randint(1, 9))

    def value(self, type, scope=None):
        """Parts of an expression for a value of an element."""
        if type.kind == "int":
            if scope is not None and self.chance(0.15):
                places = scope.of(lib.INT)
                if places:
                    return list(self.pick(places).parts)
            return [self.number()]
        if type.kind == "cont":
            return [type, *self.initial(type)]
        if scope is not None and self.chance(0.1):
            places = scope.of(lib.STR)
            if places:
                return list(self.pick(places).parts)
        return [self.pick(lib.TEXTS)]

    def initial(self, type):
        """What stands between the braces of a new container or value."""
        if type.kind == "int":
            return ["{", self.number(), "}"]
        if type.kind == "str":
            return ["{", lib.TEXTS[0], "}"]
        parts = ["{"]
        for key in (1, 2, 3):
            value = self.value(type.of)
            parts += ([f"{{{key}, "] + value + ["}"]) if type.family.keyed else value
            if key == 2:
                parts.append(self.more(type))
            parts.append(", " if key != 3 else "}")
        return parts

    @staticmethod
    def more(type):
        """Elements in the middle that only the run has, so that a few calls of pop_front do not reach the back."""
        value = {"int": "7", "str": lib.TEXTS[0], "cont": "{7, 7, 7}"}[type.of.kind]
        items = [f"{{-{key}, {value}}}" if type.family.keyed else value for key in range(1, 6)]
        return Twofold("", "".join(", " + item for item in items))

    def slots(self, cont, scope):
        return dict(c=list(cont.parts), x=self.value(cont.type.of, scope), k=[str(self.pick([1, 2, 3]))],
                    e=[self.pick(["3", "3", "1"])], n=["fresh()"], t=[cont.type], v=self.initial(cont.type)[1:-1],
                    first=[Twofold("begin()", "first()")])

    # Expressions that borrow. Each gives a list of parts, or None.

    def conts_in(self, scope, element=None):
        return scope.find(lambda p: p.type.kind == "cont" and (element is None or p.type.of == element))

    def element(self, scope, type):
        conts = self.conts_in(scope, type)
        if self.chance(0.15):
            # An element of a container that a function returns.
            for cont_type in self.conts:
                for call in self.calls_giving(scope, cont_type) if cont_type.of == type else []:
                    conts = [Place(call, cont_type)]
        if not conts:
            return None
        cont = self.pick(conts)
        return fill(self.pick(cont.type.family.elements), **self.slots(cont, scope))

    def lvalue(self, scope, type):
        ways = []
        element = self.element(scope, type)
        if element:
            ways += [element] * 4
        ways += [place.parts for place in scope.of(type)]
        for place in scope.find(lambda p: p.type.of == type and not p.nullable):
            if place.type.kind in ("ptr", "uptr", "sptr"):
                ways.append(["*"] + place.parts)
        for place in scope.find(lambda p: p.type.kind == "iter" and p.type.of.of == type):
            ways.append(place.parts + ["->second"] if place.type.family.keyed else ["*"] + place.parts)
        if type == lib.INT:
            ways += [["*", *owner] for owner in self.owning_elements(scope)] * 2
            ways += [place.parts + ["[0]"] for place in scope.of(lib.SPAN)]
        ways += self.calls_giving(scope, lib.reference(type))
        return list(self.pick(ways)) if ways else None

    def owning_elements(self, scope):
        """An element of each container of owners."""
        return [fill(self.pick(self.owning(place.type).elements), **self.owning_slots(place))
                for place in scope.find(lambda p: p.type.kind == "owners")]

    @staticmethod
    def owning(type):
        return lib.OWNING_MAP if type.family.keyed else lib.OWNING_SEQUENCE

    def owning_slots(self, place):
        return dict(c=list(place.parts), k=[str(self.pick([1, 2]))], n=["fresh()"], o=["std::make_unique<", lib.INT, ">(2)"],
                    p=["new ", lib.INT, "(3)"], first=[Twofold("begin()", "first()")])

    def calls_giving(self, scope, type):
        calls = []
        for function in self.callable(scope):
            if function.result == type and self.chance(0.7):
                call = self.call(scope, function)
                if call:
                    calls.append(call)
        return calls

    def address(self, scope, type):
        """An expression for a pointer to a `type` that is not null."""
        ways = [place.parts for place in scope.find(lambda p: p.type == lib.pointer(type) and not p.nullable)]
        lvalue = self.lvalue(scope, type)
        if lvalue:
            ways += [self.address_of(lvalue)] * 3
        for place in scope.find(lambda p: p.type.kind in ("uptr", "sptr") and p.type.of == type):
            ways += [place.parts + [".get()"]] * 3
        if type == lib.INT:
            ways += [owner + [".get()"] for owner in self.owning_elements(scope)] * 3
            ways += [place.parts + [".data()"] for place in scope.of(lib.SPAN)]
        ways += self.calls_giving(scope, lib.pointer(type))
        return list(self.pick(ways)) if ways else None

    @staticmethod
    def address_of(lvalue):
        bare = lvalue[0] == "*" and len(lvalue) == 2 and lvalue[1].type.kind == "ptr"
        return lvalue[1:] if bare else ["&"] + lvalue

    @staticmethod
    def first(text):
        """The first character of the string that an expression names."""
        star = isinstance(text[0], str) and text[0].startswith("*")
        return ["(", *text, ")[0]"] if star else [*text, "[0]"]

    def view(self, scope):
        ways = [place.parts for place in scope.of(lib.VIEW)]
        lvalue = self.lvalue(scope, lib.STR)
        if lvalue:
            ways += [lvalue] * 4
            if self.chance(0.1):
                ways.append(lvalue + [' + "!"'])
        ways += self.calls_giving(scope, lib.VIEW) + self.calls_giving(scope, lib.STR)
        return list(self.pick(ways)) if ways else None

    def chars(self, scope):
        ways = [place.parts for place in scope.of(lib.CSTR)]
        lvalue = self.lvalue(scope, lib.STR)
        if lvalue:
            lvalue = ["(", *lvalue, ")"] if isinstance(lvalue[0], str) and lvalue[0].startswith("*") else lvalue
            ways += [lvalue + [self.pick([".c_str()", ".data()"])]] * 3
        ways += [call + [".c_str()"] for call in self.calls_giving(scope, lib.STR)]
        return list(self.pick(ways)) if ways else None

    def span(self, scope):
        ways = [place.parts for place in scope.of(lib.SPAN)]
        for cont in scope.find(lambda p: p.type.kind == "cont" and p.type.family.name == "vector" and p.type.of == lib.INT):
            ways += [list(cont.parts)] * 3
            ways.append([lib.SPAN, "(", *cont.parts, ").first(2)"])
        ways += self.calls_giving(scope, lib.SPAN)
        return list(self.pick(ways)) if ways else None

    def bits(self, scope):
        address = self.address(scope, lib.INT)
        return ["reinterpret_cast<std::uintptr_t>(", *address, ")"] if address else None

    def iterator(self, scope, type):
        ways = []
        for cont in scope.of(type.of):
            ways.append(fill(self.pick(type.family.iterators), **self.slots(cont, scope)))
        ways += self.calls_giving(scope, type)
        return list(self.pick(ways)) if ways else None

    def closure(self, scope):
        """A lambda that captures something, by reference or as a copy of a borrow."""
        ways = []
        for place in scope.find(lambda p: p.type.kind in ("int", "str") and p.simple and not p.static):
            read = self.read(place)
            ways += [["[&", *place.parts, "] { return int(", *read, "); }"]] * 2
            ways.append(["[&] { return int(", *read, "); }"])
            ways.append(["[", *place.parts, "] { return int(", *read, "); }"])
        for place in scope.find(lambda p: p.static and p.type.kind in ("int", "str")):
            ways.append(["[", *self.capture(place), "] { return int(", *self.read(place), "); }"])
        for place in scope.find(lambda p: p.type.kind == "sptr" and p.simple and not p.static):
            ways.append(["[", *place.parts, "] { return int(", *self.read(place), "); }"])
        change = self.stmt_mutate(scope) if self.chance(0.3) else None
        if change and all("\n" not in part for part in change[0].parts if isinstance(part, str)):
            ways.append(["[&] { ", *change[0].parts, " return 1; }"])
        for place in scope.find(lambda p: p.type.kind in ("ptr", "view", "span", "bits", "iter", "cstr") and p.simple
                                and not p.nullable and not p.static):
            ways.append(["[", *place.parts, "] { return int(", *self.read(place), "); }"])
        for place in self.conts_in(scope):
            if not place.static or place.simple:
                element = fill(self.pick([t for t in place.type.family.elements if "{n}" not in t]),
                               **self.slots(place, scope))
                read = element if place.type.of.kind == "int" else self.first(element)
                ways.append(["[", *self.capture(place), "] { return int(", *read, "); }"])
                ways.append(["[&r = ", *element, "] { return int(r", "" if place.type.of.kind == "int" else "[0]",
                             "); }"])
        ways += self.calls_giving(scope, lib.FN)
        return list(self.pick(ways)) if ways else None

    def capture(self, place):
        """What a lambda has to capture to name the place."""
        if place.field:
            return [self.pick(["this", "&"])]
        if place.static:
            return ["&"]
        return ["&", place.parts[0]]

    def borrow(self, scope, type):
        """An expression that a variable of the type can be made from or set to."""
        if type.kind == "ptr":
            return self.address(scope, type.of)
        if type.kind == "ref":
            return self.lvalue(scope, type.of)
        if type.kind == "view":
            return self.view(scope)
        if type.kind == "cstr":
            return self.chars(scope)
        if type.kind == "span":
            return self.span(scope)
        if type.kind == "bits":
            return self.bits(scope)
        if type.kind in ("str", "cont"):
            return self.lvalue(scope, type)
        if type.kind == "iter":
            return self.iterator(scope, type)
        if type.kind == "fn":
            return self.closure(scope)
        return None

    # Uses.

    def read(self, place):
        """An expression of type char or int that reads what the place holds or leads to."""
        kind, of = place.type.kind, place.type.of
        if kind == "int":
            return list(place.parts)
        if kind in ("str", "view", "cstr", "cont"):
            return place.parts + ["[0]"]
        if kind in ("ptr", "uptr", "sptr"):
            return ["*", *place.parts] if of.kind == "int" else ["(*", *place.parts, ")[0]"]
        if kind == "iter":
            parts = place.parts + ["->second"] if place.type.family.keyed else ["*", *place.parts]
            if of.of.kind != "int":
                parts = parts + ["[0]"] if place.type.family.keyed else ["(", *parts, ")[0]"]
            return parts
        if kind == "span":
            return place.parts + ["[0]"]
        if kind == "bits":
            return ["*reinterpret_cast<", of, " *>(", *place.parts, ")"]
        if kind == "node":
            return place.parts + ["->value"]
        if kind == "fn":
            return place.parts + ["()"]
        raise AssertionError(kind)

    def use(self, place):
        """Parts of a statement that uses the place, and does so only where it holds something."""
        kind = place.type.kind
        if kind in ("cont", "owners"):
            return ["total += ", *place.parts, ".size();"]
        if kind == "many":
            inner = Place(["each"], place.type.of)
            return ["for (auto each : ", *place.parts, ") total += ", *self.read(inner), ";"]
        read = ["total += ", *self.read(place), ";"]
        if place.nullable and kind in MAY_BE_NULL:
            return ["if (", *place.parts, ") ", *read]
        if kind in ("int",) and self.chance(0.3) and place.mutable:
            return [*place.parts, f" = {self.number()};"]
        return read

    # Statements. Each gives a list of statements, or None where the scope has not what it takes.

    def declare(self, scope, stem, type, parts, kind, **flags):
        var = Var(self.name(stem), type)
        if type.kind == "ref":
            scope.add(Place([var], type.of))
        else:
            scope.add(Place([var], type, **flags))
            if type.kind == "box":
                scope.add_struct(scope.places[-1], self.structs[0], new=True)
        return Stmt(kind, [type, " ", var, *parts], declares=var), var

    def stmt_container(self, scope):
        type = self.pick(self.conts)
        stmt, _ = self.declare(scope, "c", type, [*self.initial(type), ";"], f"declare {type.family.name}", own=True)
        return [stmt]

    def stmt_value(self, scope):
        type = self.pick([lib.INT, lib.STR])
        stmt, _ = self.declare(scope, "x" if type.kind == "int" else "s", type, [*self.initial(type), ";"],
                               f"declare {type.kind}", own=True)
        return [stmt]

    def borrow_types(self):
        """A type that can hold a borrow, the likelier ones more often."""
        cont = self.pick(self.conts)
        kind = self.weighted({"ref": 5, "ptr": 4, "iter": 3, "view": 2, "cstr": 0.7, "span": 0.7, "bits": 0.3, "fn": 2,
                              "many": 1})
        if kind == "ref":
            return lib.reference(cont.of)
        if kind == "ptr":
            return lib.pointer(cont.of)
        if kind == "iter":
            return lib.iterator(cont)
        if kind == "many":
            return self.many_type()
        return {"view": lib.VIEW, "cstr": lib.CSTR, "span": lib.SPAN, "bits": lib.BITS, "fn": lib.FN}[kind]

    def many_type(self):
        return lib.many(self.pick([lib.pointer(self.pick(self.conts).of), lib.VIEW, lib.FN]))

    def stmt_borrow(self, scope):
        type = self.borrow_types()
        if type.kind == "many":
            stmt, _ = self.declare(scope, "many", type, [";"], "declare many", own=True)
            return [stmt]
        if type.kind in EMPTY and self.chance(0.25):
            stmt, _ = self.declare(scope, "p", type, [EMPTY[type.kind], ";"], f"declare {type.kind}", nullable=True,
                                   own=True)
            return [stmt]
        parts = self.borrow(scope, type)
        if not parts:
            return None
        stem = {"ref": "r", "ptr": "p", "iter": "i", "view": "w", "fn": "f", "cstr": "w", "span": "w",
                "bits": "b"}[type.kind]
        stmt, _ = self.declare(scope, stem, type, [" = ", *parts, ";"], f"borrow {type.kind}", own=True)
        return [stmt]

    def stmt_keyed(self, scope):
        """A borrow by a key that is used again."""
        conts = scope.find(lambda p: p.type.kind == "cont" and p.type.family.keyed)
        if not conts:
            return None
        cont = self.pick(conts)
        key = Var(self.name("k"), lib.Type("key", "int", "int"))
        first = Stmt("key", ["int ", key, " = fresh();"], declares=key)
        second, _ = self.declare(scope, "r", lib.reference(cont.type.of), [" = ", *cont.parts, "[", key, "];"],
                                 "borrow by key", own=True)
        third = Stmt("same key", [*cont.parts, "[", key, "] = ", *self.value(cont.type.of), ";"])
        more = [third] if self.chance(0.5) else []
        return [first, second] + more

    def stmt_neighbours(self, scope):
        """An iterator and the next one."""
        conts = scope.find(lambda p: p.type.kind == "cont" and not p.type.family.hashed)
        if not conts:
            return None
        cont = self.pick(conts)
        type = lib.iterator(cont.type)
        first, var = self.declare(scope, "i", type, [" = ", *fill("{c}.{first}", **self.slots(cont, scope)), ";"],
                                  "borrow iter", own=True)
        scope.places[-1].steps = True
        scope.places[-1].mutable = False
        second, _ = self.declare(scope, "i", type, [" = std::next(", var, ");"], "next", own=True)
        stmts = [first, second]
        if self.chance(0.4):
            stmts.append(Stmt("erase one of two", [*cont.parts, ".erase(", self.pick([var, second.declares]), ");"]))
        return stmts

    def stmt_step(self, scope):
        """Moves an iterator on: all of them have a next one, since the run has more elements than the program says."""
        places = scope.find(lambda p: p.steps)
        if not places or scope.loops:
            return None
        place = self.pick(places)
        return [Stmt("step", ["++", *place.parts, ";"] if self.chance(0.7) else ["std::advance(", *place.parts, ", 1);"])]

    def stmt_assign(self, scope):
        places = scope.find(lambda p: p.type.kind in ("ptr", "view", "fn", "iter", "cstr", "span", "bits") and p.mutable)
        if not places:
            return None
        place = self.pick(places)
        if place.type.kind == "ptr" and place.nullable and self.chance(0.15):
            return [Stmt("reset borrow", [*place.parts, " = nullptr;"])]
        parts = self.borrow(scope, place.type)
        if not parts:
            return None
        return [Stmt(f"assign {place.type.kind}", [*place.parts, " = ", *parts, ";"])]

    def stmt_collect(self, scope):
        """Puts a borrow into a vector of such."""
        places = scope.find(lambda p: p.type.kind == "many")
        if not places:
            return None
        place = self.pick(places)
        if self.chance(0.15):
            return [Stmt("clear many", [*place.parts, ".clear();"])]
        parts = self.borrow(scope, place.type.of)
        if not parts:
            return None
        return [Stmt("collect " + place.type.of.kind, [*place.parts, ".push_back(", *parts, ");"])]

    def stmt_swap(self, scope):
        conts = self.conts_in(scope)
        pairs = [(a, b) for a in conts for b in conts if a is not b and a.type == b.type]
        if not pairs:
            return None
        a, b = self.pick(pairs)
        return [Stmt("swap " + a.type.family.name, [*a.parts, ".swap(", *b.parts, ");"])]

    def stmt_box(self, scope):
        if not self.structs:
            return None
        stmt, _ = self.declare(scope, "b", self.structs[0].type, [";"], "declare struct", own=True)
        return [stmt]

    def stmt_use(self, scope):
        places = scope.find(lambda p: p.type.kind not in ("cont", "box", "owners") or p.type.kind != "box" and self.chance(0.1))
        if not places:
            return None
        recent = places[-4:] if self.chance(0.6) else places
        place = self.pick(recent)
        return [Stmt(f"use {place.type.kind}", self.use(place))]

    def stmt_mutate(self, scope):
        conts = self.conts_in(scope)
        strings = scope.of(lib.STR)
        if strings and (not conts or self.chance(0.2)):
            place = self.pick(strings)
            return [Stmt("change string", [*place.parts, self.pick([' += " and more";', ".push_back('x');",
                                                                    f" = {lib.TEXTS[1]};"])])]
        if not conts:
            return None
        cont = self.pick(conts)
        family = cont.type.family
        group = self.weighted({"inserts": 6, "erases": 0 if cont in scope.walked else 3, "wholes": 2})
        template = self.pick(getattr(family, group))
        kind = {"inserts": "insert", "erases": "erase", "wholes": "replace"}[group]
        if template.startswith("{c}.reserve"):
            kind = "reserve"
        return [Stmt(f"{kind} {family.name}", fill(template, **self.slots(cont, scope)))]

    def stmt_if(self, scope):
        stmt = Stmt("if", [f"if ({PICK}) {{"], blocks=[self.block(scope.inner(), 1, 3)])
        if self.chance(0.35):
            stmt.kind = "if else"
            stmt.blocks.append(self.block(scope.inner(), 1, 2))
            stmt.heads.append("} else {")
        return [stmt]

    def stmt_loop(self, scope):
        if scope.loops:
            return None
        inner = scope.inner(loop=True)
        body = self.block(inner, 1, 4)
        if self.chance(0.2):
            body.append(Stmt("break", [f"if ({PICK}) {self.pick(['break', 'continue'])};"], leaves=True))
        return [Stmt("while", [LOOP], blocks=[body])]

    def stmt_scope(self, scope):
        return [Stmt("block", ["{"], blocks=[self.block(scope.inner(), 2, 4)])]

    def stmt_range_for(self, scope):
        conts = self.conts_in(scope)
        if not conts or scope.loops:
            return None
        cont = self.pick(conts)
        family = cont.type.family
        inner = scope.inner(loop=True)
        var = Var(self.name("e"), cont.type.of)
        inner.add(Place([var], cont.type.of))
        if family.hashed:
            inner.walked.append(cont)
        body = self.block(inner, 1, 3)
        if family.keyed and self.chance(0.2):
            body.append(Stmt("erase current", [f"if ({PICK}) ", *cont.parts, ".erase(key", var, ");"]))
            if self.chance(0.5):
                body[-1] = Stmt("erase and leave", [f"if ({PICK}) {{ ", *cont.parts, ".erase(key", var, "); break; }"],
                                leaves=True)
        if family.keyed:
            reference = family.each if family.name == "hmap" else "auto &"
            head = [f"for ({reference}[key", var, ", ", var, "] : ", *cont.parts, ") {", TICK]
        else:
            head = [f"for (auto &", var, " : ", *cont.parts, ") {", TICK]
        return [Stmt(f"range-for {family.name}", head, declares=var, blocks=[body])]

    def stmt_sweep(self, scope):
        """A loop that erases as it goes, rightly or wrongly."""
        conts = scope.find(lambda p: p.type.kind == "cont" and p.type.family.name != "deque")
        if not conts or scope.loops:
            return None
        cont = self.pick(conts)
        family = cont.type.family
        var = Var(self.name("i"), lib.iterator(cont.type))
        place = Place([var], var.type)
        right = self.chance(0.6)
        c = cont.parts
        head = ["for (auto ", var, " = ", *c, ".begin(); ", var, " != ", *c, ".end();"]
        if not right:
            head += [" ++", var]
        head += [") {", TICK]
        if not right:
            body = [Stmt("erase wrong", [f"if ({PICK}) ", *c, ".erase(", var, ");"])]
        elif family.by_iterator:
            body = [Stmt("erase right", [f"if ({PICK}) ", var, " = ", *c, ".erase(", var, "); else ++", var, ";"])]
        else:
            body = [Stmt("erase right", [f"if ({PICK}) ", *c, ".erase(", var, "++); else ++", var, ";"])]
        if self.chance(0.5):
            body.insert(0, Stmt("use iter", self.use(place)))
        # Nothing may be asked of an emptied container afterwards.
        after = Stmt("refill", fill("{c} = {t}{{{v}}};", **self.slots(cont, scope)))
        return [Stmt(f"sweep {family.name}", head, declares=var, blocks=[body]), after]

    def stmt_return(self, scope):
        function = scope.function
        if not scope.depth or self.nodes or scope.loops and self.chance(0.5):
            return None
        parts = self.returned(scope, function.result)
        if parts is None:
            return None
        return [Stmt("early return", [f"if ({PICK}) ", *parts])]

    def returned(self, scope, result):
        if result is None:
            return ["return;"]
        if result.kind == "int":
            return ["return total;"]
        if result.kind == "uptr":
            owner = self.argument(scope, result, heap=False) if self.chance(0.5) else None
            return ["return ", *(owner or ["std::make_unique<", lib.INT, ">(5)"]), ";"]
        parts = self.borrow(scope, result)
        if parts is None:
            return None
        return ["return ", *parts, ";"]

    def stmt_move(self, scope):
        if scope.loops:
            return None
        conts = scope.find(lambda p: p.type.kind in ("cont", "str") and p.own and p.depth == scope.depth)
        if not conts:
            return None
        cont = self.pick(conts)
        scope.drop(cont)
        stmt, _ = self.declare(scope, "m", cont.type, [" = std::move(", *cont.parts, ");"], "move", own=True)
        return [stmt]

    def stmt_owner(self, scope):
        type = self.pick([lib.unique, lib.shared])(lib.INT)
        make = "std::make_unique<" if type.kind == "uptr" else "std::make_shared<"
        stmt, _ = self.declare(scope, "o", type, [f" = {make}", lib.INT, f">({self.number()});"],
                               f"declare {type.kind}", own=True)
        return [stmt]

    def stmt_owner_change(self, scope):
        owners = scope.find(lambda p: p.type.kind in ("uptr", "sptr"))
        if not owners:
            return None
        place = self.pick(owners)
        if place.own and place.depth == scope.depth and not scope.loops and self.chance(0.5):
            scope.drop(place)
            if self.chance(0.5):
                return [Stmt("reset owner", [*place.parts, ".reset();"])]
            stmt, _ = self.declare(scope, "o", place.type, [" = std::move(", *place.parts, ");"], "move owner", own=True)
            return [stmt]
        if place.type.kind == "uptr" and self.chance(0.5):
            return [Stmt("reset owner", [*place.parts, ".reset(new ", lib.INT, "(3));"])]
        make = " = std::make_unique<" if place.type.kind == "uptr" else " = std::make_shared<"
        return [Stmt("replace owner", [*place.parts, make, lib.INT, ">(4);"])]

    def stmt_owners(self, scope):
        family = self.pick(lib.OWNING)
        type = lib.owners(family)
        stmt, var = self.declare(scope, "o", type, [";"], f"declare {family.name} of owners", own=True)
        stmt.parts += fill(self.owning(type).initial, **self.owning_slots(scope.places[-1]))
        return [stmt]

    def stmt_owners_change(self, scope):
        places = scope.find(lambda p: p.type.kind == "owners")
        if not places:
            return None
        place = self.pick(places)
        owning, slots = self.owning(place.type), self.owning_slots(place)
        slots["e"] = fill(self.pick(owning.elements), **slots)
        group = self.weighted({"insert": 4, "end": 4, "replace all": 1, "take out": 1})
        if group == "take out":
            if place.type.family.keyed:
                return None
            end = self.pick([("back", "pop_back()"), ("front", "erase({c}.{first})")])
            stmt, _ = self.declare(scope, "o", lib.unique(lib.INT), [" = std::move(", *place.parts, f".{end[0]}());\n",
                                   *place.parts, ".", *fill(end[1], **slots), ";"], "take out owner", own=True)
            return [stmt]
        template = {"insert": self.pick(owning.inserts), "end": self.pick(owning.erases), "replace all": owning.whole}[group]
        return [Stmt(f"{group} {place.type.family.name} of owners", fill(template, **slots))]

    def stmt_heap(self, scope):
        if scope.loops or scope.depth:
            return None
        stmt, _ = self.declare(scope, "h", lib.pointer(lib.INT), [" = new ", lib.INT, "(1);"], "new", own=True,
                                 mutable=False)
        scope.places[-1].heap = True
        return [stmt]

    def stmt_delete(self, scope):
        places = scope.find(lambda p: p.heap)
        if not places or scope.loops:
            return None
        place = self.pick(places)
        if scope.depth == 0 and self.chance(0.5):
            scope.drop(place)
        return [Stmt("delete", ["delete ", *place.parts, ";"])]

    # Objects that share each other. Links are made and undone at the top of functions only, and none of these returns
    # early: what is there at the end of one is there on every way.

    def stmt_node(self, scope):
        if not self.nodes or scope.depth:
            return None
        stmt, _ = self.declare(scope, "n", lib.NODE, [" = std::make_shared<Node>();"], "declare node", own=True)
        return [stmt]

    def stmt_link(self, scope):
        nodes = scope.of(lib.NODE)
        if not nodes or scope.depth:
            return None
        one, other = self.pick(nodes).parts, self.pick(nodes).parts
        if self.opens and self.chance(0.3):
            undo = self.pick(["->next.reset();", "->all.clear();", "->run = nullptr;"])
            return [Stmt("open link", [*one, undo])]
        link = self.pick(["->next = {};", "->all.push_back({});", "->run = [{}] {{ return {}->value; }};", "->back = {};"])
        kind = "link weakly" if "back" in link else "link"
        return [Stmt(kind, [*one, *fill(link.replace("{}", "{n}"), n=other)])]

    # Calls.

    def callable(self, scope):
        if any(place.static or not place.simple for place in scope.walked):
            return []  # they might erase
        boxes = bool(scope.find(lambda p: p.type.kind == "box"))
        inside = scope.function is not None and scope.function.owner is not None
        return [f for f in self.functions
                if f is not scope.function and f.depth < 3 and (f.owner is None or boxes or inside)]

    def argument(self, scope, type, heap):
        if heap:
            places = scope.find(lambda p: p.heap)
            return list(self.pick(places).parts) if places else None
        if type.kind == "uptr":
            places = scope.find(lambda p: p.type == type and p.own and p.depth == scope.depth and not scope.loops)
            if not places:
                return None
            place = self.pick(places)
            scope.drop(place)
            return ["std::move(", *place.parts, ")"]
        if type.kind == "ref":
            if type.of.kind in ("ptr", "view", "bits", "fn", "cont", "uptr", "sptr", "owners", "many", "box", "node"):
                places = scope.find(lambda p: p.type == type.of and p.mutable and p not in scope.walked
                                    and (p.nullable or p.type.kind not in ("ptr", "bits")))
                return list(self.pick(places).parts) if places else None
            return self.lvalue(scope, type.of)
        if lib.NODE in (type, type.of) and scope.depth:
            return None
        if type.kind in ("int", "str", "cont", "node"):
            places = scope.of(type)
            return list(self.pick(places).parts) if places else None
        # Calls as arguments would make programs hard to read.
        return self.borrow(Scope(scope.places, None), type) if type.kind != "fn" else self.closure(scope)

    def call(self, scope, function):
        """The parts of a call."""
        if getattr(self, "calling", 0) > 0:
            return None
        receiver = []
        if function.owner is not None and (scope.function is None or scope.function.owner is None):
            receiver = [*self.pick(scope.find(lambda p: p.type.kind == "box")).parts, "."]
        self.calling = 1
        try:
            arguments = []
            for param in function.params:
                argument = self.argument(scope, param.type, param in function.heap)
                # The analysis takes two references that are given to lead to different storage; so does the run.
                if argument is None or self.overlaps(scope, param, argument, function, [*receiver, *arguments]):
                    return None
                arguments += ([", "] if arguments else []) + argument
        finally:
            self.calling = 0
        if scope.function is not None:
            scope.function.depth = max(scope.function.depth, function.depth + 1)
        return [*receiver, function, "(", *arguments, ")"]

    @staticmethod
    def overlaps(scope, param, argument, function, before):
        """Whether a parameter by reference would lead to what the function reaches in another way, too."""
        if param.type.kind == "node":
            return argument[0] in before
        if param.type.kind != "ref":
            return False
        root = next((part for part in argument if not isinstance(part, str)), None)
        if root in mentions(function):
            return True
        if function.owner is not None and any(place.field and place.parts[0] is root for place in scope.places):
            return True
        return param.type.of.kind in ("cont", "box", "node") and root in before

    def stmt_call(self, scope):
        functions = self.callable(scope)
        if not functions:
            return None
        function = self.pick(functions)
        call = self.call(scope, function)
        if call is None:
            return None
        result = function.result
        if result is None:
            return [Stmt("call", [*call, ";"])]
        if result.kind in ("int", "str"):
            return [Stmt("call", ["total += ", *call, "[0];" if result.kind == "str" else ";"])]
        stmt, _ = self.declare(scope, "r", result, [" = ", *call, ";"], f"call for {result.kind}", own=True)
        return [stmt]

    # Blocks and functions.

    STATEMENTS = {"container": 2, "value": 2, "borrow": 8, "keyed": 1, "assign": 4, "use": 9, "mutate": 8, "if": 3,
                  "loop": 2, "scope": 1, "range_for": 2, "sweep": 1, "return": 1, "move": 1, "owner": 1,
                  "owner_change": 2, "heap": 0.5, "delete": 1, "call": 6, "collect": 2, "swap": 0.7, "box": 1,
                  "neighbours": 0.7, "step": 0.7, "owners": 0.5, "owners_change": 2, "node": 2, "link": 6}

    def block(self, scope, least, most):
        stmts = []
        for _ in range(self.random.randint(least, most)):
            for _ in range(4):
                kind = self.weighted(self.STATEMENTS)
                if scope.depth > 2 and kind in ("if", "loop", "scope", "range_for", "sweep"):
                    continue
                made = getattr(self, "stmt_" + kind)(scope)
                if made:
                    stmts += made
                    break
        return stmts

    def parameter(self):
        cont = self.pick(self.conts)
        kind = self.weighted({"cont": 8, "element": 3, "value": 1, "pointer": 1.5, "view": 1, "out": 1.5, "fn": 0.7,
                              "by value": 1, "owner": 0.6, "iter": 0.8, "many": 0.8, "box": 2 if self.structs else 0,
                              "heap": 1, "taken": 0.7, "owners": 0.8, "span": 0.4, "bits": 0.3, "node": 12 if self.nodes else 0})
        if kind == "cont":
            return Var(self.name("c"), lib.reference(cont))
        if kind == "element":
            return Var(self.name("a"), lib.reference(cont.of))
        if kind == "value":
            return Var(self.name("a"), self.pick([lib.INT, lib.STR]))
        if kind == "pointer":
            return Var(self.name("a"), lib.pointer(cont.of))
        if kind == "view":
            return Var(self.name("a"), lib.VIEW)
        if kind == "out":
            return Var(self.name("out"), lib.reference(self.pick([lib.pointer(cont.of), lib.VIEW])))
        if kind == "fn":
            return Var(self.name("a"), lib.FN)
        if kind == "heap":
            return Var(self.name("h"), lib.pointer(lib.INT))
        if kind == "taken":
            return Var(self.name("o"), lib.unique(lib.INT))
        if kind == "iter":
            return Var(self.name("a"), lib.iterator(cont))
        if kind == "many":
            return Var(self.name("out"), lib.reference(self.many_type()))
        if kind == "owners":
            return Var(self.name("o"), lib.reference(lib.owners(self.pick(lib.OWNING))))
        if kind == "span":
            return Var(self.name("a"), lib.SPAN)
        if kind == "node":
            return Var(self.name("n"), self.pick([lib.NODE, lib.reference(lib.NODE)]))
        if kind == "bits":
            return Var(self.name("out"), lib.reference(lib.BITS))
        if kind == "box":
            return Var(self.name("b"), lib.reference(self.structs[0].type))
        if kind == "owner":
            return Var(self.name("a"), lib.reference(lib.unique(lib.INT)))
        return Var(self.name("c"), cont)

    def place_of_parameter(self, var):
        type = var.type
        if type.kind != "ref":
            return Place([var], type, own=True)
        return Place([var], type.of, nullable=type.of.kind in ("ptr", "bits"))

    def result(self):
        cont = self.pick(self.conts)
        kind = self.weighted({"none": 6, "int": 1, "ref": 3, "ptr": 2, "view": 1, "iter": 1.5, "fn": 1, "cont": 0.7,
                              "str": 0.7, "span": 0.4, "bits": 0.2, "uptr": 0.3})
        return {"none": None, "int": lib.INT, "ref": lib.reference(cont.of), "ptr": lib.pointer(cont.of),
                "view": lib.VIEW, "iter": lib.iterator(cont), "fn": lib.FN, "cont": cont, "str": lib.STR, "span": lib.SPAN,
                "bits": lib.BITS, "uptr": lib.unique(lib.INT)}[kind]

    def make_struct(self):
        """A struct with a container and something that can refer into it."""
        cont = self.pick(self.conts)
        held = self.weighted({"ptr": 4, "view": 1, "fn": 2, "many": 1, "bits": 0.4})
        held_type = {"ptr": lib.pointer(cont.of), "view": lib.VIEW, "fn": lib.FN, "many": self.many_type(),
                     "bits": lib.BITS}[held]
        init = [EMPTY[held]]
        name = "Box"
        struct = Struct(name, [(Var("items", cont), self.initial(cont)), (Var("held", held_type), init)])
        if self.chance(0.3):
            struct.fields.append((Var("text", lib.STR), self.initial(lib.STR)))
        if self.chance(0.2):
            struct.fields.append((Var("owner", lib.unique(lib.INT)), self.new_owner()))
        if self.chance(0.3):
            type = lib.owners(self.pick(lib.OWNING))
            struct.fields.append((Var("owners", type), self.filled(type)))
        struct.type = lib.Type("box", name, name)
        self.structs.append(struct)

    def function(self, entry, owner=None):
        params = [] if entry else [self.parameter() for _ in range(self.random.choices([1, 2], [3, 2])[0])]
        function = Function(self.name("f"), None if entry else self.result(), params, [], owner=owner)
        scope = Scope([self.place_of_global(stmt) for stmt in self.globals], function)
        for var, _ in owner.fields if owner else []:
            scope.add(Place([var], var.type, nullable=var.type.kind in MAY_BE_NULL, static=True, field=True))
        function.heap = frozenset(param for param in params if param.name.startswith("h"))
        for param in params:
            place = self.place_of_parameter(param)
            place.heap = param in function.heap
            scope.add(place)
            if place.type.kind == "box":
                scope.add_struct(place, self.structs[0])
        body = []
        if entry:
            body += self.stmt_container(scope)
            if self.chance(0.5):
                body += self.stmt_container(scope)
            body += self.block(scope, 4, 9)
        else:
            body += self.block(scope, 0, 4)
        if function.result is not None:
            last = self.returned(scope, function.result)
            if last is None:
                function.result = None
                body = [stmt for stmt in body if stmt.kind != "early return"]
                body = self.without_returns(body)
            else:
                body.append(Stmt(f"return {function.result.kind}", last, pinned=True))
        function.body = body
        return function

    def without_returns(self, block):
        kept = []
        for stmt in block:
            if stmt.kind == "early return":
                continue
            stmt.blocks = [self.without_returns(inner) for inner in stmt.blocks]
            kept.append(stmt)
        return kept

    def place_of_global(self, stmt):
        type = stmt.declares.type
        return Place([stmt.declares], type, nullable=type.kind in MAY_BE_NULL, static=True)

    @staticmethod
    def new_owner():
        return ["{std::make_unique<", lib.INT, ">(1)}"]

    @staticmethod
    def filled(type):
        """What other code has put there."""
        return [Twofold("", f" = checked::filled<{type.run}>()")]

    def make_globals(self):
        for _ in range(self.random.choices([0, 1, 2], [3, 3, 2])[0]):
            kind = self.weighted({"cont": 3, "ptr": 3, "view": 1, "fn": 1, "many": 0.7, "bits": 0.4, "uptr": 0.5,
                                  "owners": 0.6})
            cont = self.pick(self.conts)
            if kind == "cont":
                type, init = cont, self.initial(cont)
            elif kind == "uptr":
                type, init = lib.unique(lib.INT), self.new_owner()
            elif kind == "owners":
                type = lib.owners(self.pick(lib.OWNING))
                init = self.filled(type)
            else:
                type = {"ptr": lib.pointer(cont.of), "view": lib.VIEW, "many": self.many_type(), "bits": lib.BITS,
                        "fn": lib.FN}[kind]
                init = [EMPTY[kind]]
            var = Var(self.name("g"), type)
            self.globals.append(Stmt(f"global {type.kind}", ["static ", type, " ", var, *init, ";"], declares=var))

    def program(self, name):
        self.theme()
        self.make_globals()
        if self.chance(0.35):
            self.make_struct()
            for _ in range(self.random.choices([1, 2, 3], [2, 4, 2])[0]):
                self.functions.append(self.function(entry=False, owner=self.structs[0]))
        for _ in range(self.random.choices([0, 1, 2, 3], [2, 4, 3, 2])[0]):
            self.functions.append(self.function(entry=False))
        for _ in range(self.random.choices([1, 2], [4, 1])[0]):
            self.functions.append(self.function(entry=True))
        return Program(name, self.structs, self.globals, self.functions)


def generate(seed, index, absl):
    """The program with this number of this seed: no other program has a part in it."""
    return Generator(f"{seed}/{index}", absl).program(f"p{index}")
