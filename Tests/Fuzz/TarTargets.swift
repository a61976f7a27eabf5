// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioHart
import BioPackage
import BioSystem
import BioTestSupport

extension FuzzTarget {
    /// Bytes as they come: mostly the decoders'.
    static let payload = FuzzTarget("payload", seeds: { TarSeeds.compressed }) { bytes in
        _ = Members.read(bytes)
    }

    /// Uncompressed tars whose checksums are made right, so that what they guard is reached.
    static let members = FuzzTarget("members", seeds: { TarSeeds.all }) { bytes in
        let tar = TarSums.mended(bytes)
        guard let members = Members.read(tar) else { return }
        // Whatever is accepted reads the same to a reader that knows nothing of ours.
        let plain = PlainTar.members(tar)
        promise(plain.count == members.count, "\(members.count) members here, \(plain.count) there")
        for (member, other) in zip(members, plain) {
            promise(member == other, "\(member) here, \(other) there")
        }
        Members.check(members)
    }

    /// What the writer writes, the reader reads.
    static let tarWriter = FuzzTarget("tar-writer", seeds: { TarSeeds.texts }) { bytes in
        // What a hard link leads to is a member's path: the writer's callers see to that.
        let members = Members.made(of: bytes).filter { member in
            guard case .hardLink(let target) = member.member.kind else { return true }
            return (try? MemberPath.plain(target)) == target
        }
        do {
            let tar = try BioTestSupport.tar(of: members.map { ($0.member, $0.body) })
            guard let read = Members.read(tar) else { broken("what was written is refused") }
            promise(read == members, "what was written reads otherwise")
            promise(PlainTar.members(tar) == members, "what was written reads otherwise elsewhere")
        } catch { checkMessage("\(error)") }
    }

    /// Members that agree with each other are written beneath one directory, as they are, and nowhere else.
    static let extraction = FuzzTarget("extraction", seeds: { TarSeeds.all }) { bytes in
        let tar = TarSums.mended(bytes)
        guard let members = Members.read(tar), members.count <= 16 else { return }
        Enclosure.extract(tar, members)
    }
}

/// One member with its body.
struct MemberBody: Equatable, CustomStringConvertible {
    let member: TarMember
    let body: [UInt8]

    var description: String {
        "\(member.kind.noun) \(MemberPath.text(member.path)) of \(member.size), mode \(member.mode), time \(member.mtime)"
    }
}

enum Members {
    private static let limits = PayloadReader.Limits(totalBytes: 4 << 20, members: 256, pathBytes: 1 << 20)

    /// All members; nil when the archive is refused.
    static func read(_ bytes: [UInt8]) -> [MemberBody]? {
        do throws(ArchiveError) {
            var reader = try PayloadReader(MemorySource(bytes), limits: limits)
            var found: [MemberBody] = []
            while let member = try reader.next() {
                promise(PathRules.isRelative(member.path), "an unsafe path was handed out")
                promise(member.mode <= 0o7777 && member.size >= 0, "a mode or size that no file has")
                promise(member.kind == .file || member.size == 0, "a body where none may be")
                let body = try reader.body(limit: 4 << 20)
                promise(body.count == member.size, "a body of another length")
                found.append(MemberBody(member: member, body: body))
            }
            return found
        } catch {
            checkMessage(error.description)
            return nil
        }
    }

    /// The tree and the layout of packages over members that were read.
    static func check(_ members: [MemberBody]) {
        var tree = MemberTree(limits: limits)
        var kinds: [[UInt8]: TarMember.Kind] = [:]
        for member in members.map(\.member) {
            do throws(ArchiveError) { _ = try tree.admit(member) } catch {
                checkMessage(error.description)
                break
            }
            promise(kinds[member.path] == nil, "a path that is there twice")
            var above = MemberPath.parent(member.path)
            while let path = above {
                promise(kinds[path] == nil || kinds[path] == .directory, "a member below something else")
                above = MemberPath.parent(path)
            }
            if case .hardLink(let target) = member.kind {
                switch kinds[target] {
                case .file?, .hardLink?: break
                default: broken("a hard link to no earlier file")
                }
            }
            kinds[member.path] = member.kind
        }
        var layout = PayloadLayout(path: "a.hart")
        for member in members.map(\.member) {
            do throws(HartError) {
                let place = try layout.place(member)
                if case .inside(let relative) = place { promise(PathRules.isRelative(relative), "an unsafe path") }
            } catch {
                checkMessage(error.description)
                return
            }
        }
    }

