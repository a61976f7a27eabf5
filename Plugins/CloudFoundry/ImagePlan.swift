// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

/// An image and its manifest, decided: every option and package has been looked at.
struct ImagePlan {
    let service: Package
    let mapping: Mapping
    let app: String
    /// Of the commands in the image that a mapping can call.
    let programs: Set<String>
    /// What lies on docker's image: absolute paths without their slash.
    let files: [(path: String, text: String)]

    /// Where Cloud Foundry lets an application listen that says nothing of it.
    private static let standardPort = "8080"
    private static let longestFile = 64 << 10

    init(_ job: Job, _ host: Host) throws(ExportFailure) {
        guard let service = job.roots.first(where: { $0.roles.contains(.service) }) else {
            throw ExportFailure(
                code: 2, subject: .package(job.roots.first?.ident ?? ""),
                "it is no service, which the supervisor could run", hint: "name a package with a run hook")
        }
        self.service = service
        guard let path = job.text(CloudFoundryOptions.mapping),
            let bytes = try job.contents(of: CloudFoundryOptions.mapping, limit: Self.longestFile)
        else { throw .mapping("it is not given") }
        mapping = try Mapping(bytes, path: path, host)
        app = try AppManifest.name(job, service)

        let named = job.packages.filter { !$0.roles.isDisjoint(with: [.root, .shell, .cli]) }
        let base = job.packages.filter { $0.roles.contains(.base) && $0.roles.isDisjoint(with: [.root, .shell, .cli]) }
        var found: [(owner: Package, program: PackageProgram)] = []
        for package in named + base { found += try PackageProgram.all(of: package, host).map { (package, $0) } }
        programs = Set(found.map { String(decoding: $0.program.name, as: UTF8.self) })
        let shell = try Self.program("sh", found.filter { $0.owner.roles.contains(.shell) })
        let jq = try Self.program("jq", found.filter { $0.owner.roles.contains(.base) })
        let root = service.prefix.split(separator: "/").first.map(String.init) ?? "hab"
        files = [
            ("cf-init.sh", StartScript.text(shell: shell, directory: "/\(root)/user/\(service.name)/config")),
            ("cf-render.sh", RenderScript.text(shell: shell, jq: jq)), ("cf-mapping.sh", try mapping.script(host)),
        ]
        guard files.allSatisfy({ $0.text.utf8.count <= Self.longestFile }) else {
            throw .mapping("'\(path)' is too long: more than 64 KiB once it is commands of a shell")
        }
    }

    private static func program(
        _ name: String, _ found: [(owner: Package, program: PackageProgram)]
    ) throws(ExportFailure) -> String {
        guard let program = found.first(where: { $0.program.isExecutable && $0.program.name.elementsEqual(name.utf8) })
        else {
            throw ExportFailure(
                code: 2, "no base package has the program '\(name)', which fills the mapping",
                hint: name == "jq" ? "name one that has with --jq-pkg" : "leave out --base-pkgs none")
        }
        return String(decoding: program.program.path, as: UTF8.self)
    }

    /// What is different from docker's: it takes the same words, and exposes the one port that Cloud Foundry knows.
    var config: ImageConfig {
        var config = ImageConfig()
        config.entrypoint = ["/cf-init.sh"]
        config.command = ["run", service.requested]
        let exposed = (service.metadata("EXPOSES") ?? "").split(whereSeparator: \.isWhitespace).compactMap {
            UInt16($0)
        }
        config.ports = ["\(exposed.first { $0 > 0 }.map { "\($0)" } ?? Self.standardPort)/tcp"]
        return config
    }

    var manifest: Artifact {
        Artifact(
            .file("\(service.ident.split(separator: "/").joined(separator: "-")).manifest.yml"), role: .sidecar,
            kind: "manifest", mediaType: "application/yaml")
    }

    /// The last of the names says most: the user's own tag, else version and release.
    func manifestText(_ host: Host) throws(ExportFailure) -> String {
        let image = try host.references(of: service).last ?? ""
        let document = AppManifest(app: app, image: image, services: mapping.services).document
        return try host.text(of: document, as: .yaml)
    }
}
