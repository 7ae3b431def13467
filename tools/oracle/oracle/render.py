"""Writes programs down: for refleak as anybody would write them, or to be run, with checked types and a harness."""

from . import library as lib
from .generate import MAY_BE_NULL, Generator, Place, Twofold
from .program import Function, Struct, Type, Var, all_statements

JUDGED_PRELUDE = """\
{includes}
bool pick();       // the answer to an opaque question
int fresh();       // a key that is not in any map yet
extern int total;  // what is read goes here
"""

# By whether it is run.
NODE = ["""\
struct Node{} {{
  int value = 1;
  std::shared_ptr<Node> next;
  std::weak_ptr<Node> back;
  std::vector<std::shared_ptr<Node>> all;
  std::function<int()> run;
}};
""".format(base) for base in ("", " : checked::Counted")]

RUN_PRELUDE = """\
#include "prelude.h"

int total;
using oracle::fresh;
inline bool pick() { return oracle::choose(2) == 0; }
"""

STANDARD_HEADERS = ("cstdint", "functional", "memory", "span", "string", "string_view", "utility", "vector")


class Renderer:
    def __init__(self, run):
        self.run = run
        self.lines = []
        self.indent = 0

    def part(self, part):
        if isinstance(part, str):
            return part
        if isinstance(part, Var):
            return part.name
        if isinstance(part, (Function, Struct)):
            return part.name
        if isinstance(part, Type):
            return part.run if self.run else part.judged
        if isinstance(part, Twofold):
            return part.run if self.run else part.judged
        raise AssertionError(part)

    def text(self, parts):
        return "".join(self.part(part) for part in parts)

    def line(self, text):
        for part in text.split("\n"):
            self.lines.append("  " * self.indent + part if part else "")

    def typed(self, type, name):
        spelling = self.part(type)
        return spelling + name if spelling.endswith(("*", "&")) else f"{spelling} {name}"

    def stmt(self, stmt):
        text = self.text(stmt.parts).replace("* ", "*") if stmt.parts and isinstance(stmt.parts[0], Type) \
            else self.text(stmt.parts)
        if stmt.declares is not None and not stmt.blocks:
            text = text.replace(f" * {stmt.declares.name}", f" *{stmt.declares.name}")
            text = text.replace(f" & {stmt.declares.name}", f" &{stmt.declares.name}")
        self.line(text.rstrip())
        for number, block in enumerate(stmt.blocks):
            if number:
                self.line(stmt.heads[number - 1])
            self.block(block)
        if stmt.blocks:
            self.line("}")
        if self.run and stmt.probe:
            self.line(self.text(stmt.probe))

    def block(self, block):
        self.indent += 1
        for stmt in block:
            self.stmt(stmt)
        self.indent -= 1

    def signature(self, function):
        params = ", ".join(self.typed(param.type, param.name) for param in function.params)
        result = self.part(function.result) if function.result else "void"
        space = "" if result.endswith(("*", "&")) else " "
        return f"{result}{space}{function.name}({params})"

    def program(self, program):
        self.line(f"namespace {program.name} {{")
        if names_node(program):
            self.line(NODE[self.run])
        for stmt in program.globals:
            self.stmt(stmt)
        for struct in program.structs:
            self.struct(struct, [function for function in program.functions if function.owner is struct])
        for function in program.functions:
            if function.owner is None:
                self.function(function)
        if self.run:
            self.harness(program)
        self.line(f"}} // namespace {program.name}")

    def function(self, function):
        self.line(f"{self.signature(function)} {{")
        self.block(function.body)
        self.line("}")

    def struct(self, struct, methods):
        self.line(f"struct {struct.name} {{")
        self.indent += 1
        for var, init in struct.fields:
            self.line(self.typed(var.type, var.name) + self.text(init) + ";")
        for method in methods:
            self.function(method)
        self.indent -= 1
        self.line("};")

    # What only the run has.

    def probe(self, name, type):
        """A statement that reads whatever a variable leads to."""
        nullable = type.kind in MAY_BE_NULL
        if type.kind in ("cont", "uptr", "sptr", "owners", "box"):
            return None
        return self.text(Generator("").use(Place([name], type, nullable=nullable, mutable=False)))

    def harness(self, program):
        """Calls every function with arguments that live for ever, in every order, and reads what they leave behind."""
        for struct in program.structs:
            self.line(f"{struct.name} *self_;")
        self.line("void probe_globals() {")
        kept = [(stmt.declares.name, stmt.declares.type) for stmt in program.globals]
        kept += [(f"self_->{var.name}", var.type) for struct in program.structs for var, _ in struct.fields]
        for name, type in kept:
            probe = self.probe(name, type)
            if probe:
                self.line("  " + probe)
        self.line("}")
        for number, function in enumerate(program.functions):
            self.line(f"void call{number}() {{")
            self.indent += 1
            self.call(function)
            self.indent -= 1
            self.line("}")
        rounds = 2 if program.globals or program.structs else 1
        self.reset(program)
        self.line("void run() {")
        for struct in program.structs:
            self.line(f"  self_ = new {struct.name};")
        self.line(f"  for (int round = 0; round != {rounds}; ++round) {{")
        self.line(f"    switch (oracle::choose({len(program.functions)})) {{")
        for number in range(len(program.functions)):
            self.line(f"    case {number}: call{number}(); break;")
        self.line("    }")
        self.line("    probe_globals();")
        self.line("  }")
        self.line("}")

    def reset(self, program):
        """Makes the globals anew, so that no run knows of the one before."""
        self.line("void reset(bool complete) {")
        for stmt in program.globals:
            name = stmt.declares.name
            init = self.text(stmt.parts[4:-1]).strip().removeprefix("= ")
            self.line(f"  std::destroy_at(&{name});")
            self.line(f"  new (&{name}) decltype({name}){init if init.startswith('{') else '(' + init + ')'};")
        if names_node(program):
            opens = any(stmt.kind == "open link" for stmt in all_statements(program))
            verdict = 'oracle::doubt("a function that lets go")' if opens else 'oracle::fail("objects keep each other alive")'
            self.line(f"  if (checked::Counted::forget() && complete) {verdict};")
        self.line("}")

    def call(self, function):
        generator = Generator("call")
        names, after = [], []
        for number, param in enumerate(function.params):
            name = f"a{number}_"
            names.append(name)
            type = param.type.of if param.type.kind == "ref" else param.type
            spelling = self.part(type)
            if type.kind in ("int", "str", "cont"):
                self.line(f"auto &{name} = *new {spelling}{self.text(generator.initial(type))};")
            elif type.kind == "ptr":
                held = "nullptr" if param.type.kind == "ref" else \
                    f"new {self.part(type.of)}{self.text(generator.initial(type.of))}"
                self.line(f"auto &{name} = *new {spelling.replace(' *', '*')}{{{held}}};".replace("*new checked::Int*",
                          "*new (checked::Int *)").replace("*new checked::string*", "*new (checked::string *)"))
            elif type.kind == "box":
                self.line(f"auto &{name} = *{'new ' + type.run if function.owner else 'self_'};")
            elif type.kind == "many":
                self.line(f"auto &{name} = *new {spelling};")
            elif type.kind == "iter":
                self.line(f"auto &&{name} = (new {self.part(type.of)}{self.text(generator.initial(type.of))})->begin();")
            elif type.kind == "view":
                self.line(f'auto &{name} = *new std::string_view{{"given"}};')
            elif type.kind == "node":
                self.line(f"auto {name} = std::make_shared<Node>();")
            elif type.kind == "span":
                self.line(f"{spelling} {name}{{new checked::Int[2], 2}};")
            elif type.kind == "bits":
                self.line(f"auto &{name} = *new {spelling}{{0}};")
            elif type.kind == "owners":
                self.line(f"auto &{name} = *new {spelling}(checked::filled<{spelling}>());")
            elif type.kind == "fn":
                self.line(f"auto &{name} = *new std::function<int()>{{[] {{ return 1; }}}};")
            elif type.kind == "uptr":
                self.line(f"auto &{name} = *new {spelling}(new {self.part(type.of)}{{1}});")
                if param.type.kind == "uptr":
                    names[-1] = f"std::move({name})"
            else:
                raise AssertionError(type)
            if param.type.kind == "ref" and self.probe(name, type):
                after.append(self.probe(name, type))
        call = f"{'self_->' if function.owner else ''}{function.name}({', '.join(names)})"
        if function.result is None:
            self.line(call + ";")
        elif function.result.kind == "int":
            self.line(f"total += {call};")
        else:
            type = function.result.of if function.result.kind == "ref" else function.result
            self.line(f"auto &&result_ = {call};")
            # The size of a container that is no more can often be read; its elements cannot.
            byte = "*reinterpret_cast<const volatile char *>(&each_)"
            touch = f"for (auto &&each_ : result_) {{ total += {byte}; break; }}"
            other = "if (result_) total += *result_;" if type.kind == "uptr" else touch
            after.insert(0, self.probe("result_", type) or other)
        for line in after:
            self.line(line)


