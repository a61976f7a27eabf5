// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

/// The format @FORMAT@: the packages of an export, one a line, under a heading.
final class PackageList: Exporter {
    static let heading = Option.string("heading", "TEXT", default: "packages", "Begin with this line")

    private let host: Host

    init(host: Host) throws(ExportFailure) { self.host = host }

    func validate(_ job: Job) throws(ExportFailure) {
        guard job.text(Self.heading)?.utf8.contains(0x0A) == true else { return }
        throw ExportFailure(
            code: 2, subject: .option("heading"), "the heading has more than one line", hint: "leave the newline out")
    }

    func plan(_ job: Job) throws(ExportFailure) {
        try host.emit(Artifact(.file(fileName(job)), kind: "package-list", mediaType: "text/plain"))
    }

    func run(_ job: Job) throws(ExportFailure) {
        let lines = [job.text(Self.heading) ?? ""] + job.packages.map(\.ident)
        try job.write(lines.map { $0 + "\n" }.joined(), to: fileName(job))
        try plan(job)
    }

    private func fileName(_ job: Job) -> String { job.outputName ?? "@NAME@.txt" }
}
