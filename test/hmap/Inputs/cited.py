"""Every numbered sentence of a contract is cited where it is tested, and no test cites one that is not there.

  cited.py HEADER TEST...     a citation is "contract 7", "contract 7 and 8", "contract 7 to 11"
"""

import pathlib
import re
import sys

CITATION = re.compile(r"contract \(?(\d+)\)?((?: (?:to|and|or) \(?\d+\)?|, \(?\d+\)?)*)")


def cited(text):
    for first, more in CITATION.findall(text):
        last = int(first)
        yield last
        for word, number in re.findall(r"(to|and|or|,) \(?(\d+)", more):
            yield from range(last + 1, int(number)) if word == "to" else ()
            last = int(number)
            yield last


head = pathlib.Path(sys.argv[1]).read_text().split("#ifndef")[0]
sentences = {int(n) for n in re.findall(r"^/// +(\d+)\. ", head, re.MULTILINE)}
found = {n for test in sys.argv[2:] for n in cited(pathlib.Path(test).read_text())}
for number in sorted(sentences - found):
    print(f"no test cites sentence {number}")
for number in sorted(found - sentences):
    print(f"there is no sentence {number}")
sys.exit(not sentences or sentences != found)
