// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem
import Glibc

/// Which packages one installation unpacks, or one removal takes away, and which it needs as they are: nobody else
/// does anything to them meanwhile. The locks are bytes of `receipts/.staging`, one for each package, at a place that
/// is computed from its ident. They go with this object, and with a killed process.
///
/// Several are locked together or not at all, and whoever waits for a package holds at most that one of which it is a
/// dependency: so nobody waits in a circle, unless signed packages name each other as dependencies and are installed
/// from both ends at once. After waiting, everything is to be looked at again.
///
/// Where the file system knows no such locks nothing is locked: packages are then unpacked side by side, and the first
/// to appear wins.
final class StagingLocks {
    enum Use: Sendable {
        /// It stays as it is.
        case keep
        /// It is about to appear or to go.
        case change
    }

    typealias Wanted = (ident: QualifiedIdent, use: Use)

    private let root: FileSystemRoot
    /// nil until something is locked.
    private var file: ByteLocks?
    private var isUnavailable = false
    /// By place, so that two packages that happen to share one are locked once.
    private var held: [Int64: Use] = [:]

    private static let name = "receipts/.staging"
    private static let pollMicroseconds: useconds_t = 10_000

    init(in root: FileSystemRoot) { self.root = root }

    /// Locks all of `wanted` beside what is held, or nothing more.
    /// - Returns: the first that somebody else has; nil when all are locked.
    func tryLock(_ wanted: [Wanted]) throws(SystemError) -> QualifiedIdent? {
        guard try open(forChange: wanted.contains { $0.use == .change }) else { return nil }
        var added: [QualifiedIdent] = []
        for (ident, use) in wanted {
            let place = Self.place(of: ident)
            if held[place] == .change || held[place] == use { continue }
            let isNew = held[place] == nil
            guard try lock(place, use) else {
                unlock(added)
                return ident
            }
            if isNew { added.append(ident) }
        }
        return nil
    }

    /// Locks all of `wanted`, and waits for that as long as it takes.
    func lock(_ wanted: [Wanted], _ cancellation: Cancellation) throws(StoreError) {
        do throws(SystemError) {
            while try tryLock(wanted) != nil {
                try cancellation.check("lock", root.path(Self.name))
                usleep(Self.pollMicroseconds)
            }
        } catch { throw error.errno == .cancelled ? .cancelled : .system(error) }
    }

    func unlock(_ idents: [QualifiedIdent]) {
        for place in idents.map(Self.place(of:)) where held.removeValue(forKey: place) != nil {
            file?.unlock(place)
        }
    }

    private func lock(_ place: Int64, _ use: Use) throws(SystemError) -> Bool {
        guard !isUnavailable, let file else { return true }
        do throws(SystemError) {
            guard try file.tryLock(place, use == .change ? .exclusive : .shared) else { return false }
        } catch {
            let unknown = [ENOLCK, EINVAL, ENOSYS, EOPNOTSUPP].map(Errno.init(rawValue:))
            guard unknown.contains(error.errno) else { throw error }
            isUnavailable = true
            return true
        }
        held[place] = use
        return true
    }

    /// - Returns: whether there is anything to lock with. What only reads the store must be possible in one that cannot
    ///   be written.
    private func open(forChange: Bool) throws(SystemError) -> Bool {
        if isUnavailable { return false }
        if file != nil { return true }
        do throws(SystemError) {
            if forChange { try InstallDirectory.make(["receipts"], in: root) }
            file = try ByteLocks(root.path(Self.name))
        } catch {
            if forChange { throw error }
            return false
        }
        return true
    }

    /// FNV-1a of the ident, as large as an offset may be.
    static func place(of ident: QualifiedIdent) -> Int64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in ident.description.utf8 {
            hash ^= UInt64(byte)
            hash &*= 0x100_0000_01B3
        }
        return Int64(hash >> 2)
    }
}
