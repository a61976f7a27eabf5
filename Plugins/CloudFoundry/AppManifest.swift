// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// What `cf push -f` reads: the application, its image, and the services that the mapping asks for.
struct AppManifest {
    let app: String
    let image: String
    let services: [String]
    /// Whether anything can be seen of it from outside: the platform ends what does not listen when it should.
    let listens: Bool

    var document: DocumentValue {
        let application: DocumentValue = [
            "name": .string(app), "docker": ["image": .string(image)], "services": .strings(services).unlessEmpty,
            "no-route": .bool(listens ? nil : true), "health-check-type": .string(listens ? nil : "process"),
        ]
        return ["version": 1, "applications": [application]]
    }

    /// The name of the application that the user wants, or the package's.
    static func name(_ job: Job, _ package: Package) throws(ExportFailure) -> String {
        guard let name = job.text(CloudFoundryOptions.app) else { return package.name }
        let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard isPlain, (1...255).contains(name.unicodeScalars.count), name.contains(where: { !$0.isWhitespace }) else {
            throw .option(
                CloudFoundryOptions.app, "the name of an application is one line of 1 to 255 characters",
                hint: "as in my-app")
        }
        return name
    }
}
