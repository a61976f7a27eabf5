// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

/// Writes the job as JSON.
final class Mirror: Exporter {
    private static let refuse = Option.string("refuse", "TEXT", "Refuse with these words")
    private static let panic = Option.flag("panic", "Fail as the language does")
    static let options = [
        Option.flag("flag", "Be on"), .integer("count", "N", in: 0...10, default: 3, "So many"),
        .string("word", "TEXT", default: "hello", "Say this"), .path("path", "FILE", "Name this file"),
        .choice(
            "shape", [("round", "without corners"), ("square", "with four")], default: "round", "Have this shape"),
        .list("item", "TEXT", "Hold this, too"), .compression("packing", default: "gzip", "Be packed so"), refuse,
        panic,
    ]

    private let host: Host

    init(host: Host) throws(ExportFailure) { self.host = host }

    func validate(_ job: Job) throws(ExportFailure) {
        guard let words = job.text(Self.refuse), !words.isEmpty else { return }
        throw ExportFailure(code: 100, subject: .option("refuse"), words, hint: "leave it out")
    }

    func plan(_ job: Job) throws(ExportFailure) {
        try host.emit(Artifact(.file(fileName(job)), kind: "mirror", mediaType: "application/json"))
    }

    func run(_ job: Job) throws(ExportFailure) {
        // A trap would end the process: Swift's own way of failing is an error.
        if job.flag(Self.panic) { throw ExportFailure("boom") }
        var packages: [DocumentValue] = []
        for package in job.packages { packages.append(try value(of: package, job)) }
        let document: DocumentValue = [
            "format": "mirror", "target": .string(job.target), "source_date_epoch": .integer(job.sourceDateEpoch),
            "output_name": .string(job.outputName ?? ""), "options": .list(Self.options.map { value(of: $0, job) }),
            "roots": .list(job.roots.map { .integer($0.index) }), "packages": .list(packages),
        ]
        try job.write(try host.text(of: document, as: .json), to: fileName(job))
        try plan(job)
    }

    private func fileName(_ job: Job) -> String { job.outputName ?? "mirror.json" }

    private func value(of option: Option, _ job: Job) -> DocumentValue {
        let kinds = ["unset", "bool", "int", "string", "path", "choice", "list", "compression"]
        let value: DocumentValue? =
            switch option.kind {
            case .flag: .bool(job.flag(option))
            case .integer: job.integer(option).map { .integer($0) }
            case .list: .strings(job.list(option))
            default: job.text(option).map { .string($0) }
            }
        return [
            "id": .string(option.id), "kind": .string(value == nil ? kinds[0] : kinds[Int(option.kind.rawValue)]),
            "source": .string(job.isGiven(option) ? "command-line" : "default"), "value": value ?? .null,
        ]
    }

    private func value(of package: Package, _ job: Job) throws(ExportFailure) -> DocumentValue {
        let names: [(Package.Roles, String)] = [
            (.root, "root"), (.base, "base"), (.service, "service"), (.unverified, "unverified"),
            (.installHook, "install-hook"), (.cli, "cli"), (.supervisor, "supervisor"), (.launcher, "launcher"),
            (.shell, "shell"), (.certificates, "certificates"),
        ]
        let flags = names.filter { package.roles.contains($0.0) }.map(\.1)
        let dependencies: [DocumentValue] = job.dependencies(of: package).map {
            ["package": .integer($0.package.index), "kind": $0.isDirect ? "direct" : "transitive"]
        }
        return [
            "ident": .string(package.ident), "target": .string(package.target), "prefix": .string(package.prefix),
            "artifact": .string(package.artifact), "signer": .string(package.signer),
            "requested": .string(package.requested), "flags": .strings(flags),
            "installed_size": .integer(package.installedSize), "file_count": .integer(package.fileCount),
            "metadata": .map(package.metadata.map { ($0.name, .string($0.text)) }),
            "dependencies": .list(dependencies),
            "files": .list(try host.files(of: package).map { value(of: $0.file) }),
        ]
    }

    private func value(of file: PackageFile) -> DocumentValue {
        let head: DocumentValue = [
            "path": .string(escaped(file.path)),
            "kind": .string(["", "file", "directory", "symlink"][Int(file.kind.rawValue)]), "mode": .integer(file.mode),
        ]
        return switch file.kind {
        case .directory: head
        case .symlink: head.adding(["target": .string(escaped(file.linkTarget))])
        case .regular: head.adding(["size": .integer(file.size), "digest": .string(file.digest)])
        }
    }

    /// Bytes as text: what is not printable ASCII, and %, as %XX.
    private func escaped(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        let made = bytes.flatMap { byte in
            (0x21..<0x7F).contains(byte) && byte != UInt8(ascii: "%")
                ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: made, as: UTF8.self)
    }
}
