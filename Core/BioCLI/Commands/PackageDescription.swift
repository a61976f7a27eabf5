// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage

/// What `bio pkg info` tells of a package, as fields in one order for both forms.
struct PackageDescription {
    /// Where the facts come from, before those of the package itself.
    var origin: [(key: String, label: String, value: DocumentValue)]
    let metadata: PackageMetadata

    var json: DocumentValue {
        var object = DocumentObject()
        object.append("schema_version", 1)
        for field in origin { object.append(field.key, field.value) }
        for field in fields { object.append(field.key, field.value) }
        for (key, file) in Self.texts { object.append(key, .optional(metadata.raw[file])) }
        return .object(object)
    }

    /// One fact a line, lists one entry a line; what is not there is left out.
    var lines: [String] {
        var lines: [String] = []
        for field in origin + fields {
            let values: [String]
            switch field.value {
            case .null: continue
            case .array(let elements): values = elements.map(Self.text)
            default: values = [Self.text(field.value)]
            }
            for (index, value) in values.enumerated() {
                lines.append((index == 0 ? field.label : "").padded(to: 15) + ": " + value.terminalSafe())
            }
        }
        return lines
    }

    private var fields: [(key: String, label: String, value: DocumentValue)] {
        let ident = metadata.ident
        return [
            ("ident", "Package", .string(ident.description)),
            ("origin", "Origin", .string(ident.origin)),
            ("name", "Name", .string(ident.name)),
            ("version", "Version", .string(ident.version)),
            ("release", "Release", .string(ident.release)),
            ("target", "Target", .string(metadata.target.description)),
            ("type", "Type", .string(metadata.type.rawValue)),
            ("is_a_service", "Service", .bool(metadata.isService)),
            ("svc_user", "Service User", .optional(metadata.serviceUser)),
            ("svc_group", "Service Group", .optional(metadata.serviceGroup)),
            ("exposes", "Ports", .array(metadata.exposes.map { .integer($0) })),
            ("exports", "Exports", entries(metadata.exports)),
            ("binds", "Binds", entries(metadata.binds)),
            ("binds_optional", "Optional Binds", entries(metadata.bindsOptional)),
            ("path", "Path", .strings(metadata.path)),
            ("deps", "Deps", .strings(metadata.deps.map(\.description))),
            ("tdeps", "All Deps", .strings(metadata.tdeps.map(\.description))),
            ("build_deps", "Build Deps", .strings(metadata.buildDeps.map(\.description))),
            ("build_tdeps", "All Build Deps", .strings(metadata.buildTdeps.map(\.description))),
            ("services", "Services", .strings(metadata.services.map(\.description))),
            ("resolved_services", "Resolved", .strings(metadata.resolvedServices.map(\.description))),
        ]
    }

    /// Texts that only programs want.
    private static let texts: [(String, MetaFile)] = [
        ("manifest", .manifest), ("config", .defaultToml), ("ld_run_path", .ldRunPath), ("ldflags", .ldflags),
        ("cflags", .cflags),
    ]

    private func entries(_ entries: [PackageMetadata.Entry]) -> DocumentValue {
        .array(entries.map { ["name": .string($0.name), "value": .string($0.value)] })
    }

    private static func text(_ value: DocumentValue) -> String {
        switch value {
        case .string(let text): text
        case .bool(let flag): flag ? "yes" : "no"
        case .number(let number): number.text
        case .object(let entry):
            "\(entry["name"]?.string ?? "")=\(entry["value"]?.string ?? "")"
        case .null, .array: ""
        }
    }
}
