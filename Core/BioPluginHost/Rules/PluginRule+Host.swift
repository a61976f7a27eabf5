// SPDX-License-Identifier: Apache-2.0

/// What the host promises to every plugin, and to the user of one.
extension PluginRule {
    package static let ofHosts = [
        listsClosed, inspectsFirst, loadsLocally, mapsVerified, describesApart, cleanProcess, sandboxSaid, oneJob,
        servesChecked, strings, unknownServices, copies, rehashes, allOrNothing, destroysOnce, namesRule,
    ]

    package static let listsClosed = PluginRule(
        "BIO-H-001", "Plugins are listed without opening a library.", "a defect of bio", .tested,
        check: "PluginCatalogTests")
    package static let inspectsFirst = PluginRule(
        "BIO-H-002", "A library's bytes are looked at before anything of it runs.", "a defect of bio", .tested,
        check: "LibraryImageTests")
    package static let loadsLocally = PluginRule(
        "BIO-H-003", "A library is loaded with RTLD_NOW and RTLD_LOCAL, and never unloaded; bio exports no symbol.",
        "a defect of bio", .tested, check: "BuiltFilesTests")
    package static let mapsVerified = PluginRule(
        "BIO-H-004", "The bytes that were verified are the bytes that are mapped.", "a defect of bio", .tested)
    package static let describesApart = PluginRule(
        "BIO-H-005",
        "While a library describes itself it gets bio.host.log/1 and bio.host.document/1, and no other service.",
        "a defect of bio",
        .tested, check: "MisdescribedPluginTests")
    package static let cleanProcess = PluginRule(
        "BIO-H-006",
        "A runner begins with an environment of its own, umask 022, no standard input and no open descriptor.",
        "a defect of bio", .tested, check: "HostileProcessTests")
    package static let sandboxSaid = PluginRule(
        "BIO-H-007", "What the kernel cannot enforce is said, and never skipped silently.", "a defect of bio", .tested,
        check: "LesserKernelTests")
    package static let oneJob = PluginRule(
        "BIO-H-008", "An exporter is entered by one thread, in the order create, validate, plan, run, destroy.",
        "a defect of bio", .tested, check: "HonestPluginTests")
    package static let servesChecked = PluginRule(
        "BIO-H-009", "No call of a plugin, whatever its arguments, ends the host or reaches what is not its export's.",
        "a defect of bio", .tested, check: "HostileExportTests")
    package static let strings = PluginRule(
        "BIO-H-010", "Texts from the host are UTF-8, paths are bytes; both have a NUL behind them.", "a defect of bio",
        .tested, check: "JobTablesTests")
    package static let unknownServices = PluginRule(
        "BIO-H-011", "get_extension gives null for an id that the host does not offer.", "a defect of bio", .tested,
        check: "HonestPluginTests")
    package static let copies = PluginRule(
        "BIO-H-012", "The host keeps no pointer of a plugin's beyond the call, descriptors apart, and frees none.",
        "a defect of bio", .tested, check: "PluginTableReaderTests")
    package static let rehashes = PluginRule(
        "BIO-H-013", "What a plugin wrote is hashed by the host after the plugin's process has ended.",
        "a defect of bio", .tested, check: "HostileExportTests")
    package static let allOrNothing = PluginRule(
        "BIO-H-014", "Artifacts come to their places all together, or not at all.", "a defect of bio", .tested,
        check: "HostileExportTests")
    package static let destroysOnce = PluginRule(
        "BIO-H-015", "destroy is called once after a successful create, and not after a crash, a hang or a lie.",
        "a defect of bio", .tested, check: "HonestPluginTests")
    package static let namesRule = PluginRule(
        "BIO-H-016", "Whoever is refused is told what, why, by which rule, and the next step.", "a defect of bio",
        .tested, check: "PluginRuleTests")
}
