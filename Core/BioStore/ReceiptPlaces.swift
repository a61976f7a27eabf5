// SPDX-License-Identifier: Apache-2.0

/// Whether the paths of a receipt come in order, each in a directory that came before. As they are in order, it is
/// enough to remember the directories that the last path begins with.
struct ReceiptPlaces {
    enum Fault: Hashable, Sendable { case outOfOrder, outside }

    /// How long their paths are, shortest first. Every one is a beginning of the last path, though not always one that
    /// ends at a slash: between `a` and `a/b` comes `a-b`.
    private var directories: [Int] = []

    /// What is wrong with `path` after `last`, which is nil for the first; that must be the package's own directory.
    mutating func add(_ path: [UInt8], isDirectory: Bool, after last: [UInt8]?) -> Fault? {
        let slash = UInt8(ascii: "/")
        guard let last else {
            directories = [0]
            return path.isEmpty && isDirectory ? nil : .outside
        }
        let shorter = min(path.count, last.count)
        var common = 0
        while common < shorter && path[common] == last[common] { common += 1 }
        guard common < path.count, common == last.count || path[common] > last[common] else { return .outOfOrder }
        // Neither those that the path does not begin with nor those that all their entries come before have more.
        while let length = directories.last, length > 0, length > common || path[length] > slash {
            directories.removeLast()
        }
        let parent = path.lastIndex(of: slash) ?? 0
        guard directories.last(where: { $0 <= parent }) == parent else { return .outside }
        if isDirectory { directories.append(path.count) }
        return nil
    }
}
