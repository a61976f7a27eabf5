// SPDX-License-Identifier: Apache-2.0

package import CBioExport

/// Reads what a plugin points at, copying before checking, so that nothing is read twice. A pointer into nowhere
/// ends the runner, not the host.
package enum PluginTableReader {
    package struct Wrong: Error {
        package let text: String
    }

    static let longestText = 64 * 1024
    static let mostItems = 4096

    /// The description behind the pointer that an entry returned.
    package static func description(_ pointer: UnsafePointer<bio_plugin>) throws(Wrong) -> PluginDescription {
        let raw = try copy(pointer, bio_plugin(), "bio_plugin")
        return PluginDescription(
            abi: ABIVersion(rawValue: raw.abi), abiBuilt: ABIVersion(rawValue: raw.abi_built),
            abiNeeded: ABIVersion(rawValue: raw.abi_needed), id: try text(raw.id, "id"),
            name: try text(raw.name, "name"), version: try text(raw.version, "version"),
            vendor: try text(raw.vendor, "vendor"), license: try text(raw.license, "license"),
            url: try text(raw.url, "url"),
            formats: try formats(raw).map { (pointer) throws(Wrong) in try format(pointer) },
            functions: try functions(raw).map { (pointer) throws(Wrong) in try function(pointer) })
    }

    /// The formats' own tables, in the order of the description.
    static func formats(_ plugin: bio_plugin) throws(Wrong) -> [UnsafePointer<bio_format>] {
        try pointers(plugin.formats, plugin.format_count, "formats")
    }

    /// The functions' own tables, in the order of the description.
    static func functions(_ plugin: bio_plugin) throws(Wrong) -> [UnsafePointer<bio_function>] {
        try pointers(plugin.functions, plugin.function_count, "functions")
    }

    /// The functions to call, by name; one whose signature is none is left to `PluginDescription.problem`.
    static func typedFunctions(_ plugin: bio_plugin) throws(Wrong) -> [String: TypedFunction] {
        var functions: [String: TypedFunction] = [:]
        for pointer in try Self.functions(plugin) {
            let raw = try copy(pointer, bio_function(), "bio_function")
            guard let type = try? FunctionSignature(parsing: try text(raw.signature, "signature")),
                let address = raw.function
            else { continue }
            functions[try text(raw.name, "function name")] = TypedFunction(type: type, address: address)
        }
        return functions
    }

    private static func function(_ pointer: UnsafePointer<bio_function>) throws(Wrong) -> FunctionDescription {
        let raw = try copy(pointer, bio_function(), "bio_function")
        let name = try text(raw.name, "function name")
        if raw.function == nil { throw Wrong(text: "function '\(name)' has no address") }
        return FunctionDescription(
            name: name, signature: try text(raw.signature, "signature of '\(name)'"),
            doc: try text(raw.doc, "doc of '\(name)'"))
    }

    private static func format(_ pointer: UnsafePointer<bio_format>) throws(Wrong) -> FormatDescription {
        let raw = try copy(pointer, bio_format(), "bio_format", knownFlags: 0)
        let id = try text(raw.id, "format id")
        if raw.create == nil { throw Wrong(text: "format '\(id)' has no create function") }
        return FormatDescription(
            id: id, aliases: try texts(raw.aliases, raw.alias_count, "aliases"),
            summary: try text(raw.summary, "format summary"), doc: try text(raw.doc, "format doc"),
            isReproducible: raw.flags & 1 != 0, isStreamable: raw.flags & 2 != 0, isStreamed: raw.flags & 4 != 0,
            options: try pointers(raw.options, raw.option_count, "options")
                .map { (pointer) throws(Wrong) in try option(pointer) },
            groups: try texts(raw.groups, raw.group_count, "groups"),
            basePackages: try pointers(raw.bases, raw.base_count, "bases")
                .map { (pointer) throws(Wrong) in try base(pointer) },
            artifactKinds: try texts(raw.artifact_kinds, raw.artifact_kind_count, "artifact kinds"),
            needs: try texts(raw.needs, raw.need_count, "needs"), tagPrefix: try text(raw.tag_prefix, "tag prefix"))
    }

    private static func option(_ pointer: UnsafePointer<bio_option>) throws(Wrong) -> OptionDescription {
        let raw = try copy(pointer, bio_option(), "bio_option", knownFlags: 3 << 16)
        let id = try text(raw.id, "option id")
        guard let kind = OptionDescription.Kind(rawValue: raw.kind) else {
            throw Wrong(text: "option '\(id)' is of the unknown kind \(raw.kind)")
        }
        var choices: [OptionDescription.Choice] = []
        for choice in try items(raw.choices, raw.choice_count, "choices of '\(id)'") {
            choices.append(.init(value: try text(choice.key, "choice"), meaning: try text(choice.value, "meaning")))
        }
        return OptionDescription(
            id: id, kind: kind, isHidden: raw.flags & 1 != 0, isDeprecated: raw.flags & 2 != 0,
            isRequired: raw.flags & 1 << 16 != 0, isOperand: raw.flags & 1 << 17 != 0,
            summary: try text(raw.summary, "summary of '\(id)'"),
            doc: try text(raw.doc, "doc of '\(id)'"), valueName: try text(raw.value_name, "value name of '\(id)'"),
            defaultValue: try text(raw.default_value, "default of '\(id)'"),
            environment: try text(raw.environment, "variable of '\(id)'"), choices: choices,
            aliases: try texts(raw.aliases, raw.alias_count, "aliases of '\(id)'"), minimum: raw.minimum,
            maximum: raw.maximum, check: try text(raw.check, "check of '\(id)'"))
    }

    private static func base(_ pointer: UnsafePointer<bio_base_package>) throws(Wrong) -> BasePackageDescription {
        let raw = try copy(pointer, bio_base_package(), "bio_base_package")
        guard let role = BasePackageDescription.Role(rawValue: raw.role) else {
            throw Wrong(text: "a base package has the unknown role \(raw.role)")
        }
        return BasePackageDescription(
            role: role, omitWhen: try text(raw.omit_when, "omit_when"),
            name: try text(raw.name, "name of a base package"), package: try text(raw.package, "base package"))
    }

    // MARK: - The rules of layout

    /// A private copy of an open struct: as many bytes as both sides know, the rest zero.
    static func copy<T: OpenStruct>(
        _ pointer: UnsafePointer<T>, _ zero: T, _ name: String, knownFlags: UInt32 = 0
    ) throws(Wrong) -> T {
        let raw = UnsafeRawPointer(pointer)
        let size = Int(raw.load(as: UInt32.self))
        guard size >= T.firstSize else {
            throw Wrong(text: "\(name) has \(size) bytes, at least \(T.firstSize) are needed")
        }
        guard size <= 1 << 16 else { throw Wrong(text: "\(name) claims to have \(size) bytes") }
        var mine = zero
        withUnsafeMutableBytes(of: &mine) {
            $0.copyMemory(from: UnsafeRawBufferPointer(start: raw, count: min(size, MemoryLayout<T>.size)))
        }
        let flags = withUnsafeBytes(of: &mine) { $0.load(fromByteOffset: 4, as: UInt32.self) }
        let unknown = flags & 0xFFFF_0000 & ~knownFlags
        guard unknown == 0 else {
            throw Wrong(text: "\(name) has flags that must be understood (0x\(String(unknown, radix: 16)))")
        }
        guard mine.reserved == 0 else {
            throw Wrong(text: "\(name) has a reserved member that is not zero (\(mine.reserved))")
        }
        return mine
    }

    /// The bytes of an ABI string.
    static func bytes(_ string: bio_str, _ field: String, limit: Int = longestText) throws(Wrong) -> [UInt8] {
        guard string.len > 0 else { return [] }
        guard let start = string.ptr else { throw Wrong(text: "the \(field) has a length but no bytes") }
        guard string.len <= UInt64(limit) else { throw Wrong(text: "the \(field) has \(string.len) bytes") }
        return start.withMemoryRebound(to: UInt8.self, capacity: Int(string.len)) {
            Array(UnsafeBufferPointer(start: $0, count: Int(string.len)))
        }
    }

    /// Text that the user gave and that nobody is shown, as a word of a command line: UTF-8 without NUL.
    static func anyText(_ string: bio_str, _ field: String) throws(Wrong) -> String {
        let bytes = try bytes(string, field)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Wrong(text: "the \(field) is not UTF-8")
        }
        guard !bytes.contains(0) else { throw Wrong(text: "the \(field) holds a NUL") }
        return text
    }

    /// Text: UTF-8 without NUL or other control characters than line feed and tab.
    static func text(_ string: bio_str, _ field: String, limit: Int = longestText) throws(Wrong) -> String {
        let bytes = try bytes(string, field, limit: limit)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Wrong(text: "the \(field) is not UTF-8")
        }
        guard !bytes.contains(where: { $0 < 0x20 && $0 != 0x0A && $0 != 0x09 }) else {
            throw Wrong(text: "the \(field) holds control characters")
        }
        return text
    }

    /// Text of which only the first `longest` bytes are wanted, cut between two characters.
    static func cutText(_ string: bio_str, _ field: String, longest: Int) throws(Wrong) -> String {
        guard string.len > UInt64(longest) else { return try text(string, field) }
        var cut = bio_str(ptr: string.ptr, len: UInt64(longest))
        // Where a sequence of at most four bytes began that has no end any more.
        if let start = string.ptr {
            while cut.len > UInt64(longest - 3), UInt8(bitPattern: start[Int(cut.len)]) & 0xC0 == 0x80 { cut.len -= 1 }
        }
        return try text(cut, field)
    }

    static func items<T>(_ start: UnsafePointer<T>?, _ count: UInt32, _ field: String) throws(Wrong) -> [T] {
        guard count > 0 else { return [] }
        guard let start else { throw Wrong(text: "there are \(count) \(field), but no array") }
        guard count <= mostItems else { throw Wrong(text: "\(count) \(field) are too many") }
        return Array(UnsafeBufferPointer(start: start, count: Int(count)))
    }

    private static func texts(_ start: UnsafePointer<bio_str>?, _ count: UInt32, _ field: String) throws(Wrong)
        -> [String]
    {
        try items(start, count, field).map { (string) throws(Wrong) in try text(string, field) }
    }

    private static func pointers<T>(
        _ start: UnsafePointer<UnsafePointer<T>>?, _ count: UInt32, _ field: String
    ) throws(Wrong) -> [UnsafePointer<T>] {
        // A null in the array would be undefined behaviour as a non-optional: look at the addresses first.
        let addresses = try items(
            start.map { UnsafeRawPointer($0).assumingMemoryBound(to: UInt.self) }, count, field)
        return try addresses.map { (address) throws(Wrong) in
            guard let pointer = UnsafePointer<T>(bitPattern: address) else {
                throw Wrong(text: "one of the \(field) is null")
            }
            return pointer
        }
    }
}
