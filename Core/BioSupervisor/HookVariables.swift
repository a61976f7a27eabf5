// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioStore
import BioSystem

/// The variables of a hook: those of this process, over them those of the package, and a PATH of the package's, of the
/// interpreters', and of this process's directories (package-model: 5 "Environment of a package").
struct HookVariables {
    /// Those of the package and the PATH, which templates find as `pkg.env`; in byte order of their names.
    let package: [(name: String, value: String)]
    /// All of them, `NAME=VALUE`.
    let list: [String]

    init(of package: InstalledPackage, in store: PackageStore, _ host: HostFacts) throws(SupervisorError) {
        var paths: [String]
        var own: [(name: String, value: String)]
        do throws(StoreError) {
            let environment = try PackageEnvironment(
                of: package, in: store, callerSetsCertificates: host.variable("SSL_CERT_FILE") != nil)
            own = environment.variables
            paths = try environment.path.map(store.root.rooted) + Self.interpreters(store)
        } catch { throw .store(error) }
        if let path = host.variable("PATH") { paths.append(path) }
        own.removeAll { $0.name == "PATH" }
        own.append(("PATH", paths.joined(separator: ":")))
        own.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        let names = Set(own.map(\.name))
        // Bytes: a character may have marks after its "=".
        let inherited = host.variables.filter { entry in
            !names.contains(String(decoding: entry.utf8.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self))
        }
        self.package = own
        list = inherited + own.map { "\($0.name)=\($0.value)" }
    }

    /// The PATH of busybox, when it is installed.
    private static func interpreters(_ store: PackageStore) throws(StoreError) -> [String] {
        let package: InstalledPackage?
        do throws(SystemError) { package = try store.latest(satisfying: store.root.flavour.busyboxPackage) } catch {
            throw .system(error)
        }
        return try package?.metadata().path.map(store.root.rooted) ?? []
    }
}
