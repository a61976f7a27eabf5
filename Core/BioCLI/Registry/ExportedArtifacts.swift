// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioOCI
import BioRegistry

/// Pushes what an export makes that is no image, with the credentials that its options give.
final class ExportedArtifacts: RegistryArtifacts {
    private let arguments: ParsedArguments
    private let context: CommandContext

    init(_ arguments: ParsedArguments, _ context: CommandContext) {
        self.arguments = arguments
        self.context = context
    }

    func plan(_ reference: ImageReference) throws { _ = try push(.registry(reference)) }

    func stage(_ artifact: StagedRegistryArtifact) throws {
        let place = ImageLocation.registry(artifact.reference)
        var settings = try context.registries(arguments)
        if let given = try push(place).credential(for: [place], settings) {
            settings = try context.registries(arguments, given: [given])
        }
        let push = RegistryAccess(settings, context).push(artifact.manifest, as: artifact.reference)
        try push.stage(configuration: artifact.configuration, file: artifact.file, settings: settings)
        context.registryUse.add(push)
    }

    /// What the options say of who pushes.
    private func push(_ place: ImageLocation) throws -> ImagePush {
        let push = try ImagePush(arguments, named: [place], context)
        try push.claim([place])
        return push
    }
}
