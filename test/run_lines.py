import lit.formats


class RunLines(lit.formats.ShTest):
    """Shell tests; a file with neither a RUN line nor a verdict is a unit test's source or an input."""

    def getTestsForPath(self, suite, path, lit_config, local_config):
        for test in super().getTestsForPath(suite, path, lit_config, local_config):
            with open(test.getSourcePath(), encoding="utf-8", errors="replace") as file:
                text = file.read()
            if "RUN:" in text or "// expect:" in text or path[-1].endswith(".test"):
                yield test
