// SPDX-License-Identifier: Apache-2.0

import BioSystem

/// How a description travels from runner to host. Only UTF-8 and structure are checked here; whether it is a sound
/// description is `PluginDescription.problem`.
extension PluginDescription {
    package func write(to frame: inout FrameWriter) {
        for version in [abi, abiBuilt, abiNeeded] { frame.u32(version.rawValue) }
        for text in [id, name, version, vendor, license, url] { frame.text(text) }
        frame.list(formats) { $1.write(to: &$0) }
        frame.list(functions) { $1.write(to: &$0) }
    }

    /// Reads the description that a runner has left in a sealed file.
    init(in file: borrowing FileDescriptor) throws {
        var frame = FrameReader(try MemoryFile.read(file, name: "the plugin's description", limit: 4 << 20))
        try self.init(from: &frame)
        try frame.end()
    }

    package init(from frame: inout FrameReader) throws(FrameError) {
        abi = ABIVersion(rawValue: try frame.u32())
        abiBuilt = ABIVersion(rawValue: try frame.u32())
        abiNeeded = ABIVersion(rawValue: try frame.u32())
        id = try frame.text("plugin id")
        name = try frame.text("plugin name")
        version = try frame.text("plugin version")
        vendor = try frame.text("plugin vendor")
        license = try frame.text("plugin licence")
        url = try frame.text("plugin url")
        formats = try frame.list("formats") { (frame) throws(FrameError) in try FormatDescription(from: &frame) }
        functions = try frame.list("functions") { (frame) throws(FrameError) in try FunctionDescription(from: &frame) }
    }
}

extension FormatDescription {
    func write(to frame: inout FrameWriter) {
        frame.text(id)
        frame.list(aliases) { $0.text($1) }
        frame.text(summary)
        frame.text(doc)
        frame.bool(isReproducible)
        frame.bool(isStreamable)
        frame.bool(isStreamed)
        frame.list(options) { $1.write(to: &$0) }
        frame.list(groups) { $0.text($1) }
        frame.list(basePackages) {
            $0.u32($1.role.rawValue)
            for text in [$1.omitWhen, $1.name, $1.package] { $0.text(text) }
        }
        frame.list(artifactKinds) { $0.text($1) }
        frame.list(needs) { $0.text($1) }
        frame.text(tagPrefix)
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        id = try frame.text("format id")
        aliases = try frame.list("aliases") { (frame) throws(FrameError) in try frame.text("format alias") }
        summary = try frame.text("format summary")
        doc = try frame.text("format doc")
        isReproducible = try frame.bool("reproducible flag")
        isStreamable = try frame.bool("streamable flag")
        isStreamed = try frame.bool("streamed flag")
        options = try frame.list("options") { (frame) throws(FrameError) in try OptionDescription(from: &frame) }
        groups = try frame.list("option groups") { (frame) throws(FrameError) in try frame.text("option group") }
        basePackages = try frame.list("base packages") { (frame) throws(FrameError) in
            let role = try frame.u32()
            guard let role = BasePackageDescription.Role(rawValue: role) else {
                throw .unknown(field: "base package role", value: UInt64(role))
            }
            return BasePackageDescription(
                role: role, omitWhen: try frame.text("omit_when"), name: try frame.text("name of a base package"),
                package: try frame.text("base package"))
        }
        artifactKinds = try frame.list("artifact kinds") { (frame) throws(FrameError) in
            try frame.text("artifact kind")
        }
        needs = try frame.list("needs") { (frame) throws(FrameError) in try frame.text("needed service") }
        tagPrefix = try frame.text("tag prefix")
    }
}

extension OptionDescription {
    func write(to frame: inout FrameWriter) {
        frame.text(id)
        frame.u32(kind.rawValue)
        frame.bool(isHidden)
        frame.bool(isDeprecated)
        frame.bool(isRequired)
        frame.bool(isOperand)
        for text in [summary, doc, valueName, defaultValue, environment] { frame.text(text) }
        frame.list(choices) {
            $0.text($1.value)
            $0.text($1.meaning)
        }
        frame.list(aliases) { $0.text($1) }
        frame.i64(minimum)
        frame.i64(maximum)
        frame.text(check)
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        id = try frame.text("option id")
        let rawKind = try frame.u32()
        guard let kind = Kind(rawValue: rawKind) else { throw .unknown(field: "option kind", value: UInt64(rawKind)) }
        self.kind = kind
        isHidden = try frame.bool("hidden flag")
        isDeprecated = try frame.bool("deprecated flag")
        isRequired = try frame.bool("required flag")
        isOperand = try frame.bool("operand flag")
        summary = try frame.text("summary of option '\(id)'")
        doc = try frame.text("doc of option '\(id)'")
        valueName = try frame.text("value name of option '\(id)'")
        defaultValue = try frame.text("default of option '\(id)'")
        environment = try frame.text("variable of option '\(id)'")
        choices = try frame.list("choices") { (frame) throws(FrameError) in
            Choice(value: try frame.text("choice"), meaning: try frame.text("meaning of a choice"))
        }
        aliases = try frame.list("aliases") { (frame) throws(FrameError) in try frame.text("option alias") }
        minimum = try frame.i64()
        maximum = try frame.i64()
        check = try frame.text("check of option '\(id)'")
    }
}
