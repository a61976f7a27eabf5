// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioHart
import BioPackage
import BioSystem
import Glibc

/// The payload of one artifact, read once from front to back: first as far as the package's name, then into a
/// directory or just past the eyes.
struct Payload: ~Copyable {
    /// What the payload holds of the package.
    struct Tree {
        /// The package's directory in the payload, `hab/pkgs/O/N/V/R`.
        let prefix: [UInt8]
        /// In archive order; the directories that the payload implies but does not mention come last.
        let entries: [ExtractedEntry]

        /// `entries` and the directories in `prefix` among `implied`.
        init(prefix: [UInt8], entries: [ExtractedEntry], implied: [ExtractedEntry]) {
            self.prefix = prefix
            self.entries = entries + implied.filter { $0.path.starts(with: prefix) }
        }
    }

    private typealias Found = (member: TarMember, place: PayloadLayout.Place)

    private let artifact: String
    private let limits: HartArchive.Limits
    private var reader: PayloadReader
    private var layout: PayloadLayout
    private var pending: Found?

    init(
        _ archive: borrowing HartArchive, _ passage: Passage, for installer: PackageInstaller
    ) throws(StoreError) {
        artifact = archive.path
        limits = installer.limits
        layout = PayloadLayout(path: archive.path)
        let source: FileSource
        do throws(HartError) { source = try archive.payload() } catch { throw .hart(error) }
        do throws(ArchiveError) {
            reader = try PayloadReader(
                VerifiedSource(source, header: archive.header.bytes, passage: passage), limits: limits.payload,
                decoderThreads: installer.decoderThreads, cancellation: archive.cancellation)
        } catch {
            if error == .cancelled { throw .cancelled }
            throw .hart(.payload(path: archive.path, error))
        }
    }

    /// The package that the payload's directories name, and the directory at the top. Directories above the package
    /// are passed.
    mutating func learnIdent() throws(StoreError) -> (ident: QualifiedIdent, root: String) {
        while layout.ident == nil {
            guard let found = try next() else { break }
            pending = found
        }
        do throws(HartError) { return (try layout.finish(), layout.rootDirectory) } catch { throw .hart(error) }
    }

    /// Writes the package's directory, and nothing else, below the directory `path`, which must be empty. `metafile`
    /// is told of each metafile that was written, with the path of the directory it is in; what it throws ends this.
    mutating func extract(
        into path: String, metafile: (MetaFile, String) throws(StoreError) -> Void
    ) throws(StoreError) -> Tree {
        let prefix = try prefix()
        let directory = "\(path)/\(String(decoding: prefix, as: UTF8.self))"
        var extractor = try makeExtractor(path)
        var entries: [ExtractedEntry] = []
        while let (member, place) = try following() {
            // The directories above are the store's, not the payload's to shape.
            if place == .above { continue }
            entries.append(try write(member, &extractor))
            if let file = place.metafile, member.kind == .file { try metafile(file, directory) }
        }
        let implied: [ExtractedEntry]
        do throws(ArchiveError) { implied = try extractor.finish() } catch { throw failure(error) }
        return Tree(prefix: prefix, entries: entries, implied: implied)
    }

    /// Reads the payload to its end by the same rules, writing nothing. Gives the metafiles too, FILES left out.
    mutating func survey() throws(StoreError) -> (tree: Tree, metafiles: [MetaFile: [UInt8]]) {
        let prefix = try prefix()
        var tree = MemberTree(limits: limits.payload)
        var entries: [ExtractedEntry] = []
        var metafiles: [MetaFile: [UInt8]] = [:]
        while let (member, place) = try following() {
            if place == .above { continue }
            do throws(ArchiveError) { _ = try tree.admit(member) } catch { throw failure(error) }
            if let file = place.metafile, member.kind == .file {
                let body = try body(of: file)
                metafiles[file] = body
                entries.append(ExtractedEntry(member, digest: .blake2b256(of: body)))
            } else {
                let digest = member.kind == .file ? try digestOfBody() : nil
                entries.append(ExtractedEntry(member, digest: digest))
            }
        }
        let implied = tree.implied.map(ExtractedEntry.init(implied:))
        return (Tree(prefix: prefix, entries: entries, implied: implied), metafiles)
    }

    private mutating func body(of file: MetaFile) throws(StoreError) -> [UInt8] {
        do throws(ArchiveError) { return try reader.body(limit: limits.metafileBytes) } catch {
            guard case .tooLarge(.bodyBytes, _) = error else { throw failure(error) }
            throw .hart(.metafileTooLarge(path: artifact, file, limit: limits.metafileBytes))
        }
    }

    private mutating func digestOfBody() throws(StoreError) -> Digest {
        var hasher = BLAKE2bHasher()
        do throws(ArchiveError) {
            while let block = try reader.nextBlock() { hasher.update(block) }
        } catch { throw failure(error) }
        return hasher.finalize()
    }

    private mutating func prefix() throws(StoreError) -> [UInt8] {
        _ = try learnIdent()
        return layout.ownDirectory
    }

    private mutating func write(
        _ member: TarMember, _ extractor: inout TreeExtractor
    ) throws(StoreError) -> ExtractedEntry {
        do throws(ArchiveError) { return try extractor.extract(member, from: &reader) } catch { throw failure(error) }
    }

    private func makeExtractor(_ path: String) throws(StoreError) -> TreeExtractor {
        do throws(ArchiveError) {
            return try TreeExtractor(into: try Self.open(path), path: path, limits: limits.payload)
        } catch { throw failure(error) }
    }

    private static func open(_ path: String) throws(ArchiveError) -> FileDescriptor {
        do throws(SystemError) { return try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW) } catch {
            throw .system(error)
        }
    }

    /// A full disk is not the payload's fault.
    private func failure(_ error: ArchiveError) -> StoreError {
        switch error {
        case .system: .extraction(artifact: artifact, error)
        case .cancelled: .cancelled
        default: .hart(.payload(path: artifact, error))
        }
    }

    /// The member that `learnIdent` found, and then all others.
    private mutating func following() throws(StoreError) -> Found? {
        guard let found = pending else { return try next() }
        pending = nil
        return found
    }

    private mutating func next() throws(StoreError) -> Found? {
        let member: TarMember?
        do throws(ArchiveError) { member = try reader.next() } catch { throw failure(error) }
        guard let member else { return nil }
        do throws(HartError) { return (member, try layout.place(member)) } catch { throw .hart(error) }
    }
}

extension PayloadLayout.Place {
    /// The metafile that is here, FILES left out.
    fileprivate var metafile: MetaFile? {
        // Hardly any member is one, and making a String of each would cost.
        guard case .inside(let path) = self, path.count < 64,
            let file = MetaFile(rawValue: String(decoding: path, as: UTF8.self)),
            file != .files
        else { return nil }
        return file
    }
}
