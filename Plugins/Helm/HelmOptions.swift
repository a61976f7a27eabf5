// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

/// The options of `bio pkg export helm` that are about the chart; what is about the objects in it is in `Workload`.
enum HelmOptions {
    static let chart = Option.string("chart", "NAME", "Call the chart so; else it is called like the first package")
    static let version = aliased(
        .string("version", "VERSION", "Give the chart this SemVer version; else one of the package's version"),
        "chart-version")
    static let description = Option.string("desc", "TEXT", "Say in one line what the chart is for")
    static let keyword = aliased(.list("keyword", "WORD", "Add a word to find the chart by; repeatable"), "k")
    static let home = Option.string("home", "URL", "Name the project's page")
    static let icon = Option.string("icon", "URL", "Name a picture for the chart")
    static let source = aliased(.list("source", "URL", "Name a place of the sources; repeatable"), "s")
    static let maintainer = aliased(
        .list("maint", "NAME[,EMAIL[,URL]]", "Name somebody who looks after the chart; repeatable"), "m")
    static let deprecated = Option.flag("depr", "Say that the chart should not be used any more")
    static let operatorVersion = Option.string(
        "operator-version", "VERSION", default: "0.6.1", "With --operator, depend on this version of it")
    static let downloadDependencies = hidden(
        .flag("download-deps", "Changes nothing; 'helm dependency update' gets what a chart depends on"))
    static let package = Option.flag("package", "Write NAME-VERSION.tgz, as 'helm package' does, and no directory")
    static let push = Option.string(
        "push", "oci://REGISTRY[/PATH]", "Push the packed chart below this place of a registry, too")

    static let all = [
        chart, version, description, keyword, home, icon, source, maintainer, deprecated, operatorVersion,
        downloadDependencies, package, push,
    ]

    private static func aliased(_ option: Option, _ alias: String) -> Option {
        var option = option
        option.aliases.append(alias)
        return option
    }

    private static func hidden(_ option: Option) -> Option {
        var option = option
        option.isHidden = true
        return option
    }
}
