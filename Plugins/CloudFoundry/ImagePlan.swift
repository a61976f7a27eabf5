// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// An image and its manifest, decided: every option and package has been looked at.
struct ImagePlan {
    let service: Package
    /// What fills the configuration when a container starts; nil: the image has it.
    let filling: Filling?
    /// Those it exposes, of which Cloud Foundry knows one.
    private let ports: [UInt16]
    let app: String
    /// The last of the names says most: the user's own tag, else version and release.
    let reference: String
    /// Of docker's own.
    let options: [(key: String, value: String)]

    /// Where Cloud Foundry lets an application listen that says nothing of it.
    private static let standardPort: UInt16 = 8080

    init(_ job: Job, _ host: Host) throws(ExportFailure) {
        let packages = try ServicePackages(job)
        try packages.checkService()
        service = packages.primary
        let direct = DirectOptions.forDocker(job)
        if direct.isEmpty {
            try DirectOptions.checkUnused(job)
            filling = try Filling(packages, job, host)
            ports = service.exposedPorts
        } else {
            guard !job.isGiven(CloudFoundryOptions.mapping) else {
                throw .option(
                    CloudFoundryOptions.mapping,
                    "with --runtime direct the service is configured now, and nothing is filled",
                    hint: "give its user.toml with --\(DirectOptions.config.id), or say --runtime supervisor")
            }
            filling = nil
            ports = try DirectOptions.ports(of: service, job, host).exposed
        }
        reference = try Self.reference(service, host)
        app = try AppManifest.name(job, service)
        options = direct + (job.text(CloudFoundryOptions.user).map { [("user", $0)] } ?? [])
    }

    /// Without a tag a platform takes `latest`, which is the image of another format.
    private static func reference(_ service: Package, _ host: Host) throws(ExportFailure) -> String {
        let references = try host.references(of: service)
        guard let last = references.last, last.split(separator: "/").last?.contains(":") == true else {
            throw ExportFailure(
                code: 2, subject: .option("tag-custom"),
                "the image has no tag, and every tag of this format begins with cf-",
                hint: "leave out one of the options --no-tag-…, or give a tag with --tag-custom")
        }
        return last
    }

    /// What is different from docker's: it takes the same words, and exposes the one port that Cloud Foundry knows.
    var config: ImageConfig {
        var config = ImageConfig()
        if filling != nil {
            config.entrypoint = ["/cf-init.sh"]
            config.command = ["run", service.requested]
        }
        config.ports = ["\(ports.first ?? Self.standardPort)/tcp"]
        return config
    }

    var manifest: Artifact {
        Artifact(
            .file("\(service.ident.split(separator: "/").joined(separator: "-")).manifest.yml"), role: .sidecar,
            kind: "manifest", mediaType: "application/yaml")
    }

    func manifestText(_ host: Host) throws(ExportFailure) -> String {
        let listens = !ports.isEmpty || filling?.mapping.asksForPort == true
        let services = filling?.mapping.services ?? []
        let document = AppManifest(app: app, image: reference, services: services, listens: listens).document
        return try host.text(of: document, as: .yaml)
    }
}
