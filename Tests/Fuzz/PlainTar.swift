// SPDX-License-Identifier: Apache-2.0

import BioArchive

/// A tar reader as short as can be, written from the format's description and sharing nothing with the one it is
/// held against. It is lenient: only what the other accepted is given to it.
/// SPEC: POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".
enum PlainTar {
    static func members(_ tar: [UInt8]) -> [MemberBody] {
        var found: [MemberBody] = []
        var (longPath, longLink): ([UInt8]?, [UInt8]?)
        var numbers: [String: Int64] = [:]
        var position = 0
        while position + 512 <= tar.count {
            let header = Array(tar[position..<(position + 512)])
            position += 512
            if header.allSatisfy({ $0 == 0 }) { break }
            let type = header[156]
            let isExtension = "LKxg".utf8.contains(type)
            let size = isExtension ? number(header[124..<136]) : numbers["size"] ?? number(header[124..<136])
            guard size >= 0, size <= Int64(tar.count - position) else { break }
            let body = Array(tar[position..<(position + Int(size))])
            position += (Int(size) + 511) / 512 * 512
            switch type {
            case UInt8(ascii: "L"): longPath = Array(body.prefix { $0 != 0 })
            case UInt8(ascii: "K"): longLink = Array(body.prefix { $0 != 0 })
            case UInt8(ascii: "x"), UInt8(ascii: "g"):
                for (key, value) in records(body) {
                    switch key {
                    case "path": longPath = value
                    case "linkpath": longLink = value
                    case "size", "mtime":
                        numbers[key] = whole(value)
                    default: break
                    }
                }
            default:
                let path = longPath ?? name(header)
                let link = longLink ?? Array(header[157..<257].prefix { $0 != 0 })
                let member = TarMember(
                    path: plain(path), kind: kind(type, link), mode: UInt32(number(header[100..<108]) & 0o7777),
                    size: size, mtime: numbers["mtime"] ?? number(header[136..<148]))
                found.append(MemberBody(member: member, body: body))
                (longPath, longLink) = (nil, nil)
                numbers = [:]
            }
        }
        return found
    }

    private static func kind(_ type: UInt8, _ link: [UInt8]) -> TarMember.Kind {
        switch type {
        case UInt8(ascii: "1"): .hardLink(plain(link))
        case UInt8(ascii: "2"): .symlink(link)
        case UInt8(ascii: "5"): .directory
        default: .file
        }
    }

    private static func name(_ header: [UInt8]) -> [UInt8] {
        let name = Array(header[..<100].prefix { $0 != 0 })
        let prefix = Array(header[345..<500].prefix { $0 != 0 })
        // GNU's header has times there.
        return header[262] == 0x20 || prefix.isEmpty ? name : prefix + [UInt8(ascii: "/")] + name
    }

    private static func plain(_ path: [UInt8]) -> [UInt8] {
        var path = path[...]
        if path.starts(with: "./".utf8) { path = path.dropFirst(2) }
        if path.last == UInt8(ascii: "/") { path = path.dropLast() }
        return Array(path)
    }

    private static func number(_ field: ArraySlice<UInt8>) -> Int64 {
        guard let first = field.first else { return 0 }
        if first & 0x80 != 0 {
            let start: Int64 = first & 0x40 != 0 ? Int64(first) - 256 : Int64(first & 0x7F)
            return field.dropFirst().reduce(start) { ($0 << 8) | Int64($1) }
        }
        return field.drop { $0 == 0x20 }.prefix { (0x30...0x37).contains($0) }
            .reduce(0) { $0 &* 8 &+ Int64($1 - 0x30) }
    }

    /// The whole seconds or bytes of a pax number, rounded down.
    private static func whole(_ value: [UInt8]) -> Int64 {
        let text = String(decoding: value, as: UTF8.self)
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let seconds = Int64(parts[0]) else { return 0 }
        let hasRest = parts.count > 1 && parts[1].contains { $0 != "0" }
        return text.hasPrefix("-") && hasRest ? seconds - 1 : seconds
    }

    private static func records(_ body: [UInt8]) -> [(String, [UInt8])] {
        var found: [(String, [UInt8])] = []
        var rest = body[...]
        while let space = rest.firstIndex(of: 0x20),
            let length = Int(String(decoding: rest[..<space], as: UTF8.self)), length > 0, length <= rest.count
        {
            let record = rest.prefix(length).dropFirst(space - rest.startIndex + 1).dropLast()
            if let equals = record.firstIndex(of: UInt8(ascii: "=")) {
                found.append((String(decoding: record[..<equals], as: UTF8.self), Array(record[(equals + 1)...])))
            }
            rest = rest.dropFirst(length)
        }
        return found
    }
}
