// SPDX-License-Identifier: Apache-2.0

import BioSystem
import CSystem
import Glibc

/// Moves of made artifacts into the output directory that can be taken back as long as not all of them are done.
struct OutputMoves: ~Copyable {
    private struct Move {
        let artifact: MadeArtifact
        /// What lay there before is where the artifact was made, and goes with the workspace.
        let isExchange: Bool
    }

    private let directory: OutputDirectory
    private var done: [Move] = []
    private var madeParents: [[UInt8]] = []

    private static let attempts = 16

    init(into directory: consuming OutputDirectory) { self.directory = directory }

    /// Moves all, in this order, or none; `then` is part of it.
    mutating func makeAll<R>(
        _ artifacts: [MadeArtifact], isCancelled: () -> Bool, address: (String) -> String, then: () throws -> R
    ) throws -> R {
        // Everything is looked at before anything is touched: most of what can fail fails here.
        for artifact in artifacts {
            try artifact.settle()
            try directory.check(artifact.emitted, address: address)
        }
        if isCancelled() { throw ExportCancelled() }
        do {
            for artifact in artifacts { try move(artifact, address) }
            return try then()
        } catch {
            takeBack()
            throw error
        }
    }

    private mutating func move(_ artifact: MadeArtifact, _ address: (String) -> String) throws {
        let place = OutputDirectory.Place(artifact.emitted.path)
        let parent = try directory.openParent(of: place, made: &madeParents)
        let source = try artifact.openDirectory()
        for _ in 0..<Self.attempts {
            let replaces = try directory.check(artifact.emitted, address: address)
            if Self.rename(artifact.name, of: source, to: place.name, of: parent, exchanging: replaces) {
                done.append(Move(artifact: artifact, isExchange: replaces))
                return
            }
            let error = Errno.current
            // Another export may have come, or gone, since the look.
            guard error == (replaces ? .noSuchFile : .exists) else {
                throw SystemError("rename into", address(artifact.emitted.path), error)
            }
        }
        throw PlacementError.inTheWay(address(artifact.emitted.path))
    }

    private static func rename(
        _ name: [UInt8], of source: borrowing FileDescriptor, to newName: [UInt8], of target: borrowing FileDescriptor,
        exchanging: Bool
    ) -> Bool {
        let (from, to) = (source.rawValue, target.rawValue)
        return name.withCPath { name in
            newName.withCPath { newName in
                exchanging
                    ? exchange(from, name, to, newName) : bio_rename_noreplace(from, name, to, newName) == 0
            }
        }
    }

    /// Not every file system can exchange two entries in one step; three steps do the same, if nobody watches.
    private static func exchange(
        _ from: CInt, _ name: UnsafePointer<CChar>, _ to: CInt, _ newName: UnsafePointer<CChar>
    ) -> Bool {
        if bio_rename_exchange(from, name, to, newName) == 0 { return true }
        guard errno == EINVAL || errno == ENOSYS, renameat(to, newName, from, ".bio-replaced") == 0 else {
            return false
        }
        if renameat(from, name, to, newName) == 0 { return renameat(from, ".bio-replaced", from, name) == 0 }
        let error = errno
        _ = renameat(from, ".bio-replaced", to, newName)
        errno = error
        return false
    }

    /// Some of a result is no result: everything is as it was, as far as the system lets it.
    private mutating func takeBack() {
        for move in done.reversed() {
            let place = OutputDirectory.Place(move.artifact.emitted.path)
            guard let parent = try? directory.open(OutputDirectory.Place.joined(place.parents[...])),
                let source = try? move.artifact.openDirectory()
            else { continue }
            _ = Self.rename(
                place.name, of: parent, to: move.artifact.name, of: source, exchanging: move.isExchange)
        }
        for path in madeParents.reversed() {
            _ = path.withCPath { unlinkat(directory.descriptor.rawValue, $0, AT_REMOVEDIR) }
        }
    }
}
