// SPDX-License-Identifier: Apache-2.0

/// All the exports that one export of the user's leads to: how many there are, and what each takes for itself.
package final class ExportTree {
    /// Exports that others ask for, at whatever depth.
    package static let mostChildren = 64

    private var children = 0
    private var taken: Set<String> = []

    package init() {}

    /// Counts one more; false when there are too many.
    func start() -> Bool {
        children += 1
        return children <= Self.mostChildren
    }

    /// Takes a place or a name; false when another export has it.
    func take(_ address: String) -> Bool { taken.insert(address).inserted }
}
