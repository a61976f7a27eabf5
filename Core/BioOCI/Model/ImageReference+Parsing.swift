// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPackage

// SPEC: distribution/reference, regexp.go: reference := name [":" tag] ["@" digest], name := [host [":" port] "/"]
// component *("/" component).
extension ImageReference {
    /// Longer names are refused by registries and engines.
    package static let nameLimit = 255
    package static let tagLimit = 128

    /// Reads a name as people write it. Nothing is trimmed, lower-cased or filled in.
    package init(parsing text: some StringProtocol) throws(ParseError) {
        let text = String(text)
        let bytes = Array(text.utf8)
        if let scheme = ReferenceGrammar.scheme(of: bytes) { throw ParseError(text, .scheme(scheme), at: 0) }
        let nameAndTag = bytes.prefix { $0 != UInt8(ascii: "@") }
        let slash = nameAndTag.lastIndex(of: UInt8(ascii: "/")) ?? -1
        let colon = nameAndTag[(slash + 1)...].lastIndex(of: UInt8(ascii: ":"))
        let name = nameAndTag[..<(colon ?? nameAndTag.endIndex)]
        do throws(ReferenceGrammar.Fault) {
            try ReferenceGrammar.check(name: name)
            if let colon { try ReferenceGrammar.check(tag: nameAndTag[(colon + 1)...]) }
        } catch { throw ParseError(text, error.problem, at: error.offset) }
        var digest: Digest?
        if nameAndTag.count < bytes.count {
            let rest = String(decoding: bytes[(nameAndTag.count + 1)...], as: UTF8.self)
            digest = try? Digest(parsing: rest)
            guard digest?.algorithm == .sha256 else { throw ParseError(text, .digest(rest), at: nameAndTag.count + 1) }
        }
        self.init(
            name: String(decoding: name, as: UTF8.self),
            tag: colon.map { String(decoding: nameAndTag[($0 + 1)...], as: UTF8.self) }, digest: digest)
    }

    /// A name and a tag that come from different places; which of them is wrong can be told from the error.
    package init(name: some StringProtocol, tag: (some StringProtocol)?) throws(ParseError) {
        let bytes = Array(name.utf8)
        if let scheme = ReferenceGrammar.scheme(of: bytes) { throw ParseError(String(name), .scheme(scheme), at: 0) }
        do throws(ReferenceGrammar.Fault) { try ReferenceGrammar.check(name: bytes[...]) } catch {
            throw ParseError(String(name), error.problem, at: error.offset)
        }
        if let tag {
            do throws(ReferenceGrammar.Fault) { try ReferenceGrammar.check(tag: Array(tag.utf8)[...]) } catch {
                throw ParseError(String(tag), error.problem, at: error.offset)
            }
        }
        self.init(name: String(name), tag: tag.map { String($0) }, digest: nil)
    }

    /// Whether `text` can be a tag.
    package static func isTag(_ text: some StringProtocol) -> Bool {
        do throws(ReferenceGrammar.Fault) { try ReferenceGrammar.check(tag: Array(text.utf8)[...]) } catch {
            return false
        }
        return true
    }
}

extension ImageReference {
    /// Why a text names no image, and where.
    package struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
        package enum Problem: Hashable, Sendable {
            case empty
            case emptyComponent
            case upperCase
            /// `found` in a component of the path.
            case character(String)
            /// A component begins or ends with `.`, `_` or `-`, or two of them do not belong together.
            case separator(String)
            case registry(String)
            case port(String)
            case nameTooLong
            /// 64 hexadecimal digits are an image id.
            case imageID
            case emptyTag
            case tagTooLong
            /// In a tag.
            case tagCharacter(String)
            case tagStart(String)
            case digest(String)
            /// `https`
            case scheme(String)
        }

        package let text: String
        package let problem: Problem
        /// Bytes before the place.
        package let offset: Int

        init(_ text: String, _ problem: Problem, at offset: Int) {
            self.text = text
            self.problem = problem
            self.offset = offset
        }

        /// Whether the tag is what is wrong.
        package var isOfTag: Bool {
            switch problem {
            case .emptyTag, .tagTooLong, .tagCharacter, .tagStart: true
            default: false
            }
        }

        package var description: String {
            "\(text.withoutUserInformation.quoted) is no image name: \(problem)"
                + (problem.hasPlace ? " at character \(offset + 1)" : "")
        }

        package var hint: String? {
            switch problem {
            case .upperCase: "names of images are written in lower case"
            case .scheme(let scheme): "write it without '\(scheme)://'"
            case .imageID: "give the image a name: 64 hexadecimal digits are an image id"
            case .registry, .port: "a registry is written as host or host:port, as in registry.example:5000"
            case .emptyTag, .tagTooLong, .tagCharacter, .tagStart:
                "a tag has up to \(tagLimit) letters, digits, '_', '.' and '-', and begins with no '.' or '-'"
            case .digest: "a digest is written as sha256: and 64 lower-case hexadecimal digits"
            case .nameTooLong: "registry and path have up to \(nameLimit) characters together"
            case .empty, .emptyComponent, .character, .separator:
                "a name is registry/path:tag, and the path lower-case letters and digits with '.', '_', '-' between them"
            }
        }
    }
}

extension ImageReference.ParseError.Problem: CustomStringConvertible {
    fileprivate var hasPlace: Bool {
        switch self {
        case .empty, .imageID, .nameTooLong, .tagTooLong, .scheme: false
        default: true
        }
    }

    package var description: String {
        switch self {
        case .empty: "it is empty"
        case .emptyComponent: "there is nothing between two slashes"
        case .upperCase: "there is an upper-case letter"
        case .character(let found): "\(found.quoted) cannot be in it"
        case .separator(let found): "\(found.quoted) does not stand alone between letters or digits"
        case .registry(let text): "\(text.withoutUserInformation.quoted) is no host name"
        case .port(let text): "\(text.withoutUserInformation.quoted) is no port"
        case .nameTooLong: "it is longer than \(ImageReference.nameLimit) characters"
        case .imageID: "it is an image id"
        case .emptyTag: "there is no tag behind the colon"
        case .tagTooLong: "its tag is longer than \(ImageReference.tagLimit) characters"
        case .tagCharacter(let found): "\(found.quoted) cannot be in a tag"
        case .tagStart(let found): "a tag cannot begin with \(found.quoted)"
        case .digest(let text): "\(text.quoted) is no digest"
        case .scheme(let scheme): "it begins with '\(scheme)://'"
        }
    }
}

extension String {
    /// The text without what stands before the `@` of a host, `user:password@host`: nobody is to read that again. The `@`
    /// of a digest counts for none.
    package var withoutUserInformation: String {
        let bytes = Array(utf8)
        let signs = bytes.indices.filter {
            bytes[$0] == UInt8(ascii: "@") && !bytes[($0 + 1)...].starts(with: "sha".utf8)
        }
        guard let last = signs.last, last + 1 < bytes.count else { return self }
        return "…" + String(decoding: bytes[last...], as: UTF8.self)
    }
}
