// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import CBioExport

extension FuzzTarget {
    /// A plugin whose every value comes from the input. A pointer into nowhere ends a runner, as it ends any program;
    /// so pointers here are null or lead to memory of exactly the size that the numbers beside them promise, and what
    /// reads behind that is found.
    static let pluginTables = FuzzTarget("plugin-tables", seeds: { [PluginTables.seed] }) { bytes in
        PluginTables.with(bytes) { plugin in
            do throws(PluginTableReader.Wrong) {
                let description = try PluginTableReader.description(plugin)
                if let problem = description.problem { promise(!problem.isEmpty, "a problem without a text") }
                promise(PluginDescription(description.document) == description, "a description is its JSON")
                var writer = FrameWriter()
                description.write(to: &writer)
                var reader = FrameReader(writer.bytes)
                do throws(FrameError) {
                    promise(try PluginDescription(from: &reader) == description, "a description is its frame")
                    try reader.end()
                } catch { broken("a description's frame is refused: \(error)") }
            } catch { promise(!error.text.isEmpty, "an error without a text") }
        }
    }
}

/// Tables made of bytes, one value after the other; behind the last byte all is zero.
enum PluginTables {
    static func with(_ bytes: [UInt8], _ body: (UnsafePointer<bio_plugin>) -> Void) {
        let maker = Maker(bytes)
        body(maker.plugin())
    }

    /// A plugin with one format, one option and one base package: the bytes that `Maker` makes it of.
    static var seed: [UInt8] {
        func text(_ text: String) -> [UInt8] { [1, UInt8(text.utf8.count)] + Array(text.utf8) }
        func texts(_ items: [String]) -> [UInt8] { items.flatMap(text) }
        let choices: [UInt8] = [1, 1] + texts(["a", "the first"])
        let optionTexts = texts(["name", "Name it", "", "NAME", "a", "NAME"])
        let option: [UInt8] = [0, 0, 5] + optionTexts + choices + [1, 0] + [UInt8](repeating: 0, count: 16)
        let base: [UInt8] = [0, 0, 6] + texts(["name=a", "jq", "jq-static"])
        let format: [UInt8] =
            [0, 1] + texts(["tar", "Write a tar", "All of it."]) + [1, 0] + [1, 1, 1] + option
            + [1, 1] + text("bio.options.packages/1") + [1, 1, 1] + base + [1, 0, 1, 0] + text("") + [1]
        return [0, 0, 9, 9, 9] + texts(["org.acme.tar", "tar", "1.0", "acme", "MIT", "https://example.org"])
            + [1, 1, 1] + format
    }

    private final class Maker {
        private let bytes: [UInt8]
        private var position = 0
        private var blocks: [UnsafeMutableRawPointer] = []

        init(_ bytes: [UInt8]) { self.bytes = bytes }
        deinit { for block in blocks { block.deallocate() } }

        func plugin() -> UnsafePointer<bio_plugin> {
            var raw = bio_plugin()
            raw.struct_size = size(MemoryLayout<bio_plugin>.size)
            raw.flags = flags()
            (raw.abi, raw.abi_built, raw.abi_needed) = (UInt32(byte()), UInt32(byte()), UInt32(byte()))
            (raw.id, raw.name, raw.version) = (text(), text(), text())
            (raw.vendor, raw.license, raw.url) = (text(), text(), text())
            (raw.formats, raw.format_count) = pointers { $0.format() }
            (raw.functions, raw.function_count) = pointers { $0.function() }
            return one(raw)
        }

        private func function() -> bio_function {
            var raw = bio_function()
            raw.struct_size = size(MemoryLayout<bio_function>.size)
            raw.flags = flags()
            (raw.name, raw.signature, raw.doc) = (text(), text(), text())
            if byte() != 0 { raw.function = {} }
            return raw
        }

        private func format() -> bio_format {
            var raw = bio_format()
            raw.struct_size = size(MemoryLayout<bio_format>.size)
            raw.flags = flags()
            (raw.id, raw.summary, raw.doc) = (text(), text(), text())
            (raw.aliases, raw.alias_count) = array { $0.text() }
            (raw.options, raw.option_count) = pointers { $0.option() }
            (raw.groups, raw.group_count) = array { $0.text() }
            (raw.bases, raw.base_count) = pointers { $0.base() }
            (raw.artifact_kinds, raw.artifact_kind_count) = array { $0.text() }
            (raw.needs, raw.need_count) = array { $0.text() }
            raw.tag_prefix = text()
            if byte() != 0 { raw.create = { _, _, _ in 0 } }
            return raw
        }

