// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioSystem
import Glibc

/// What a plugin has announced and made. Plan and run must agree, and what is announced must be there. Names are
/// compared as bytes, as file systems do: two that only look alike are two.
struct ArtifactLedger {
    /// One entry of the run: the announcement, and what the host found; of the plugin's own files only once sealed.
    struct Made {
        let emitted: EmittedArtifact
        let digest: Digest?
        let size: Int64?
        /// The host's own file lies in the directory of made archives, the plugin's in its output directory.
        let isHostMade: Bool
        /// Of one that is shown, what it says.
        var shownText: String?
    }

    private(set) var planned: [EmittedArtifact] = []
    private(set) var made: [Made] = []
    /// Archives that host services wrote, by the bytes of their paths.
    private var written: [[UInt8]: WrittenArchive] = [:]
    private let kinds: [String]
    private let outDirectory: String
    private let userName: String?
    private let cancellation: Cancellation
    /// What names of sidecars begin with that may replace a file.
    private let ownNames: [String]

    static let most = 256
    /// Bytes of a reference, and of a media type.
    static let longestName = 1024
    /// Bytes of an artifact that is shown.
    static let longestShown = 1 << 20

    /// `userName` is what the user wants the primary artifact to be called; `packages` are `origin-name-version-release`
    /// of those that he named.
    init(
        kinds: [String], outDirectory: String, userName: String? = nil, packages: [String] = [],
        cancellation: Cancellation = .never
    ) {
        self.cancellation = cancellation
        ownNames = [userName].compactMap { $0 } + packages
        self.kinds = kinds
        self.outDirectory = outDirectory
        self.userName = userName
    }

    mutating func plan(_ announced: EmittedArtifact) throws(ServiceError) {
        try check(announced)
        let emitted = withRights(announced)
        guard planned.count < Self.most else {
            throw ServiceError(.limit, "the plugin plans more than \(Self.most) artifacts")
        }
        if emitted.isShown && planned.contains(where: \.isShown) {
            throw ServiceError(.invalid, "the plugin shows '\(Self.name(emitted))' and another artifact")
        }
        for other in planned {
            if Self.isSame(other, emitted) {
                throw ServiceError(.exists, "the plugin plans '\(Self.name(emitted))' twice")
            }
            if Self.isBelow(emitted, other) || Self.isBelow(other, emitted) {
                throw ServiceError(
                    .exists, "the plugin plans both '\(other.path)' and '\(emitted.path)', one inside the other")
            }
        }
        planned.append(emitted)
    }

    /// A name that says what it is of can only be what an export made before; any other could be a file of the user's.
    private func withRights(_ announced: EmittedArtifact) -> EmittedArtifact {
        var emitted = announced
        emitted.replaces = ownNames.contains { name in
            guard !name.isEmpty, announced.path.utf8.starts(with: name.utf8) else { return false }
            let next = announced.path.utf8.dropFirst(name.utf8.count).first
            return next == nil || next == UInt8(ascii: ".") || next == UInt8(ascii: "-")
        }
        return emitted
    }

    /// Why the plan is not one; nil when it is. An image that the host makes is primary.
    func planProblem(withImage: Bool) -> String? {
        let primaries = planned.count { $0.role == .primary } + (withImage ? 1 : 0)
        return primaries == 1 ? nil : "its plan has \(primaries) primary artifacts, one is needed"
    }

    mutating func wrote(_ archive: WrittenArchive, to path: String) { written[Array(path.utf8)] = archive }

    /// Refuses a second archive at `path`, and more of them than an export can have artifacts.
    func checkWritten(_ path: String) throws(ServiceError) {
        guard written[Array(path.utf8)] == nil else {
            throw ServiceError(.exists, "the plugin wrote '\(path)' twice")
        }
        guard written.count < Self.most else {
            throw ServiceError(.limit, "the plugin wrote more than \(Self.most) archives")
        }
    }

