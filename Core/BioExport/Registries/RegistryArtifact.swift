// SPDX-License-Identifier: Apache-2.0

package import BioOCI

/// Something for a registry that is no image, as a plugin describes it (`bio_oci_artifact`): nothing in it is believed
/// yet.
package struct RegistryArtifact: Hashable, Sendable {
    /// Id of the option in which the user named the place.
    package var option = ""
    package var name = ""
    package var tag = ""
    package var configType = ""
    package var config: [UInt8] = []
    package var layerType = ""
    /// Relative to the output directory.
    package var layer = ""
    package var annotations: [EmittedArtifact.Annotation] = []

    package static let longestConfig = 64 << 10
    package static let mostAnnotations = 256
    package static let scheme = "oci://"

    package init() {}

    /// What it is called at the place that `value`, the option's, names.
    func reference(at value: String) throws(ServiceError) -> ImageReference {
        guard value.utf8.starts(with: Self.scheme.utf8) else { throw noPlace(value, "it does not begin with oci://") }
        var place = value.dropFirst(Self.scheme.utf8.count)
        if place.utf8.last == 0x2F { place = place.dropLast() }
        // The two are looked at apart: a wrong name is the plugin's, a wrong place the user's.
        let anywhere: ImageReference
        do throws(ImageReference.ParseError) {
            anywhere = try ImageReference(name: "\(place)/x", tag: String?.none)
        } catch { throw noPlace(value, "\(error)") }
        guard anywhere.registry != nil else {
            throw noPlace(value, "no registry is in it; one has a dot or a port, or is localhost")
        }
        do throws(ImageReference.ParseError) {
            return try ImageReference(name: "\(place)/\(name)", tag: tag)
        } catch { throw ServiceError(.invalid, "the plugin pushes under a wrong name: \(error)") }
    }

    private func noPlace(_ value: String, _ why: String) -> ServiceError {
        ServiceError(
            .invalid, "--\(option): '\(value)' is no place in a registry: \(why)",
            hint: "write it as oci://REGISTRY or oci://REGISTRY/PATH, as in oci://registry.example:5000/charts",
            fault: .machine)
    }
}

/// An artifact that is ready to be pushed.
package struct StagedRegistryArtifact: Sendable {
    package let reference: ImageReference
    package let manifest: ImageManifest
    package let configuration: [UInt8]
    /// The file that the one layer is.
    package let path: String
}

/// Brings artifacts that are no images to registries, as the user there.
package protocol RegistryArtifacts: AnyObject {
    /// Brings the blobs, which nobody sees.
    func stage(_ artifact: StagedRegistryArtifact) throws
    /// Puts the manifests of all that were staged under their tags.
    func commit() throws
}
