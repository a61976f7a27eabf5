// SPDX-License-Identifier: Apache-2.0

import BioExport

/// How a service to be rendered travels, there and back.
extension ServiceRequest {
    func write(to frame: inout FrameWriter) {
        frame.u32(package)
        for text in [configuration, configurationName, group] { frame.text(text) }
        frame.list(binds) { $0.text($1) }
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        let package = try frame.u32()
        let configuration = try frame.text("configuration")
        let name = try frame.text("configuration name")
        let group = try frame.text("group of a service")
        self.init(
            package: package, configuration: configuration, configurationName: name,
            binds: try frame.list("binds", limit: Self.mostBinds + 1) { (frame) throws(FrameError) in
                try frame.text("bind")
            }, group: group)
    }
}

extension ServiceFacts {
    var payload: [UInt8] {
        var frame = FrameWriter()
        for text in [directory, user, group, stopSignal] { frame.text(text) }
        frame.u32(stopSeconds)
        frame.list(hooks) { frame, hook in for text in [hook.name, hook.path, hook.interpreter] { frame.text(text) } }
        frame.list(environment) { frame, variable in
            frame.text(variable.name)
            frame.text(variable.value)
        }
        frame.list(leftOut) { $0.text($1) }
        return frame.bytes
    }

    init(parsing payload: [UInt8]) throws(FrameError) {
        self.init()
        var frame = FrameReader(payload)
        directory = try frame.text("directory of a service")
        user = try frame.text("user of a service")
        group = try frame.text("group of a service")
        stopSignal = try frame.text("signal of a service")
        stopSeconds = try frame.u32()
        hooks = try frame.list("hooks", limit: 64) { (frame) throws(FrameError) in
            Hook(
                name: try frame.text("name of a hook"), path: try frame.text("path of a hook"),
                interpreter: try frame.text("interpreter of a hook"))
        }
        environment = try frame.list("variables", limit: 65_536) { (frame) throws(FrameError) in
            Variable(name: try frame.text("name of a variable"), value: try frame.text("value of a variable"))
        }
        leftOut = try frame.list("hooks that are left out", limit: 64) { (frame) throws(FrameError) in
            try frame.text("name of a hook")
        }
    }
}
