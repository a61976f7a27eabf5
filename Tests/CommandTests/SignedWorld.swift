// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioSystem
import BioTestSupport

/// Keys, an artifact, two installed packages and a described plugin, for the built program.
struct SignedWorld: ~Copyable {
    private let scratch: Scratch
    let bio: Command
    /// The artifact of acme/app.
    let hart: String
    let plugin: String

    init() throws {
        let made = try Scratch()
        for name in ["home", "tmp", "out", "plugins"] { try Directory.create(made.file(name)) }
        var command = Command()
        command.environment["FS_ROOT"] = made.file("root")
        command.environment["HOME"] = made.file("home")
        command.environment["TMPDIR"] = made.file("tmp")
        command.environment["HAB_CACHE_KEY_PATH"] = made.file("keys")
        command.environment["BIO_PLUGIN_PATH"] = made.file("plugins")
        let keys = try TestKeys(in: made.file("keys"))
        let library = PackageFixture("acme/lib/1.0/20260101000001", files: [.init("lib/data.txt", "one\n")])
        var app = PackageFixture("acme/app/2.1/20260101000002", tdeps: [library.ident])
        app.metafiles["EXPOSES"] = "80 443\n"
        app.metafiles["EXPORTS"] = "port=server.port\n"
        app.metafiles["BINDS"] = "backend=port\n"
        app.metafiles["SVC_USER"] = "hab\n"
        try library.artifact(in: made.file("artifacts"), keys: keys)
        let artifact = try app.artifact(in: made.file("artifacts"), keys: keys)
        // The other one lies there without a receipt.
        _ = try ExportFixture([library], in: made.file("root"))
        let directory = try CPlugin("hostile", in: made.file("plugins")).directory
        hart = artifact
        plugin = directory
        bio = command
        scratch = made
    }

    func file(_ name: String) -> String { scratch.file(name) }

    /// What stands for a word of a test's table.
    func word(_ word: String) -> String {
        switch word {
        case "HART": hart
        case "PLUGIN": plugin
        case "OUT": file("out")
        default: word
        }
    }
}
