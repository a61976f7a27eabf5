// SPDX-License-Identifier: Apache-2.0

import BioOCI

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
    func reference(at value: String) throws -> ImageReference {
        guard value.utf8.starts(with: Self.scheme.utf8) else {
            throw RegistryPlaceError(option: option, value: value, reason: "it does not begin with oci://")
        }
        var bytes = value.utf8.dropFirst(Self.scheme.utf8.count)
        if bytes.last == 0x2F { bytes = bytes.dropLast() }
        let place = String(Substring(bytes))
        // The two are looked at apart: a wrong name is the plugin's, a wrong place the user's.
        let anywhere: ImageReference
        do throws(ImageReference.ParseError) {
            anywhere = try ImageReference(name: "\(place)/x", tag: String?.none)
        } catch { throw RegistryPlaceError(option: option, value: value, reason: "\(error)") }
        guard anywhere.registry != nil else {
            throw RegistryPlaceError(
                option: option, value: value, reason: "no registry is in it; one has a dot or a port, or is localhost")
        }
        do throws(ImageReference.ParseError) {
            return try ImageReference(name: "\(place)/\(name)", tag: tag)
        } catch { throw ServiceError(.invalid, "the plugin pushes under a wrong name: \(error)") }
    }
}

/// What an option of the user's names as a place for artifacts is none.
package struct RegistryPlaceError: Error, Hashable, Sendable, CustomStringConvertible {
    package let option: String
    package let value: String
    package let reason: String

    package init(option: String, value: String, reason: String) {
        self.option = option
        self.value = value
        self.reason = reason
    }

    package var description: String { "--\(option): '\(value)' is no place in a registry: \(reason)" }
    package var hint: String {
        "write it as oci://REGISTRY or oci://REGISTRY/PATH, as in oci://registry.example:5000/charts"
    }
}
