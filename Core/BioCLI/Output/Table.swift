// SPDX-License-Identifier: Apache-2.0

/// Rows of cells in aligned columns, for people. A cell is one line, whatever it holds.
struct Table {
    enum Alignment { case left, right }

    struct Column {
        let title: String
        let alignment: Alignment
        /// Is cut when the terminal is too narrow; one column at most.
        let isFlexible: Bool

        init(_ title: String, _ alignment: Alignment = .left, flexible: Bool = false) {
            self.title = title
            self.alignment = alignment
            isFlexible = flexible
        }
    }

    /// A flexible column keeps this much, however narrow the terminal is.
    private static let least = 16
    /// Without a terminal, other rows do not make room for a longer cell.
    private static let most = 80
    private static let gap = 2

    private let columns: [Column]
    private var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    /// One cell a column; those that lack are empty.
    mutating func add(_ cells: [String]) {
        let padding = [String](repeating: "", count: max(0, columns.count - cells.count))
        rows.append((cells.prefix(columns.count) + padding).map { $0.terminalSafe() })
    }

    /// The titles and the rows; nothing when there is no row. `width` are the columns of the terminal, nil for none.
    func lines(width: Int?, indent: Int = 0) -> [String] {
        if rows.isEmpty { return [] }
        let all = columns.contains { !$0.title.isEmpty } ? [columns.map(\.title)] + rows : rows
        let widths = widths(of: all, width: width.map { $0 - indent })
        return all.map { cells in
            var line = String(repeating: " ", count: indent)
            for (index, cell) in cells.enumerated() {
                let text =
                    width != nil && cell.columns > widths[index] ? cell.shortened(toColumns: widths[index]) : cell
                let space = String(repeating: " ", count: max(0, widths[index] - text.columns))
                line += columns[index].alignment == .left ? text + space : space + text
                line += String(repeating: " ", count: Self.gap)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    private func widths(of all: [[String]], width: Int?) -> [Int] {
        var widths = columns.indices.map { index in all.map { $0[index].columns }.max() ?? 0 }
        guard let flexible = columns.firstIndex(where: \.isFlexible) else { return widths }
        guard let width else {
            widths[flexible] = min(widths[flexible], Self.most)
            return widths
        }
        let total = widths.reduce(0, +) + Self.gap * (widths.count - 1)
        // The last column of a terminal stays free: some wrap when it is written.
        let excess = total - (width - 1)
        if excess > 0 { widths[flexible] = max(min(widths[flexible], Self.least), widths[flexible] - excess) }
        return widths
    }
}

extension String {
    /// The beginning, with a mark that something is missing.
    func shortened(toColumns limit: Int) -> String { limit > 0 ? cut(toColumns: limit - 1) + "…" : "" }
}
