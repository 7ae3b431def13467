"""Builds the example workspace with Bazel, over and over: bazel.py REFLEAK TOOLS-BAZEL FOLDER

Prints which actions ran. No network: rules_cc and rules_java are stubs of what Bazel has built in anyway.
"""

import collections
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

refleak, tools, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
CC = "cc_binary cc_import cc_library cc_test cc_toolchain cc_toolchain_suite"
JAVA = "java_binary java_import java_library java_package_configuration java_plugin java_runtime java_test java_toolchain"


def repository(name, package, text):
    (folder / name / package).mkdir(parents=True)
    (folder / name / "WORKSPACE").write_text(f'workspace(name = "{name}")\n')
    (folder / name / package / "BUILD").write_text("")
    natives = "".join(f"{rule} = native.{rule}\n" for rule in text.split())
    (folder / name / package / "defs.bzl").write_text(natives)


shutil.rmtree(folder, ignore_errors=True)
shutil.copytree(tools / "example", folder / "example")
shutil.copyfile(tools / "refleak.bzl", folder / "example/refleak.bzl")
repository("rules_cc", "cc", CC)
repository("rules_java", "java", JAVA)
program = folder / "example/refleak"
program.mkdir()
(program / "WORKSPACE").write_text('workspace(name = "refleak")\n')
(program / "BUILD").write_text(
    'exports_files(["refleak"])\nfilegroup(name = "models", visibility = ["//visibility:public"])\n'
)
shutil.copyfile(refleak, program / "refleak")
(program / "refleak").chmod(0o755)

BAZEL = ["bazel", f"--output_user_root={folder}/root", "--max_idle_secs=30"]
FLAGS = ["--override_repository=rules_cc=" + str(folder / "rules_cc")]
FLAGS += ["--override_repository=rules_java=" + str(folder / "rules_java"), "--subcommands", "--color=no"]
ENVIRONMENT = dict(os.environ, HOME=str(folder))


def build(name):
    command = [*BAZEL, "build", *FLAGS, "//:report"]
    run = subprocess.run(command, cwd=folder / "example", env=ENVIRONMENT, capture_output=True, text=True)
    if run.returncode:
        sys.exit(run.stderr[-4000:])
    ran = collections.Counter(re.findall(r"\[action '(Indexing|Linking|Reporting)", run.stderr))
    print(f"{name}: {', '.join(f'{what} {times}' for what, times in sorted(ran.items())) or 'nothing'}")
    for line in (folder / "example/bazel-bin/report.txt").read_text().splitlines():
        if re.search(r"warning:|error:|^\d+ findings? in", line):
            print("  " + line)
    sys.stdout.flush()


def edit(file, change):
    path = folder / "example" / file
    path.write_text(change(path.read_text()))


try:
    build("first")
    build("again")
    edit("pool.cpp", lambda text: "// The pool.\n\n" + text)
    build("comment in a source")
    edit("main.cpp", lambda text: "// The program.\n" + text.replace("  pool.add", "\n  pool.add"))
    build("comment in another")
    edit("pool.h", lambda text: text.replace("class Pool", "/// Of names.\nclass Pool"))
    build("comment in a header")
    edit("pool.cpp", lambda text: text.replace("names.push_back(name);", "static std::string last; last = name; return last;"))
    build("code")
finally:
    subprocess.run([*BAZEL, "shutdown"], cwd=folder / "example", env=ENVIRONMENT, capture_output=True)
    subprocess.run(["chmod", "-R", "u+w", str(folder)], check=False)
