// SPDX-License-Identifier: Apache-2.0

import BioSystem
import CSystem
import Glibc

/// The opened directory that artifacts go to. Paths in it are walked without following symbolic links: only the user
/// says where it is, nothing in it leads elsewhere.
struct OutputDirectory: ~Copyable {
    let descriptor: FileDescriptor

    init(_ path: String) throws(PlacementError) {
        do throws(SystemError) { descriptor = try FileDescriptor.open(path, bio_o_path | O_DIRECTORY) } catch {
            throw .system(error)
        }
    }

    /// Whether a file lies where `artifact` goes, to be replaced. Refuses what may not be replaced, and what cannot be
    /// a directory above it. `address` names a path as the user would.
    @discardableResult
    func check(_ artifact: EmittedArtifact, address: (String) -> String) throws(PlacementError) -> Bool {
        let place = Place(artifact.path)
        for count in place.parents.indices.map({ $0 + 1 }) {
            let parent = Place.joined(place.parents[..<count])
            guard let status = try status(parent) else { return false }
            guard status.kind == .directory else {
                throw .inTheWay(address(String(decoding: parent, as: UTF8.self)))
            }
        }
        guard let status = try status(Array(artifact.path.utf8)) else { return false }
        // Only a plain file is replaced: not a device, and not a link such as /dev/stdout. The name of a sidecar is
        // the plugin's choice, so it replaces nothing but what is called like the export.
        guard status.kind == .file, artifact.form == .file, artifact.role == .primary || artifact.replaces else {
            throw .inTheWay(address(artifact.path))
        }
        return true
    }

    /// The directory for `place`; what is missing is made, its paths are added to `made`.
    func openParent(of place: Place, made: inout [[UInt8]]) throws -> FileDescriptor {
        for count in place.parents.indices.map({ $0 + 1 }) {
            let parent = Place.joined(place.parents[..<count])
            let above = try open(Place.joined(place.parents[..<(count - 1)]))
            do throws(Errno) {
                try above.makeDirectory(place.parents[count - 1], mode: 0o755)
                made.append(parent)
            } catch {
                guard error == .exists else {
                    throw SystemError("create directory", String(decoding: parent, as: UTF8.self), error)
                }
            }
        }
        return try open(Place.joined(place.parents[...]))
    }

    func open(_ path: [UInt8]) throws(SystemError) -> FileDescriptor {
        try descriptor.openBeneath(path.isEmpty ? [0x2E] : path, bio_o_path | O_DIRECTORY)
    }

    /// What lies at `path`; nil when nothing is there.
    private func status(_ path: [UInt8]) throws(PlacementError) -> FileStatus? {
        var raw = stat()
        if path.withCPath({ fstatat(descriptor.rawValue, $0, &raw, AT_SYMLINK_NOFOLLOW) }) == 0 {
            return FileStatus(raw)
        }
        let error = Errno.current
        if error == .noSuchFile { return nil }
        throw .system(SystemError("look at", String(decoding: path, as: UTF8.self), error))
    }

    /// A relative path in its components.
    struct Place {
        let parents: [[UInt8]]
        let name: [UInt8]

        init(_ path: String) {
            let components = path.utf8.split(separator: 0x2F).map { Array($0) }
            parents = components.dropLast()
            name = components.last ?? []
        }

        static func joined(_ components: ArraySlice<[UInt8]>) -> [UInt8] { Array(components.joined(separator: [0x2F])) }
    }
}
