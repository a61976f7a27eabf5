// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let root = Context.packageDirectory

let swiftStyle: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// C code is compiled optimised in debug too: the byte loops live there, and tests should not wait for them.
let cStyle: [CSetting] = [.unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror", "-fvisibility=hidden"])]
let cxxStyle: [CXXSetting] = [
    .unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror", "-fvisibility=hidden", "-fno-rtti", "-fno-exceptions"])
]

func core(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Core/\(name)", exclude: ["README.md"], swiftSettings: swiftStyle)
}

/// A shim: C that gives Swift one library, or what the libc overlay cannot express.
func shim(_ name: String, links: [String] = [], dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Core/\(name)", publicHeadersPath: "include",
        cSettings: cStyle, cxxSettings: cxxStyle, linkerSettings: links.map { .linkedLibrary($0) })
}

/// What several plugins share; it is linked into each of them.
func pluginPart(
    _ name: String, parts: [Target.Dependency] = [], path: String? = nil, exclude: [String] = ["README.md"]
) -> Target {
    .target(
        name: name, dependencies: (name == "BioPluginSDK" ? ["CBioExport"] : ["BioPluginSDK"]) + parts,
        path: path ?? "Plugins/\(name)", exclude: exclude,
        swiftSettings: swiftStyle + [.unsafeFlags(["-static-stdlib"])])
}

/// A Swift plugin carries its own runtime and exports one symbol (docs/decisions/0004).
func plugin(_ name: String, parts: [Target.Dependency] = [], path: String? = nil) -> Target {
    .target(
        name: "\(name)Exporter", dependencies: ["BioPluginSDK", "CBioExport"] + parts, path: path ?? "Plugins/\(name)",
        exclude: path == nil ? ["README.md", "plugin.toml"] : [],
        swiftSettings: swiftStyle + [.unsafeFlags(["-static-stdlib"])],
        linkerSettings: [
            .unsafeFlags([
                "-use-ld=lld", "-static-stdlib", "-no-toolchain-stdlib-rpath", "-Xlinker", "--gc-sections",
                "-Xlinker", "--version-script=\(root)/plugin-sdk/exports.map",
            ]),
            .unsafeFlags(["-Xlinker", "-s"], .when(configuration: .release)),
        ])
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies + ["BioTestSupport"], path: "Tests/\(name)Tests",
        exclude: exclude, swiftSettings: swiftStyle)
}

