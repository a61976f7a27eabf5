// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

/// Installed packages, and a place for plugins that the program looks into first.
struct PluginWorld: ~Copyable {
    private let scratch: Scratch
    var bio: Command
    let plugins: String
    let out: String

    init() throws {
        let made = try Scratch()
        for name in ["plugins", "out", "home", "tmp"] { try Directory.create(made.file(name)) }
        _ = try ExportFixture.small(in: made.file("root"))
        var command = Command()
        command.environment["FS_ROOT"] = made.file("root")
        command.environment["HOME"] = made.file("home")
        command.environment["TMPDIR"] = made.file("tmp")
        command.environment["BIO_PLUGIN_PATH"] = made.file("plugins")
        bio = command
        plugins = made.file("plugins")
        out = made.file("out")
        scratch = made
    }

    func file(_ name: String) -> String { scratch.file(name) }

    /// Compiles a plugin of Tests/Support/plugins into the place.
    func add(_ name: String, variant: String? = nil, id: String? = nil, tools: [String] = []) throws -> CPlugin {
        try CPlugin(name, variant: variant, id: id, tools: tools, in: plugins)
    }

    /// The words of an export by the hostile plugin into `out`.
    func export(_ behaviour: String, _ more: String...) -> [String] {
        ["pkg", "export", "hostile", "acme/app", "--behaviour", behaviour, "-o", out, "--results", file("results")]
            + more
    }

    /// Neither a result nor a report, nor a file or process of the work.
    func expectNothingLeft(_ plugin: CPlugin, location: SourceLocation = #_sourceLocation) throws {
        #expect(try Directory.names(out) == [], sourceLocation: location)
        #expect(try Directory.names(file("tmp")) == [], sourceLocation: location)
        #expect(try FileStatus.of(file("results")) == nil, sourceLocation: location)
        #expect(try ProcessSearch.isGone(plugin.library), sourceLocation: location)
    }
}
