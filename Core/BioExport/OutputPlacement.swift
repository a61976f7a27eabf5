// SPDX-License-Identifier: Apache-2.0

package import BioSystem
import Glibc

/// Where the result of an export goes: what `-o` said.
package enum OutputPlacement: Hashable, Sendable {
    /// Into this directory, under this name; nil: the format names it.
    case directory(String, name: String?)
    /// To standard output.
    case stream

    /// Reads `-o`: nothing is the working directory, `-` standard output, a directory (or a path with a closing
    /// slash) takes a file of the format's name, anything else is the file itself.
    package init(_ option: String?) throws(PlacementError) {
        guard let option else {
            self = .directory(".", name: nil)
            return
        }
        if option == "-" {
            self = .stream
            return
        }
        let status: FileStatus?
        do throws(SystemError) { status = try FileStatus.of(option) } catch { throw .system(error) }
        if status?.kind == .directory {
            self = .directory(option, name: nil)
            return
        }
        guard let name = option.split(separator: "/", omittingEmptySubsequences: false).last, !name.isEmpty,
            name != ".", name != ".."
        else { throw .noDirectory(option) }
        let parent = option.dropLast(name.utf8.count)
        let directory = parent.isEmpty ? "." : String(parent)
        let parentStatus: FileStatus?
        do throws(SystemError) { parentStatus = try FileStatus.of(directory) } catch { throw .system(error) }
        guard parentStatus?.kind == .directory else { throw .noDirectory(directory) }
        if name.hasPrefix("-") { throw .badName(String(name)) }
        self = .directory(directory, name: String(name))
    }

    package var name: String? { if case .directory(_, let name) = self { name } else { nil } }

    /// `path` (of an artifact) as the user would name it.
    func address(_ path: String) -> String {
        switch self {
        case .stream: "-"
        case .directory(".", _): path
        case .directory(let directory, _): directory.hasSuffix("/") ? directory + path : "\(directory)/\(path)"
        }
    }

    /// A planned artifact as it would be named once it is made.
    package func planned(_ emitted: EmittedArtifact) -> Artifact {
        switch emitted.form {
        case .reference: Artifact(emitted, place: .reference(emitted.reference))
        case .file: Artifact(emitted, place: .file(address(emitted.path)))
        case .directory: Artifact(emitted, place: .directory(address(emitted.path)))
        }
    }

    /// Refuses what cannot be put in its place later, before any work is done.
    package func check(_ planned: [EmittedArtifact], isStreamable: Bool, format: String) throws(PlacementError) {
        if self == .stream {
            guard isStreamable, planned.count == 1, planned[0].form == .file else { throw .notStreamable(format) }
            return
        }
        for artifact in planned where artifact.form != .reference {
            let place = address(artifact.path)
            let status: FileStatus?
            do throws(SystemError) { status = try FileStatus.ofLink(place) } catch { throw .system(error) }
            // Only a plain file is replaced: not a device, and not a link such as /dev/stdout.
            if let status, status.kind != .file || artifact.form == .directory { throw .inTheWay(place) }
        }
    }

    /// Puts what was made in its place: each file whole or not at all, the primary artifact last. `stream` writes a
    /// file to standard output. Throws `ExportCancelled` as long as nothing is in its place; after that the export is
    /// done, whatever is wished.
    package func commit(
        _ made: [MadeArtifact], isCancelled: () -> Bool = { false },
        stream: (borrowing FileDescriptor) throws -> Void
    ) throws -> [Artifact] {
        if self != .stream {
            for artifact in made where artifact.emitted.form == .file {
                let path = "\(artifact.directory)/\(artifact.emitted.path)"
                try Self.synchronize(path, shown: address(artifact.emitted.path))
            }
        }
        if isCancelled() { throw ExportCancelled() }
        var artifacts: [Artifact] = []
        var placed: [String] = []
        do {
            for artifact in made.sorted(by: { $0.emitted.role.rawValue > $1.emitted.role.rawValue }) {
                artifacts.append(try put(artifact, &placed, stream: stream))
            }
        } catch {
            // Some of a result is no result.
            for path in placed { try? Directory.remove(path) }
            throw error
        }
        return artifacts.sorted { $0.isPrimary && !$1.isPrimary }
    }

    private func put(
        _ artifact: MadeArtifact, _ placed: inout [String], stream: (borrowing FileDescriptor) throws -> Void
    ) throws -> Artifact {
        let emitted = artifact.emitted
        if emitted.form == .reference { return Artifact(emitted, place: .reference(emitted.reference)) }
        let source = "\(artifact.directory)/\(emitted.path)"
        let place = address(emitted.path)
        if self == .stream {
            try stream(try FileDescriptor.open(source))
        } else {
            try Self.move(source, to: place)
            placed.append(place)
        }
        return Artifact(
            emitted, place: emitted.form == .directory ? .directory(place) : .file(place), digest: artifact.digest,
            size: artifact.size)
    }

    /// Gives a file its mode and puts it on the medium.
    private static func synchronize(_ path: String, shown: String) throws(SystemError) {
        let file = try FileDescriptor.open(path)
        do throws(Errno) {
            try file.setMode(0o644)
            try file.synchronize()
        } catch { throw SystemError("write", shown, error) }
    }

    private static func move(_ source: String, to place: String) throws {
        if let slash = place.lastIndex(of: "/") { try Directory.create(String(place[..<slash])) }
        guard rename(source, place) == 0 else { throw SystemError("rename into", place) }
    }
}

/// Why a result cannot go where the user wants it.
package enum PlacementError: Error, Hashable, Sendable, CustomStringConvertible {
    case noDirectory(String)
    case badName(String)
    case notStreamable(String)
    /// Something that is no plain file lies where an artifact should.
    case inTheWay(String)
    case system(SystemError)

    package var description: String {
        switch self {
        case .noDirectory(let path): "the directory '\(path)' for the output is not there"
        case .badName(let name): "'\(name)' is no name for an output file: it begins with a dash"
        case .notStreamable(let format): "the format '\(format)' cannot be written to standard output"
        case .inTheWay(let path): "'\(path)' is in the way of the output"
        case .system(let error): "\(error)"
        }
    }

    package var hint: String? {
        switch self {
        case .noDirectory(let path): "make it first: mkdir -p '\(path)'"
        case .badName: nil
        case .notStreamable: "name a file or directory with --output"
        case .inTheWay: "remove it, or name another place with --output; - is standard output"
        case .system: nil
        }
    }
}
