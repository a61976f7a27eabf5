// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioOCI
import BioTrust

/// What `bio image verify` tells people.
struct ImageVerificationText {
    private let found: ImageVerification
    /// Of a layer's differences, and of files of its own that are not notable.
    private static let most = 10

    init(_ found: ImageVerification) { self.found = found }

    /// `width` are the columns of the terminal.
    func lines(width: Int?) -> [String] {
        var lines = ImageDescription.lines(
            of: [
                ("Image", ["\(found.image.imageID)"]),
                ("Manifest", found.image.manifest.map { ["\($0.digest)"] } ?? []),
            ] + ImageDescription.facts(of: found.image.configuration.process))
        lines += [""] + layerTable.lines(width: width)
        let attestations = attestationTable.lines(width: width)
        if !attestations.isEmpty { lines += [""] + attestations }
        return lines
    }

    /// `3 layers verified, 1 signed by nobody`, of an image that passed.
    var summary: String {
        func part(_ verdicts: Set<VerifiedLayer.Verdict>, _ words: String) -> String? {
            let count = found.layers.count { verdicts.contains($0.verdict) }
            return count > 0 ? "\(count) \(words)" : nil
        }
        let verified = found.layers.count { $0.verdict == .verified }
        let parts = [
            part([.mixed], "signed in part"), part([.root, .foreign], "signed by nobody"), part([.unknown], "unknown"),
        ]
        return (["\(SizeReportTable.counted(verified, "layer")) verified"] + parts.compactMap(\.self)).joined(
            separator: ", ")
    }

    private var layerTable: Table {
        var table = Table([
            .init("Diff Id"), .init("Verdict"), .init("Signed with"), .init("Layer", flexible: true),
        ])
        for layer in found.layers {
            let signers = Set(layer.packages.compactMap { $0.evidence?.signer.name }.map { "\($0)" }).sorted()
            table.add([
                String(layer.layer.diffID.hex.prefix(12)), layer.verdict.rawValue,
                signers.count > 1 ? "\(signers.count) keys" : signers.first ?? "-", layer.layer.title,
            ])
            for row in details(of: layer, signers: signers.count) { table.add(["", "", row.0, "  " + row.1]) }
        }
        return table
    }

    private func details(of layer: VerifiedLayer, signers: Int) -> [(String, String)] {
        var rows: [(String, String)] = []
        for package in layer.packages {
            let signer = signers > 1 ? package.evidence.map { "\($0.signer.name)" } ?? "-" : ""
            if "\(package.ident)" != layer.layer.title { rows.append((signer, "\(package.ident)")) }
            switch package.answer {
            case .evidence: break
            case .distrusted(let text), .unknown(let text): rows.append(("", "! \(text)"))
            }
        }
        rows += layer.problems.map { ("", "! \($0)") }
        rows += layer.differences.prefix(Self.most).map { ("", Self.text($0)) }
        if layer.differenceCount > Self.most { rows.append(("", "… \(layer.differenceCount - Self.most) more")) }
        return rows + restRows(layer.rest)
    }

    private static func text(_ difference: LayerDifference) -> String {
        let mark =
            switch difference.kind {
            case .missing: "-"
            case .added: "+"
            case .changed: "~"
            case .hidden: "x"
            case .throughLink: "@"
            }
        let words = difference.aspects.map(\.rawValue).joined(separator: ", ")
        let path = "/" + MemberPath.text(difference.path)
        return "\(mark) \(path)  \(words.isEmpty ? difference.word : words)"
    }

    /// What nobody signed.
    private func restRows(_ rest: RestFiles) -> [(String, String)] {
        if rest.isEmpty { return [] }
        let counts = [
            (rest.directories, "directory", "directories"),
            (rest.links, "link to a package", "links to packages"),
            (rest.copies, "copy from a package", "copies from packages"),
            (rest.ownCount, "entry of its own", "entries of its own"),
        ]
        let text = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.0 == 1 ? $0.1 : $0.2)" }.joined(separator: ", ")
        var rows = [("", text)]
        let all = rest.own
        let shown = all.prefix { $0.isNotable }.count + Self.most
        rows += all.prefix(shown).map { ("", Self.text($0)) }
        if rest.ownCount > shown { rows.append(("", "… \(rest.ownCount - shown) more")) }
        return rows
    }

    private static func text(_ own: RestFiles.Own) -> String {
        let target = own.target.isEmpty ? "" : " -> \(MemberPath.text(own.target))"
        let mode = String(own.mode, radix: 8)
        let facts =
            switch own.kind {
            case "symlink", "whiteout": ""
            case "file": "  \(mode) \(ByteCount.text(own.size))"
            default: "  \(own.kind) \(mode)"
            }
        return "\(own.isNotable ? "!" : "·") /\(MemberPath.text(own.path))\(target)\(facts)"
    }

    private var attestationTable: Table {
        var table = Table([
            .init("Attestation"), .init("Standing"), .init("Signed with"), .init("Place", flexible: true),
        ])
        for attestation in found.attestations {
            table.add([
                Self.noun(attestation), attestation.standing.word,
                attestation.signers.isEmpty
                    ? "-" : attestation.signers.map { "\($0.name)" }.joined(separator: ", "), attestation.place,
            ])
            if let detail = attestation.standing.detail { table.add(["", "", "", "  ! \(detail)"]) }
        }
        return table
    }

    private static func noun(_ attestation: VerifiedAttestation) -> String {
        guard let type = attestation.predicateType else { return "document" }
        if attestation.isProvenance { return "provenance" }
        if type.contains("spdx") { return "spdx" }
        return type.contains("cyclonedx") ? "cyclonedx" : type
    }
}
