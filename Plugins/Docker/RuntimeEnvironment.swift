// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// The variables that the programs of a package run with, as `bio pkg env` shows them: RUNTIME_ENVIRONMENT, and a PATH
/// of RUNTIME_PATH or, where that file is missing, of the PATHs of the package, its DEPS and its TDEPS.
enum RuntimeEnvironment {
    /// In byte order of their names; PATH ends with `/bin`.
    static func variables(of package: Package, _ packages: ServicePackages) -> [(key: String, value: String)] {
        var values: [String: String] = [:]
        for line in lines(package.metadata("RUNTIME_ENVIRONMENT")) {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, !parts[0].isEmpty { values[String(parts[0])] = String(parts[1]) }
        }
        values["PATH"] = (path(of: package, packages) + ["/bin"]).joined(separator: ":")
        return values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, $0.value) }
    }

    private static func path(of package: Package, _ packages: ServicePackages) -> [String] {
        if let path = package.metadata("RUNTIME_PATH") { return directories(path) }
        let needs = lines(package.metadata("DEPS")) + lines(package.metadata("TDEPS"))
        var seen: Set<String> = []
        return ([package] + needs.compactMap { packages.package($0) }).flatMap { directories($0.metadata("PATH")) }
            .filter { seen.insert($0).inserted }
    }

    private static func directories(_ path: String?) -> [String] {
        (path ?? "").split(separator: ":").map(String.init)
    }

    private static func lines(_ text: String?) -> [String] {
        (text ?? "").split(whereSeparator: \.isNewline).map(String.init)
    }
}
