// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
package import BioSystem

/// A member of a tar that is being made, with its body.
package struct TarItem: ~Copyable {
    package enum Body: ~Copyable {
        case bytes([UInt8])
        /// The file's first `member.size` bytes.
        case file(FileDescriptor)
    }

    package let member: TarMember
    package let body: Body
    /// The BLAKE2b-256 that the body must have; nil: it may be anything.
    package let digest: Digest?

    /// A directory, a link, or a file of size 0.
    package init(_ member: TarMember) { self.init(member, .bytes([])) }

    package init(_ member: TarMember, _ body: consuming Body, digest: Digest? = nil) {
        self.member = member
        self.body = body
        self.digest = digest
    }
}

/// The members of a tar, in order, made when they are wanted.
package protocol TarMembers {
    /// The next member; nil after the last. One thread at a time calls, but not always the same.
    mutating func next() throws -> TarItem?
    /// The next member as `next` would give it, without its body: nothing is opened for it.
    mutating func nextMember() throws -> TarMember?
    /// The error for member `number`, counted from 0, whose file has not the announced size or digest. Any thread asks.
    var changed: @Sendable (_ number: Int) -> any Error { get }
}
