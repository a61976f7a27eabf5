// SPDX-License-Identifier: Apache-2.0

import BioRegistry
import BioSystem
import BioTestSupport
import Glibc

/// A directory with files of credentials, and with helpers that are shell scripts.
struct LoginDirectory: ~Copyable {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    var path: String { scratch.path }
    func file(_ name: String) -> String { scratch.file(name) }

    /// Writes a file; directories on the way are made.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let path = file(name)
        try Directory.create(String(path[..<path.lastIndex(of: "/")!]))
        try AtomicFile.write(Array(text.utf8), to: path, mode: 0o644)
        return path
    }

    func text(_ name: String) throws -> String { String(decoding: try contents(of: file(name)), as: UTF8.self) }

    /// Puts down `docker-credential-NAME`.
    func helper(_ name: String, _ script: String) throws {
        let path = file("docker-credential-\(name)")
        try AtomicFile.write(Array("#!/bin/sh\n\(script)\n".utf8), to: path, mode: 0o755)
    }

    /// A helper that keeps each secret in a file, as real ones keep them in key rings; `asked` has a line for each call.
    func keeper(_ name: String) throws {
        try Directory.create(file("kept"))
        try helper(
            name,
            """
            input=$(cat)
            echo "$1 $#" >> \(file("asked"))
            case $1 in
            store) server=$(printf '%s' "$input" | sed 's/.*"ServerURL":"\\([^"]*\\)".*/\\1/'); action=put ;;
            list) echo '{"one.example":"jo","two.example":"<token>"}'; exit 0 ;;
            *) server=$input ;;
            esac
            file=\(file("kept"))/$(printf '%s' "$server" | tr '/:' '__')
            case $1 in
            get) if [ -f "$file" ]; then cat "$file"; else
                echo 'credentials not found in native keychain'; exit 1; fi ;;
            store) printf '%s' "$input" > "$file" ;;
            erase) rm -f "$file" ;;
            esac
            """)
    }

    func settings(seconds: Int = 30) -> CredentialProgram.Settings {
        .init(searchPath: "relative::\(path)", variables: ["PATH=/usr/bin:/bin"], seconds: seconds)
    }

    /// Docker's and podman's files in this directory.
    func places(authFile: String? = nil) -> CredentialPlaces {
        let variables = ["HOME": "\(path)/home", "XDG_RUNTIME_DIR": "\(path)/run"]
        return CredentialPlaces(authFile: authFile) { variables[$0] }
    }

    func credentials(
        given: [GivenCredential] = [], environment: [GivenCredential] = [], authFile: String? = nil
    ) -> ConfiguredCredentials {
        ConfiguredCredentials(
            given: given, environment: environment, places: places(authFile: authFile), helpers: settings())
    }
}

/// `registry/path`
func repository(_ text: String) -> BioRegistry.Repository {
    let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
    return BioRegistry.Repository(RegistryHost(parts[0]), path: parts.count > 1 ? parts[1] : "")
}

extension RegistryCredential {
    static let jo = RegistryCredential.basic(username: "jo", password: "s3cret")
    static let joInBase64 = "am86czNjcmV0"
}