        private func option() -> bio_option {
            var raw = bio_option()
            raw.struct_size = size(MemoryLayout<bio_option>.size)
            raw.flags = flags()
            raw.kind = UInt32(byte())
            (raw.id, raw.summary, raw.doc) = (text(), text(), text())
            (raw.value_name, raw.default_value, raw.environment) = (text(), text(), text())
            (raw.choices, raw.choice_count) = array { bio_kv(key: $0.text(), value: $0.text()) }
            (raw.aliases, raw.alias_count) = array { $0.text() }
            (raw.minimum, raw.maximum) = (Int64(bitPattern: word()), Int64(bitPattern: word()))
            raw.check = text()
            return raw
        }

        private func base() -> bio_base_package {
            var raw = bio_base_package()
            raw.struct_size = size(MemoryLayout<bio_base_package>.size)
            raw.flags = flags()
            raw.role = UInt32(byte())
            (raw.omit_when, raw.name, raw.package) = (text(), text(), text())
            return raw
        }

        // MARK: - Values

        private func byte() -> UInt8 {
            guard position < bytes.count else { return 0 }
            defer { position += 1 }
            return bytes[position]
        }

        private func word() -> UInt64 { (0..<8).reduce(0) { value, _ in value << 8 | UInt64(byte()) } }

        /// 0: what it is; else another one.
        private func size(_ honest: Int) -> UInt32 {
            let choice = byte()
            return choice == 0 ? UInt32(honest) : choice == 255 ? .max : UInt32(honest) - 8 + UInt32(choice)
        }

        private func flags() -> UInt32 {
            let choice = UInt32(byte())
            return (choice & 0x0F) | ((choice >> 4) << 16)
        }

        /// Null, a text, or a length that nobody may believe.
        private func text() -> bio_str {
            let choice = byte()
            let count = Int(byte())
            switch choice {
            case 0: return bio_str(ptr: nil, len: UInt64(count))
            case 2: return bio_str(ptr: pointer(to: [0] as [CChar]), len: UInt64(count) << 56 | 1 << 20)
            default:
                let text = (0..<count).map { _ in CChar(bitPattern: byte()) }
                return bio_str(ptr: pointer(to: text), len: UInt64(count))
            }
        }

        private func array<T>(_ make: (Maker) -> T) -> (UnsafePointer<T>?, UInt32) {
            let choice = byte()
            let count = Int(byte())
            if choice == 0 { return (nil, UInt32(count)) }
            let made = (0..<(count > 32 ? 1 : count)).map { _ in make(self) }
            return (pointer(to: made), count > 32 ? 5000 + UInt32(count) : UInt32(count))
        }

        /// Pointers, any of which may be null.
        private func pointers<T>(
            _ make: (Maker) -> T
        ) -> (UnsafePointer<UnsafePointer<T>>?, UInt32) {
            let (list, count) = array { maker -> UInt in
                maker.byte() == 0 ? 0 : UInt(bitPattern: maker.one(make(maker)))
            }
            return (list.map { UnsafeRawPointer($0).assumingMemoryBound(to: UnsafePointer<T>.self) }, count)
        }

        private func one<T>(_ value: T) -> UnsafePointer<T> {
            let block = allocate(MemoryLayout<T>.size, alignment: MemoryLayout<T>.alignment)
            block.initializeMemory(as: T.self, repeating: value, count: 1)
            return UnsafePointer(block.assumingMemoryBound(to: T.self))
        }

        private func pointer<T>(to values: [T]) -> UnsafePointer<T>? {
            let block = allocate(values.count * MemoryLayout<T>.stride, alignment: MemoryLayout<T>.alignment)
            for (index, value) in values.enumerated() {
                (block + index * MemoryLayout<T>.stride).initializeMemory(as: T.self, repeating: value, count: 1)
            }
            return UnsafePointer(block.assumingMemoryBound(to: T.self))
        }

        private func allocate(_ size: Int, alignment: Int) -> UnsafeMutableRawPointer {
            let block = UnsafeMutableRawPointer.allocate(byteCount: max(size, 1), alignment: alignment)
            blocks.append(block)
            return block
        }
    }
}