    mutating func make(_ announced: EmittedArtifact) throws(ServiceError) {
        try check(announced)
        let emitted = withRights(announced)
        let name = Self.name(emitted)
        guard
            planned.contains(where: {
                Self.isSame($0, emitted) && $0.role == emitted.role && $0.form == emitted.form
                    && $0.isShown == emitted.isShown
                    && $0.kind.utf8.elementsEqual(emitted.kind.utf8)
            })
        else { throw ServiceError(.invalid, "the plugin emitted '\(name)', which it had not planned so") }
        guard !made.contains(where: { Self.isSame($0.emitted, emitted) }) else {
            throw ServiceError(.exists, "the plugin emitted '\(name)' twice")
        }
        made.append(try find(emitted))
    }

    /// What was planned and not made.
    var missing: [String] {
        planned.filter { planned in !made.contains { Self.isSame($0.emitted, planned) } }.map(Self.name)
    }

    static func name(_ emitted: EmittedArtifact) -> String {
        emitted.form == .reference ? emitted.reference : emitted.path
    }

    private static func isSame(_ one: EmittedArtifact, _ other: EmittedArtifact) -> Bool {
        name(one).utf8.elementsEqual(name(other).utf8)
    }

    private static func isBelow(_ inner: EmittedArtifact, _ outer: EmittedArtifact) -> Bool {
        inner.form != .reference && outer.form != .reference && inner.path.utf8.starts(with: (outer.path + "/").utf8)
    }

    /// What was made. The plugin's own files and directories are checked and hashed only here, when its process and
    /// what that started in its process group have ended. A process that left the group could still write: it runs as
    /// the user, from whom nothing here is safe.
    func sealed() throws(ServiceError) -> [Made] {
        try made.map { (made) throws(ServiceError) in
            switch made.emitted.form {
            case .reference: return made
            case .file where made.isHostMade: return made
            case .file:
                let (digest, size) = try hash(made.emitted)
                return Made(
                    emitted: made.emitted, digest: digest, size: size, isHostMade: false,
                    shownText: try shownText(made.emitted, size))
            case .directory:
                var seal = DirectorySeal(made.emitted.path, cancellation)
                let digest = try seal.seal(try open(made.emitted.path, O_RDONLY | O_DIRECTORY))
                return Made(emitted: made.emitted, digest: digest, size: nil, isHostMade: false)
            }
        }
    }

    // MARK: - Checking

    private func check(_ emitted: EmittedArtifact) throws(ServiceError) {
        guard kinds.contains(where: { $0.utf8.elementsEqual(emitted.kind.utf8) }) else {
            throw ServiceError(.invalid, "an artifact is of the kind '\(emitted.kind)', which the format does not name")
        }
        guard emitted.reference.utf8.count <= Self.longestName, emitted.mediaType.utf8.count <= Self.longestName else {
            throw ServiceError(
                .limit, "an artifact has a reference or media type of more than \(Self.longestName) bytes")
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
            try checkPath(emitted.path)
        }
        if emitted.isShown && (emitted.form != .file || written[Array(emitted.path.utf8)] != nil) {
            throw ServiceError(.invalid, "'\(Self.name(emitted))' cannot be shown: only a file of text can")
        }
        if emitted.form == .directory, !emitted.digest.isEmpty || emitted.size != 0 {
            throw ServiceError(.invalid, "the artifact '\(emitted.path)' is a directory and claims a digest or size")
        }
        if !emitted.digest.isEmpty, (try? Digest(parsing: emitted.digest))?.algorithm != .sha256 {
            throw ServiceError(.invalid, "'\(emitted.digest)' is no SHA-256 digest")
        }
    }

    /// A path stays inside the output directory, and hides nothing there unless the user named it so.
    func checkPath(_ path: String) throws(ServiceError) {
        let bytes = Array(path.utf8)
        guard let plain = try? MemberPath.plain(bytes), plain == bytes else {
            throw ServiceError(
                .invalid, "the artifact path '\(MemberPath.text(bytes))' leaves the output directory or is no path")
        }
        guard bytes.first != 0x2D else {
            throw ServiceError(.invalid, "the artifact path '\(path)' begins with a dash")
        }
        if let userName, userName.utf8.elementsEqual(bytes) { return }
        guard !bytes.split(separator: 0x2F).contains(where: { $0.first == 0x2E }) else {
            throw ServiceError(.invalid, "the artifact path '\(path)' has a name that begins with a dot")
        }
    }

