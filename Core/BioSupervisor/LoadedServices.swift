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

    /// A spec that does not say what it loads, and why.
    package struct Unreadable: Hashable, Sendable {
        package let spec: String
        package let error: SupervisorError

        /// The supervisor names a spec after the service's package.
        fileprivate func mayLoad(_ ident: QualifiedIdent) -> Bool { spec.hasSuffix("/\(ident.name).spec") }
    }

    package let services: [Service]
    /// In the order of the directory's names.
    package let unreadable: [Unreadable]

    private static let specLimit = 1 << 16

    /// Reads all specs.
    package init(in root: FileSystemRoot) throws(SupervisorError) {
        let directory = ServiceSpecs(in: root).directory
        let names: [[UInt8]]
        do throws(SystemError) { names = try Directory.names(directory) } catch {
            guard error.errno == .noSuchFile || error.errno == .notDirectory else { throw .system(error) }
            (services, unreadable) = ([], [])
            return
        }
        var found: [Service] = []
        var unreadable: [Unreadable] = []
        for name in names.map({ String(decoding: $0, as: UTF8.self) }) where name.hasSuffix(".spec") {
            let path = "\(directory)/\(name)"
            do throws(SupervisorError) {
                if let ident = try Self.ident(in: path) { found.append(Service(ident: ident, spec: path)) }
            } catch { unreadable.append(Unreadable(spec: path, error: error)) }
        }
        services = found
        self.unreadable = unreadable.sorted { $0.spec.utf8.lexicographicallyPrecedes($1.spec.utf8) }
    }

    /// What the spec loads; nil when it goes meanwhile.
    private static func ident(in path: String) throws(SupervisorError) -> PackageIdent? {
        guard let bytes = try TextFile.bytes(path, limit: specLimit, following: true) else { return nil }
        let value: DocumentValue
        do throws(DocumentError) { value = try TOMLDocument(parsing: bytes).value } catch {
            throw .badConfiguration(path: path, error)
        }
        guard let text = value["ident"]?.string, let ident = try? PackageIdent(parsing: text) else {
            throw .badSpec(path: path)
        }
        return ident
    }

    /// The service that `package` is loaded for: one whose ident it satisfies, unless a newer installed release does
    /// too, which is what the supervisor then takes. A spec that cannot be read and has the package's name is an error.
    package func service(
        loading package: InstalledPackage, in store: PackageStore
    ) throws(SupervisorError) -> Service? {
        if let spec = unreadable.first(where: { $0.mayLoad(package.ident) }) { throw spec.error }
        for service in services where package.ident.satisfies(service.ident) {
            do throws(SystemError) {
                let latest = try store.latest(satisfying: service.ident, target: package.target)
                if latest == nil || latest == package { return service }
            } catch { throw .system(error) }
        }
        return nil
    }

    /// Whether `package` is loaded, or may be: a spec that cannot be read has its name.
    package func mayLoad(_ package: InstalledPackage, in store: PackageStore) throws(SupervisorError) -> Bool {
        if unreadable.contains(where: { $0.mayLoad(package.ident) }) { return true }
        return try service(loading: package, in: store) != nil
    }
}
