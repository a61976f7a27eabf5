// SPDX-License-Identifier: Apache-2.0

import BioArchive
package import BioPackage
import BioSystem

/// A small package made for one test: honest by default, and as hostile as `extra` makes it.
package struct PackageFixture: Sendable {
    /// A file of the package; the path is relative to its directory.
    package struct File: Sendable {
        package var path: String
        package var body: String
        package var mode: Int

        package init(_ path: String, _ body: String = "", mode: Int = 0o644) {
            self.path = path
            self.body = body
            self.mode = mode
        }
    }

    package var ident: String
    package var target: String
    /// Transitive dependencies; TDEPS and, unless `metafiles` says otherwise, DEPS.
    package var tdeps: [String]
    /// Further metafiles, or other contents of those that are written by themselves; nil leaves one out.
    package var metafiles: [String: String?] = [:]
    package var files: [File]
    /// `hab`, or `bio` as the later Biome has it.
    package var root = "hab"
    /// Whether the package's own directory is a member, as GNU tar writes it.
    package var hasOwnDirectory = true
    /// Writes more members; it gets the package's directory, `hab/pkgs/…`, without a closing slash.
    package var extra: (@Sendable (inout RawTar, String) -> Void)?

    package init(
        _ ident: String, target: String = "x86_64-linux", tdeps: [String] = [],
        files: [File] = [File("bin/hello", "#!/bin/sh\necho hello\n", mode: 0o755)]
    ) {
        self.ident = ident
        self.target = target
        self.tdeps = tdeps
        self.files = files
    }

    package var qualified: QualifiedIdent { get throws { try QualifiedIdent(parsing: ident) } }

    /// The package's directory in the payload.
    package var prefix: String { "\(root)/pkgs/\(ident)" }

    /// The payload before its compression.
    package func tar() -> [UInt8] {
        RawTar.archive { tar in
            if hasOwnDirectory { tar.directory(prefix + "/") }
            var texts: [String: String?] = ["IDENT": ident + "\n", "TARGET": target + "\n"]
            if !tdeps.isEmpty {
                let lines = tdeps.joined(separator: "\n") + "\n"
                texts["TDEPS"] = lines
                texts["DEPS"] = lines
            }
            texts.merge(metafiles) { $1 }
            for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
                if let text { tar.file("\(prefix)/\(name)", text) }
            }
            var directories: Set<String> = []
            for file in files {
                if let slash = file.path.lastIndex(of: "/"), directories.insert(String(file.path[..<slash])).inserted {
                    tar.directory("\(prefix)/\(file.path[..<slash])/")
                }
                tar.file("\(prefix)/\(file.path)", file.body, mode: file.mode)
            }
            extra?(&tar, prefix)
        }
    }

    /// The payload as artifacts have it.
    package func payload() throws -> [UInt8] {
        try compressed(tar(), .xz)
    }

    /// Writes the signed artifact under its canonical name into `directory`, which is made when missing, and returns
    /// its path. The key is that of the package's origin, or of `origin`.
    @discardableResult
    package func artifact(
        in directory: String, keys: TestKeys, magic: String = "HART-1", signedBy origin: String? = nil
    ) throws -> String {
        try Directory.create(directory)
        let payload = "\(directory)/.payload-\(ident.split(separator: "/").joined(separator: "-"))"
        try AtomicFile.write(try self.payload(), to: payload)
        defer { try? Directory.remove(payload) }
        let name = ident.split(separator: "/").joined(separator: "-") + "-\(target).hart"
        let own = ident.split(separator: "/").first.map(String.init) ?? ""
        try keys.sign(payload, to: "\(directory)/\(name)", magic: magic, origin: origin ?? own)
        return "\(directory)/\(name)"
    }
}
