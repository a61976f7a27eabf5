// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTestSupport
import Testing

/// Dependencies point one way (docs/explanation/architecture.md). The table is the whole truth: an edge that is not in
/// it is an error, and so is one that nobody uses any more.
@Suite struct DependencyTests {
    static let allowed: [String: Set<String>] = [
        "CSystem": [], "CSodium": [], "CToml": [], "CBioExport": [],
        "CCrypto": ["CSystem"], "CArchive": ["CSystem"], "CCompress": ["CSystem"],
        "CCurl": ["CSystem"], "CYaml": ["CSystem"], "CFFI": ["CSystem"],
        "BioSystem": ["CSystem"],
        "BioPackage": [],
        "BioDocument": ["CToml", "CYaml"],
        "BioTemplate": ["BioDocument"],
        "BioCrypto": ["BioPackage", "BioSystem", "CSodium", "CCrypto"],
        "BioArchive": ["BioSystem", "BioCrypto", "CArchive", "CCompress"],
        "BioHart": ["BioArchive", "BioCrypto", "BioPackage", "BioSystem"],
        "BioStore": ["BioHart", "BioArchive", "BioCrypto", "BioPackage", "BioSystem", "CSystem"],
        "BioGraph": ["BioPackage"],
        "BioHTTP": ["BioSystem", "CCurl"],
        "BioOCI": ["BioHTTP", "BioArchive", "BioCrypto", "BioDocument", "BioPackage", "BioSystem"],
        "BioRegistry": ["BioOCI", "BioHTTP", "BioArchive", "BioCrypto", "BioDocument", "BioSystem"],
        "BioAttestation": ["BioOCI", "BioGraph", "BioCrypto", "BioDocument", "BioPackage"],
        "BioSupervisor": ["BioTemplate", "BioDocument", "BioStore", "BioPackage", "BioSystem"],
        "BioExport": [
            "BioAttestation", "BioOCI", "BioSupervisor", "BioTemplate", "BioStore", "BioGraph", "BioArchive",
            "BioCrypto", "BioDocument", "BioPackage", "BioSystem", "CSystem",
        ],
        "BioTrust": [
            "BioExport", "BioAttestation", "BioOCI", "BioStore", "BioHart", "BioArchive", "BioCrypto", "BioDocument",
            "BioPackage", "BioSystem",
        ],
        "BioPluginHost": [
            "BioExport", "BioTemplate", "BioHart", "BioGraph", "BioArchive", "BioDocument", "BioPackage", "BioSystem",
            "BioCrypto", "CBioExport", "CFFI", "CSystem",
        ],
        "BioConformance": ["BioPluginHost", "BioExport", "BioDocument", "BioPackage", "BioSystem", "CBioExport"],
        "BioCLI": [
            "BioConformance", "BioPluginHost", "BioSupervisor", "BioExport", "BioOCI", "BioGraph", "BioStore",
            "BioHart", "BioArchive",
            "BioCrypto", "BioTemplate", "BioDocument", "BioPackage", "BioSystem", "CSystem", "BioHTTP",
            "BioRegistry", "BioAttestation", "BioTrust",
        ],
        "bio": ["BioCLI"],
        "BioPluginSDK": ["CBioExport"],
        "ServiceRoot": ["BioPluginSDK"],
        "Workload": ["BioPluginSDK", "ServiceRoot"],
        "TarExporter": ["BioPluginSDK", "CBioExport", "ServiceRoot"],
        "DockerExporter": ["BioPluginSDK", "CBioExport", "ServiceRoot"],
        "KubernetesExporter": ["BioPluginSDK", "CBioExport", "Workload"],
        "HelmExporter": ["BioPluginSDK", "CBioExport", "Workload"],
        "CloudFoundryExporter": ["BioPluginSDK", "CBioExport", "ServiceRoot"],
        "MesosExporter": ["BioPluginSDK", "CBioExport", "ServiceRoot"],
        "ACIExporter": ["BioPluginSDK", "CBioExport", "ServiceRoot"],
    ]

    /// What only tests use, and may use anything.
    static let testing: Set<String> = ["BioTestSupport", "bio-fuzz", "bio-render", "ObjectsExporter"]

    /// Modules of the toolchain that may be imported; Foundation is not among them.
    static let system: Set<String> = ["Glibc", "Synchronization"]

    /// Target names and their dependencies, as SwiftPM reads the manifest.
    private static func declared() throws -> [String: Set<String>] {
        let scratch = try Scratch()
        // A scratch path of its own: the build folder is locked while tests run.
        let dump = try Tool.run([
            "swift", "package", "--package-path", SourceTree.root, "--scratch-path", scratch.file("build"),
            "dump-package",
        ])
        #expect(dump.code == 0, "\(dump.errorText)")
        let targets = try DocumentValue(json: dump.output)["targets"]?.array ?? []
        var declared: [String: Set<String>] = [:]
        for target in targets {
            guard let name = target["name"]?.string else { continue }
            let dependencies = (target["dependencies"]?.array ?? []).compactMap { $0["byName"]?.array?.first?.string }
            declared[name] = Set(dependencies)
        }
        return declared
    }

    @Test func targetsDeclareOnlyAllowedEdges() throws {
        let declared = try Self.declared()
        for (target, dependencies) in declared where !target.hasSuffix("Tests") && !Self.testing.contains(target) {
            let allowed = try #require(Self.allowed[target], "target '\(target)' is not in the picture")
            let extra = dependencies.subtracting(allowed)
            #expect(extra.isEmpty, "'\(target)' must not depend on \(extra.sorted())")
        }
        for target in Self.allowed.keys { #expect(declared[target] != nil, "'\(target)' is not built any more") }
    }

    @Test(arguments: [("Core", ""), ("Plugins", "Exporter"), ("plugin-sdk/swift", "")])
    func sourcesImportOnlyWhatTheirModuleMay(folder: String, suffix: String) throws {
        for path in try SourceTree.files(folder, ".swift") {
            let name = String(path.split(separator: "/")[1])
            let isPart = suffix.isEmpty || Self.allowed[name] != nil
            let module = folder == "plugin-sdk/swift" ? "BioPluginSDK" : isPart ? name : name + suffix
            let allowed = try #require(Self.allowed[module], "module '\(module)' is not in the picture")
            for line in try SourceTree.lines(path) {
                guard let range = line.firstRange(of: "import "),
                    line.hasPrefix("import ") || line.contains(" import "),
                    !line.hasPrefix(" "), !line.hasPrefix("/")
                else { continue }
                let imported = String(line[range.upperBound...])
                #expect(
                    allowed.contains(imported) || Self.system.contains(imported),
                    "\(path) imports '\(imported)', which \(module) must not")
            }
        }
    }

    @Test func everyAllowedEdgeIsUsed() throws {
        for (module, dependencies) in Self.allowed where module.hasPrefix("Bio") && module != "BioPluginSDK" {
            let imports = try SourceTree.files("Core/\(module)", ".swift").flatMap { try SourceTree.lines($0) }
            for dependency in dependencies {
                #expect(
                    imports.contains { $0.hasSuffix("import \(dependency)") },
                    "'\(module)' does not use '\(dependency)': take the edge away")
            }
        }
    }
}
