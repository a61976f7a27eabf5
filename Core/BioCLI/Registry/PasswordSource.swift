// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc

/// Where a password comes from, besides an option that has it: `--password-stdin` or `--password-file`.
struct PasswordSource {
    /// Bytes that a password, or a token, has at most.
    private static let limit = 1 << 16

    private let readsInput: Bool
    private let path: String?

    init(_ arguments: ParsedArguments) throws(CommandFailure) {
        readsInput = arguments.flag("password-stdin")
        path = arguments.string("password-file")
        if readsInput && path != nil {
            throw CommandFailure(
                .usage, "--password-stdin and --password-file cannot be given both", hint: "give one of them")
        }
    }

    /// Whether one of the options is given.
    var isGiven: Bool { readsInput || path != nil }

    /// The password, one line end behind it left out; nil when neither option is given.
    func read(_ context: CommandContext) throws -> String? {
        if readsInput { return try Self.text(try context.input.readToEnd(limit: Self.limit), from: "standard input") }
        guard let path else { return nil }
        let file = try FileDescriptor.open(context.absolute(path))
        let bytes: [UInt8]
        do throws(Errno) { bytes = try file.readToEnd(limit: Self.limit) } catch {
            throw SystemError("read", path, error)
        }
        return try Self.text(bytes, from: "'\(path)'")
    }

    private static func text(_ bytes: [UInt8], from place: String) throws(CommandFailure) -> String {
        guard var text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure(.failure, "the password in \(place) is not UTF-8")
        }
        // "\r\n" is one character.
        if text.last == "\n" || text.last == "\r\n" { text.removeLast() }
        if text.isEmpty { throw CommandFailure(.failure, "there is no password in \(place)") }
        return text
    }
}
