// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioCrypto
package import BioHart
import BioPackage
package import BioStore
import BioSystem

/// One trick that an artifact may play, and what is said of it (docs/reference/refused-archives.md).
package struct HostileArtifact: Sendable, CustomStringConvertible {
    /// Where the trick is, from the outside in.
    package enum Layer: String, Sendable, CaseIterable {
        case header = "The artifact's header and signature"
        case compression = "The compression of the payload"
        case archive = "The archive as a whole"
        case tarHeader = "Tar headers"
        case extensions = "Pax and GNU headers"
        case names = "Names"
        case kinds = "Kinds of members"
        case links = "Links"
        case duplicates = "Members that contradict each other"
        case package = "What a package is made of"
    }

    /// How the artifact comes to be.
    package enum Recipe: Sendable {
        /// Members behind those of an honest package; gets the package's directory.
        case members(@Sendable (inout RawTar, String) -> Void)
        case fixture(@Sendable (inout PackageFixture) -> Void)
        /// The honest package's tar, changed before it is compressed and signed.
        case tar(@Sendable ([UInt8]) -> [UInt8])
        /// The compressed tar, changed before it is signed.
        case payload(@Sendable ([UInt8]) throws -> [UInt8])
        /// The signed artifact, changed; gets another one, too, that is signed by the same key.
        case artifact(@Sendable ([UInt8], _ other: [UInt8]) throws -> [UInt8])
        /// Signed with the key of this origin.
        case signedBy(String)
        /// The 64 bytes that are signed are no digest.
        case signedText([UInt8])
    }

    /// What the commands other than `install` make of it.
    package enum Elsewhere: Sendable {
        /// The same as `install`.
        case same
        /// It is not what the command looks at.
        case unseen
        case other(@Sendable (String) -> StoreError)
    }

    package let name: String
    package let what: String
    package let layer: Layer
    package let recipe: Recipe
    /// The refusal, given the artifact's path.
    package let error: @Sendable (String) -> StoreError
    /// `pkg verify` is about the signature, and only header and signature concern it.
    package var verify: Elsewhere { layer == .header ? own : .unseen }
    /// `pkg info` reads every member, but holds none against another.
    package private(set) var info: Elsewhere
    package let limits: HartArchive.Limits
    private let own: Elsewhere

    package init(
        _ name: String, _ what: String, _ layer: Layer, _ recipe: Recipe, info: Elsewhere = .same,
        verify: Elsewhere = .same, limits: HartArchive.Limits = .verified,
        error: @escaping @Sendable (String) -> StoreError
    ) {
        self.name = name
        self.what = what
        self.layer = layer
        self.recipe = recipe
        self.error = error
        self.info = info
        self.limits = limits
        own = verify
    }

    /// A trick of the payload, which `error` names.
    package init(
        _ name: String, _ what: String, _ layer: Layer, payload error: ArchiveError, info: Elsewhere = .same,
        limits: HartArchive.Limits = .verified, _ recipe: Recipe
    ) {
        self.init(name, what, layer, recipe, info: info, limits: limits) { .hart(.payload(path: $0, error)) }
    }

    /// Members behind those of an honest package.
    package init(
        _ name: String, _ what: String, _ layer: Layer, payload error: ArchiveError, info: Elsewhere = .same,
        members: @escaping @Sendable (inout RawTar, String) -> Void
    ) {
        self.init(name, what, layer, payload: error, info: info, .members(members))
    }

    /// The same trick, when `pkg info` makes something else of it.
    package func seenByInfo(_ info: Elsewhere) -> HostileArtifact {
        var changed = self
        changed.info = info
        return changed
    }

    package var description: String { name }

    /// The refusal of the artifact in `path`, when the keys are in `ring`.
    package func error(_ path: String, ring: KeyRing) -> StoreError { Self.placed(error(path), in: ring) }

    /// The same for what another command makes of it; nil when it does not notice.
    package func error(_ path: String, ring: KeyRing, of elsewhere: Elsewhere) -> StoreError? {
        switch elsewhere {
        case .same: error(path, ring: ring)
        case .unseen: nil
        case .other(let error): Self.placed(error(path), in: ring)
        }
    }

    private static func placed(_ error: StoreError, in ring: KeyRing) -> StoreError {
        guard case .hart(.keyMissing(let path, let name, _)) = error else { return error }
        return .hart(.keyMissing(path: path, name, keyPath: ring.path(of: name, .signingPublic)))
    }

    /// What `bio` ends with: 4 for what must not be trusted, else 1.
    package static func exitCode(of error: StoreError) -> Int32 {
        if case .hart(let cause) = error, cause.isDistrust { 4 } else { 1 }
    }

    /// The honest package that the tricks are played on.
    package static let ident = "acme/hello/1.0.0/20260101000000"
    package static let prefix = "hab/pkgs/" + ident
    /// Where the honest package's members end in its tar.
    package static let end = Int64(PackageFixture(ident).tar().count - 1024)

    /// Writes the artifact as `name.hart` into `directory`, which must be there, and returns its path. `keys` are of
    /// the origin `acme`.
    package func write(into directory: String, keys: TestKeys) throws -> String {
        let path = "\(directory)/\(name).hart"
        try keys.addKey(of: "mallory")
        var fixture = PackageFixture(Self.ident)
        switch recipe {
        case .members(let extra):
            fixture.extra = extra
            try Self.sign(try fixture.payload(), to: path, keys)
        case .fixture(let change):
            change(&fixture)
            try Self.sign(try fixture.payload(), to: path, keys)
        case .tar(let change): try Self.sign(try Self.compressed(change(fixture.tar())), to: path, keys)
        case .payload(let change): try Self.sign(try change(try fixture.payload()), to: path, keys)
        case .artifact(let change):
            try Self.sign(try fixture.payload(), to: path, keys)
            var other = fixture
            other.files = [PackageFixture.File("bin/other", "other")]
            try Self.sign(try other.payload(), to: path + ".other", keys)
            let bytes = try change(try contents(of: path), try contents(of: path + ".other"))
            try AtomicFile.write(bytes, to: path)
        case .signedBy(let origin): try Self.sign(try fixture.payload(), to: path, keys, origin: origin)
        case .signedText(let text):
            let signature = try keys.ring.secretKey(keys.name).sign(text)
            let encoded = signature.withUnsafeBytes { Base64.encode($0) }
            let header = "HART-1\n\(keys.name)\nBLAKE2b\n\(encoded)\n\n"
            try AtomicFile.write(Array(header.utf8) + (try fixture.payload()), to: path)
        }
        return path
    }

    package static func compressed(
        _ tar: [UInt8], _ compression: Compression = .xz
    ) throws -> [UInt8] {
        try BioTestSupport.compressed(tar, compression, threads: 1)
    }

    private static func sign(
        _ payload: [UInt8], to path: String, _ keys: TestKeys, origin: String = "acme"
    ) throws {
        let source = path + ".payload"
        try AtomicFile.write(payload, to: source)
        defer { try? Directory.remove(source) }
        try keys.sign(source, to: path, origin: origin)
    }
}