def names_node(program):
    declared = [stmt.declares for stmt in all_statements(program) if stmt.declares is not None]
    params = [param for function in program.functions for param in function.params]
    return any(lib.NODE in (var.type, var.type.of) for var in declared + params)


def families_in(programs):
    found = set()
    for program in programs:
        text = Renderer(False)
        text.program(program)
        joined = "\n".join(text.lines)
        found.update(family for family in lib.FAMILIES if family.judged + "<" in joined)
    return found


def includes(programs):
    headers = sorted({family.header for family in families_in(programs)} | set(STANDARD_HEADERS))
    standard = [h for h in headers if "/" not in h]
    others = [h for h in headers if "/" in h]
    return "\n".join(f"#include <{header}>" for header in standard + others)


def judged(programs):
    """The source that refleak judges, and of each program the lines it stands on."""
    renderer = Renderer(run=False)
    renderer.line(JUDGED_PRELUDE.format(includes=includes(programs)).rstrip("\n"))
    ranges = {}
    for program in programs:
        renderer.line("")
        first = len(renderer.lines) + 1
        renderer.program(program)
        ranges[program.name] = (first, len(renderer.lines))
    return "\n".join(renderer.lines) + "\n", ranges


def run(programs):
    """The source that is compiled and run."""
    renderer = Renderer(run=True)
    renderer.line(RUN_PRELUDE.rstrip("\n"))
    for program in programs:
        renderer.line("")
        renderer.program(program)
    renderer.line("")
    renderer.line("static const oracle::Program programs[] = {")
    for program in programs:
        renderer.line(f'  {{"{program.name}", {program.name}::run, {program.name}::reset}},')
    renderer.line("};")
    renderer.line(f"int main() {{ return oracle::run_all(programs, {len(programs)}); }}")
    return "\n".join(renderer.lines) + "\n"
