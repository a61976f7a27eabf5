// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioOCI
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
        try Self.makeImages(in: made.file("images"))
        hart = artifact
        plugin = directory
        bio = command
        scratch = made
    }

    /// Two images that differ in everything.
    private static func makeImages(in directory: String) throws {
        let base = MemoryImages.Layer(
            "base packages", packages: ["acme/base/1/2"], tar: RawTar.archive { $0.file("a") })
        var process = ProcessConfiguration()
        process.user = "hab"
        process.environment = ["A=1"]
        process.exposedPorts = ["80/tcp"]
        process.labels = ["a": "b"]
        process.healthCheck = .init(test: ["CMD", "true"], interval: 3)
        let other = MemoryImages.Layer(
            "RUN x",
            tar: RawTar.archive { tar in
                tar.file("a", "text", mode: 0o755)
                tar.symlink("b", to: "a")
                tar.header(RawTar.Header("c", type: "3"))
                tar.header(RawTar.Header("d", type: "6"))
            })
        try MemoryImages.writeLayout(
            [.init("acme/app:1", layers: [base]), .init("acme/app:2", layers: [base, other], process: process)],
            to: directory)
    }

    func file(_ name: String) -> String { scratch.file(name) }

    /// What stands for a word of a test's table.
    func word(_ word: String) -> String {
        switch word {
        case "HART": hart
        case "PLUGIN": plugin
        case "INSTALLED": file("home/.local/share/bio/plugins/org.biome.test.hostile")
        case "OUT": file("out")
        case "COPY": "oci:\(file("copy")):x"
        case "IMAGES": "oci:\(file("images"))"
        case "IMAGE": "oci:\(file("images")):acme/app:1"
        case "OTHER-IMAGE": "oci:\(file("images")):acme/app:2"
        default: word
        }
    }
}
