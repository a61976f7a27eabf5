// SPDX-License-Identifier: Apache-2.0

package import BioOCI
package import BioPackage

/// The names of an image that is about a package, the first first.
package typealias ImageNames = (QualifiedIdent) throws -> [ImageReference]

/// `bio.host.oci/1` in Swift: images that the plugin puts together and the host makes.
extension ExportServices {
    static let mostImages = 16
    /// Handles are not guessable numbers by accident: kind in the high word, count in the low.
    private static let imageKind: UInt64 = 0x0069_6D67_0000_0000

    package func imageReference(of package: UInt32, _ index: UInt32) throws(ServiceError) -> String {
        guard let imageNames else {
            throw ServiceError(
                .unsupported, "the format asks for the names of images and does not include their options")
        }
        let package = try self.package(package)
        let names: [ImageReference]
        do { names = try imageNames(package.ident) } catch {
            throw ServiceError(.invalid, "\(error)", hint: (error as? ImageNamingError)?.hint)
        }
        guard index < UInt32(names.count) else {
            throw ServiceError(.notFound, "there are \(names.count) names of the image, and none of number \(index)")
        }
        return "\(names[Int(index)])"
    }

    package func beginImage() throws(ServiceError) -> UInt64 {
        try begin(ImageDraft())
    }

    static let noImages = ServiceError(
        .unsupported, "the format makes images and does not include their options")

    func begin(_ draft: ImageDraft) throws(ServiceError) -> UInt64 {
        guard images != nil else { throw Self.noImages }
        guard drafts.count < Self.mostImages else {
            throw ServiceError(.limit, "the plugin began more than \(Self.mostImages) images")
        }
        let handle = Self.imageKind | UInt64(drafts.count + 1)
        drafts[handle] = draft
        return handle
    }

    package func addPackages(_ numbers: [UInt32], toImage handle: UInt64) throws(ServiceError) {
        try change(handle) { (draft) throws(ServiceError) in try draft.add(numbers, of: job.packages.count) }
    }

    package func addTree(_ tree: UInt64, title: String, toImage handle: UInt64) throws(ServiceError) {
        let copy = try copyOfTree(tree)
        try change(handle) { (draft) throws(ServiceError) in try draft.add(copy, title: title) }
    }

    package func configureImage(_ handle: UInt64, _ settings: ContainerSettings) throws(ServiceError) {
        try change(handle) { (draft) throws(ServiceError) in try draft.configure(settings) }
    }

    package func publishImage(_ handle: UInt64) throws(ServiceError) {
        let draft = try draft(handle)
        guard let images, isPlanning || isRunning else {
            throw ServiceError(.misuse, "the plugin published an image outside of plan and run")
        }
        try draft.checkComplete()
        if isPlanning {
            try images.plan(draft)
        } else {
            try images.make(draft, of: job, from: bytes, in: workspace)
        }
        published.insert(handle)
    }

    private func draft(_ handle: UInt64) throws(ServiceError) -> ImageDraft {
        guard let draft = drafts[handle] else {
            throw ServiceError(.handle, "0x\(String(handle, radix: 16)) is no image of this export")
        }
        guard !published.contains(handle) else {
            throw ServiceError(.misuse, "the plugin changed or published an image that it had published already")
        }
        return draft
    }

    private func change(
        _ handle: UInt64, _ body: (inout ImageDraft) throws(ServiceError) -> Void
    ) throws(ServiceError) {
        var draft = try draft(handle)
        try body(&draft)
        drafts[handle] = draft
    }
}
