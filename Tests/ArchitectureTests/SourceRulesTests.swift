// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

/// The rules of CONTRIBUTING.md that a machine can see.
@Suite struct SourceRulesTests {
    static let folders = ["Core", "Plugins", "plugin-sdk", "Tests"]

    @Test(arguments: folders) func everySourceNamesItsLicence(folder: String) throws {
        for path in try SourceTree.files(folder, ".swift", ".c", ".h", ".cpp", ".py", ".sh") {
            let head = try SourceTree.lines(path).prefix(3).joined()
            #expect(head.contains("SPDX-License-Identifier: Apache-2.0"), "\(path)")
        }
    }

    @Test func sourcesAreFormatted() throws {
        let outcome = try Tool.run(["make", "-s", "-C", SourceTree.root, "lint"])
        #expect(outcome.code == 0, "\(outcome.errorText)")
    }

    @Test func sourcesAreShort() throws {
        for path in try SourceTree.files("Core", ".swift") + SourceTree.files("Plugins", ".swift") {
            #expect(try SourceTree.lines(path).count <= 350, "\(path) is two files")
        }
        for path in try SourceTree.files("Tests", ".swift") {
            #expect(try SourceTree.lines(path).count <= 700, "\(path) is two files")
        }
    }

    @Test func nothingIsForced() throws {
        for folder in ["Core", "Plugins", "plugin-sdk"] {
            for path in try SourceTree.files(folder, ".swift") {
                for (number, line) in try SourceTree.lines(path).enumerated() {
                    for banned in ["try! ", "as! ", "TODO", "FIXME"] {
                        #expect(!line.contains(banned), "\(path):\(number + 1): \(banned)")
                    }
                }
            }
        }
    }

    /// Libraries get the facts of the process as parameters.
    @Test func onlyTheProgramTouchesTheProcess() throws {
        let exempt = ["Core/BioCLI/Program.swift", "Core/BioPluginHost/Runner/Runner.swift", "Core/bio/main.swift"]
        for path in try SourceTree.files("Core", ".swift") + SourceTree.files("Plugins", ".swift")
        where !exempt.contains(path) {
            for (number, line) in try SourceTree.lines(path).enumerated() where !line.contains("//") {
                for call in [" print(", " exit(", "getenv(", "setenv(", "setlocale(", "chdir(", "umask("] {
                    #expect(!line.contains(call), "\(path):\(number + 1):\(call)")
                }
            }
        }
    }

    @Test func everyModuleSaysWhatItIs() throws {
        for folder in ["Core", "Plugins"] {
            for name in try Directory.names("\(SourceTree.root)/\(folder)") {
                let module = String(decoding: name, as: UTF8.self)
                if folder == "Core", !module.hasPrefix("Bio") { continue }
                let lines = try SourceTree.lines("\(folder)/\(module)/README.md")
                #expect(lines.count > 3 && lines.count <= 16, "\(folder)/\(module)/README.md")
            }
        }
    }

    @Test func noNameSaysNothing() throws {
        for folder in Self.folders {
            for path in try SourceTree.files(folder, ".swift", ".c", ".h") {
                let name = path.split(separator: "/").last.map(String.init) ?? ""
                for word in ["Util", "Helper", "Manager", "Common", "Misc", "Placeholder"] {
                    #expect(!name.contains(word), "\(path)")
                }
            }
        }
    }
}
