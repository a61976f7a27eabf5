// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioOCI
import BioRegistry

/// Pushes what an export makes that is no image, with the credentials that its options give.
final class ExportedArtifacts: RegistryArtifacts {
    private let arguments: ParsedArguments
    private let context: CommandContext
    private var pushes: [ArtifactPush] = []

    init(_ arguments: ParsedArguments, _ context: CommandContext) {
        self.arguments = arguments
        self.context = context
    }

    func stage(_ artifact: StagedRegistryArtifact) throws {
        let place = ImageLocation.registry(artifact.reference)
        var settings = try context.registries(arguments)
        let options = try ImagePush(arguments, named: [place], context)
        if let given = try options.credential(for: [place], settings) {
            settings = try context.registries(arguments, given: [given])
        }
        let access = RegistryAccess(settings, context)
        let push = access.push(artifact.manifest, as: artifact.reference)
        try push.stage(configuration: artifact.configuration, path: artifact.path, settings: settings)
        pushes.append(push)
    }

    func commit() throws { for push in pushes { try push.commit() } }
}
