// SPDX-License-Identifier: Apache-2.0

package import BioHTTP
import BioSystem

/// Certificates that an administrator, or the user, has put down for one registry: directories `HOST` or `HOST:PORT` with
/// `*.crt` for authorities, and `NAME.cert` with `NAME.key` to show the registry (docker and podman: `certs.d`).
package struct CertificateDirectories: Sendable {
    private let parents: [String]

    /// `parents` in the order in which a client certificate is looked for.
    package init(_ parents: [String]) { self.parents = parents }

    /// `settings` with what there is for `registry`; a client certificate that is set already stays.
    package func adding(to settings: TLSSettings, for registry: RegistryHost) throws -> TLSSettings {
        var settings = settings
        for directory in parents.flatMap({ parent in names(registry).map { "\(parent)/\($0)" } }) {
            let files = try Self.files(directory)
            settings.authorities += files.filter { $0.hasSuffix(".crt") }.map { "\(directory)/\($0)" }
            guard settings.clientCertificate == nil, let pair = try Self.pair(files, directory) else { continue }
            (settings.clientCertificate, settings.clientKey) = pair
        }
        return settings
    }

    private func names(_ registry: RegistryHost) -> [String] {
        Set([registry.name, registry.endpoint]).sorted().filter { !$0.contains("/") && $0 != "." && $0 != ".." }
    }

    private static func pair(_ files: [String], _ directory: String) throws -> (String, String)? {
        for name in files where name.hasSuffix(".key") && !files.contains(name.dropLast(4) + ".cert") {
            throw CertificateError.keyAlone("\(directory)/\(name)")
        }
        guard let certificate = files.first(where: { $0.hasSuffix(".cert") }) else { return nil }
        let key = certificate.dropLast(5) + ".key"
        guard files.contains(String(key)) else {
            throw CertificateError.certificateAlone("\(directory)/\(certificate)")
        }
        return ("\(directory)/\(certificate)", "\(directory)/\(key)")
    }

    /// What is in a directory, in byte order; nothing when it is not there or nobody may look.
    private static func files(_ directory: String) throws(SystemError) -> [String] {
        do throws(SystemError) {
            return try Directory.names(directory).compactMap { String(validating: $0, as: UTF8.self) }
        } catch {
            if [.noSuchFile, .notDirectory, .permissionDenied].contains(error.errno) { return [] }
            throw error
        }
    }
}
