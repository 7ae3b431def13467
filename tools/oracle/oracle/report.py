"""What has been counted, and the programs that are kept."""

import os
from collections import Counter

from . import render
from .program import all_statements


class Coverage:
    """How often each construct, rule and failure occurred."""

    def __init__(self):
        self.constructs = Counter()
        self.rules = Counter()
        self.failures = Counter()
        self.verdicts = Counter()
        self.depths = Counter()

    def count(self, program, outcome, said):
        self.constructs.update({stmt.kind for stmt in all_statements(program)})
        self.rules.update({(finding.rule, finding.confidence) for finding in said})
        self.verdicts[outcome.verdict + (" " + outcome.complaint if outcome.verdict == "unsure" else "")] += 1
        if outcome.verdict == "failed":
            self.failures[outcome.complaint or "ended by a signal"] += 1

    def table(self):
        lines = ["programs with each construct:"]
        lines += self._columns(sorted(self.constructs.items()))
        lines += ["programs with a finding of each rule:"]
        lines += self._columns(sorted((f"{rule} ({confidence})", n) for (rule, confidence), n in self.rules.items()))
        lines += ["programs by what their runs came to (unsure: not every way through the program could be seen):"]
        lines += self._columns(sorted(self.verdicts.items()))
        lines += ["failed runs by what was noticed:"]
        lines += self._columns(sorted(self.failures.items(), key=lambda item: (-item[1], item[0])))
        return "\n".join(lines)

    @staticmethod
    def _columns(items):
        return [f"  {count:6}  {name}" for name, count in items]


def signature(kind, outcome, said):
    """What disagreements of probably the same cause have in common."""
    return (kind, outcome.complaint if kind == "missed" else ""), tuple(sorted({f.rule for f in said}))


def keep(folder, program, kind, outcome, said, origin):
    """Writes a disagreement down, and returns where."""
    name = f"{kind.replace(' ', '-')}-{origin}"
    text, _ = render.judged([program])
    lines = [f"// {kind}: the run of this program " + (f"fails ({outcome.complaint})" if outcome.verdict == "failed"
                                                         else "never fails") + ", and refleak says"]
    lines += [f"//   line {f.line}: {f.rule} ({f.confidence}): {f.message}" for f in said] or ["//   nothing"]
    path = os.path.join(folder, name + ".cpp")
    with open(path, "w") as file:
        file.write(text + "\n" + "\n".join(lines) + "\n")
    with open(os.path.join(folder, name + ".run.cpp"), "w") as file:
        file.write(render.run([program]))
    return path
