// SPDX-License-Identifier: Apache-2.0

import BioDocument
package import BioPackage
package import BioStore
import BioSystem

/// The services that the supervisor of a root is to run, by its specs (`sup/default/specs/NAME.spec`).
package struct LoadedServices: Hashable, Sendable {
    package struct Service: Hashable, Sendable {
        package let ident: PackageIdent
        /// The spec's path.
        package let spec: String
    }

    package let services: [Service]

    private static let specLimit = 1 << 16

    /// Reads all specs; one that does not say what it loads is refused.
    package init(in root: FileSystemRoot) throws(SupervisorError) {
        let directory = root.path("sup/default/specs")
        let names: [[UInt8]]
        do throws(SystemError) { names = try Directory.names(directory) } catch {
            guard error.errno == .noSuchFile || error.errno == .notDirectory else { throw .system(error) }
            services = []
            return
        }
        var found: [Service] = []
        for name in names.map({ String(decoding: $0, as: UTF8.self) }) where name.hasSuffix(".spec") {
            let path = "\(directory)/\(name)"
            // One that goes meanwhile loads nothing.
            guard let bytes = try TextFile.bytes(path, limit: Self.specLimit, following: true) else { continue }
            let value: DocumentValue
            do throws(DocumentError) { value = try TOMLDocument(parsing: bytes).value } catch {
                throw .badConfiguration(path: path, error)
            }
            guard let text = value["ident"]?.string, let ident = try? PackageIdent(parsing: text) else {
                throw .badSpec(path: path)
            }
            found.append(Service(ident: ident, spec: path))
        }
        services = found
    }

    /// The service that `package` is loaded for: one whose ident it satisfies, unless a newer installed release does
    /// too, which is what the supervisor then takes.
    package func service(
        loading package: InstalledPackage, in store: PackageStore
    ) throws(SupervisorError) -> Service? {
        for service in services where package.ident.satisfies(service.ident) {
            do throws(SystemError) {
                let latest = try store.latest(satisfying: service.ident, target: package.target)
                if latest == nil || latest == package { return service }
            } catch { throw .system(error) }
        }
        return nil
    }
}
