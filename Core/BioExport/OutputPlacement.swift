// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
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
        // By bytes: a Character may be a slash with an accent on it.
        let start = option.utf8.lastIndex(of: 0x2F).map { option.utf8.index(after: $0) } ?? option.startIndex
        let name = String(option[start...])
        guard !name.isEmpty, name != ".", name != ".." else { throw .noDirectory(option) }
        let directory = start == option.startIndex ? "." : String(option[..<start])
        let parentStatus: FileStatus?
        do throws(SystemError) { parentStatus = try FileStatus.of(directory) } catch { throw .system(error) }
        guard parentStatus?.kind == .directory else { throw .noDirectory(directory) }
        if name.utf8.first == 0x2D { throw .badName(name) }
        self = .directory(directory, name: name)
    }

    package var name: String? { if case .directory(_, let name) = self { name } else { nil } }

    /// `path` (of an artifact) as the user would name it.
    func address(_ path: String) -> String {
        switch self {
        case .stream: "-"
        case .directory(".", _): path
        case .directory(let directory, _): directory.utf8.last == 0x2F ? directory + path : "\(directory)/\(path)"
        }
    }

    /// An artifact as it will be named in its place.
    package func planned(
        _ emitted: EmittedArtifact, digest: Digest? = nil, size: Int64? = nil, shownText: String? = nil
    ) -> Artifact {
        let place: Artifact.Place =
            switch emitted.form {
            case .reference: .reference(emitted.reference)
            case .file: .file(address(emitted.path))
            case .directory: .directory(address(emitted.path))
            }
        return Artifact(emitted, place: place, digest: digest, size: size, shownText: shownText)
    }

    /// Refuses what cannot be put in its place later, before any work is done.
    package func check(_ planned: [EmittedArtifact], isStreamable: Bool, format: String) throws(PlacementError) {
        guard case .directory(let path, _) = self else {
            guard isStreamable, planned.count == 1, planned[0].form == .file else { throw .notStreamable(format) }
            return
        }
        let directory = try OutputDirectory(path)
        for artifact in planned where artifact.form != .reference {
            try directory.check(artifact, address: address)
        }
    }

    /// Puts what was made in its place: all of it or, when one piece fails, nothing, and what it replaced is back. The
    /// primary artifact is the last to appear. `stream` writes a file to standard output. Throws `ExportCancelled` as
    /// long as nothing is in its place; after that the export is done, whatever is wished.
    /// `then` is what else must come to its place for this to count.
    package func commit<R>(
        _ made: [MadeArtifact], isCancelled: () -> Bool = { false },
        stream: (borrowing FileDescriptor) throws -> Void, then: ([Artifact]) throws -> R
    ) throws -> R {
        let ordered = made.sorted { $0.emitted.role.rawValue > $1.emitted.role.rawValue }
        let artifacts = ordered.map(artifact).sorted { $0.isPrimary && !$1.isPrimary }
        switch self {
        case .stream:
            if isCancelled() { throw ExportCancelled() }
            let result = try then(artifacts)
            for artifact in ordered where artifact.emitted.form == .file {
                try stream(try artifact.open(O_RDONLY))
            }
            return result
        case .directory(let path, _):
            var moves = OutputMoves(into: try OutputDirectory(path))
            return try moves.makeAll(
                ordered.filter { $0.emitted.form != .reference }, isCancelled: isCancelled, address: address
            ) { try then(artifacts) }
        }
    }

    private func artifact(_ made: MadeArtifact) -> Artifact {
        planned(made.emitted, digest: made.digest, size: made.size, shownText: made.shownText)
    }
}

/// Why a result cannot go where the user wants it.
package enum PlacementError: Error, Hashable, Sendable, CustomStringConvertible {
    case noDirectory(String)
    case badName(String)
    case notStreamable(String)
    /// The image goes to standard output, and there is a file as well.
    case besideStream(String)
    /// Something that is no plain file lies where an artifact should, or a file that the user did not name.
    case inTheWay(String)
    case system(SystemError)

    package var description: String {
        switch self {
        case .noDirectory(let path): "the directory '\(path)' for the output is not there"
        case .badName(let name): "'\(name)' is no name for an output file: it begins with a dash"
        case .notStreamable(let format): "the format '\(format)' cannot be written to standard output"
        case .besideStream(let path): "the image goes to standard output, where '\(path)' has no place"
        case .inTheWay(let path): "'\(path)' is in the way of the output"
        case .system(let error): "\(error)"
        }
    }

    package var hint: String? {
        switch self {
        case .noDirectory(let path): "make it first: mkdir -p '\(path)'"
        case .badName: nil
        case .notStreamable: "name a file or directory with --output"
        case .besideStream: "name a file with --output, or leave that file out with the format's own option"
        case .inTheWay: "remove it, or name another place with --output; - is standard output"
        case .system: nil
        }
    }
}
