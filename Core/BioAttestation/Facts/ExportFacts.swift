// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
package import BioDocument
package import BioGraph
package import BioOCI
package import BioPackage

/// All that documents about one export are made of. The same facts make the same bytes.
package struct ExportFacts: Sendable {
    /// What was exported as a whole.
    package struct Result: Sendable {
        /// `acme/app:1.0` of an image, the name of a file.
        package var name: String
        /// Of the package it is named after.
        package var version: String
        /// Nil of what is no image.
        package var image: ImageFacts?
        /// What can be recognised by its SHA-256, the most telling first: the manifest of an image and its
        /// configuration, files.
        package var subjects: [Statement.Subject]

        package init(name: String, version: String, image: ImageFacts? = nil, subjects: [Statement.Subject]) {
            self.name = name
            self.version = version
            self.image = image
            self.subjects = subjects
        }
    }

    package struct ImageFacts: Sendable {
        package var platform: Platform
        package var reference: ImageReference?
        /// What it is called at the first registry that gets it; nil when none does.
        package var pushed: ImageReference?
        /// SHA-256; nil where no place has one.
        package var manifest: Digest?
        /// Bottom up.
        package var layers: [Layer]

        package init(
            platform: Platform, reference: ImageReference?, pushed: ImageReference? = nil, manifest: Digest?,
            layers: [Layer]
        ) {
            self.platform = platform
            self.reference = reference
            self.pushed = pushed
            self.manifest = manifest
            self.layers = layers
        }
    }

    package struct Layer: Sendable {
        package var title: String
        /// Indices of `packages`; empty of a root file system.
        package var packages: [Int]
        /// SHA-256 of the uncompressed tar.
        package var diffID: Digest
        /// As places keep it: digest and media type; nil when only an engine has it.
        package var blob: Blob?

        package struct Blob: Hashable, Sendable {
            package var digest: Digest
            package var mediaType: MediaType
            package init(digest: Digest, mediaType: MediaType) {
                self.digest = digest
                self.mediaType = mediaType
            }
        }

        package init(title: String, packages: [Int], diffID: Digest, blob: Blob?) {
            self.title = title
            self.packages = packages
            self.diffID = diffID
            self.blob = blob
        }
    }

    package struct Package: Sendable {
        package var ident: QualifiedIdent
        package var target: PackageTarget
        package var isService: Bool
        /// What was verified when it was installed; nil of a package that nobody vouches for.
        package var origin: Origin?
        /// What the metafile MANIFEST says.
        let said: ManifestFacts

        /// `manifest` is the metafile MANIFEST.
        package init(
            ident: QualifiedIdent, target: PackageTarget, isService: Bool, origin: Origin?, manifest: String?
        ) {
            self.ident = ident
            self.target = target
            self.isService = isService
            self.origin = origin
            said = ManifestFacts(manifest)
        }
    }

    /// Where a package's bytes come from.
    package struct Origin: Hashable, Sendable {
        /// BLAKE2b-256 of the whole `.hart`.
        package var artifact: Digest
        /// The origin key, `name-revision`.
        package var signer: String
        /// What stands in the artifact's header (`HartHeader.signature`, 128 bytes); nil where it is not at hand.
        package var signature: [UInt8]?

        package init(artifact: Digest, signer: String, signature: [UInt8]? = nil) {
            self.artifact = artifact
            self.signer = signer
            self.signature = signature
        }
    }

    /// Who made it: the format's plugin inside this program.
    package struct Maker: Sendable {
        /// The version of `bio`.
        package var version: String
        package var format: String
        package var pluginID: String
        package var pluginVersion: String
        /// What the user asked for, of what may be told: names and values of options, in their order.
        package var parameters: [(name: String, value: DocumentValue)]
        /// Programs of the machine that took part, in their order.
        package var tools: [String] = []

        package init(
            version: String, format: String, pluginID: String, pluginVersion: String,
            parameters: [(name: String, value: DocumentValue)]
        ) {
            self.version = version
            self.format = format
            self.pluginID = pluginID
            self.pluginVersion = pluginVersion
            self.parameters = parameters
        }
    }

    package var result: Result
    /// As in `graph`: one for each of its packages, in its order.
    package var packages: [Package]
    package var graph: DependencyGraph
    package var maker: Maker
    /// RFC 3339; from the packages or the user, never from a clock.
    package var created: String

    package init(
        result: Result, packages: [Package], graph: DependencyGraph, maker: Maker, created: String
    ) {
        self.result = result
        self.packages = packages
        self.graph = graph
        self.maker = maker
        self.created = created
    }
}
