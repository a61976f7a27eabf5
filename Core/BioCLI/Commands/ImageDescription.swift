// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioOCI

/// What `bio image inspect` tells of an image.
struct ImageDescription {
    let location: ImageLocation
    let image: StoredImage

    private var process: ProcessConfiguration { image.configuration.process }

    // MARK: - For people

    /// One fact a line; what is not set is left out. `width` are the columns of the terminal.
    func lines(width: Int?) -> [String] {
        Self.lines(of: facts) + [""] + layerTable.lines(width: width)
    }

    typealias Fact = (label: String, values: [String])

    static func lines(of facts: [Fact]) -> [String] {
        facts.flatMap { label, values in
            values.enumerated().map { index, value in
                (index == 0 ? label : "").padded(to: 15) + ": " + value.terminalSafe()
            }
        }
    }

    private static func fact(_ label: String, _ value: String?) -> Fact {
        (label, value.map { $0.isEmpty ? [] : [$0] } ?? [])
    }

    /// How a container of an image runs.
    static func facts(of process: ProcessConfiguration) -> [Fact] {
        [
            fact("User", process.user),
            fact("Directory", process.workingDirectory),
            fact("Entrypoint", words(process.entrypoint)),
            fact("Command", words(process.command)),
            ("Environment", process.environment),
            fact("Health Check", process.healthCheck.map { words($0.test) } ?? nil),
        ]
    }

    private var facts: [Fact] {
        let configuration = image.configuration
        return [
            Self.fact("Image", "\(image.imageID)"),
            Self.fact("Manifest", image.manifest.map { "\($0.digest)" }),
            ("Names", image.names),
            Self.fact("Created", configuration.created),
            Self.fact("Author", configuration.author),
            Self.fact("Platform", "\(configuration.platform)"),
        ] + Self.facts(of: process) + [
            ("Ports", process.exposedPorts),
            ("Volumes", process.volumes),
            Self.fact("Stop Signal", process.stopSignal),
            ("Labels", process.labels.pairs.map { "\($0.name)=\($0.value)" }),
            ("Annotations", image.manifestAnnotations.pairs.map { "\($0.name)=\($0.value)" }),
            Self.fact("Layers", LayerAmount(image.layers.map(\.descriptor?.size)).withBytes(image.size)),
        ]
    }

    private static func words(_ words: [String]) -> String? {
        words.isEmpty ? nil : DocumentValue.strings(words).json(.compact)
    }

    private var layerTable: Table {
        // What made a layer may be long: it stands last.
        var table = Table([.init("Diff Id"), .init("Stored", .right), .init("Layer", flexible: true)])
        for layer in image.layers {
            table.add([
                String(layer.diffID.hex.prefix(12)), layer.descriptor.map { ByteCount.text($0.size) } ?? "-",
                layer.title,
            ])
            if layer.packages == [layer.title] { continue }
            for package in layer.packages { table.add(["", "", "  \(package)"]) }
        }
        return table
    }

    // MARK: - For programs

    var json: DocumentValue {
        var object = DocumentObject()
        object.append("schema_version", 1)
        object.append("location", .string("\(location)"))
        for member in Self.identity(of: image) { object.append(member.key, member.value) }
        object.append("author", .optional(image.configuration.author))
        object.append("config", configuration)
        object.append("annotations", image.manifestAnnotations.document)
        object.append(
            "layers",
            .array(
                image.layers.map { layer in
                    [
                        "title": .string(layer.title), "packages": .strings(layer.packages),
                        "diff_id": .string("\(layer.diffID)"),
                        "digest": .optional(layer.descriptor.map { "\($0.digest)" }),
                        "size": layer.descriptor.map { .integer($0.size) } ?? .null,
                        "media_type": .optional(layer.descriptor?.mediaType.rawValue),
                    ]
                }))
        return .object(object)
    }

    /// What tells one image from others; the same in `inspect` and `ls`.
    static func identity(of image: StoredImage) -> [(key: String, value: DocumentValue)] {
        [
            ("names", .strings(image.names)), ("id", .string("\(image.imageID)")),
            (
                "manifest",
                image.manifest.map {
                    [
                        "digest": .string("\($0.digest)"), "size": .integer($0.size),
                        "media_type": .string($0.mediaType.rawValue),
                    ]
                } ?? .null
            ),
            ("created", .optional(image.configuration.created)),
            ("platform", .string("\(image.configuration.platform)")),
            ("size", image.size.map { .integer($0) } ?? .null),
        ]
    }

    private var configuration: DocumentValue {
        [
            "user": .string(process.user), "working_directory": .string(process.workingDirectory),
            "entrypoint": .strings(process.entrypoint), "command": .strings(process.command),
            "environment": .strings(process.environment), "ports": .strings(process.exposedPorts),
            "volumes": .strings(process.volumes), "stop_signal": .optional(process.stopSignal),
            "health_check": process.healthCheck.map { check in
                func number(_ value: (some BinaryInteger)?) -> DocumentValue { value.map { .integer($0) } ?? .null }
                return [
                    "test": .strings(check.test), "interval": number(check.interval), "timeout": number(check.timeout),
                    "start_period": number(check.startPeriod), "retries": number(check.retries),
                ]
            } ?? .null,
            "labels": process.labels.document,
        ]
    }
}

extension LayerAmount {
    /// `3 layers, 1.5 MiB`
    fileprivate func withBytes(_ bytes: Int64?) -> String {
        SizeReportTable.counted(layers, "layer") + (bytes.map { ", \(ByteCount.text($0))" } ?? "")
    }
}
