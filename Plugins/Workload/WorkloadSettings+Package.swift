// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK

/// What is checked of the options once the service is known.
extension WorkloadSettings {
    /// The ring of `--ring-secret-name`; the key of it is a file with its revision in the name.
    public func ring() throws(ExportFailure) -> Choice<WorkloadValues.Ring>? {
        guard let ringSecret else { return nil }
        if isOperated { return Choice(WorkloadValues.Ring(name: Term(ringSecret), secret: Term(ringSecret))) }
        let parts = ringSecret.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count > 1, let revision = parts.last, revision.utf8.count == 14, revision.utf8.allSatisfy(\.isDigit)
        else {
            throw .option(
                WorkloadOptions.ring, "'\(ringSecret)' does not end with the revision of a key",
                hint: "call the Secret like the key, as in ring-20260102030405, and its content ring-key")
        }
        let name = parts.dropLast().joined(separator: "-")
        return Choice(WorkloadValues.Ring(name: Term(name), secret: Term(ringSecret)))
    }

    public func storage(of package: ServicePackage) throws(ExportFailure) -> Choice<WorkloadValues.Storage>? {
        guard let storage else { return nil }
        let root = package.root
        guard isOperated || !ContainerPath.isTaken(storage.path, root: root) else {
            throw .option(
                WorkloadOptions.storage, "'\(storage.path)' cannot be storage: the container has other things there",
                hint: "name the service's own directory, \(root)/svc/\(package.name)/data")
        }
        guard runtime != .direct || !ContainerPath.isConfigured(storage.path, package) else {
            throw .option(
                WorkloadOptions.storage,
                "'\(storage.path)' cannot be storage: with --runtime direct the image has the service there",
                hint: "name the service's own directory, \(root)/svc/\(package.name)/data")
        }
        return Choice(
            WorkloadValues.Storage(
                size: Term(storage.size), path: Term(storage.path), storageClass: Term(storage.storageClass)))
    }

    /// Clients need ports.
    public func checkClients(_ package: ServicePackage) throws(ExportFailure) {
        guard package.ports.isEmpty else { return }
        for (option, isGiven) in [
            (WorkloadOptions.serviceType, serviceType != "ClusterIP"),
            (WorkloadOptions.ingressHost, ingressHost != nil),
        ] where isGiven {
            throw .option(option, "\(package.ident) exposes no port", hint: "leave the option out")
        }
    }

    /// The value of a variable as Kubernetes gives it on unchanged: `$(NAME)` and `$$` mean something to it.
    public func unexpanded(_ value: String) -> String {
        guard value.contains("$(") || value.contains("$$") else { return value }
        return value.split(separator: "$", omittingEmptySubsequences: false).joined(separator: "$$")
    }
}

/// RFC 4648, with padding: what `data` of a Secret holds.
public func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let part = bytes[start..<min(start + 3, bytes.count)]
        let bits = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
        for digit in 0..<4 {
            text.append(digit <= part.count ? alphabet[bits >> (18 - 6 * digit) & 63] : UInt8(ascii: "="))
        }
    }
    return String(decoding: text, as: UTF8.self)
}
