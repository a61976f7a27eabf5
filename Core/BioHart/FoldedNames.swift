// SPDX-License-Identifier: Apache-2.0

/// Names as a file system has them that tells neither letter case nor Unicode forms apart, which those of Windows and
/// macOS do not (docs/decisions/0014).
struct FoldedNames {
    /// Two members of which such a file system can hold one.
    struct Collision {
        let first: [UInt8]
        let second: [UInt8]
    }

    // Strings are equal when they are canonically equivalent, which is all that Unicode forms need.
    private var names: [String: [UInt8]] = [:]
    private(set) var collision: Collision?

    /// Takes a path that no other member has.
    mutating func add(_ path: [UInt8]) {
        guard collision == nil else { return }
        let folded = String(decoding: path, as: UTF8.self).lowercased()
        if let first = names.updateValue(path, forKey: folded), first != path {
            collision = Collision(first: first, second: path)
        }
    }
}
