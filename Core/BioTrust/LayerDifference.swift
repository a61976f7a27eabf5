// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioExport

/// One path of a layer at which it is not what signed packages say.
package struct LayerDifference: Hashable, Sendable {
    /// What of a member is another than it should be.
    package enum Aspect: String, Hashable, Sendable { case kind, content, target, mode, owner, time }

    package enum Kind: Hashable, Sendable {
        /// The package has it, and the layer does not.
        case missing
        /// It lies among the files of a package, and is none.
        case added
        case changed([Aspect])
        /// A whiteout hides what a package has there or below.
        case hidden
        /// A directory above it, or above what it names, is a link: it lies elsewhere than its path says.
        case throughLink
    }

    /// Without a slash in front.
    package let path: [UInt8]
    package let kind: Kind

    package init(path: [UInt8], kind: Kind) {
        self.path = path
        self.kind = kind
    }

    /// The word for reports; for what is changed, `aspects` tell more.
    package var word: String {
        switch kind {
        case .missing: "missing"
        case .added: "added"
        case .changed: "changed"
        case .hidden: "hidden"
        case .throughLink: "through-link"
        }
    }

    package var aspects: [Aspect] { if case .changed(let aspects) = kind { aspects } else { [] } }
}

extension LayerContents.Member {
    /// In what the member is another one than `expected`, which has the same path; empty: in nothing.
    func aspects(against expected: PackageLayers.Member) -> [LayerDifference.Aspect] {
        var found: [LayerDifference.Aspect] = []
        switch (member.kind, expected.member.kind) {
        case (.file, .file):
            if member.size != expected.member.size || digest != expected.digest { found.append(.content) }
        case (.directory, .directory): break
        case (.symlink(let target), .symlink(let wanted)), (.hardLink(let target), .hardLink(let wanted)):
            if target != wanted { found.append(.target) }
        default: return [.kind]
        }
        if member.mode != expected.member.mode { found.append(.mode) }
        if member.uid != 0 || member.gid != 0 { found.append(.owner) }
        if member.mtime != expected.member.mtime { found.append(.time) }
        return found
    }
}