let package = Package(
    name: "bio",
    products: [
        .executable(name: "bio", targets: ["bio"]),
        .library(name: "tar", type: .dynamic, targets: ["TarExporter"]),
        .library(name: "docker", type: .dynamic, targets: ["DockerExporter"]),
        .library(name: "kubernetes", type: .dynamic, targets: ["KubernetesExporter"]),
        .library(name: "helm", type: .dynamic, targets: ["HelmExporter"]),
        .library(name: "cf", type: .dynamic, targets: ["CloudFoundryExporter"]),
        .library(name: "mesos", type: .dynamic, targets: ["MesosExporter"]),
        .library(name: "aci", type: .dynamic, targets: ["ACIExporter"]),
        .library(name: "objects", type: .dynamic, targets: ["ObjectsExporter"]),  // for tests
    ],
    targets: [
        shim("CSystem"),
        shim("CSodium", links: ["sodium"]),
        shim("CCrypto", dependencies: ["CSystem"]),  // libcrypto, bound on first use (start-up time)
        shim("CCompress", dependencies: ["CSystem"]),  // liblzma, libzstd, libdeflate, ISA-L, bound on first use
        shim("CArchive", dependencies: ["CSystem"]),  // libarchive, bound on first use (start-up time)
        shim("CCurl", dependencies: ["CSystem"]),  // libcurl, bound on first use (start-up time)
        shim("CYaml", dependencies: ["CSystem"]),  // libyaml, bound on first use (start-up time)
        shim("CFFI", dependencies: ["CSystem"]),  // libffi, bound on first use (start-up time)
        shim("CToml", links: ["m"]),  // toml++ is header-only; it wants log10
        .target(
            name: "CBioExport", path: "plugin-sdk",
            exclude: [
                "swift", "examples", "exports.map", "c", "cpp", "rust", "zig", "go", "exec", "templates", "conformance",
            ],
            sources: ["abi/abi_lock.c", "abi/constants_lock.c"], publicHeadersPath: "include", cSettings: cStyle),

        core("BioSystem", ["CSystem"]),
        core("BioPackage", []),
        core("BioDocument", ["CToml", "CYaml"]),
        core("BioTemplate", ["BioDocument"]),
        core("BioCrypto", ["BioPackage", "BioSystem", "CSodium", "CCrypto"]),
        core("BioArchive", ["BioSystem", "BioCrypto", "CArchive", "CCompress"]),
        core("BioHart", ["BioArchive", "BioCrypto", "BioPackage", "BioSystem"]),
        core("BioStore", ["BioHart", "BioArchive", "BioCrypto", "BioPackage", "BioSystem"]),
        core("BioGraph", ["BioPackage"]),
        core("BioHTTP", ["BioSystem", "CCurl"]),
        core("BioOCI", ["BioHTTP", "BioArchive", "BioCrypto", "BioDocument", "BioPackage", "BioSystem"]),
        core("BioRegistry", ["BioOCI", "BioHTTP", "BioArchive", "BioCrypto", "BioDocument", "BioSystem"]),
        core("BioAttestation", ["BioOCI", "BioGraph", "BioCrypto", "BioDocument", "BioPackage"]),
        core("BioSupervisor", ["BioTemplate", "BioDocument", "BioStore", "BioPackage", "BioSystem"]),
        core(
            "BioExport",
            [
                "BioAttestation", "BioOCI", "BioSupervisor", "BioTemplate", "BioStore", "BioGraph", "BioArchive",
                "BioCrypto", "BioDocument", "BioPackage", "BioSystem", "CSystem",
            ]),
        core(
            "BioTrust",
            [
                "BioExport", "BioAttestation", "BioOCI", "BioStore", "BioHart", "BioArchive", "BioCrypto",
                "BioDocument", "BioPackage", "BioSystem",
            ]),
        core(
            "BioPluginHost",
            [
                "BioExport", "BioTemplate", "BioHart", "BioGraph", "BioArchive", "BioCrypto", "BioDocument",
                "BioPackage",
                "BioSystem", "CBioExport", "CFFI", "CSystem",
            ]),
        core(
            "BioConformance",
            ["BioPluginHost", "BioExport", "BioDocument", "BioPackage", "BioSystem", "CBioExport"]),
        core(
            "BioCLI",
            [
                "BioConformance", "BioPluginHost", "BioSupervisor", "BioTrust", "BioExport", "BioAttestation",
                "BioRegistry", "BioOCI",
                "BioHTTP", "BioGraph", "BioStore", "BioHart", "BioArchive", "BioCrypto", "BioTemplate", "BioDocument",
                "BioPackage", "BioSystem", "CSystem",
            ]),
        .executableTarget(
            name: "bio", dependencies: ["BioCLI"], path: "Core/bio", swiftSettings: swiftStyle,
            linkerSettings: [
                .unsafeFlags(["-use-ld=lld", "-Xlinker", "--gc-sections"]),
                .unsafeFlags(
                    ["-no-toolchain-stdlib-rpath", "-Xlinker", "--no-export-dynamic", "-Xlinker", "-s"],
                    .when(configuration: .release)),
            ]),

        pluginPart("BioPluginSDK", path: "plugin-sdk/swift", exclude: []),
        pluginPart("ServiceRoot"),
        pluginPart("Workload", parts: ["ServiceRoot"]),
        plugin("Tar", parts: ["ServiceRoot"]),
        plugin("Docker", parts: ["ServiceRoot"]),
        plugin("Kubernetes", parts: ["Workload"]),
        plugin("Helm", parts: ["Workload"]),
        plugin("CloudFoundry", parts: ["ServiceRoot"]),
        plugin("Mesos", parts: ["ServiceRoot"]),
        plugin("ACI", parts: ["ServiceRoot"]),
        plugin("Objects", path: "Tests/Support/plugins/objects"),

        .target(
            name: "BioTestSupport",
            dependencies: [
                "BioExport", "BioGraph", "BioStore", "BioHart", "BioOCI", "BioHTTP", "BioArchive", "BioCrypto",
                "BioDocument", "BioPackage", "BioSystem",
            ],
            path: "Tests/Support/BioTestSupport", swiftSettings: swiftStyle),
        .executableTarget(
            name: "bio-fuzz",
            dependencies: [
                "BioPluginHost", "BioExport", "BioOCI", "BioTemplate", "BioStore", "BioHart", "BioArchive", "BioCrypto",
                "BioDocument", "BioPackage", "BioSystem", "CBioExport", "BioTestSupport",
            ],
            path: "Tests/Fuzz", exclude: ["corpus", "fuzz", "README.md"], swiftSettings: swiftStyle),
        .executableTarget(
            name: "bio-render", dependencies: ["BioTemplate", "BioDocument", "BioSystem"],
            path: "Tests/Benchmarks/Render",
            exclude: ["context.json", "render.js", "server.conf"], swiftSettings: swiftStyle),
        tests("BioSystem", ["BioSystem"]),
        tests("BioPackage", ["BioPackage"]),
        tests("BioDocument", ["BioDocument"]),
        tests("BioTemplate", ["BioTemplate", "BioDocument"]),
        tests("BioCrypto", ["BioCrypto", "BioPackage", "BioSystem"]),
        tests("BioArchive", ["BioArchive", "BioCrypto", "BioSystem"]),
        tests("BioHart", ["BioHart", "BioArchive", "BioCrypto", "BioPackage", "BioSystem"]),
        tests(
            "BioStore", ["BioStore", "BioHart", "BioArchive", "BioCrypto", "BioPackage", "BioSystem", "BioDocument"]),
        tests("BioGraph", ["BioGraph", "BioPackage"]),
        tests("BioHTTP", ["BioHTTP", "BioSystem"]),
        tests("BioOCI", ["BioOCI", "BioHTTP", "BioArchive", "BioCrypto", "BioDocument", "BioPackage", "BioSystem"]),
        tests(
            "BioRegistry",
            ["BioRegistry", "BioOCI", "BioHTTP", "BioArchive", "BioCrypto", "BioDocument", "BioSystem"]),
        tests(
            "BioAttestation",
            ["BioAttestation", "BioOCI", "BioGraph", "BioCrypto", "BioDocument", "BioPackage", "BioSystem"],
            exclude: ["Golden"]),
        tests(
            "BioTrust",
            [
                "BioTrust", "BioExport", "BioAttestation", "BioOCI", "BioStore", "BioHart", "BioArchive", "BioCrypto",
                "BioDocument", "BioPackage", "BioSystem",
            ]),
        tests(
            "BioSupervisor", ["BioSupervisor", "BioTemplate", "BioDocument", "BioStore", "BioPackage", "BioSystem"]),
        tests(
            "BioExport",
            [
                "BioExport", "BioAttestation", "BioOCI", "BioTemplate", "BioStore", "BioGraph", "BioArchive",
                "BioCrypto", "BioDocument", "BioPackage", "BioSystem",
            ], exclude: ["Golden"]),
        tests(
            "BioPluginHost",
            [
                "BioPluginHost", "BioExport", "BioGraph", "BioCrypto", "BioDocument", "BioPackage", "BioSystem",
                "CBioExport", "CSystem",
            ]),
        tests(
            "Conformance", ["BioConformance", "BioPluginHost", "BioDocument", "BioSystem"]),
        tests(
            "Runner",
            [
                "BioPluginHost", "BioExport", "BioOCI", "BioArchive", "BioCrypto", "BioDocument", "BioPackage",
                "BioSystem", "CSystem",
            ], exclude: ["Golden"]),
        tests(
            "BioCLI",
            [
                "BioCLI", "BioPluginHost", "BioSupervisor", "BioTrust", "BioExport", "BioAttestation", "BioRegistry",
                "BioOCI", "BioHTTP", "BioGraph", "BioStore", "BioHart", "BioArchive", "BioCrypto", "BioTemplate",
                "BioDocument", "BioPackage", "BioSystem",
            ], exclude: ["Golden"]),
        tests(
            "Command", ["BioCLI", "BioAttestation", "BioOCI", "BioCrypto", "BioDocument", "BioPackage", "BioSystem"]),
        tests(
            "TarExporter", ["BioCrypto", "BioDocument", "BioPackage", "BioSystem"], exclude: ["Golden", "judge.py"]),
        tests("DockerExporter", ["BioCrypto", "BioDocument", "BioSystem"], exclude: ["Golden", "judge.py"]),
        tests("KubernetesExporter", ["BioDocument", "BioSystem"], exclude: ["Golden", "judge.py"]),
        tests("HelmExporter", ["BioDocument", "BioSystem"], exclude: ["Golden"]),
        tests("CloudFoundryExporter", ["BioDocument", "BioSystem"], exclude: ["Golden"]),
        tests(
            "MesosExporter", ["BioCrypto", "BioDocument", "BioSystem"],
            exclude: ["Golden", "judge.py", "marathon-app.schema.json"]),
        tests("ACIExporter", ["BioDocument", "BioSystem"], exclude: ["Golden"]),
        tests("Init", ["BioSystem"]),
        tests("SDK", ["BioPluginHost", "BioDocument", "BioSystem", "BioCrypto"], exclude: ["Golden"]),
        tests("Fuzz", ["BioSystem"]),
        tests("Fault", []),
        tests("Architecture", ["BioDocument", "BioSystem"]),
        tests("Documentation", ["BioSystem", "BioStore"]),
    ],
    cLanguageStandard: .c11,
    cxxLanguageStandard: .cxx17)
