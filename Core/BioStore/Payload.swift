// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioHart
import BioPackage
import BioSystem
import Glibc

/// The payload of one artifact, read once from front to back: first as far as the package's name, then into a
/// directory.
struct Payload: ~Copyable {
    /// What was written.
    struct Extracted {
        /// The package's directory in the payload, `hab/pkgs/O/N/V/R`.
        let prefix: [UInt8]
        /// In archive order; the directories that the payload implies but does not mention come last.
        let entries: [ExtractedEntry]
    }

    private let artifact: String
    private var reader: PayloadReader
    private var layout: PayloadLayout
    private var pending: (member: TarMember, place: PayloadLayout.Place)?

    init(
        _ archive: borrowing HartArchive, _ digests: VerifiedSource<FileSource>.Digests,
        for installer: PackageInstaller
    ) throws(StoreError) {
        artifact = archive.path
        layout = PayloadLayout(path: archive.path, flavour: installer.store.root.flavour)
        let header: [UInt8]
        let source: FileSource
        do throws(SystemError) {
            header = try Self.header(of: archive)
            source = try FileSource(archive.file, from: archive.header.payloadOffset, path: archive.path,
                cancellation: archive.cancellation)
        } catch { throw .system(error) }
        do throws(ArchiveError) {
            reader = try PayloadReader(
                VerifiedSource(source, header: header, digests: digests), limits: installer.limits.payload,
                decoderThreads: installer.decoderThreads)
        } catch { throw .hart(.payload(path: archive.path, error)) }
    }

    private static func header(of archive: borrowing HartArchive) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Int(archive.header.payloadOffset))
        let (file, size) = (archive.file.rawValue, bytes.count)
        let count = bytes.withUnsafeMutableBytes { pread(file, $0.baseAddress, size, 0) }
        guard count == size else { throw SystemError("read", archive.path) }
        return bytes
    }

    /// The package that the payload's directories name. Directories above it are passed.
    mutating func learnIdent() throws(StoreError) -> QualifiedIdent {
        while layout.ident == nil {
            guard let found = try next() else { break }
            pending = found
        }
        do throws(HartError) { return try layout.finish() } catch { throw .hart(error) }
    }

    /// Writes the package's directory, and nothing else, below the directory `path`, which must be empty.
    consuming func extract(into path: String) throws(StoreError) -> Extracted {
        _ = try learnIdent()
        guard let first = pending else { preconditionFailure("a known package has a member") }
        let slash = UInt8(ascii: "/")
        let prefix = Array(first.member.path.split(separator: slash).prefix(6).joined(separator: [slash]))
        var extractor = try makeExtractor(path)
        var entries: [ExtractedEntry] = []
        var upcoming: (member: TarMember, place: PayloadLayout.Place)? = first
        while let (member, place) = upcoming {
            // The directories above are the store's, not the payload's to shape.
            if place != .above { entries.append(try write(member, &extractor)) }
            upcoming = try next()
        }
        let implied: [ExtractedEntry]
        do throws(ArchiveError) { implied = try extractor.finish() } catch { throw failure(error) }
        entries += implied.filter { $0.path.starts(with: prefix) }
        return Extracted(prefix: prefix, entries: entries)
    }

    private mutating func write(
        _ member: TarMember, _ extractor: inout TreeExtractor
    ) throws(StoreError) -> ExtractedEntry {
        do throws(ArchiveError) { return try extractor.extract(member, from: &reader) } catch { throw failure(error) }
    }

    private func makeExtractor(_ path: String) throws(StoreError) -> TreeExtractor {
        do throws(ArchiveError) { return try TreeExtractor(into: try Self.open(path), path: path) } catch {
            throw failure(error)
        }
    }

    private static func open(_ path: String) throws(ArchiveError) -> FileDescriptor {
        do throws(SystemError) { return try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW) } catch {
            throw .system(error)
        }
    }

    /// A full disk is not the payload's fault.
    private func failure(_ error: ArchiveError) -> StoreError {
        if case .system = error { return .extraction(artifact: artifact, error) }
        return .hart(.payload(path: artifact, error))
    }

    private mutating func next() throws(StoreError) -> (member: TarMember, place: PayloadLayout.Place)? {
        let member: TarMember?
        do throws(ArchiveError) { member = try reader.next() } catch { throw failure(error) }
        guard let member else { return nil }
        do throws(HartError) { return (member, try layout.place(member)) } catch { throw .hart(error) }
    }
}
