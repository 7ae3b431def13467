"""Makes a program smaller while what is said about it stays the same.

Every round makes programs that are one step smaller, asks about many of them at once, and then takes as many of the good
steps as go together.
"""

import copy

from .program import statements, well_formed


def ways(program):
    """The steps that make the program smaller, larger steps first. A step is a function that changes a copy of it."""
    steps = []
    for number in range(len(program.functions)):
        steps.append((1000 + size(program.functions[number].body), ("function", number)))
    for number, stmt in enumerate(program.globals):
        steps.append((1, ("global", number)))
    for number, struct in enumerate(program.structs):
        steps.append((500, ("struct", number)))
        steps += [(1, ("field", number, index)) for index in range(len(struct.fields))]
    for path, stmt in paths(program):
        weight = 1 + sum(size(block) for block in stmt.blocks)
        if not stmt.pinned:
            steps.append((weight, ("drop", path)))
        for number in range(len(stmt.blocks)):
            steps.append((0.5, ("unwrap", path, number)))
        if len(stmt.blocks) == 2:
            steps.append((0.7, ("else", path)))
    steps.sort(key=lambda step: -step[0])
    return [step for _, step in steps]


def size(block):
    return sum(1 + len(stmt.blocks) for stmt in statements(block))


def program_size(program):
    fields = sum(1 + len(struct.fields) for struct in program.structs)
    bodies = sum(size(function.body) for function in program.functions)
    return size(program.globals) + bodies + len(program.functions) + fields


def paths(program):
    """Every statement with the way to it: function, then index and block in turn."""

    def walk(block, prefix):
        for index, stmt in enumerate(block):
            yield prefix + (index,), stmt
            for number, inner in enumerate(stmt.blocks):
                yield from walk(inner, prefix + (index, number))

    for number, function in enumerate(program.functions):
        yield from walk(function.body, (number,))


def block_of(program, path):
    """The block that holds the statement, and its index there."""
    block = program.functions[path[0]].body
    rest = path[1:]
    while len(rest) > 1:
        block = block[rest[0]].blocks[rest[1]]
        rest = rest[2:]
    return block, rest[0]


def smaller(program, steps):
    """A copy of the program after the steps, or None if it is not a program any more."""
    result = copy.deepcopy(program)
    doomed_functions = {step[1] for step in steps if step[0] == "function"}
    for step in sorted((s for s in steps if s[0] == "field"), reverse=True):
        del result.structs[step[1]].fields[step[2]]
    for step in sorted((s for s in steps if s[0] == "struct"), reverse=True):
        del result.structs[step[1]]
    doomed_globals = {step[1] for step in steps if step[0] == "global"}
    # From the back, so that what is still to be done keeps its place; inner before outer.
    for step in sorted((s for s in steps if s[0] in ("drop", "unwrap", "else")), key=lambda s: s[1], reverse=True):
        if step[1][0] in doomed_functions:
            continue
        block, index = block_of(result, step[1])
        stmt = block[index]
        if step[0] == "drop":
            del block[index]
        elif step[0] == "else":
            del stmt.blocks[1]
            stmt.heads.clear()
        else:
            block[index : index + 1] = stmt.blocks[step[2]]
    result.functions = [f for number, f in enumerate(result.functions) if number not in doomed_functions]
    result.globals = [g for number, g in enumerate(result.globals) if number not in doomed_globals]
    if not result.functions or not well_formed(result):
        return None
    return result


def reduce(program, same, batch=24, rounds=40):
    """The smallest program found for which `same` holds. `same` is asked about lists of programs."""
    for _ in range(rounds):
        good = first_good(program, same, batch)
        if not good:
            return program
        program = combine(program, good, same)
    return program


def first_good(program, same, batch):
    """Good steps from the first batch, larger steps first, that has any."""
    candidates = [(step, smaller(program, [step])) for step in ways(program)]
    candidates = [(step, made) for step, made in candidates if made is not None]
    for start in range(0, len(candidates), batch):
        some = candidates[start : start + batch]
        verdicts = same([made for _, made in some])
        good = [step for (step, _), verdict in zip(some, verdicts) if verdict]
        if good:
            return good
    return []


def combine(program, good, same, attempts=12):
    """Takes as many of the good steps at once as go together: those up to some point, and at the least the first."""
    good = conflict_free(good)
    counts = sorted({1} | {max(1, len(good) * share // attempts) for share in range(1, attempts + 1)}, reverse=True)
    made = [smaller(program, good[:count]) for count in counts]
    made = [candidate for candidate in made if candidate is not None]
    verdicts = same(made[:-1]) if len(made) > 1 else []
    return next((candidate for candidate, verdict in zip(made, verdicts) if verdict), made[-1])


def conflict_free(steps):
    """Steps of which none concerns what another takes away."""
    chosen = []
    for step in steps:
        path = step[1]
        if isinstance(path, int):
            chosen.append(step)
            continue
        clash = any(isinstance(other[1], tuple) and (path[: len(other[1])] == other[1] or other[1][: len(path)] == path)
                    for other in chosen)
        if not clash:
            chosen.append(step)
    return chosen
