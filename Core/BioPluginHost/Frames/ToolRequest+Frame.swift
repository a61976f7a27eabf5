// SPDX-License-Identifier: Apache-2.0

import BioExport

/// How a run of a program travels, there and back.
extension ToolRequest {
    func write(to frame: inout FrameWriter) {
        frame.text(program)
        frame.list(arguments) { $0.text($1) }
        frame.u32(seconds)
        frame.text(input)
        frame.text(output)
        frame.u64(secret)
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        self.init(program: try frame.text("program"))
        arguments = try frame.list("arguments", limit: 4096) { (frame) throws(FrameError) in
            try frame.text("argument")
        }
        seconds = try frame.u32()
        input = try frame.text("input")
        output = try frame.text("output")
        secret = try frame.u64()
    }
}

extension ToolOutcome {
    var payload: [UInt8] {
        var frame = FrameWriter()
        frame.i32(exitCode)
        frame.text(output)
        frame.text(errors)
        return frame.bytes
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            exitCode: try frame.i32(), output: try frame.text("output of a program"),
            errors: try frame.text("errors of a program"))
    }
}
