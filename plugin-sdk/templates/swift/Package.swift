// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let root = Context.packageDirectory

/// Own Swift runtime, one exported symbol: nothing of the plugin meets another plugin's or the host's.
let package = Package(
    name: "@NAME@",
    products: [.library(name: "@NAME@", type: .dynamic, targets: ["Plugin"])],
    targets: [
        .systemLibrary(name: "CBioExport", path: "sdk/CBioExport"),
        .target(
            name: "BioPluginSDK", dependencies: ["CBioExport"], path: "sdk/BioPluginSDK",
            swiftSettings: [.unsafeFlags(["-static-stdlib"])]),
        .target(
            name: "Plugin", dependencies: ["BioPluginSDK", "CBioExport"],
            swiftSettings: [.unsafeFlags(["-static-stdlib"])],
            linkerSettings: [
                .unsafeFlags([
                    "-use-ld=lld", "-static-stdlib", "-no-toolchain-stdlib-rpath", "-Xlinker", "--gc-sections",
                    "-Xlinker", "-s", "-Xlinker", "--version-script=\(root)/sdk/exports.map",
                ])
            ]),
    ])
