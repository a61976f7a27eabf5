// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioDocument
import BioOCI

/// A comparison for people: `+` is what only the new image has, `-` what only the old one has, `~` what both have
/// otherwise. Empty when nothing differs.
struct ImageDiffText {
    let diff: ImageDiff
    let files: FileDiff?
    /// Columns of the terminal, nil for none.
    let width: Int?

    var lines: [String] {
        let sections = [configuration, packages, layers, fileLines].filter { !$0.isEmpty }
        return Array(sections.joined(separator: [""]))
    }

    private func section(
        _ title: String, _ rows: [[String]],
        _ columns: [Table.Column] = [.init(""), .init("", flexible: true), .init("")]
    ) -> [String] {
        if rows.isEmpty { return [] }
        var table = Table(columns)
        for row in rows { table.add(row) }
        return ["\(title):"] + table.lines(width: width, indent: 2)
    }

    private var configuration: [String] {
        var lines = section(
            "Configuration",
            diff.configuration.map { field in
                row(field.old.map(text), field.new.map(text), field.name)
            })
        if diff.hasOtherDifference {
            lines.append(
                "Configuration: differs in its history or in what bio does not read; a container sees no difference")
        }
        return lines
    }

    private var packages: [String] {
        section(
            "Packages",
            diff.packages.map { package in
                func versions(_ idents: [String]) -> String? {
                    if idents.isEmpty { return nil }
                    return idents.map { ident in
                        let rest = ident.utf8.dropFirst(package.name.utf8.count + 1)
                        return rest.isEmpty ? ident : String(decoding: rest, as: UTF8.self)
                    }.joined(separator: " ")
                }
                return row(versions(package.old), versions(package.new), package.name)
            })
    }

    private var layers: [String] {
        let others = diff.layers.filter { $0.presence != .shared }
        if others.isEmpty && !diff.isReordered { return [] }
        let summary =
            "\(diff.amount(.shared).text) shared, \(diff.amount(.old).text) gone, \(diff.amount(.new).text) new"
            + (diff.isReordered ? ", in another order" : "")
        let rows = others.map { layer in
            let size = layer.presence == .old ? layer.oldSize : layer.newSize
            return [layer.presence == .old ? "-" : "+", size.map { ByteCount.text($0) } ?? "-", layer.title]
        }
        if rows.isEmpty { return ["Layers: \(summary)"] }
        return section("Layers: \(summary)", rows, [.init(""), .init("", .right), .init("", flexible: true)])
    }

    private func row(_ old: String?, _ new: String?, _ name: String) -> [String] {
        switch (old, new) {
        case (let old?, let new?): ["~", name, "\(old) -> \(new)"]
        case (let old?, nil): ["-", name, old]
        case (nil, let new): ["+", name, new ?? ""]
        }
    }

    private func text(_ value: DocumentValue) -> String { value.string ?? value.json(.compact) }

    // MARK: - Files

    private var fileLines: [String] {
        guard let files else { return [] }
        var rows: [[String]] = []
        var index = 0
        while index < files.changes.count {
            let change = files.changes[index]
            let end = endOfSubtree(files.changes, at: index)
            rows.append(row(change, inside: files.changes[(index + 1)..<end]))
            index = end
        }
        var lines = section("Files", rows)
        if files.timesOnly > 0 {
            lines.append("Times: \(SizeReportTable.counted(files.timesOnly, "file")) with another time alone")
        }
        return lines
    }

    /// A directory that one image alone has stands for all that is in it.
    private func endOfSubtree(_ changes: [FileDiff.Change], at index: Int) -> Int {
        let change = changes[index]
        var end = index + 1
        guard change.old == nil || change.new == nil, (change.old ?? change.new)?.kind == .directory else { return end }
        let lead = change.path + [UInt8(ascii: "/")]
        while end < changes.count, changes[end].path.starts(with: lead) { end += 1 }
        return end
    }

    private func row(_ change: FileDiff.Change, inside: ArraySlice<FileDiff.Change>) -> [String] {
        let path = "/" + String(decoding: change.path, as: UTF8.self)
        guard let old = change.old else { return ["+", path, text(change.new, inside)] }
        guard let new = change.new else { return ["-", path, text(old, inside)] }
        return ["~", path, change.differences.map { text($0, old, new) }.joined(separator: ", ")]
    }

    private func text(_ entry: FileEntry?, _ inside: ArraySlice<FileDiff.Change>) -> String {
        guard let entry else { return "" }
        if entry.kind == .directory {
            let entries = inside.compactMap { $0.old ?? $0.new }
            let count = entries.count { $0.kind != .directory }
            let bytes = LayerAmount(entries.map(\.size)).bytes ?? .max
            return count == 0 ? "directory" : "\(SizeReportTable.counted(count, "file")), \(ByteCount.text(bytes))"
        }
        if case .file = entry.kind { return ByteCount.text(entry.size) }
        return text(entry.kind)
    }

    private func text(_ difference: FileEntry.Difference, _ old: FileEntry, _ new: FileEntry) -> String {
        switch difference {
        case .kind: "\(text(old.kind)) -> \(text(new.kind))"
        case .content:
            old.size == new.size ? "content" : "content (\(ByteCount.text(old.size)) -> \(ByteCount.text(new.size)))"
        case .target, .device: "\(text(old.kind)) -> \(text(new.kind))"
        case .mode: "mode \(String(old.mode, radix: 8)) -> \(String(new.mode, radix: 8))"
        case .owner: "owner \(old.uid):\(old.gid) -> \(new.uid):\(new.gid)"
        }
    }

    private func text(_ kind: FileEntry.Kind) -> String {
        switch kind {
        case .file, .directory, .fifo: kind.name
        case .symlink(let target): "link to \(MemberPath.text(target))"
        case .characterDevice(let major, let minor): "character device \(major):\(minor)"
        case .blockDevice(let major, let minor): "block device \(major):\(minor)"
        }
    }
}
