// SPDX-License-Identifier: Apache-2.0

import BioTestSupport

/// Services that the tests make manifests of. They are small, and their versions stay: goldens are made of them.
enum ManifestFixture {
    static let cache = service(
        "acme/cache/7.2.1/20260102030405", ["EXPORTS": "port=port\nhost=host\n", "EXPOSES": "6379\n"])
    /// Binds to cache; to mirror, if there is one.
    static let web = service(
        "acme/web/2.0.1/20260103000000",
        [
            "EXPORTS": "http=http\n", "EXPOSES": "8080 8443 70000 8080 9631\n", "BINDS": "cache=port host\n",
            "BINDS_OPTIONAL": "mirror=http\nmetrics=scrape\n", "SHUTDOWN_TIMEOUT": "45\n", "SVC_USER": "web\n",
        ])
    /// Has the keys that web's optional bind wants.
    static let mirror = service(
        "acme/mirror/1.0/20260103000000", ["EXPORTS": "http=port\n", "EXPOSES": "80\n", "SVC_USER": "mirror\n"])
    /// Has the keys of cache, too.
    static let other = service("acme/othercache/1.0/20260103000000", ["EXPORTS": "port=port\nhost=host\n"])
    static let twin = service("acme/twincache/1.0/20260103000000", ["EXPORTS": "port=port\nhost=host\n"])
    static let root = service(
        "acme/root/1.0/20260103000000", ["SVC_USER": "root\n", "SVC_GROUP": "root\n", "EXPOSES": "53\n"])
    /// Not a name that Kubernetes takes, nor a label's value.
    static let odd = service("acme/7_Odd--Name_/1.0+'x'&{{y}}/20260103000000", ["EXPOSES": "99999 0 x 7000\n"])
    static let long = service("acme/\(String(repeating: "long-name-", count: 5))end/1.0/20260103000000", [:])
    static let server = service("acme/kubernetes/1.0/20260103000000", ["EXPOSES": "6443\n"])
    static let namesake = service("other/web/1.0/20260103000000", [:])
    static let hooked: PackageFixture = {
        var package = service("acme/hooked/1.0/20260103000000", ["SVC_USER": nil, "SVC_GROUP": nil])
        package.files.append(.init("hooks/install", "#!/bin/sh\n", mode: 0o755))
        return package
    }()
    /// Says how it is, and opens a port that only root could.
    static let well: PackageFixture = {
        var package = service("acme/well/1.0/20260103000000", ["EXPOSES": "80\n", "SHUTDOWN_TIMEOUT": "20\n"])
        package.files.append(.init("hooks/health-check", "#!/bin/sh\n", mode: 0o755))
        return package
    }()
    /// Others bind to the second of its ports, and the third is one of a supervisor's.
    static let gate: PackageFixture = {
        var package = service(
            "acme/gate/1.0/20260103000000",
            ["EXPORTS": "admin=admin\nport=web.port\n", "EXPOSES": "7000 8000 9631\n"])
        package.files.append(.init("default.toml", "admin = 7000\n\n[web]\nport = 8000\nname = \"gate\"\n"))
        return package
    }()
    /// Does not say which port is its `port`.
    static let dim = service("acme/dim/1.0/20260103000000", ["EXPORTS": "port=port\n", "EXPOSES": "1 2\n"])
    static let caller = service(
        "acme/caller/1.0/20260103000000", ["BINDS": "gate=port\nelse=nothing\n"])
    static let modest = service(
        "acme/modest/1.0/20260103000000", ["BINDS": "else=nothing\n", "BINDS_OPTIONAL": "gate=port\n"])
    static let tool = PackageFixture("acme/tool/1.0/20260103000000")

    static let all = [
        cache, web, mirror, other, root, odd, long, server, namesake, hooked, well, gate, dim, caller, modest, tool,
    ]

    static let shared = Result { try ExportWorld(all) }

    private static func service(_ ident: String, _ metafiles: [String: String?]) -> PackageFixture {
        var package = PackageFixture(ident, files: [.init("hooks/run", "#!/bin/sh\nexec sleep 1\n", mode: 0o755)])
        package.metafiles = ["SVC_USER": "hab\n", "SVC_GROUP": "hab\n"].merging(metafiles) { $1 }
        return package
    }
}

extension ExportDesk {
    init() throws { try self.init(try ManifestFixture.shared.get()) }

    /// The manifest without an image, which must be made.
    borrowing func manifest(_ arguments: String...) throws -> Manifest { try manifest(arguments) }

    borrowing func manifest(_ arguments: [String]) throws -> Manifest {
        let outcome = try bio.kubernetes(arguments + ["--no-docker-image"])
        guard outcome.code == 0 else { throw BuiltBio.Missing(description: "no manifest: \(outcome.errorText)") }
        return try Manifest(outcome)
    }
}

extension BuiltBio {
    /// `bio pkg export kubernetes …`
    func kubernetes(_ arguments: [String]) throws -> Outcome { try run(["pkg", "export", "kubernetes"] + arguments) }
    func kubernetes(_ arguments: String...) throws -> Outcome { try kubernetes(arguments) }
}
