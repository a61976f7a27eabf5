// SPDX-License-Identifier: Apache-2.0

import CSodium

/// A key of any kind as key files hold it: magic, name and revision, a blank line, base64.
package struct KeyText: ~Copyable {
    package let kind: KeyKind
    package let name: KeyName
    /// `kind.byteCount` of them.
    package let key: SecretBytes

    /// No key comes near this.
    package static let byteLimit = 4096

    package init(kind: KeyKind, name: KeyName, key: consuming SecretBytes) {
        precondition(key.count == kind.byteCount, "a key has the size of its kind")
        self.kind = kind
        self.name = name
        self.key = key
    }

    /// Reads a key file. Blanks around lines and blank lines at the end do not matter. `expected` are the kinds that
    /// are acceptable; `.wrongMagic` names them.
    package init(
        parsing text: UnsafeRawBufferPointer, expected: [KeyKind] = KeyKind.allCases
    ) throws(KeyError) {
        if text.count > Self.byteLimit { throw .tooLong(limit: Self.byteLimit) }
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Self.trim)
        let magic = lines.first.flatMap { String(validating: $0, as: UTF8.self) } ?? ""
        guard let kind = KeyKind(rawValue: magic), expected.contains(kind) else {
            throw .wrongMagic(found: magic, expected: expected.map(\.rawValue))
        }
        guard lines.count >= 4, let nameText = String(validating: lines[1], as: UTF8.self) else { throw .incomplete }
        let name: KeyName
        do throws(KeyName.ParseError) { name = try KeyName(parsing: nameText) } catch { throw .badName(error) }
        if !lines[2].isEmpty { throw .unexpectedText(line: 3) }
        if let extra = lines.dropFirst(4).firstIndex(where: { !$0.isEmpty }) { throw .unexpectedText(line: extra + 1) }
        let encoded = UnsafeRawBufferPointer(rebasing: lines[3])
        let key = try SecretBytes(capacity: encoded.count) { buffer throws(KeyError) in
            guard let start = buffer.assumingMemoryBound(to: UInt8.self).baseAddress else { throw .undecodable }
            let count = Base64.decode(encoded, into: start, capacity: buffer.count)
            if count < 0 { throw .undecodable }
            return count
        }
        guard key.count == kind.byteCount else { throw .wrongSize(found: key.count, expected: kind.byteCount) }
        self.kind = kind
        self.name = name
        self.key = key
    }

    /// The file's content as it is written: no line end after the base64.
    package var text: SecretBytes {
        let head = Array("\(kind.rawValue)\n\(name)\n\n".utf8)
        let encodedCount = bio_base64_length(kind.byteCount)
        return SecretBytes(capacity: head.count + encodedCount + 1) { buffer in
            buffer.copyBytes(from: head)
            key.withUnsafeBytes { bytes in
                guard let from = bytes.baseAddress, let to = buffer.baseAddress else { return }
                bio_base64_encode(from, bytes.count, to.assumingMemoryBound(to: CChar.self) + head.count)
            }
            return head.count + encodedCount
        }
    }

    private static func trim(_ line: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || 0x09...0x0D ~= byte }
        guard let start = line.firstIndex(where: { !isBlank($0) }), let last = line.lastIndex(where: { !isBlank($0) })
        else { return line[line.startIndex..<line.startIndex] }
        return line[start...last]
    }
}
