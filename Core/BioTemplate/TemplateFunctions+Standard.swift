// SPDX-License-Identifier: Apache-2.0

import BioDocument

extension TemplateFunctions {
    /// Habitat's functions, but for `pkgPathFor`, which needs a store.
    package static let standard = TemplateFunctions()
        .adding("toLowercase", TemplateSignature(.init("text", .string))) { arguments in
            .string(arguments[0].templateText.lowercased())
        }
        .adding("toUppercase", TemplateSignature(.init("text", .string))) { arguments in
            .string(arguments[0].templateText.uppercased())
        }
        .adding(
            "strReplace",
            TemplateSignature(.init("text", .string), .init("old", .string), .init("new", .string)), replace
        )
        .adding("strJoin", TemplateSignature(.init("list", .array), .init("separator", .string)), join)
        .adding("strConcat", TemplateSignature(.init("text", .any), repeatsLast: true), concatenate)
        .adding("toJson", TemplateSignature(.init("value", .any))) { arguments in .string(arguments[0].json(.pretty)) }
        .adding("toYaml", TemplateSignature(.init("value", .any))) { arguments in
            .string("---\n" + arguments[0].yamlText())
        }
        .adding("toToml", TemplateSignature(.init("table", .object)), toToml)
        .addingComparisons()

    /// The most bytes one of these makes.
    private static let maximumLength = 16 << 20

    @Sendable private static func replace(
        _ arguments: [DocumentValue]
    ) throws(TemplateFunctionError) -> DocumentValue {
        let text = Array(arguments[0].templateText.utf8)
        let old = Array(arguments[1].templateText.utf8)
        let new = Array(arguments[2].templateText.utf8)
        guard !old.isEmpty else {
            throw TemplateFunctionError("there is nothing to look for", argument: 1, hint: "name the text to replace")
        }
        let places = Self.places(of: old, in: text)
        // The size is known before anything is built: templates may replace in what they have replaced.
        let (growth, isHuge) = places.count.multipliedReportingOverflow(by: new.count)
        guard !isHuge, text.count - places.count * old.count <= maximumLength - growth else { throw tooLong }
        var result: [UInt8] = []
        var copied = 0
        for place in places {
            result += text[copied..<place]
            result += new
            copied = place + old.count
        }
        result += text[copied...]
        return .string(String(decoding: result, as: UTF8.self))
    }

    /// Where `wanted` stands in `text`, from the left and without overlaps.
    private static func places(of wanted: [UInt8], in text: [UInt8]) -> [Int] {
        text.withUnsafeBufferPointer { text in
            wanted.withUnsafeBufferPointer { wanted in
                var places: [Int] = []
                var index = 0
                while index + wanted.count <= text.count {
                    var length = 0
                    while length < wanted.count, text[index + length] == wanted[length] { length += 1 }
                    if length == wanted.count { places.append(index) }
                    index += length == wanted.count ? length : 1
                }
                return places
            }
        }
    }

    @Sendable private static func join(_ arguments: [DocumentValue]) throws(TemplateFunctionError) -> DocumentValue {
        let elements = (arguments[0].array ?? []).filter { $0.object == nil }
        let separator = arguments[1].templateText
        guard separator.utf8.count == 0 || elements.count <= maximumLength / separator.utf8.count else { throw tooLong }
        return .string(elements.map(\.templateText).joined(separator: separator))
    }

    @Sendable private static func concatenate(
        _ arguments: [DocumentValue]
    ) throws(TemplateFunctionError) -> DocumentValue {
        var result = ""
        for (index, argument) in arguments.enumerated() {
            switch argument {
            case .object: throw TemplateFunctionError("a table cannot be concatenated", argument: index)
            case .array(let elements):
                for element in elements where element.object == nil { result += element.templateText }
            default: result += argument.templateText
            }
        }
        return .string(result)
    }

    @Sendable private static func toToml(
        _ arguments: [DocumentValue]
    ) throws(TemplateFunctionError) -> DocumentValue {
        do throws(TOMLWriter.Refusal) {
            return .string(try arguments[0].tomlText())
        } catch {
            throw TemplateFunctionError(error.description, argument: 0)
        }
    }

    private static var tooLong: TemplateFunctionError {
        TemplateFunctionError("the result is longer than \(maximumLength) bytes")
    }
}
