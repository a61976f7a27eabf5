// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioSystem
import Glibc

/// What a plugin has announced and made. Plan and run must agree, and what is announced must be there.
struct ArtifactLedger {
    /// One entry of the run: the announcement, and what the host found.
    struct Made {
        let emitted: EmittedArtifact
        let digest: Digest?
        let size: Int64?
        /// The host's own file lies in the directory of made archives, the plugin's in its output directory.
        let isHostMade: Bool
    }

    private(set) var planned: [EmittedArtifact] = []
    private(set) var made: [Made] = []
    /// Archives that host services wrote, by path.
    private var written: [String: WrittenArchive] = [:]
    private let kinds: [String]
    private let outDirectory: String

    static let most = 256

    init(kinds: [String], outDirectory: String) {
        self.kinds = kinds
        self.outDirectory = outDirectory
    }

    mutating func plan(_ emitted: EmittedArtifact) throws(ServiceError) {
        try check(emitted)
        guard planned.count < Self.most else { throw ServiceError(.limit, "the plugin plans more than \(Self.most) artifacts") }
        for other in planned where Self.name(other) == Self.name(emitted) {
            throw ServiceError(.exists, "the plugin plans '\(Self.name(emitted))' twice")
        }
        planned.append(emitted)
    }

    /// Why the plan is not one; nil when it is.
    var planProblem: String? {
        let primaries = planned.count { $0.role == .primary }
        return primaries == 1 ? nil : "its plan has \(primaries) primary artifacts, one is needed"
    }

    mutating func wrote(_ archive: WrittenArchive, to path: String) { written[path] = archive }
    func hasWritten(_ path: String) -> Bool { written[path] != nil }

    mutating func make(_ emitted: EmittedArtifact) throws(ServiceError) {
        try check(emitted)
        let name = Self.name(emitted)
        guard planned.contains(where: { Self.name($0) == name && $0.role == emitted.role && $0.kind == emitted.kind && $0.form == emitted.form })
        else { throw ServiceError(.invalid, "the plugin emitted '\(name)', which it had not planned so") }
        guard !made.contains(where: { Self.name($0.emitted) == name }) else {
            throw ServiceError(.exists, "the plugin emitted '\(name)' twice")
        }
        made.append(try find(emitted))
    }

    /// What was planned and not made.
    var missing: [String] {
        planned.map(Self.name).filter { name in !made.contains { Self.name($0.emitted) == name } }
    }

    static func name(_ emitted: EmittedArtifact) -> String {
        emitted.form == .reference ? emitted.reference : emitted.path
    }

    // MARK: - Checking

    private func check(_ emitted: EmittedArtifact) throws(ServiceError) {
        guard kinds.contains(emitted.kind) else {
            throw ServiceError(.invalid, "an artifact is of the kind '\(emitted.kind)', which the format does not name")
        }
        switch emitted.form {
        case .reference:
            guard !emitted.reference.isEmpty, emitted.path.isEmpty else {
                throw ServiceError(.invalid, "an artifact that is a reference has one, and no path")
            }
        case .file, .directory:
            guard emitted.reference.isEmpty else {
                throw ServiceError(.invalid, "the artifact '\(emitted.path)' has both a path and a reference")
            }
            try Self.checkPath(emitted.path)
        }
        if !emitted.digest.isEmpty, (try? Digest(parsing: emitted.digest))?.algorithm != .sha256 {
            throw ServiceError(.invalid, "'\(emitted.digest)' is no SHA-256 digest")
        }
    }

    /// A path stays inside the output directory.
    static func checkPath(_ path: String) throws(ServiceError) {
        let bytes = Array(path.utf8)
        guard let plain = try? MemberPath.plain(bytes), plain == bytes else {
            throw ServiceError(.invalid, "the artifact path '\(MemberPath.text(bytes))' leaves the output directory or is no path")
        }
        guard path.first != "-" else { throw ServiceError(.invalid, "the artifact path '\(path)' begins with a dash") }
    }

    private func find(_ emitted: EmittedArtifact) throws(ServiceError) -> Made {
        switch emitted.form {
        case .reference: return Made(emitted: emitted, digest: nil, size: nil, isHostMade: false)
        case .directory:
            _ = try open(emitted.path, O_RDONLY | O_DIRECTORY)
            return Made(emitted: emitted, digest: nil, size: nil, isHostMade: false)
        case .file:
            if let archive = written[emitted.path] {
                try compare(emitted, digest: archive.digest, size: archive.size)
                return Made(emitted: emitted, digest: archive.digest, size: archive.size, isHostMade: true)
            }
            return try hash(emitted)
        }
    }

    private func hash(_ emitted: EmittedArtifact) throws(ServiceError) -> Made {
        let file = try open(emitted.path, O_RDONLY | O_NONBLOCK)
        let digest: Digest
        let size: Int64
        do {
            guard try file.status().kind == .file else {
                throw ServiceError(.invalid, "the artifact '\(emitted.path)' is no regular file")
            }
            digest = try Digest.sha256(ofFile: file)
            size = try file.status().size
        } catch let error as ServiceError { throw error } catch {
            throw ServiceError(.io, "cannot read the artifact '\(emitted.path)': \(error)")
        }
        try compare(emitted, digest: digest, size: size)
        return Made(emitted: emitted, digest: digest, size: size, isHostMade: false)
    }

    private func open(_ path: String, _ flags: CInt) throws(ServiceError) -> FileDescriptor {
        do throws(SystemError) {
            let directory = try FileDescriptor.open(outDirectory, O_RDONLY | O_DIRECTORY)
            return try directory.openBeneath(Array(path.utf8), flags)
        } catch {
            if error.errno == .noSuchFile {
                throw ServiceError(.notFound, "the plugin announced '\(path)', but did not write it")
            }
            throw ServiceError(.invalid, "the artifact '\(path)' cannot be taken: \(error.errno)")
        }
    }

    private func compare(_ emitted: EmittedArtifact, digest: Digest, size: Int64) throws(ServiceError) {
        if emitted.size != 0 && emitted.size != UInt64(size) {
            throw ServiceError(.digest, "'\(emitted.path)' has \(size) bytes, the plugin said \(emitted.size)")
        }
        if !emitted.digest.isEmpty && emitted.digest != "\(digest)" {
            throw ServiceError(.digest, "'\(emitted.path)' is \(digest), the plugin said \(emitted.digest)")
        }
    }
}
