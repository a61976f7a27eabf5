// SPDX-License-Identifier: Apache-2.0

package import BioOCI
package import BioSystem

/// An artifact that is ready to be pushed.
package final class StagedRegistryArtifact: Sendable {
    package let reference: ImageReference
    package let manifest: ImageManifest
    package let configuration: [UInt8]
    /// The file that the one layer is, open since it was hashed: whatever has its name now.
    package let file: FileDescriptor

    init(_ reference: ImageReference, _ manifest: ImageManifest, configuration: [UInt8], file: consuming FileDescriptor)
    {
        self.reference = reference
        self.manifest = manifest
        self.configuration = configuration
        self.file = file
    }
}

/// Brings artifacts that are no images to registries, as the user there. Their manifests go when all that the user's
/// export makes is in its place (`ExportReach.conclude`).
package protocol RegistryArtifacts: AnyObject {
    /// Refuses what can be known to be wrong before any work. Nobody is asked.
    func plan(_ reference: ImageReference) throws
    /// Brings the blobs, which nobody sees.
    func stage(_ artifact: StagedRegistryArtifact) throws
}
