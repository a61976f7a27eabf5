// SPDX-License-Identifier: Apache-2.0

import CBioExport
import Glibc

extension Job {
    /// Writes a file of mode 0644 into the output directory, with the directories before it. It must not be there yet.
    public func write(_ text: String, to path: String) throws(ExportFailure) { try write(Array(text.utf8), to: path) }

    public func write(_ bytes: [UInt8], to path: String) throws(ExportFailure) {
        for (index, byte) in path.utf8.enumerated() where byte == UInt8(ascii: "/") {
            let parent = "\(outDirectory)/\(String(decoding: path.utf8.prefix(index), as: UTF8.self))"
            if mkdir(parent, 0o755) != 0 && errno != EEXIST { throw Self.failure("create", path) }
        }
        let file = open("\(outDirectory)/\(path)", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw Self.failure("create", path) }
        defer { close(file) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw Self.failure("write", path) }
            rest = rest.dropFirst(count)
        }
    }

    /// The bytes of the file that a path option names; nil when it is not given. At most `limit`.
    public func contents(of option: Option, limit: Int = 1 << 20) throws(ExportFailure) -> [UInt8]? {
        guard let path = text(option) else { return nil }
        let subject = ExportFailure.Subject.option(option.id)
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw Self.failure("open", path, subject) }
        return try Self.readToEnd(file, path, limit: limit, subject)
    }

    /// Closes the descriptor.
    fileprivate static func readToEnd(
        _ file: Int32, _ path: String, limit: Int, _ subject: ExportFailure.Subject
    ) throws(ExportFailure) -> [UInt8] {
        defer { close(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(file, &part, part.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path, subject) }
            if count == 0 { return bytes }
            bytes += part[..<count]
            guard bytes.count <= limit else {
                throw ExportFailure(code: BIO_E_LIMIT, subject: subject, "'\(path)' has more than \(limit) bytes")
            }
        }
    }

    private static func failure(
        _ verb: String, _ path: String, _ subject: ExportFailure.Subject? = nil
    ) -> ExportFailure {
        let reason = String(cString: strerror(errno))
        return ExportFailure(
            code: subject == nil ? BIO_E_IO : BIO_E_INVALID, subject: subject ?? .path(path),
            "cannot \(verb) '\(path)': \(reason)", hint: subject == nil ? "" : "name a file that can be read")
    }
}

extension Host {
    /// The bytes of a regular file of a package, at most `limit`; nil when there is none at `path`.
    public func contents(
        at path: [UInt8], of package: Package, limit: Int = 1 << 20
    ) throws(ExportFailure) -> [UInt8]? {
        let found = try files(of: package, startingWith: path).first {
            $0.file.path == path && $0.file.kind == .regular
        }
        guard let found else { return nil }
        let name = "/\(package.prefix)/\(String(decoding: path, as: UTF8.self))"
        return try Job.readToEnd(try open(found.number, of: package), name, limit: limit, .package(package.ident))
    }
}
