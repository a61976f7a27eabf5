// SPDX-License-Identifier: Apache-2.0

import BioSystem

extension SandboxRequest {
    func write(to frame: inout FrameWriter) {
        frame.list(writable) { $0.text($1) }
        frame.list(readable) { $0.text($1) }
        frame.bool(startsProcesses)
        for limit in [limits.memory, limits.openFiles, limits.fileSize, Int64(limits.threads)] { frame.i64(limit) }
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            writable: try frame.list("writable places", limit: 64) { (frame) throws(FrameError) in
                try frame.text("writable place")
            },
            readable: try frame.list("readable places", limit: 4096) { (frame) throws(FrameError) in
                try frame.text("readable place")
            },
            startsProcesses: try frame.bool("processes flag"))
        limits.memory = try frame.i64()
        limits.openFiles = try frame.i64()
        limits.fileSize = try frame.i64()
        limits.threads = Int(clamping: try frame.i64())
    }
}

extension SandboxReport {
    func write(to frame: inout FrameWriter) { frame.list(missing) { $0.u8($1.rawValue) } }

    init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            missing: try frame.list("promises", limit: 64) { (frame) throws(FrameError) in
                let raw = try frame.u8()
                guard let promise = Promise(rawValue: raw) else {
                    throw .unknown(field: "promise of the sandbox", value: UInt64(raw))
                }
                return promise
            })
    }
}
