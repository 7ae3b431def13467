"""Checks rule folders: pages.py RULES_FOLDER. Prints what is wrong; exit status 1 if anything is."""

import json
import os
import re
import sys

HEADINGS = ["What it reports", "Example", "Why it is wrong", "How to fix", "Known limits", "CWE"]
FILES = ["rule.json", "README.md", "Check.cpp", "bad.cpp", "good.cpp", "limits.cpp"]


def plain(code):
    """Code without verdicts and layout, as one string."""
    return re.sub(r"\s+", " ", re.sub(r"// (expect|FN_|FP_).*", "", code)).strip()


def blocks(page, heading):
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", page, re.M | re.S)
    return re.findall(r"```cpp\n(.*?)```", section.group(1), re.S) if section else []


def check(folder):
    missing = [name for name in FILES if not os.path.exists(os.path.join(folder, name))]
    if missing:
        yield f"missing: {', '.join(missing)}"
        return
    text = {name: open(os.path.join(folder, name), encoding="utf-8").read() for name in FILES}
    page, about = text["README.md"], json.loads(text["rule.json"])
    if not page.startswith(f"# {about['id']}\n"):
        yield "the page's title is not the rule's id"
    if re.findall(r"^## (.*)$", page, re.M) != HEADINGS:
        yield f"the page's headings are not: {', '.join(HEADINGS)}"
    if f"CWE-{about['cwe']}]" not in page:
        yield "the page names another CWE than rule.json"
    for heading, name in (("Example", "bad.cpp"), ("How to fix", "good.cpp")):
        found = blocks(page, heading)
        if not found:
            yield f"'{heading}' shows no code"
        for block in found:
            if plain(block) not in plain(text[name]):
                yield f"the code under '{heading}' does not stand in {name}"


def main(root):
    wrong = [
        f"{folder}: {text}"
        for folder in sorted(os.listdir(root))
        if os.path.exists(os.path.join(root, folder, "rule.json"))
        for text in check(os.path.join(root, folder))
    ]
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
