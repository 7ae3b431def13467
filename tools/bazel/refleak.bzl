"""refleak as Bazel actions.

refleak_report(name, deps, ...) analyses everything that its deps are made of, as one program. An aspect indexes each C++
source in an action of its own, which gives facts, and positions apart from them; one action a report links the facts to
a verdict; the last one puts positions and sources to it. So all of it is cached and runs remotely like compilation, and an
edit of comments runs the index action of its units and the last one, but links nothing.
"""

load("@bazel_tools//tools/build_defs/cc:action_names.bzl", "CPP_COMPILE_ACTION_NAME")
load("@bazel_tools//tools/cpp:toolchain_utils.bzl", "find_cpp_toolchain")

RefleakFacts = provider(
    doc = "What a target and all that it depends on was indexed to.",
    fields = {"facts": "depset", "positions": "depset", "sources": "depset of what the positions point into"},
)

_SOURCES = ["cc", "cpp", "cxx", "c++", "C"]

def _command(ctx, compilation):
    toolchain = find_cpp_toolchain(ctx)
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    copts = [ctx.expand_make_variables("copts", copt, {}) for copt in ctx.rule.attr.copts]
    variables = cc_common.create_compile_variables(
        feature_configuration = features,
        cc_toolchain = toolchain,
        user_compile_flags = ctx.fragments.cpp.copts + ctx.fragments.cpp.cxxopts + copts,
        include_directories = compilation.includes,
        quote_include_directories = compilation.quote_includes,
        system_include_directories = compilation.system_includes,
        preprocessor_defines = depset(transitive = [compilation.defines, compilation.local_defines]),
    )

    # The compiler is not run; its name says which dialect of flags this is.
    compiler = cc_common.get_tool_for_action(feature_configuration = features, action_name = CPP_COMPILE_ACTION_NAME)
    return [compiler] + cc_common.get_memory_inefficient_command_line(
        feature_configuration = features,
        action_name = CPP_COMPILE_ACTION_NAME,
        variables = variables,
    )

def _index(ctx, source, compilation, command):
    facts = ctx.actions.declare_file("_refleak/{}/{}.facts".format(ctx.label.name, source.basename))
    positions = ctx.actions.declare_file("_refleak/{}/{}.positions".format(ctx.label.name, source.basename))
    arguments = ctx.actions.args()
    arguments.add("index")
    arguments.add("--keep-going")
    arguments.add("--positions", positions)
    arguments.add_all(command)
    arguments.add("-c", source)
    arguments.add("-o", facts)
    ctx.actions.run(
        executable = ctx.executable._refleak,
        arguments = [arguments],
        inputs = depset([source] + ctx.files._models, transitive = [compilation.headers]),
        outputs = [facts, positions],
        mnemonic = "RefleakIndex",
        progress_message = "Indexing " + source.short_path,
    )
    return facts, positions

def _facts_impl(target, ctx):
    below = [
        dep[RefleakFacts]
        for attribute in ("deps", "implementation_deps")
        for dep in getattr(ctx.rule.attr, attribute, [])
        if RefleakFacts in dep
    ]
    indexed, sources = [], []
    if CcInfo in target and hasattr(ctx.rule.attr, "srcs") and hasattr(ctx.rule.attr, "copts"):
        compilation = target[CcInfo].compilation_context
        command = _command(ctx, compilation)
        sources = ctx.rule.files.srcs + getattr(ctx.rule.files, "hdrs", [])
        indexed = [
            _index(ctx, source, compilation, command)
            for source in ctx.rule.files.srcs
            if source.extension in _SOURCES
        ]
    return [RefleakFacts(
        facts = depset([facts for facts, _ in indexed], transitive = [dep.facts for dep in below]),
        positions = depset([positions for _, positions in indexed], transitive = [dep.positions for dep in below]),
        sources = depset(sources, transitive = [dep.sources for dep in below]),
    )]

refleak_facts = aspect(
    implementation = _facts_impl,
    attr_aspects = ["deps", "implementation_deps"],
    fragments = ["cpp"],
    attrs = {
        "_refleak": attr.label(default = "@refleak//:refleak", executable = True, cfg = "exec", allow_single_file = True),
        "_models": attr.label(default = "@refleak//:models", allow_files = True),
        "_cc_toolchain": attr.label(default = "@bazel_tools//tools/cpp:current_cc_toolchain"),
    },
    toolchains = ["@bazel_tools//tools/cpp:toolchain_type"],
    incompatible_use_toolchain_transition = True,
)

def _list(ctx, name, files):
    listed = ctx.actions.declare_file(ctx.label.name + "." + name)
    arguments = ctx.actions.args()
    arguments.add_all(files)
    arguments.set_param_file_format("multiline")
    ctx.actions.write(listed, arguments)
    return listed

def _report_impl(ctx):
    facts = depset(transitive = [dep[RefleakFacts].facts for dep in ctx.attr.deps])
    positions = depset(transitive = [dep[RefleakFacts].positions for dep in ctx.attr.deps])
    sources = depset(transitive = [dep[RefleakFacts].sources for dep in ctx.attr.deps])

    verdict = ctx.actions.declare_file(ctx.label.name + ".verdict")
    facts_list = _list(ctx, "facts", facts)
    ctx.actions.run(
        executable = ctx.executable._refleak,
        arguments = ["link", "--verdict", "-o", verdict.path, "@" + facts_list.path] + ctx.attr.link_options,
        inputs = depset([facts_list] + ctx.files.config, transitive = [facts]),
        outputs = [verdict],
        mnemonic = "RefleakLink",
        progress_message = "Linking the facts of " + str(ctx.label),
    )

    report = ctx.actions.declare_file(ctx.label.name + "." + {"text": "txt"}.get(ctx.attr.format, ctx.attr.format))
    positions_list = _list(ctx, "positions", positions)
    # Findings are a report's content, not a reason to have none.
    ctx.actions.run_shell(
        command = '"$@" || test $? -eq 1 -o $? -eq 3',
        arguments = [ctx.executable._refleak.path, "report", "--format", ctx.attr.format, "-o", report.path, verdict.path] +
                    ["@" + positions_list.path] + ctx.attr.report_options,
        tools = [ctx.executable._refleak],
        inputs = depset([verdict, positions_list] + ctx.files.config, transitive = [positions, sources]),
        outputs = [report],
        mnemonic = "RefleakReport",
        progress_message = "Reporting on " + str(ctx.label),
    )
    return [DefaultInfo(files = depset([report]))]

refleak_report = rule(
    implementation = _report_impl,
    attrs = {
        "deps": attr.label_list(aspects = [refleak_facts]),
        "format": attr.string(default = "text", values = ["text", "json"]),
        "config": attr.label_list(allow_files = True, doc = "The .refleak.json files of the sources"),
        "link_options": attr.string_list(),
        "report_options": attr.string_list(),
        "_refleak": attr.label(default = "@refleak//:refleak", executable = True, cfg = "exec", allow_single_file = True),
    },
)
