// SPDX-License-Identifier: Apache-2.0

import BioAttestation
import BioCrypto
import BioDocument
import BioExport
import BioPackage
import BioPluginHost

/// The options of documents about an export, for every format (docs/reference/attestations.md).
enum AttestationOptions {
    private static let section = "Documents about the export"

    static let rows: [OptionSpec] = [
        OptionSpec(
            "sbom",
            .choice("STANDARD", [.init("spdx", "SPDX 2.3"), .init("cyclonedx", "CycloneDX 1.6")]), repeatable: true,
            section: section, help: "Write a bill of materials, of both standards if repeated"),
        OptionSpec(
            "provenance", .flag, section: section,
            help: "Write what the export was made of, and how (SLSA provenance)"),
        OptionSpec(
            "attest-key", .string("KEY"), section: section,
            help: "Sign these documents with this secret key: an origin, whose newest is taken, or name-revision"),
    ]

    /// What the user wants; nil when it is nothing. Refuses before there is any work.
    static func attestations(
        _ format: FormatDescription, _ plugin: PluginDescription, _ arguments: ParsedArguments,
        _ placement: OutputPlacement, _ context: CommandContext
    ) throws -> ExportAttestations? {
        let bills = BillFormat.allCases.filter { arguments.strings("sbom").contains($0.rawValue) }
        let wanted = bills.map { Attestation.bill($0) } + (arguments.flag("provenance") ? [.provenance] : [])
        guard !wanted.isEmpty else {
            if arguments.string("attest-key") != nil {
                throw CommandFailure(
                    .usage, "--attest-key signs documents, and none is asked for",
                    hint: "add --sbom spdx, --sbom cyclonedx or --provenance")
            }
            return nil
        }
        if placement == .stream {
            throw CommandFailure(
                .usage, "documents about the export are files beside it, and standard output is no file",
                hint: "name a file with --output")
        }
        let maker = ExportFacts.Maker(
            version: BioVersion.number, format: format.id, pluginID: plugin.id, pluginVersion: plugin.version,
            parameters: parameters(try ExportOptions.values(format.options, arguments), format, arguments))
        guard let name = arguments.string("attest-key") else {
            return ExportAttestations(wanted, by: maker, signedWith: nil)
        }
        return ExportAttestations(wanted, by: maker, signedWith: try key(name, context.keyRing(arguments)))
    }

    private static func key(_ text: String, _ ring: KeyRing) throws -> SecretKey {
        if let name = try? KeyName(parsing: text) { return try ring.secretKey(name) }
        let origin: Origin
        do throws(Origin.ParseError) { origin = try Origin(parsing: text) } catch {
            throw CommandFailure(
                .usage, "--attest-key: \(text.quoted) is neither an origin nor a key", hint: "see 'bio origin key list'"
            )
        }
        return try ring.latestSecretKey(origin: origin.name)
    }

    /// Those of the host that change what is in the result.
    private static let hostParameters = ["base-pkgs", "compression", "max-layers"]

    /// Free text stays out, for it may hold what nobody should read, and so do paths, which tell of this machine.
    private static let told: Set<OptionDescription.Kind> = [.flag, .integer, .choice, .compression]

    /// What the user said, variables included.
    private static func parameters(
        _ values: [OptionValue], _ format: FormatDescription, _ arguments: ParsedArguments
    ) -> [(name: String, value: DocumentValue)] {
        let known = Set(arguments.command.options.map(\.name))
        let host = hostParameters.filter { known.contains($0) }.compactMap { name -> (String, DocumentValue)? in
            guard let source = arguments.source(name), source != .fallback, let text = arguments.string(name) else {
                return nil
            }
            return (name, arguments.integer(name).map { .integer($0) } ?? .string(text))
        }
        let own = zip(format.options, values).compactMap { option, value -> (String, DocumentValue)? in
            guard value.source != .standard, told.contains(option.kind) else { return nil }
            return document(value.content).map { (option.id, $0) }
        }
        return (host + own).map { (name: $0.0, value: $0.1) }
    }

    private static func document(_ content: OptionValue.Content) -> DocumentValue? {
        switch content {
        case .unset: nil
        case .flag(let isOn): .bool(isOn)
        case .integer(let number): .integer(number)
        case .text(let text, _): .string(text)
        case .list: nil
        }
    }
}
