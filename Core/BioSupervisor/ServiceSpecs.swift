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

    /// For who reads specs to write them; who else does so waits, and is told what for after a second. Who only reads
    /// need not: they change as wholes.
    package func locked(
        _ cancellation: Cancellation, waiting: (_ lock: String) -> Void = { _ in }
    ) throws(SupervisorError) -> LockFile {
        do throws(SystemError) {
            try Directory.create(directory)
            return try LockFile(lock, cancellation: cancellation) { waiting(lock) }
        } catch { throw error.errno == .cancelled ? .cancelled : .system(error) }
    }

    /// Writes all of them or, when one cannot be written, none.
    package func write(all specs: [ServiceSpec]) throws(SupervisorError) {
        do throws(SystemError) { try Directory.create(directory) } catch { throw .system(error) }
        // The bytes, not what they say: what cannot be followed is put back as well.
        var before: [String: [UInt8]] = [:]
        for spec in specs {
            before[spec.name] = try TextFile.bytes(path(spec.name), limit: Self.limit, following: true)
        }
        var placed: [String] = []
        do throws(SupervisorError) { try replace(specs[...], placed: &placed) } catch {
            for name in placed {
                // As far as that can be had: the error is what counts.
                if let bytes = before[name] {
                    try? AtomicFile.write(bytes, to: path(name), mode: 0o600)
                } else {
                    try? remove(name)
                }
            }
            throw error
        }
    }

    /// Each is written beside its place, and takes it when all are.
    private func replace(_ specs: ArraySlice<ServiceSpec>, placed: inout [String]) throws(SupervisorError) {
        guard let spec = specs.first else { return }
        let draft: AtomicFile
        do throws(SystemError) { draft = try self.draft(spec) } catch { throw .system(error) }
        try replace(specs.dropFirst(), placed: &placed)
        // What an address exports may be a secret.
        do throws(SystemError) { try draft.commit(mode: 0o600, synchronizing: false) } catch { throw .system(error) }
        placed.append(spec.name)
    }

    private func draft(_ spec: ServiceSpec) throws(SystemError) -> AtomicFile {
        let draft = try AtomicFile(path(spec.name))
        // A spec has no null and no other value that TOML lacks.
        let text = (try? spec.document.tomlText()) ?? ""
        do throws(Errno) {
            try draft.descriptor.writeAll(Array(text.utf8))
            try draft.descriptor.synchronize()
        } catch { throw SystemError("write", draft.path, error) }
        return draft
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

    /// What is said to who asks for a service whose spec has this fault.
    package static func refusal(_ fault: (name: String, error: SupervisorError)) -> SupervisorError {
        if case .system = fault.error { return fault.error }
        return .refused(.faultySpec(fault.name, fault: fault.error.description), path: nil)
    }

    package func write(_ spec: ServiceSpec) throws(SupervisorError) { try write(all: [spec]) }

    /// Nothing there is fine.
    package func remove(_ name: String) throws(SupervisorError) {
        if unlink(path(name)) != 0 && errno != ENOENT { throw .system(SystemError("remove", path(name))) }
    }
}
