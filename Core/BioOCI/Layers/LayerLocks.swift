// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioSystem
import Glibc
import Synchronization

/// Who makes which layer of a cache, who uses it, and who removes it: locks on bytes of one file, at places that are
/// computed from the layer's key. They go with this object, and with a killed process.
///
/// Where the file system knows no such locks nothing is locked: a layer may then be made twice, and the last one stays,
/// which is equal; and one may be removed while it is used.
final class LayerLocks: Sendable {
    private let file: ByteLocks
    private let isUnavailable = Atomic(false)

    static let name = ".locks"
    private static let pollMicroseconds: useconds_t = 10_000

    init(in directory: String) throws(SystemError) { file = try ByteLocks("\(directory)/\(Self.name)") }

    /// Keeps the layer from being removed as long as this object is there. Waits while somebody removes it.
    func use(_ key: Digest, _ cancellation: Cancellation) throws(SystemError) {
        while try !lock(Self.place("use \(key.hex)"), .shared) {
            try cancellation.check("lock", file.path)
            usleep(Self.pollMicroseconds)
        }
    }

    /// Whether nobody uses the layer, which this object now has alone.
    func takeForRemoval(_ key: Digest) throws(SystemError) -> Bool {
        try lock(Self.place("use \(key.hex)"), .exclusive)
    }

    func endRemoval(_ key: Digest) { file.unlock(Self.place("use \(key.hex)")) }

    /// Whether it is this object that makes the layer with that encoder; false: somebody else is at it.
    func takeForMaking(_ key: Digest, _ encoder: String) throws(SystemError) -> Bool {
        try lock(Self.place("make \(key.hex) \(encoder)"), .exclusive)
    }

    func endMaking(_ key: Digest, _ encoder: String) { file.unlock(Self.place("make \(key.hex) \(encoder)")) }

    private func lock(_ place: Int64, _ kind: ByteLocks.Kind) throws(SystemError) -> Bool {
        if isUnavailable.load(ordering: .relaxed) { return true }
        do throws(SystemError) { return try file.tryLock(place, kind) } catch {
            guard [ENOLCK, EINVAL, ENOSYS, EOPNOTSUPP].contains(error.errno.rawValue) else { throw error }
            isUnavailable.store(true, ordering: .relaxed)
            return true
        }
    }

    /// FNV-1a of the text, as large as an offset may be.
    private static func place(_ text: String) -> Int64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 {
            hash ^= UInt64(byte)
            hash &*= 0x100_0000_01B3
        }
        return Int64(hash >> 2)
    }
}
