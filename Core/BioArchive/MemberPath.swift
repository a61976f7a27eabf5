// SPDX-License-Identifier: Apache-2.0

/// The rules that every member path obeys before anything is done with it.
package enum MemberPath {
    package static let componentLimit = 255
    /// Deeper trees take a descriptor a level to remove, and no package has them.
    package static let depthLimit = 256
    /// PATH_MAX without the closing NUL.
    package static let limit = 4095

    private static let slash: UInt8 = 0x2F
    private static let dot: UInt8 = 0x2E

    /// `raw` as archives write it, made plain: one leading `./` and one closing `/` are dropped. What is left is
    /// relative, has no empty, `.` or `..` component, no NUL, and keeps the length limits.
    package static func plain(_ raw: [UInt8]) throws(ArchiveError) -> [UInt8] {
        if raw.contains(0) { throw .memberName(path: raw, .nul) }
        if raw.first == slash { throw .memberAbsolute(path: raw) }
        var path = raw[...]
        if path.count >= 2 && path[0] == dot && path[1] == slash { path = path.dropFirst(2) }
        if path.last == slash { path = path.dropLast() }
        if path.isEmpty { throw .memberName(path: raw, .empty) }
        if path.count > limit { throw .memberName(path: raw, .tooLong) }
        try checkComponents(path, of: raw)
        return path.count == raw.count ? raw : Array(path)
    }

    private static func checkComponents(_ path: ArraySlice<UInt8>, of raw: [UInt8]) throws(ArchiveError) {
        var start = path.startIndex
        var depth = 0
        while start <= path.endIndex {
            var end = start
            while end < path.endIndex && path[end] != slash { end += 1 }
            switch end - start {
            case 0: throw .memberName(path: raw, .emptyComponent)
            case 1 where path[start] == dot: throw .memberName(path: raw, .dotComponent)
            case 2 where path[start] == dot && path[start + 1] == dot: throw .memberEscapes(path: raw)
            case (componentLimit + 1)...: throw .memberName(path: raw, .componentTooLong)
            default: break
            }
            depth += 1
            start = end + 1
        }
        if depth > depthLimit { throw .memberName(path: raw, .tooDeep) }
    }

    /// The target of the symbolic link `path`: any text a link can hold. It may point anywhere; it is never followed.
    package static func checkSymlink(_ target: [UInt8], of path: [UInt8]) throws(ArchiveError) {
        if target.isEmpty { throw .linkTarget(path: path, target: target, .empty) }
        if target.contains(0) { throw .linkTarget(path: path, target: target, .nul) }
        if target.count > limit { throw .linkTarget(path: path, target: target, .tooLong) }
    }

    /// The path of the directory `path` lies in; nil at the top.
    package static func parent(_ path: [UInt8]) -> [UInt8]? {
        path.lastIndex(of: slash).map { Array(path[..<$0]) }
    }

    /// A path as text for a message: what is not UTF-8 is replaced, control characters are escaped, and it is cut
    /// at 256 characters.
    package static func text(_ path: [UInt8]) -> String {
        var text = ""
        for scalar in String(decoding: path.prefix(1024), as: UTF8.self).unicodeScalars.prefix(256) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                text += "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text.unicodeScalars.count < 256 ? text : text + "…"
    }
}
