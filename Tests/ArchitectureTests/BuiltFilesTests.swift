// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

/// What `make` leaves in dist/, seen by the tools that look into libraries.
@Suite struct BuiltFilesTests {
    private func names(_ folder: String) throws -> [String] {
        try Directory.names("\(SourceTree.root)/\(folder)").map { String(decoding: $0, as: UTF8.self) }
    }

    private func symbols(_ file: String) throws -> [String] {
        let outcome = try Tool.run(["nm", "-D", "--defined-only", "\(SourceTree.root)/\(file)"])
        #expect(outcome.code == 0, "\(outcome.errorText)")
        return outcome.text.split(separator: "\n").compactMap { $0.split(separator: " ").last.map(String.init) }
    }

    private func needed(_ file: String) throws -> [String] {
        let outcome = try Tool.run(["readelf", "-dW", "\(SourceTree.root)/\(file)"])
        #expect(outcome.code == 0, "\(outcome.errorText)")
        return outcome.text.split(separator: "\n").filter { $0.contains("(NEEDED)") }.map(String.init)
    }

    @Test func everyPluginExportsOneSymbolAndCarriesItsRuntime() throws {
        let plugins = try names("dist/lib/bio/plugins")
        #expect(plugins.contains("tar"))
        for plugin in plugins {
            let library = "dist/lib/bio/plugins/\(plugin)/lib\(plugin).so"
            #expect(try symbols(library) == ["bio_export_entry"])
            #expect(try !needed(library).contains { $0.contains("libswift") || $0.contains("libFoundation") })
            #expect(try names("dist/lib/bio/plugins/\(plugin)").contains("description.json"))
        }
    }

    @Test func theHostExportsNothingAndStartsWithoutHeavyLibraries() throws {
        #expect(try symbols("dist/bin/bio").isEmpty)
        let libraries = try needed("dist/bin/bio")
        for heavy in [
            "libswift", "libFoundation", "libarchive", "libcrypto", "libcurl", "liblzma", "libzstd", "libdeflate",
            "libisal", "libyaml", "libffi",
        ] {
            #expect(!libraries.contains { $0.contains(heavy) }, "\(heavy) is loaded at start")
        }
    }

    @Test func nothingNamesTheMachineItWasBuiltOn() throws {
        for file in ["dist/bin/bio", "dist/lib/bio/plugins/tar/libtar.so"] {
            let outcome = try Tool.run(["readelf", "-dW", "\(SourceTree.root)/\(file)"])
            for line in outcome.text.split(separator: "\n") where line.contains("RUNPATH") || line.contains("RPATH") {
                #expect(line.contains("[$ORIGIN]"), "\(file): \(line)")
            }
        }
    }

    @Test func theTreeIsAsInstalled() throws {
        for path in [
            "bin/bio", "include/bio_export.h", "lib/bio/plugins/tar/plugin.toml", "share/bio/exports.map",
            "share/bash-completion/completions/bio", "share/zsh/site-functions/_bio",
            "share/fish/vendor_completions.d/bio.fish", "share/man/man1/bio.1", "share/man/man1/bio-pkg-install.1",
            "share/bio/schema/pkg-list.schema.json", "share/bio/LICENSE", "share/bio/examples/graph-json/graph_json.c",
            "share/bio/templates/common/plugin.toml", "share/bio/sdk/c/bio_plugin.h", "share/bio/sdk/rust/src/lib.rs",
            "share/bio/sdk/swift/CBioExport/module.modulemap", "share/bio/sdk/exec/libbridge.so",
        ] {
            #expect(try FileStatus.of("\(SourceTree.root)/dist/\(path)")?.kind == .file, "\(path)")
        }
    }
}