    /// Opens what lies at `path`, whoever wrote it; a regular file, or it is refused.
    func open(_ path: String, in workspace: ExportWorkspace, for what: String) throws(ServiceError) -> FileDescriptor {
        try checkPath(path)
        let file: FileDescriptor
        do throws(SystemError) {
            file = try FileDescriptor.open(directory(of: path, in: workspace), O_RDONLY | O_DIRECTORY)
                .openBeneath(Array(path.utf8), O_RDONLY | O_NONBLOCK)
        } catch {
            guard error.errno == .noSuchFile else {
                throw ServiceError(.invalid, "'\(path)' cannot be \(what): \(error.errno)")
            }
            throw ServiceError(.notFound, "'\(path)' is to be \(what) and is not there")
        }
        _ = try size(of: file, path)
        return file
    }

    private func directory(of path: String, in workspace: ExportWorkspace) -> String {
        written[Array(path.utf8)] == nil ? outDirectory : workspace.madeDirectory
    }

    private func find(_ emitted: EmittedArtifact) throws(ServiceError) -> Made {
        switch emitted.form {
        case .reference: return Made(emitted: emitted, digest: nil, size: nil, isHostMade: false)
        case .directory:
            _ = try open(emitted.path, O_RDONLY | O_DIRECTORY)
            return Made(emitted: emitted, digest: nil, size: nil, isHostMade: false)
        case .file:
            if let archive = written[Array(emitted.path.utf8)] {
                try compare(emitted, digest: archive.digest, size: archive.size)
                return Made(emitted: emitted, digest: archive.digest, size: archive.size, isHostMade: true)
            }
            // What the plugin claims is held against the file at once, so that it learns which call was wrong.
            if emitted.digest.isEmpty {
                try compare(emitted, digest: nil, size: try size(of: try open(emitted.path), emitted.path))
            } else {
                _ = try hash(emitted)
            }
            return Made(emitted: emitted, digest: nil, size: nil, isHostMade: false)
        }
    }

    private func hash(_ emitted: EmittedArtifact) throws(ServiceError) -> (Digest, Int64) {
        let file = try open(emitted.path)
        let size = try size(of: file, emitted.path)
        let digest: Digest
        do throws(SystemError) { digest = try Digest.sha256(ofFile: file, cancellation: cancellation) } catch {
            if error.errno == .cancelled { throw ServiceError(.cancelled, "the user asked to stop") }
            throw ServiceError(.io, "cannot read the artifact '\(emitted.path)': \(error)")
        }
        try compare(emitted, digest: digest, size: size)
        return (digest, size)
    }

    private func shownText(_ emitted: EmittedArtifact, _ size: Int64) throws(ServiceError) -> String? {
        guard emitted.isShown else { return nil }
        guard size <= Int64(Self.longestShown) else {
            throw ServiceError(
                .limit, "'\(emitted.path)' is to be shown and has \(size) bytes, at most \(Self.longestShown) can be")
        }
        let bytes: [UInt8]
        do { bytes = try open(emitted.path).readToEnd(limit: Self.longestShown, size: size) } catch {
            throw ServiceError(.io, "cannot read the artifact '\(emitted.path)': \(error)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ServiceError(.invalid, "'\(emitted.path)' is to be shown and is not UTF-8")
        }
        return text
    }

    private func size(of file: borrowing FileDescriptor, _ path: String) throws(ServiceError) -> Int64 {
        let status: FileStatus
        do throws(Errno) { status = try file.status() } catch {
            throw ServiceError(.io, "cannot look at the artifact '\(path)': \(error)")
        }
        guard status.kind == .file else {
            throw ServiceError(.invalid, "the artifact '\(path)' is no regular file")
        }
        return status.size
    }

    private func open(_ path: String, _ flags: CInt = O_RDONLY | O_NONBLOCK) throws(ServiceError) -> FileDescriptor {
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

    private func compare(_ emitted: EmittedArtifact, digest: Digest?, size: Int64) throws(ServiceError) {
        if emitted.size != 0 && emitted.size != UInt64(size) {
            throw ServiceError(.digest, "'\(emitted.path)' has \(size) bytes, the plugin said \(emitted.size)")
        }
        if let digest, !emitted.digest.isEmpty, emitted.digest != "\(digest)" {
            throw ServiceError(.digest, "'\(emitted.path)' is \(digest), the plugin said \(emitted.digest)")
        }
    }
}
