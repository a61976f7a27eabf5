// SPDX-License-Identifier: Apache-2.0

import CBioExport

/// A program of this machine, to be run by the host without a shell. The C side of it is `bio_tool_call`.
public struct ToolCall: Sendable {
    /// A name, which `tools` in plugin.toml lists.
    public var program: String
    public var arguments: [String]
    /// It is ended after these; nil: 60.
    public var seconds: UInt32?
    /// A file in the output directory, for its standard input; nil: nothing.
    public var input: String?
    /// A new file in the output directory that gets its standard output; nil: the output is returned.
    public var output: String?
    /// To be read from descriptor 3.
    public var secret: Secret?

    public init(
        _ program: String, _ arguments: [String], input: String? = nil, output: String? = nil, secret: Secret? = nil
    ) {
        self.program = program
        self.arguments = arguments
        self.input = input
        self.output = output
        self.secret = secret
    }
}

public struct ToolResult: Sendable {
    /// 128 + N when a signal ended it.
    public let exitCode: Int32
    public let output: String
    /// The end of its standard error, without secrets.
    public let errors: String
}

/// A password or the like, which stays with the host.
public struct Secret: Sendable {
    let handle: bio_handle
}

extension Host {
    /// Takes the first line of the file that a path option names; `-` is standard input.
    public func secret(_ option: Option) throws(ExportFailure) -> Secret {
        guard let secrets = table(.secret, bio_secret.self), let open = secrets.open else {
            throw .lacking(.secret)
        }
        var handle: bio_handle = 0
        let code = option.id.withBioStr { open(raw, $0, &handle) }
        guard code == 0 else { throw .host(code) }
        return Secret(handle: handle)
    }

    /// Runs a program and waits for its end, whatever its exit code.
    public func run(_ call: ToolCall) throws(ExportFailure) -> ToolResult {
        guard let tool = table(.tool, bio_tool.self), let run = tool.run else { throw .lacking(.tool) }
        var texts = CallTexts()
        defer { texts.free() }
        var raw = bio_tool_call()
        raw.struct_size = UInt32(MemoryLayout<bio_tool_call>.size)
        raw.program = texts.string(call.program)
        (raw.arguments, raw.argument_count) = texts.strings(call.arguments)
        raw.seconds = call.seconds ?? 0
        raw.input = texts.string(call.input ?? "")
        raw.output = texts.string(call.output ?? "")
        raw.secret = call.secret?.handle ?? 0
        var result: UnsafePointer<bio_tool_result>?
        let code = run(self.raw, &raw, &result)
        guard code == 0 else { throw .host(code) }
        guard let result = HostTable.copy(result.map { UnsafeRawPointer($0) }, bio_tool_result.self) else {
            throw .host(BIO_E_IO)
        }
        return ToolResult(
            exitCode: result.exit_code, output: String(result.output), errors: String(result.errors))
    }
}
