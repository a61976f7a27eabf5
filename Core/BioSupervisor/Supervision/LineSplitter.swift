// SPDX-License-Identifier: Apache-2.0

/// Takes what a process writes apart into lines. One without an end is cut.
struct LineSplitter {
    private var rest: [UInt8] = []

    private static let longest = 8192

    mutating func feed(_ bytes: [UInt8], _ line: (ArraySlice<UInt8>) -> Void) {
        var start = 0
        while let end = bytes[start...].firstIndex(of: 0x0A) {
            if rest.isEmpty {
                cut(bytes[start..<end], line)
            } else {
                rest += bytes[start..<end]
                cut(rest[...], line)
                rest = []
            }
            start = end + 1
        }
        rest += bytes[start...]
        while rest.count > Self.longest {
            line(rest[..<Self.longest])
            rest.removeFirst(Self.longest)
        }
    }

    /// What came behind the last line break.
    mutating func finish(_ line: (ArraySlice<UInt8>) -> Void) {
        if !rest.isEmpty { line(rest[...]) }
        rest = []
    }

    private func cut(_ bytes: ArraySlice<UInt8>, _ line: (ArraySlice<UInt8>) -> Void) {
        var piece = bytes
        if piece.last == 0x0D { piece.removeLast() }
        while piece.count > Self.longest {
            line(piece.prefix(Self.longest))
            piece = piece.dropFirst(Self.longest)
        }
        line(piece)
    }
}
