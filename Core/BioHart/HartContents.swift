// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioPackage

/// The members of an artifact's payload, streamed, each checked to be the package's own.
package struct HartContents: ~Copyable {
    private let path: String
    private let metafileLimit: Int
    private var reader: PayloadReader
    private var layout: PayloadLayout
    /// The metafiles passed so far, FILES left out.
    private var metafiles: [MetaFile: [UInt8]] = [:]

    init(path: String, reader: consuming PayloadReader, metafileLimit: Int) {
        self.path = path
        self.reader = reader
        self.metafileLimit = metafileLimit
        layout = PayloadLayout(path: path)
    }

    /// The next member and where it is; nil at the end, which is checked too.
    package mutating func next() throws(HartError) -> (member: TarMember, place: PayloadLayout.Place)? {
        let member: TarMember?
        do throws(ArchiveError) { member = try reader.next() } catch { throw .payload(path: path, error) }
        guard let member else { return nil }
        return (member, try layout.place(member))
    }

    /// The next piece of the current member's body, valid until the next call; nil at its end.
    package mutating func nextBlock() throws(HartError) -> UnsafeRawBufferPointer? {
        do throws(ArchiveError) { return try reader.nextBlock() } catch { throw .payload(path: path, error) }
    }

    /// Reads all members and gives what the metafiles among them say. IDENT and TARGET must be there, and IDENT must
    /// name the directory it lies in.
    package consuming func metadata() throws(HartError) -> PackageMetadata {
        // Once the package is known to be for Linux, no name can be in the way of another.
        var folded: FoldedNames? = FoldedNames()
        while let (member, place) = try next() {
            folded?.add(member.path)
            guard case .inside(let relative) = place,
                let file = MetaFile(rawValue: String(decoding: relative, as: UTF8.self)), file != .files
            else { continue }
            try take(file, member)
            if file == .target && isForLinux { folded = nil }
        }
        if let collision = folded?.collision {
            throw .namesCollide(path: path, first: collision.first, second: collision.second)
        }
        let prefix = try layout.finish()
        for required in [MetaFile.ident, .target] where metafiles[required] == nil {
            throw .metafileMissing(path: path, required)
        }
        do throws(MetadataError) { return try PackageMetadata(ident: prefix, files: metafiles) } catch {
            if case .identMismatch(let found, let expected) = error {
                throw .identMismatch(path: path, ident: found, prefix: expected)
            }
            throw .metadata(path: path, error)
        }
    }

    /// Whether TARGET, which has just been read, says so. What is no target is named later.
    private var isForLinux: Bool {
        String(decoding: metafiles[.target] ?? [], as: UTF8.self).contains("-linux")
    }

    private mutating func take(_ file: MetaFile, _ member: TarMember) throws(HartError) {
        if metafiles[file] != nil { throw .metafileTwice(path: path, file) }
        guard member.kind == .file else { throw .metafileKind(path: path, file, kind: member.kind.noun) }
        do throws(ArchiveError) { metafiles[file] = try reader.body(limit: metafileLimit) } catch {
            if case .tooLarge(.bodyBytes, _) = error {
                throw .metafileTooLarge(path: path, file, limit: metafileLimit)
            }
            throw .payload(path: path, error)
        }
    }
}

extension HartArchive {
    /// Begins to read the payload's members. Whether they are what was signed, `verify` tells.
    package func contents(limits: Limits = .unverified) throws(HartError) -> HartContents {
        let source = try payload()
        do throws(ArchiveError) {
            let reader = try PayloadReader(source, limits: limits.payload, cancellation: cancellation)
            return HartContents(path: path, reader: reader, metafileLimit: limits.metafileBytes)
        } catch { throw .payload(path: path, error) }
    }

    /// What the payload's metafiles say. Reads the whole payload, so every member has been checked.
    package func metadata(limits: Limits = .unverified) throws(HartError) -> PackageMetadata {
        try contents(limits: limits).metadata()
    }
}