    /// Members of lines: kind, name, target or body.
    static func made(of bytes: [UInt8]) -> [MemberBody] {
        bytes.split(separator: 0x0A).prefix(64).map { line in
            let fields = line.split(separator: 0x09, maxSplits: 3, omittingEmptySubsequences: false)
            let path = fields.count > 1 ? Array(fields[1]) : []
            let text = fields.count > 2 ? Array(fields[2]) : []
            let number = fields.count > 3 ? fields[3].reduce(UInt64(0)) { $0 &* 31 &+ UInt64($1) } : 0
            let (mode, time) = (UInt32(number & 0o7777), Int64(number >> 12 & 0xFFFF_FFFF))
            switch fields[0].first {
            case UInt8(ascii: "d"):
                return MemberBody(
                    member: TarMember(path: path, kind: .directory, mode: mode, mtime: time), body: [])
            case UInt8(ascii: "l"):
                return MemberBody(
                    member: TarMember(path: path, kind: .symlink(text), mode: mode, mtime: time), body: [])
            case UInt8(ascii: "h"):
                return MemberBody(
                    member: TarMember(path: path, kind: .hardLink(text), mode: mode, mtime: time), body: [])
            default:
                return MemberBody(
                    member: TarMember(
                        path: path, kind: .file, mode: mode, size: Int64(text.count), mtime: time), body: text)
            }
        }
    }
}

enum TarSums {
    /// The bytes with right checksums in whatever looks like a header.
    static func mended(_ bytes: [UInt8]) -> [UInt8] {
        var tar = bytes
        for start in stride(from: 0, to: max(0, tar.count - 511), by: 512) {
            guard tar[(start + 257)..<(start + 262)].elementsEqual("ustar".utf8) else { continue }
            for index in 0..<8 { tar[start + 148 + index] = 0x20 }
            var sum = tar[start..<(start + 512)].reduce(0) { $0 + Int($1) }
            for index in (0..<6).reversed() {
                tar[start + 148 + index] = UInt8(ascii: "0") + UInt8(sum & 7)
                sum >>= 3
            }
            tar[start + 154] = 0
        }
        return tar
    }
}

/// A directory in a directory, where nothing may appear beside it.
private enum Enclosure {
    static func extract(_ tar: [UInt8], _ members: [MemberBody]) {
        do {
            let scratch = try TemporaryDirectory(in: "/dev/shm", prefix: "bio-fuzz-")
            let inner = scratch.path + "/inner"
            try Directory.create(inner)
            var entries: [ExtractedEntry] = []
            var reader = try PayloadReader(MemorySource(tar))
            let directory = try FileDescriptor.open(inner)
            do throws(ArchiveError) {
                try TreeExtractor.extract(&reader, into: directory, path: inner) { entries.append($0) }
                let extracted = entries.prefix(members.count).map(\.path)
                promise(extracted == members.map(\.member.path), "what was written is not what was read")
            } catch { checkMessage(error.description) }
            promise(try Directory.names(scratch.path) == [Array("inner".utf8)], "something was written beside")
            for entry in entries where entry.kind == .file {
                if entries.contains(where: { $0.kind == .hardLink(entry.path) }) { continue }
                // What may not be read even by its owner cannot be looked at.
                do {
                    let file = try directory.openBeneath(entry.path)
                    promise(try file.status().size == entry.size, "a file of another length")
                } catch is SystemError { continue }
            }
        } catch { broken("\(error)") }
    }
}
