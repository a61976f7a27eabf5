// SPDX-License-Identifier: Apache-2.0

import CSodium

/// Base64 with the standard alphabet and padding, as key files and HART headers use it (RFC 4648, section 4).
package enum Base64 {
    /// The text of `bytes`.
    package static func encode(_ bytes: UnsafeRawBufferPointer) -> String {
        let length = bio_base64_length(bytes.count)
        var text = [CChar](repeating: 0, count: length + 1)
        guard let start = bytes.baseAddress else { return "" }
        bio_base64_encode(start, bytes.count, &text)
        return String(decoding: text[..<length].lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// What `text` stands for; nil when it is not base64 or stands for more than `limit` bytes.
    package static func decode(_ text: UnsafeRawBufferPointer, limit: Int) -> [UInt8]? {
        var isValid = true
        let bytes = [UInt8](unsafeUninitializedCapacity: max(limit, 1)) { buffer, count in
            count = 0
            guard let start = buffer.baseAddress else { return }
            let decoded = decode(text, into: start, capacity: limit)
            isValid = decoded >= 0
            count = max(decoded, 0)
        }
        return isValid ? bytes : nil
    }

    /// Decodes `text` to `start`; the number of bytes, or -1 for what is no base64 or does not fit.
    static func decode(_ text: UnsafeRawBufferPointer, into start: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int {
        guard let characters = text.baseAddress else { return 0 }
        return bio_base64_decode(characters.assumingMemoryBound(to: CChar.self), text.count, start, capacity)
    }
}
