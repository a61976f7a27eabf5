// SPDX-License-Identifier: Apache-2.0

import BioDocument
package import BioStore
package import BioSystem
import Glibc

/// The specs of a root: one file for each service.
package struct ServiceSpecs: Hashable, Sendable {
    package let directory: String
    private let lock: String

    private static let limit = 1 << 16

    package init(in root: FileSystemRoot) {
        directory = root.path("sup/default/specs")
        lock = root.path("sup/default/.specs-lock")
    }

    /// For who reads specs to write them; who else does so waits. Who only reads need not: they change as wholes.
    package func locked(_ cancellation: Cancellation) throws(SupervisorError) -> LockFile {
        do throws(SystemError) {
            try Directory.create(directory)
            return try LockFile(lock, cancellation: cancellation)
        } catch { throw error.errno == .cancelled ? .cancelled : .system(error) }
    }

    /// Writes all of them or, when one cannot be written, none.
    package func write(all specs: [ServiceSpec]) throws(SupervisorError) {
        var before: [(name: String, spec: ServiceSpec?)] = []
        do throws(SupervisorError) {
            for spec in specs {
                before.append((spec.name, (try? self.spec(spec.name)) ?? nil))
                try write(spec)
            }
        } catch {
            for (name, spec) in before {
                // As far as that can be had: the error is what counts.
                if let spec { try? write(spec) } else if name != before.last?.name { try? remove(name) }
            }
            throw error
        }
    }

    package func path(_ name: String) -> String { "\(directory)/\(name).spec" }

    /// The names of all services that have one, in byte order.
    package func names() throws(SupervisorError) -> [String] {
        let names: [[UInt8]]
        do throws(SystemError) { names = try Directory.names(directory) } catch {
            guard error.errno == .noSuchFile || error.errno == .notDirectory else { throw .system(error) }
            return []
        }
        return names.compactMap { String(validating: $0, as: UTF8.self) }
            .filter { $0.hasSuffix(".spec") && ServiceGroup.isName($0.dropLast(5)) }.map { String($0.dropLast(5)) }
    }

    /// nil when there is none; one that is about another package than its name says is refused.
    package func spec(_ name: String) throws(SupervisorError) -> ServiceSpec? {
        let path = path(name)
        guard let bytes = try TextFile.bytes(path, limit: Self.limit, following: true) else { return nil }
        let value: DocumentValue
        do throws(DocumentError) { value = try TOMLDocument(parsing: bytes).value } catch {
            throw .badConfiguration(path: path, error)
        }
        let spec = try ServiceSpec(value, path: path)
        guard spec.name == name else { throw .badSpec(path: path) }
        return spec
    }

    /// All that can be read, and what is wrong with the others.
    package func all() throws(SupervisorError) -> (
        specs: [ServiceSpec], faults: [(name: String, error: SupervisorError)]
    ) {
        var specs: [ServiceSpec] = []
        var faults: [(name: String, error: SupervisorError)] = []
        for name in try names() {
            do throws(SupervisorError) {
                if let spec = try spec(name) { specs.append(spec) }
            } catch { faults.append((name, error)) }
        }
        return (specs, faults)
    }

    package func write(_ spec: ServiceSpec) throws(SupervisorError) {
        do throws(SystemError) {
            try Directory.create(directory)
            // A spec has no null and no other value that TOML lacks.
            let text = (try? spec.document.tomlText()) ?? ""
            // What an address exports may be a secret.
            try AtomicFile.write(Array(text.utf8), to: path(spec.name), mode: 0o600)
        } catch { throw .system(error) }
    }

    /// Nothing there is fine.
    package func remove(_ name: String) throws(SupervisorError) {
        if unlink(path(name)) != 0 && errno != ENOENT { throw .system(SystemError("remove", path(name))) }
    }
}
