// SPDX-License-Identifier: Apache-2.0

import BioPackage

extension ImageLocation {
    /// Why a text is no location.
    package enum ParseError: Error, Hashable, Sendable, CustomStringConvertible {
        /// No word for a kind of place before the first colon, or one that is not known.
        case noKind(String)
        case noPath(String)
        case reference(String, ImageReference.ParseError)
        /// Engines name images by tags only.
        case digest(String)

        package var description: String {
            switch self {
            case .noKind(let text): "\(text.withoutUserInformation.quoted) does not say what kind of place it is"
            case .noPath(let text): "\(text.withoutUserInformation.quoted) has no path"
            case .reference(let text, let error):
                "\(text.withoutUserInformation.quoted) is no place of an image: \(error)"
            case .digest(let text):
                "\(text.withoutUserInformation.quoted) names a digest, and an image gets its digest from what it is"
            }
        }

        package var hint: String? {
            switch self {
            case .noKind, .noPath: "known are \(ImageLocation.forms.joined(separator: ", "))"
            case .reference(_, let error): error.hint ?? "a path that has colons itself is closed with one more"
            case .digest: "leave the '@' and what follows away"
            }
        }
    }

    /// The forms `init(parsing:)` knows.
    package static let forms = [
        "docker-archive:FILE[:REF]", "oci:DIR[:REF]", "oci-archive:FILE[:REF]", "docker-daemon[:REF]",
        "docker://REGISTRY/REPO[:TAG]",
    ]

    /// Reads one of `forms`. REF begins behind the first colon after which a name of an image follows: as for skopeo
    /// behind the path's first colon, unless that cannot be. A closing colon says that there is no REF.
    package init(parsing text: String) throws(ParseError) {
        let (kind, rest) = Self.cut(text)
        switch kind {
        case "docker-archive":
            let (path, reference) = try Self.pathAndReference(rest ?? "", of: text) { ImageReference.isTagged($0) }
            self = .dockerArchive(path: path, reference: reference)
        case "oci":
            let (path, reference) = try Self.pathAndReference(rest ?? "", of: text, Self.isLayoutName)
            self = .layout(path: path, reference: reference)
        case "oci-archive":
            let (path, reference) = try Self.pathAndReference(rest ?? "", of: text, Self.isLayoutName)
            self = .ociArchive(path: path, reference: reference)
        case "docker-daemon":
            guard let rest, !rest.isEmpty else {
                self = .engine(reference: nil)
                return
            }
            guard ImageReference.isTagged(rest) else { throw Self.fault(of: rest, in: text) }
            self = .engine(reference: rest)
        case "docker":
            guard let rest, rest.hasPrefix("//") else { throw .noKind(text) }
            let name = String(rest.dropFirst(2))
            do throws(ImageReference.ParseError) { self = .registry(try ImageReference(parsing: name)) } catch {
                throw .reference(text, error)
            }
        default: throw .noKind(text)
        }
    }

    /// Cuts a bare path with an optional name behind a colon, by the same rule.
    static func pathAndReference(_ text: String) throws(ParseError) -> (path: String, reference: String?) {
        try pathAndReference(text, of: text, isLayoutName)
    }

    /// The text before and after the first colon.
    private static func cut(_ text: String) -> (String, String?) {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return (text, nil) }
        return (String(text[..<colon]), String(text[text.utf8.index(after: colon)...]))
    }

    private static func pathAndReference(
        _ rest: String, of text: String, _ isName: (String) -> Bool
    ) throws(ParseError) -> (path: String, reference: String?) {
        let colons = rest.utf8.indices.filter { rest.utf8[$0] == UInt8(ascii: ":") }
        guard !rest.isEmpty, colons.first != rest.startIndex else { throw .noPath(text) }
        guard let first = colons.first, let last = colons.last else { return (rest, nil) }
        if rest.utf8.index(after: last) == rest.utf8.endIndex { return (String(rest[..<last]), nil) }
        for colon in colons {
            let name = String(rest[rest.utf8.index(after: colon)...])
            if isName(name) { return (String(rest[..<colon]), name) }
        }
        throw fault(of: String(rest[rest.utf8.index(after: first)...]), in: text)
    }

    /// Why the name is none.
    private static func fault(of name: String, in text: String) -> ParseError {
        do throws(ImageReference.ParseError) { _ = try ImageReference(parsing: name) } catch {
            return .reference(text, error)
        }
        return .digest(text)
    }

    /// A layout's images may have any name (image-spec 1.1, annotations.md); those with `/` or `:` are references here.
    private static func isLayoutName(_ text: String) -> Bool {
        if ImageReference.isTag(text) || (try? ImageReference(parsing: text)) != nil { return true }
        let isWord = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || "+-._@".utf8.contains($0)
        }
        return isWord && text.utf8.first.map { (0x30...0x7A).contains($0) && $0 != 0x5F } == true
    }
}

extension ImageReference {
    /// Whether `text` is a name with or without a tag, and no digest.
    fileprivate static func isTagged(_ text: String) -> Bool {
        (try? ImageReference(parsing: text)).map { $0.digest == nil } ?? false
    }
}
