// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioSystem
import Glibc

/// `bio pkg hash`
enum PackageHash {
    static let spec = CommandSpec(
        "hash", aliases: CommandSpec.beginnings(of: "hash", 2...3), abstract: "Print the BLAKE2b-256 hash of files",
        discussion: """
            The hash is the one by which a Builder knows an artifact: of the whole file, header included. Each line \
            has the hash, two blanks and the name as given. Without FILE, names are read from standard input, one a \
            line.
            """,
        examples: [
            CommandSpec.Example("bio pkg hash results/*.hart", "Hash some artifacts"),
            CommandSpec.Example("find . -name '*.hart' | bio pkg hash", "Hash what another program names"),
        ],
        arguments: [ArgumentSpec("FILE", .any, help: "files to hash")],
        options: [.format], exitCodes: [.interrupted], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        var found: [DocumentValue] = []
        func hash(_ path: String) throws {
            let digest = try digest(of: path, context.interruption)
            if arguments.wantsJSON {
                found.append(["path": .string(path), "blake2b": .string(digest.hex)])
            } else {
                try context.result.line("\(digest.hex)  \(path)")
            }
        }
        let files = arguments.arguments("FILE")
        if files.isEmpty {
            try context.input.forEachLine { line in if !line.isEmpty { try hash(line) } }
        } else {
            for file in files { try hash(file) }
        }
        if arguments.wantsJSON { try context.result.json(["schema_version": 1, "files": .array(found)]) }
    }

    /// The BLAKE2b-256 of a file of any size, by pieces, so that Ctrl-C is heard between them.
    static func digest(of path: String, _ interruption: Interruption) throws -> Digest {
        // Non-blocking, so that a pipe that nobody writes to does not keep us; waiting for one that somebody does is
        // not what a file's hash is for.
        let file = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK)
        do throws(Errno) {
            if try file.status().kind == .other { throw Errno.invalidArgument }
        } catch { throw SystemError("hash", path, error) }
        var hasher = BLAKE2bHasher()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            try interruption.check()
            let count: Int
            do throws(Errno) { count = try file.read(into: buffer) } catch { throw SystemError("read", path, error) }
            if count == 0 { return hasher.finalize() }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
