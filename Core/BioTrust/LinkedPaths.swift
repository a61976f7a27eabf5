// SPDX-License-Identifier: Apache-2.0

import BioArchive

/// The symbolic links of an image beside those of its packages: whoever unpacks a layer follows them, so that a member
/// below one lies elsewhere than its path says.
struct LinkedPaths {
    private static let slash = UInt8(ascii: "/")
    private static let mostHops = 40
    private var targets: [[UInt8]: [UInt8]] = [:]

    /// Remembers a link, or that a directory or file has taken its place.
    mutating func note(_ member: LayerMember) {
        if case .symlink(let target) = member.kind {
            targets[member.path] = target
        } else if !targets.isEmpty {
            targets[member.path] = nil
        }
    }

    /// Where a member at `path` comes to lie: links above it are followed, the member itself is not. Links that go round
    /// in circles lead nowhere, and the path stays.
    func resolved(_ path: [UInt8]) -> [UInt8] {
        if targets.isEmpty { return path }
        var rest = path.split(separator: Self.slash).map(Array.init)[...]
        var place: [[UInt8]] = []
        var hops = 0
        while let name = rest.popFirst() {
            if name == Array(".".utf8) { continue }
            if name == Array("..".utf8) {
                _ = place.popLast()
                continue
            }
            place.append(name)
            guard !rest.isEmpty, let target = targets[Array(place.joined(separator: [Self.slash]))] else { continue }
            hops += 1
            if hops > Self.mostHops { return path }
            if target.first == Self.slash { place = [] } else { place.removeLast() }
            rest = (target.split(separator: Self.slash).map(Array.init) + rest)[...]
        }
        return Array(place.joined(separator: [Self.slash]))
    }
}
