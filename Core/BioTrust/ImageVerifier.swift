// SPDX-License-Identifier: Apache-2.0

package import BioArchive
import BioCrypto
import BioExport
package import BioOCI
import BioPackage
package import BioStore
import BioSystem

/// Walks an image from its layers to the packages in them and on to the keys that signed those.
///
/// Which packages a layer holds is read from its paths; what the image says of it must agree. Each member is held
/// against what the package's signed artifact makes of it, and the tar against the recipe: a layer that passes has the
/// diff id that bio would give it, made again from the evidence. Layers that an engine does not give are made again
/// from the installed packages.
package struct ImageVerifier {
    private let search: EvidenceSearch
    private let installed: PackageBytes
    private let paths: PackagePaths
    private let limits: PayloadReader.Limits
    private let cancellation: Cancellation
    private let progress: (Int64) -> Void
    private var known: KnownFiles
    private var used = PayloadReader.Limits(totalBytes: 0, members: 0, pathBytes: 0)

    /// - Parameters:
    ///   - installer: see `EvidenceSearch`.
    ///   - limits: what all layers together may hold.
    ///   - progress: called with the stored bytes of each layer that has been read and is as long as it is listed.
    package init(
        _ installer: PackageInstaller, readsArtifacts: Bool, limits: PayloadReader.Limits = ImageFiles.limits,
        progress: @escaping (Int64) -> Void = { _ in }
    ) {
        search = EvidenceSearch(installer, readsArtifacts: readsArtifacts)
        installed = PackageBytes(root: installer.store.root.path)
        paths = PackagePaths(installer.store.root.flavour)
        known = KnownFiles(paths)
        self.limits = limits
        cancellation = installer.cancellation
        self.progress = progress
    }

    /// All layers of `image`, bottom up. Throws what the machine or the place fails with, and cancellation; what is
    /// wrong with the image is in the result.
    package mutating func layers(of image: StoredImage, in source: any ImageSource) throws -> [VerifiedLayer] {
        known = KnownFiles(paths)
        used = PayloadReader.Limits(totalBytes: 0, members: 0, pathBytes: 0)
        let steps = image.configuration.history.filter { !$0.isEmptyLayer }
        let targets = PackageTarget.allCases.filter { Platform($0) == image.configuration.platform.plain }
        var found: [VerifiedLayer] = []
        for (index, layer) in image.layers.enumerated() {
            let isOurs = steps.count == image.layers.count && steps[index].createdBy?.hasPrefix(Image.maker) == true
            let isOnly = image.layers.count == 1
            found.append(try verify(layer, in: source, isOurs: isOurs, isOnly: isOnly, targets))
        }
        return found
    }

    private mutating func verify(
        _ layer: StoredImage.Layer, in source: any ImageSource, isOurs: Bool, isOnly: Bool, _ targets: [PackageTarget]
    ) throws -> VerifiedLayer {
        do {
            guard let bytes = try source.openLayer(layer) else { return try unread(layer, isOurs: isOurs, targets) }
            let contents = try read(bytes)
            progress(layer.descriptor?.size ?? 0)
            return try judge(contents, layer, isOurs: isOurs, isOnly: isOnly, targets)
        } catch {
            guard let text = Self.damage(error) else { throw error }
            // Nobody reads on in layers that hold more than any image.
            if case ArchiveError.tooLarge = error { used = limits }
            var damaged = VerifiedLayer(layer, isOurs: isOurs, isRead: true)
            damaged.problems.append(.damaged(text))
            return damaged
        }
    }

    /// What of an error is the layer's; nil: it is the machine's, or the user's wish.
    private static func damage(_ error: any Error) -> String? {
        switch error {
        case let error as ArchiveError:
            switch error {
            case .cancelled, .system, .libraryMissing, .notDelivered: nil
            default: "it cannot be read: \(error)"
            }
        case let error as ImageError:
            switch error {
            case .blobMissing, .blobSize, .blobDigest, .notAFile, .memberMissing, .memberKind: "\(error)"
            default: nil
            }
        default: nil
        }
    }

    private mutating func read(_ bytes: any ByteSource) throws(ArchiveError) -> LayerContents {
        let left = PayloadReader.Limits(
            totalBytes: limits.totalBytes - used.totalBytes, members: limits.members - used.members,
            pathBytes: limits.pathBytes - used.pathBytes)
        let contents = try LayerContents(bytes, limits: left, cancellation: cancellation)
        used.totalBytes += contents.tarSize
        used.members += Int64(contents.members.count)
        used.pathBytes += contents.pathBytes
        return contents
    }

    // MARK: - Layers that were read

    private mutating func judge(
        _ contents: LayerContents, _ layer: StoredImage.Layer, isOurs: Bool, isOnly: Bool, _ targets: [PackageTarget]
    ) throws -> VerifiedLayer {
        var result = VerifiedLayer(layer, isOurs: isOurs, isRead: true)
        if contents.diffID != layer.diffID { result.problems.append(.otherContent(found: contents.diffID)) }
        let idents = known.idents(in: contents)
        checkClaims(of: layer, holding: idents, in: &result)
        for ident in idents where !known.holds(ident) {
            result.packages.append(try package(ident, targets))
        }
        for place in result.packages.indices {
            do { try known.add(result.packages[place]) } catch let error as ServiceError {
                let ident = result.packages[place].ident
                result.packages[place] = .init(ident: ident, answer: .distrusted("it makes no layer: \(error)"))
                try known.add(result.packages[place])
            }
        }
        let isBios = isOurs || !result.packages.isEmpty
        if isBios, contents.recipeDiffID != contents.diffID { result.problems.append(.otherTar) }
        try known.compare(contents, isOnly: isOnly, cancellation, into: &result)
        return result
    }

    private func checkClaims(
        of layer: StoredImage.Layer, holding idents: [QualifiedIdent], in result: inout VerifiedLayer
    ) {
        // Other places, and other tools, do not say what is in a layer.
        if layer.packages.isEmpty { return }
        let found = idents.map { "\($0)" }
        let absent = layer.packages.filter { !found.contains($0) }
        let unsaid = found.filter { !layer.packages.contains($0) }
        if !absent.isEmpty || !unsaid.isEmpty {
            result.problems.append(.claim(absent: absent, unsaid: unsaid))
        }
    }

    private func package(_ ident: QualifiedIdent, _ targets: [PackageTarget]) throws -> VerifiedLayer.Package {
        var answer = EvidenceSearch.Answer.unknown("no package is for the platform of the image")
        for target in targets {
            answer = try search.answer(for: ident, target: target)
            if case .unknown = answer { continue }
            break
        }
        return VerifiedLayer.Package(ident: ident, answer: answer)
    }

    // MARK: - Layers that an engine has

    private mutating func unread(
        _ layer: StoredImage.Layer, isOurs: Bool, _ targets: [PackageTarget]
    ) throws -> VerifiedLayer {
        var result = VerifiedLayer(layer, isOurs: isOurs, isRead: false)
        for claim in layer.packages {
            guard let ident = try? QualifiedIdent(parsing: claim) else {
                result.problems.append(.claim(absent: [claim], unsaid: []))
                continue
            }
            result.packages.append(try package(ident, targets))
        }
        if result.packages.isEmpty { result.problems.append(.unseen) }
        let evidence = result.packages.compactMap(\.evidence)
        guard !evidence.isEmpty, evidence.count == result.packages.count else { return result }
        do {
            let packages = PackageLayers(evidence.map(\.package), bytes: installed)
            let found = try packages.commonDiffID(of: evidence.count, cancellation: cancellation)
            if found != layer.diffID { result.problems.append(.otherDigest(found)) }
        } catch let error as ServiceError {
            guard error.code == .digest else { throw error }
            // Not installed, or not as its artifact has it: what it would be cannot be told.
            result.packages = result.packages.map {
                VerifiedLayer.Package(ident: $0.ident, answer: .unknown("its layer cannot be made again: \(error)"))
            }
        }
        return result
    }
}

extension Platform {
    /// Without the variant, which packages do not know.
    fileprivate var plain: Platform { Platform(os: os, architecture: architecture) }
}
