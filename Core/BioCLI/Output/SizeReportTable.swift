// SPDX-License-Identifier: Apache-2.0

package import BioOCI

/// A size report for people.
package enum SizeReportTable {
    /// `columns` are those of the terminal, nil for none. The lines are safe to show.
    package static func lines(_ report: SizeReport, columns: Int?) -> [String] {
        var table = Table([
            .init("Layer", flexible: true), .init("Files", .right), .init("Tar", .right), .init("Stored", .right),
            .init("Origin"), .init(report.newLayers == nil ? "" : "Previous"),
        ])
        for (index, layer) in report.layers.enumerated() {
            table.add([
                layer.title, ByteCount.text(layer.filesSize), ByteCount.text(layer.facts.size),
                layer.blobSize.map { ByteCount.text($0) } ?? "-", layer.origin.rawValue,
                report.newLayers.map { $0.contains(index) ? "new" : "shared" } ?? "",
            ])
            if layer.packages.count < 2 { continue }
            for package in layer.packages { table.add(["  \(package.ident)", ByteCount.text(package.filesSize)]) }
        }
        return table.lines(width: columns) + summary(report)
    }

    private static func summary(_ report: SizeReport) -> [String] {
        let cached = report.layers.count { $0.origin == .cached }
        var lines = [
            "\(counted(report.layers.count, "layer")), \(cached) from the cache: files "
                + "\(ByteCount.text(report.filesSize)), tars \(ByteCount.text(report.tarSize)), stored "
                + ByteCount.text(report.transferSize)
        ]
        if let comparison = report.comparison {
            lines.append(
                "Against the previous image: \(comparison.shared.text) shared, \(comparison.new.text) new, "
                    + "\(comparison.gone.text) gone")
            lines.append("To transfer: \(comparison.new.bytes.map { ByteCount.text($0) } ?? "not known")")
        }
        return lines
    }

    /// `1 layer`, `2 layers`
    static func counted(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }
}

extension LayerAmount {
    /// `3 layers (1.5 MiB)`
    var text: String {
        let bytes = layers > 0 ? bytes.map { " (\(ByteCount.text($0)))" } ?? "" : ""
        return SizeReportTable.counted(layers, "layer") + bytes
    }
}
