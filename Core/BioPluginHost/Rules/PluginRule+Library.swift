// SPDX-License-Identifier: Apache-2.0

/// What a bundle is, and what a library is before it is loaded.
extension PluginRule {
    package static let ofBundles = [manifestSound, manifestTrue, filesUnaltered, signed, allowed]
    package static let ofLibraries = [
        machine, entryExported, oneSymbol, noUniqueSymbols, noExecutableStack, noTextRelocations, noBuilderPath,
        symbolsProvided, librariesFound, ownSwiftRuntime, oneGoRuntime, loads,
    ]

    package static let manifestSound = PluginRule(
        "BIO-P-001", "plugin.toml beside the library is complete, and every value in it is sound.", "broken",
        .beforeLoading, check: "manifest")
    package static let manifestTrue = PluginRule(
        "BIO-P-002", "The library says of itself what plugin.toml says: id, version, ABI, formats.",
        "refused", .describing, check: "manifest-true")
    package static let filesUnaltered = PluginRule(
        "BIO-P-003", "Every file of the bundle is what plugin.files says, and none is missing.", "altered",
        .beforeLoading)
    package static let signed = PluginRule(
        "BIO-P-004", "plugin.sig signs plugin.files with a key that this machine knows.", "unsigned",
        .beforeLoading)
    package static let allowed = PluginRule(
        "BIO-P-005", "The policy of the site and of the user lets the plugin run.", "disabled", .beforeLoading)

    package static let machine = PluginRule(
        "BIO-P-010", "The library is an ELF shared object for the machine that plugin.toml names.", "refused",
        .beforeLoading, check: "machine")
    package static let entryExported = PluginRule(
        "BIO-P-011", "It exports the function bio_export_entry.", "refused", .beforeLoading, check: "entry-exported")
    package static let oneSymbol = PluginRule(
        "BIO-P-012", "It exports nothing else: another library's symbol of that name would be taken for its own.",
        "refused", .beforeLoading, check: "one-symbol")
    package static let noUniqueSymbols = PluginRule(
        "BIO-P-013", "It exports no symbol of the kind GNU_UNIQUE, which all libraries of a process share.", "refused",
        .beforeLoading, check: "no-unique-symbols")
    package static let noExecutableStack = PluginRule(
        "BIO-P-014", "It does not ask for an executable stack.", "refused", .beforeLoading,
        check: "no-executable-stack")
    package static let noTextRelocations = PluginRule(
        "BIO-P-015", "Its code is position-independent: no text relocations.", "refused", .beforeLoading,
        check: "no-text-relocations")
    package static let noBuilderPath = PluginRule(
        "BIO-P-016", "It looks for libraries below $ORIGIN or where the system does, in no directory of its builder.",
        "refused", .beforeLoading, check: "no-builder-path")
    package static let symbolsProvided = PluginRule(
        "BIO-P-017", "Every symbol that it lacks is in a library that it names; the host provides none.", "refused",
        .describing, check: "symbols-provided")
    package static let librariesFound = PluginRule(
        "BIO-P-018", "Every library that it names is beside it or part of the system.", "refused", .describing,
        check: "libraries-found")
    package static let ownSwiftRuntime = PluginRule(
        "BIO-P-019", "A Swift runtime is inside the library, and not libswift* or Foundation beside it.", "refused",
        .beforeLoading, check: "own-swift-runtime")
    package static let oneGoRuntime = PluginRule(
        "BIO-P-020", "A library with a Go runtime has a process to itself: it takes over signals and starts threads.",
        "refused with --in-process", .beforeLoading, check: "go-runtime")
    package static let loads = PluginRule(
        "BIO-P-021", "The dynamic linker loads it, with all symbols bound and nothing in the environment.", "refused",
        .describing, check: "loads")
}
