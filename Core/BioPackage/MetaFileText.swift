// SPDX-License-Identifier: Apache-2.0

/// The text of one metafile, checked and trimmed, and the ways its lines are read.
///
/// CRLF, blank lines and blanks at either end of a line do not matter (package builders on Windows write them).
struct MetaFileText {
    let file: MetaFile
    /// Without the white space around the whole.
    let trimmed: String
    /// Lines before the trimmed text.
    private let skippedLines: Int

    /// Checks that `bytes` are UTF-8 without NUL.
    init(_ file: MetaFile, _ bytes: [UInt8]) throws(MetadataError) {
        // Blanks are ASCII: with or without them it is UTF-8 or is not.
        let start = bytes.firstIndex { !Self.isBlank($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !Self.isBlank($0) }.map { $0 + 1 } ?? start
        guard let text = Self.text(bytes.span.extracting(start..<end)), !bytes.contains(0) else {
            throw .notText(file, line: Self.firstBadLine(bytes))
        }
        self.file = file
        trimmed = text
        skippedLines = bytes[..<start].count { $0 == UInt8(ascii: "\n") }
    }

    /// The lines that are not blank, trimmed, with their numbers from 1.
    var lines: [(number: Int, text: String)] {
        trimmed.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
            .compactMap { index, bytes in
                let line = Self.trim(Substring(bytes))
                return line.isEmpty ? nil : (skippedLines + index + 1, String(line))
            }
    }

    /// The pieces between white space.
    var words: [String] {
        trimmed.utf8.split(whereSeparator: Self.isBlank).map { String(Substring($0)) }
    }

    /// The pieces between `separator`, empty ones left out.
    func pieces(separator: UInt8) -> [String] {
        trimmed.utf8.split(separator: separator).map { String(Self.trim(Substring($0))) }.filter { !$0.isEmpty }
    }

    /// One fully qualified ident a line.
    func qualifiedIdents() throws(MetadataError) -> [QualifiedIdent] {
        if let idents = trimmed.utf8.withContiguousStorageIfAvailable(Self.plainIdents), let idents { return idents }
        var found: [QualifiedIdent] = []
        for line in lines {
            do throws(PackageIdent.ParseError) {
                found.append(try QualifiedIdent(parsing: line.text))
            } catch { throw .badIdent(file, line: line.number, error) }
        }
        return found
    }

    /// One ident a line; nil when anything is not as it should be.
    private static func plainIdents(_ text: UnsafeBufferPointer<UInt8>) -> [QualifiedIdent]? {
        var found: [QualifiedIdent] = []
        found.reserveCapacity(text.count / 32)
        var start = 0
        while start < text.count {
            var end = start
            while end < text.count && text[end] != UInt8(ascii: "\n") { end += 1 }
            var line = text[start..<end]
            start = end + 1
            while let last = line.last, isBlank(last) { line.removeLast() }
            while let first = line.first, isBlank(first) { line.removeFirst() }
            if line.isEmpty { continue }
            guard let ident = QualifiedIdent(bytes: UnsafeBufferPointer(rebasing: line)) else { return nil }
            found.append(ident)
        }
        return found
    }

    /// One ident a line, qualified or not.
    func idents() throws(MetadataError) -> [PackageIdent] {
        var found: [PackageIdent] = []
        for line in lines {
            do throws(PackageIdent.ParseError) {
                found.append(try PackageIdent(parsing: line.text))
            } catch { throw .badIdent(file, line: line.number, error) }
        }
        return found
    }

    /// One `name=value` a line, parted at the first `=`. A name that occurs again replaces the value at its first
    /// place, as in the maps upstream reads these files into.
    func entries() throws(MetadataError) -> [PackageMetadata.Entry] {
        var found: [PackageMetadata.Entry] = []
        var places: [String: Int] = [:]
        for line in lines {
            guard let equals = line.text.utf8.firstIndex(of: UInt8(ascii: "=")), equals != line.text.startIndex else {
                throw .badLine(file, line: line.number, text: line.text)
            }
            let name = String(Self.trim(line.text[..<equals]))
            let value = String(Self.trim(line.text[line.text.utf8.index(after: equals)...]))
            let entry = PackageMetadata.Entry(name: name, value: value)
            if let place = places[name] {
                found[place] = entry
            } else {
                places[name] = found.count
                found.append(entry)
            }
        }
        return found
    }

    private static func text(_ bytes: Span<UInt8>) -> String? {
        do throws(UTF8.ValidationError) { return String(copying: try UTF8Span(validating: bytes)) } catch { return nil }
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || 0x09...0x0D ~= byte }

    private static func trim(_ text: Substring) -> Substring {
        let bytes = text.utf8
        guard let start = bytes.firstIndex(where: { !isBlank($0) }),
            let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return text[start..<bytes.index(after: last)]
    }

    private static func firstBadLine(_ bytes: [UInt8]) -> Int {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let bad = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil || $0.contains(0) }
        return (bad ?? 0) + 1
    }
}
