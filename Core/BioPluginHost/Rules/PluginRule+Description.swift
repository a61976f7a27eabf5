// SPDX-License-Identifier: Apache-2.0

/// What a plugin says of itself, and how.
extension PluginRule {
    package static let ofDescriptions = [
        entryPrompt, entrySurvives, entryPure, entryRepeats, abiHonest, abiRefused, structsLonger, tableReadable,
        descriptionSound, descriptionLasting, needsKnown, needsComplete, needsRefused,
    ]

    package static let entryPrompt = PluginRule(
        "BIO-P-030", "bio_export_entry is done within 100 milliseconds; after 5 seconds it is ended.", "refused",
        .describing, check: "entry-prompt")
    package static let entrySurvives = PluginRule(
        "BIO-P-031", "Loading and describing end by returning: no crash, no exit.", "refused", .describing,
        check: "entry-survives")
    package static let entryPure = PluginRule(
        "BIO-P-032",
        "bio_export_entry starts no thread, opens no descriptor and changes nothing of its process.", "check fails",
        .checked, check: "entry-pure")
    package static let entryRepeats = PluginRule(
        "BIO-P-033", "bio_export_entry may be called again, and says the same.", "check fails", .checked,
        check: "entry-repeats")
    package static let abiHonest = PluginRule(
        "BIO-P-034", "The ABI versions that it names hold each other: needed <= used <= built, and this host has them.",
        "wrong-abi", .describing, check: "abi")
    package static let abiRefused = PluginRule(
        "BIO-P-035", "From a host that is too old for it, it returns BIO_E_NEWER.", "check fails", .checked,
        check: "abi-old-host")
    package static let structsLonger = PluginRule(
        "BIO-P-036", "It takes the host's structs when they are longer than it knows.", "check fails", .checked,
        check: "structs-longer")
    package static let tableReadable = PluginRule(
        "BIO-P-037",
        "Its tables keep to the rules of layout: sizes, counts, flags, reserved members, no null where something must be, "
            + "texts UTF-8.",
        "refused", .describing, check: "table")
    package static let descriptionSound = PluginRule(
        "BIO-P-038",
        "Its description is sound: ids and names are words, no option stands twice, defaults are values.", "refused",
        .describing, check: "description")
    package static let descriptionLasting = PluginRule(
        "BIO-P-039", "What it says of itself does not change: description.json and the library agree.", "refused",
        .describing, check: "description-lasting")
    package static let needsKnown = PluginRule(
        "BIO-P-040", "A format needs no service that this host lacks.", "format refused", .describing,
        check: "needs-known")
    package static let needsComplete = PluginRule(
        "BIO-P-041",
        "A service that is not among `needs` may be missing: it goes on without, or says that it lacks it.",
        "check fails", .checked, check: "needs-complete")
    package static let needsRefused = PluginRule(
        "BIO-P-042", "Without a service that it needs, create refuses and does not crash.", "check fails", .checked,
        check: "needs-refused")
}
