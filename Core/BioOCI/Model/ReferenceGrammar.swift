// SPDX-License-Identifier: Apache-2.0

/// The rules for the parts of an image reference, on bytes: slices whose indices count from the start of the text.
enum ReferenceGrammar {
    struct Fault: Error {
        let problem: ImageReference.ParseError.Problem
        let offset: Int
    }

    private static let slash = UInt8(ascii: "/")
    private static let colon = UInt8(ascii: ":")
    private static let dot = UInt8(ascii: ".")
    private static let dash = UInt8(ascii: "-")
    private static let underscore = UInt8(ascii: "_")

    /// `https` of `https://…`.
    static func scheme(of text: [UInt8]) -> String? {
        let scheme = text.prefix { isLetter($0) }
        let isOne = !scheme.isEmpty && text.dropFirst(scheme.count).starts(with: [colon, slash, slash])
        return isOne ? String(decoding: scheme, as: UTF8.self) : nil
    }

    static func check(name: ArraySlice<UInt8>) throws(Fault) {
        guard !name.isEmpty else { throw Fault(problem: .empty, offset: name.startIndex) }
        var components = name.split(separator: slash, omittingEmptySubsequences: false)[...]
        if components.count > 1, let first = components.first, isRegistry(first) {
            try check(registry: first)
            components = components.dropFirst()
        } else if components.count == 1, name.count == 64, name.allSatisfy(isHexadecimal) {
            throw Fault(problem: .imageID, offset: name.startIndex)
        }
        for component in components { try check(component: component) }
        if name.count > ImageReference.nameLimit { throw Fault(problem: .nameTooLong, offset: name.startIndex) }
    }

    static func check(tag: ArraySlice<UInt8>) throws(Fault) {
        guard let first = tag.first else { throw Fault(problem: .emptyTag, offset: tag.startIndex) }
        for (index, byte) in zip(tag.indices, tag)
        where !isLetter(byte) && !isDigit(byte) && ![underscore, dot, dash].contains(byte) {
            throw Fault(problem: .tagCharacter(character(of: tag, at: index)), offset: index)
        }
        if first == dot || first == dash {
            throw Fault(problem: .tagStart(character(of: tag, at: tag.startIndex)), offset: tag.startIndex)
        }
        if tag.count > ImageReference.tagLimit { throw Fault(problem: .tagTooLong, offset: tag.startIndex) }
    }

    /// Engines take the first of several components for a registry when it looks like one.
    static func isRegistry(_ component: ArraySlice<UInt8>) -> Bool {
        component.contains(dot) || component.contains(colon) || component.elementsEqual("localhost".utf8)
    }

    // MARK: -

    private static func check(registry: ArraySlice<UInt8>) throws(Fault) {
        let text = String(decoding: registry, as: UTF8.self)
        var host = registry
        // The colons of an IPv6 address stand in brackets.
        let portSearch = registry.lastIndex(of: UInt8(ascii: "]")).map { registry[$0...] } ?? registry
        if let place = portSearch.firstIndex(of: colon) {
            let port = registry[(place + 1)...]
            guard !port.isEmpty, port.count <= 5, port.allSatisfy(isDigit) else {
                throw Fault(problem: .port(String(decoding: port, as: UTF8.self)), offset: place + 1)
            }
            host = registry[..<place]
        }
        if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") {
            let address = host.dropFirst().dropLast()
            if !address.isEmpty, address.allSatisfy({ isHexadecimal($0 | 0x20) || $0 == colon }) { return }
        } else if host.split(separator: dot, omittingEmptySubsequences: false).allSatisfy(isHostPart) {
            return
        }
        throw Fault(problem: .registry(text), offset: registry.startIndex)
    }

    private static func isHostPart(_ part: ArraySlice<UInt8>) -> Bool {
        part.allSatisfy { isLetter($0) || isDigit($0) || $0 == dash } && !part.isEmpty && part.first != dash
            && part.last != dash
    }

    /// Letters and digits, with `.`, `_`, `__` or any number of `-` between them.
    private static func check(component: ArraySlice<UInt8>) throws(Fault) {
        guard !component.isEmpty else { throw Fault(problem: .emptyComponent, offset: component.startIndex) }
        var separators: ArraySlice<UInt8> = component.prefix(0)
        var hasLetters = false
        for (index, byte) in zip(component.indices, component) {
            switch byte {
            case dot, dash, underscore:
                separators = component[(separators.isEmpty ? index : separators.startIndex)...index]
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): throw Fault(problem: .upperCase, offset: index)
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                if !separators.isEmpty { try check(separators: separators, areBetween: hasLetters) }
                separators = component.prefix(0)
                hasLetters = true
            default: throw Fault(problem: .character(character(of: component, at: index)), offset: index)
            }
        }
        if !separators.isEmpty { try check(separators: separators, areBetween: false) }
    }

    private static func check(separators: ArraySlice<UInt8>, areBetween: Bool) throws(Fault) {
        let isOne =
            separators.allSatisfy { $0 == dash } || separators.elementsEqual([dot])
            || (separators.count <= 2 && separators.allSatisfy { $0 == underscore })
        guard areBetween, isOne else {
            throw Fault(
                problem: .separator(String(decoding: separators, as: UTF8.self)), offset: separators.startIndex)
        }
    }

    /// The whole character that has a byte at `index`.
    private static func character(of text: ArraySlice<UInt8>, at index: Int) -> String {
        String(decoding: text[index...], as: UTF8.self).first.map { String($0) } ?? ""
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    private static func isHexadecimal(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x66).contains(byte) }
}
