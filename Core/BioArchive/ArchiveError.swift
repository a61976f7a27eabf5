// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
package import BioSystem
import Glibc

/// Why an archive was refused, or could not be read or written. Paths are the bytes of the archive.
package enum ArchiveError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with a member's name as text.
    package enum NameFault: String, Hashable, Sendable {
        case empty = "it is empty"
        case emptyComponent = "it has an empty component"
        case dotComponent = "it has a '.' component"
        case nul = "it has a NUL in it"
        case componentTooLong = "a component is longer than 255 bytes"
        case fileWithSlash = "it ends with '/', and the member is a file"
        case notPlain = "it begins with './' or ends with '/'"
        case tooDeep = "it has more than 256 components"
        case tooLong = "it is longer than 4095 bytes"
        case whiteoutOfNothing = "it hides nothing"
    }

    /// What a limit counts.
    package enum Measure: String, Hashable, Sendable {
        case totalBytes = "bytes in all"
        case members = "members"
        case pathBytes = "bytes of paths"
        case bodyBytes = "bytes in one member"
        case decoderMemory = "bytes of memory to decode"
    }

    case memberAbsolute(path: [UInt8])
    /// The path has a `..` component.
    case memberEscapes(path: [UInt8])
    case memberName(path: [UInt8], NameFault)
    /// A time before 1970 or after 2242.
    case memberTime(path: [UInt8], seconds: Int64)
    /// A device, fifo or another kind that is never accepted.
    case memberKind(path: [UInt8], kind: String)
    /// The target of a symbolic link cannot be one.
    case linkTarget(path: [UInt8], target: [UInt8], NameFault)
    /// A hard link to something that is not an earlier file of the same archive.
    case hardLinkOutside(path: [UInt8], target: [UInt8])
    case writeThroughSymlink(path: [UInt8], link: [UInt8])
    /// The path lies below a file.
    case beneathFile(path: [UInt8], file: [UInt8])
    case duplicate(path: [UInt8])
    /// A member where an earlier one of another kind is.
    case memberReplaces(path: [UInt8], kind: String)

    case tooLarge(Measure, limit: Int64)
    case truncated
    /// Something follows the end of the archive or of its compression.
    case trailing
    /// A tar header that is damaged or can be read in two ways; `at` is its first byte in the decoded archive.
    case tar(TarFault, at: Int64)
    /// What the library that decodes it says.
    case malformed(String)
    /// A file's content was not as long as announced.
    case bodySize(path: [UInt8], announced: Int64, delivered: Int64)
    /// What was read is not what its digest stands for.
    case content(expected: Digest, computed: Digest)
    /// libarchive cannot be loaded.
    case libraryMissing(String)
    /// The place that the bytes come from did not give them; what it says.
    case notDelivered(String, hint: String?)
    case cancelled
    case system(SystemError)

    package var description: String {
        switch self {
        case .memberAbsolute(let path): "member '\(shown(path))' has an absolute path"
        case .memberEscapes(let path): "member '\(shown(path))' leaves the archive with '..'"
        case .memberName(let path, let fault): "member '\(shown(path))' has a bad name: \(fault.rawValue)"
        case .memberTime(let path, let seconds):
            "member '\(shown(path))' has the time \(seconds), which is before 1970 or after 2242"
        case .memberKind(let path, let kind): "member '\(shown(path))' is a \(kind)"
        case .linkTarget(let path, let target, let fault):
            "member '\(shown(path))' links to '\(shown(target))', which cannot be a target: \(fault.rawValue)"
        case .hardLinkOutside(let path, let target):
            "member '\(shown(path))' is a hard link to '\(shown(target))', which is no earlier file of the archive"
        case .writeThroughSymlink(let path, let link):
            "member '\(shown(path))' would be written through the symbolic link '\(shown(link))'"
        case .beneathFile(let path, let file): "member '\(shown(path))' lies below '\(shown(file))', which is a file"
        case .duplicate(let path): "member '\(shown(path))' is there twice"
        case .memberReplaces(let path, let kind): "member '\(shown(path))' would replace a \(kind) of the archive"
        case .tooLarge(.decoderMemory, let limit): "the archive needs more than \(limit) bytes of memory to decode"
        case .tooLarge(let measure, let limit): "the archive holds more than \(limit) \(measure.rawValue)"
        case .truncated: "the archive ends too early"
        case .trailing: "something follows the end of the archive"
        case .tar(let fault, let offset): "the tar header at byte \(offset) \(fault)"
        case .malformed(let text): "the archive is malformed: \(text)"
        case .bodySize(let path, let announced, let delivered):
            "'\(shown(path))' has \(delivered) bytes where \(announced) were announced"
        case .content(let expected, let computed):
            "the content has the digest \(computed) where \(expected) was announced"
        case .libraryMissing(let text): "a library cannot be used: \(text)"
        case .notDelivered(let text, _): text
        case .cancelled: "cancelled"
        case .system(let error): error.description
        }
    }

    package var hint: String? {
        switch self {
        case .libraryMissing(let text) where Self.meansExhaustion(text):
            "it is there and cannot be loaded: raise the limits of memory and open files (ulimit -a)"
        case .libraryMissing: "install it (Debian: libarchive13, liblzma5, libzstd1, libdeflate0, libisal2)"
        case .content: "get it again: it was damaged or changed"
        case .notDelivered(_, let hint): hint
        case .truncated: "get the file again: its end is missing"
        case .system(let error): error.hint
        default: nil
        }
    }

    /// Whether the dynamic linker's text says that there was no room for a library that is there.
    private static func meansExhaustion(_ text: String) -> Bool {
        text.contains("failed to map")
            || [EMFILE, ENFILE, ENOMEM].contains { text.contains(Errno(rawValue: $0).description) }
    }

    /// A path as text for a message: not UTF-8 and control characters escaped, so that a name cannot drive a terminal.
    private func shown(_ path: [UInt8]) -> String { MemberPath.text(path) }
}
