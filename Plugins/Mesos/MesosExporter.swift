// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

final class MesosExporter: Exporter {
    private let host: Host

    init(host: Host) { self.host = host }

    func validate(_ job: Job) throws(ExportFailure) {}
    func plan(_ job: Job) throws(ExportFailure) { throw ExportFailure("not there yet") }
    func run(_ job: Job) throws(ExportFailure) {}
}
