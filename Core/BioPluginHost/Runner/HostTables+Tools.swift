// SPDX-License-Identifier: Apache-2.0

import BioExport
import CBioExport

/// The C functions of `bio.host.secret/1` and `bio.host.tool/1`.
extension HostTables {
    var secrets: bio_secret {
        bio_secret(
            struct_size: UInt32(MemoryLayout<bio_secret>.size), flags: 0,
            open: { host, option, handle in
                HostTables.of(host).checked { (tables) throws(PluginTableReader.Wrong) in
                    let option = try PluginTableReader.text(option.pointee, "option id", limit: 256)
                    let answer = tables.call(.secretOpen(option: option))
                    guard answer.code == BIO_OK else { return answer.code }
                    var frame = FrameReader(answer.payload)
                    guard let made = try? frame.u64() else { return BIO_E_IO }
                    handle.pointee = made
                    return BIO_OK
                }
            })
    }

    var tools: bio_tool {
        bio_tool(
            struct_size: UInt32(MemoryLayout<bio_tool>.size), flags: 0,
            run: { host, call, result in
                HostTables.of(host).checked { (tables) throws(PluginTableReader.Wrong) in
                    let answer = tables.call(.toolRun(try HostTables.request(call)))
                    guard answer.code == BIO_OK else { return answer.code }
                    var frame = FrameReader(answer.payload)
                    guard let outcome = try? ToolOutcome(from: &frame) else { return BIO_E_IO }
                    result.pointee = tables.result(outcome)
                    return BIO_OK
                }
            })
    }

    private func result(_ outcome: ToolOutcome) -> UnsafePointer<bio_tool_result> {
        var raw = bio_tool_result()
        raw.struct_size = UInt32(MemoryLayout<bio_tool_result>.size)
        raw.exit_code = outcome.exitCode
        raw.output = memory.string(outcome.output)
        raw.errors = memory.string(outcome.errors)
        return UnsafePointer(memory.one(raw))
    }

    private static func request(_ pointer: UnsafePointer<bio_tool_call>) throws(PluginTableReader.Wrong)
        -> ToolRequest
    {
        let raw = try PluginTableReader.copy(pointer, bio_tool_call(), "bio_tool_call")
        var made = ToolRequest(program: try PluginTableReader.text(raw.program, "program", limit: 256))
        made.arguments = try PluginTableReader.items(raw.arguments, raw.argument_count, "arguments")
            .map { (text) throws(PluginTableReader.Wrong) in try PluginTableReader.anyText(text, "argument") }
        made.seconds = raw.seconds
        made.input = try PluginTableReader.text(raw.input, "input", limit: 4096)
        made.output = try PluginTableReader.text(raw.output, "output", limit: 4096)
        made.secret = raw.secret
        return made
    }
}
