// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioCrypto
package import BioOCI

/// Which package goes into which layer of an image. The base packages with a role and all they need are one layer at the
/// bottom, every other package is a layer by itself, in the order of the graph; file trees come on top.
///
/// Over the cap the smallest packages that are nobody's request are merged into one layer, which lies right below the
/// first package that was asked for: what changes most often stays small and on top. Only this image's packages and the
/// cap decide, so two exports of the same graph have the same layers.
package struct PackageLayers: Sendable {
    /// Engines stop at 127 (overlay2), and registries count too.
    package static let mostLayers = 125
    package static let defaultMost = 100

    /// A file tree that is a layer of its own, `root filesystem` or what the format calls it.
    package struct Tree: Sendable {
        package let title: String
        package let tree: RootFilesystem

        package init(title: String, tree: RootFilesystem) {
            self.title = title
            self.tree = tree
        }
    }

    /// All packages of the job, which the nodes of trees count.
    private let packages: [ExportPackage]
    private let bytes: PackageBytes
    /// The directory that all packages lie below: `hab`.
    private let flavourRoot: [UInt8]

    package init(_ packages: [ExportPackage], bytes: PackageBytes) {
        self.packages = packages
        self.bytes = bytes
        flavourRoot = packages.first.map { Array($0.prefix.utf8.prefix { $0 != 0x2F }) } ?? []
    }

    /// The layers bottom up, at most `most` of them: of `numbers`, indices of the job's packages in layer order, and of
    /// `trees` above them.
    package func layers(_ numbers: [Int], trees: [Tree], most: Int = defaultMost) throws(ServiceError) -> [Layer] {
        guard 1...Self.mostLayers ~= most else {
            throw ServiceError(.invalid, "\(most) is no number of layers: 1 to \(Self.mostLayers) are possible")
        }
        var layers: [Layer] = []
        guard most > 1 || trees.isEmpty || numbers.isEmpty else {
            let titles = trees.map(\.title).joined(separator: ", ")
            return [try layer(numbers, trees, of: numbers, title: "all packages and \(titles)")]
        }
        // All trees together when there is no room for each.
        let above = trees.count < most ? trees.map { [$0] } : trees.isEmpty ? [] : [trees]
        let room = most - above.count
        for group in groups(numbers, most: room) {
            layers.append(try layer(group.numbers, [], of: numbers, title: group.title))
        }
        for trees in above {
            layers.append(try layer([], trees, of: numbers, title: trees.map(\.title).joined(separator: ", ")))
        }
        return layers
    }

    private struct Group {
        var title: String
        var numbers: [Int]
    }

    private func groups(_ numbers: [Int], most: Int) -> [Group] {
        func isBase(_ number: Int) -> Bool { packages[number].roles.contains(.base) && !packages[number].isFormatsOwn }
        let base = numbers.filter(isBase)
        let others = numbers.filter { !isBase($0) }
        let count = others.count + (base.isEmpty ? 0 : 1)
        if count > most, merged(others, count: count - most + 1) == nil {
            return [Group(title: "all packages", numbers: numbers)]
        }
        let merged = count > most ? merged(others, count: count - most + 1) ?? [] : []
        var groups = base.isEmpty ? [] : [Group(title: "base packages", numbers: base)]
        var place: Int?
        for number in others where !merged.contains(number) {
            if place == nil && packages[number].roles.contains(.root) { place = groups.count }
            groups.append(Group(title: "\(packages[number].ident)", numbers: [number]))
        }
        if !merged.isEmpty {
            let small = Group(title: "small packages", numbers: others.filter { merged.contains($0) })
            groups.insert(small, at: place ?? groups.count)
        }
        return groups
    }

    /// The `count` smallest packages, those that nobody asked for first; nil when there are not so many.
    private func merged(_ numbers: [Int], count: Int) -> Set<Int>? {
        guard count <= numbers.count else { return nil }
        func isRoot(_ number: Int) -> Bool { packages[number].roles.contains(.root) }
        let sizes = Dictionary(uniqueKeysWithValues: numbers.map { ($0, packages[$0].installedSize) })
        let order = numbers.sorted { left, right in
            if isRoot(left) != isRoot(right) { return isRoot(right) }
            if let a = sizes[left], let b = sizes[right], a != b { return a < b }
            return "\(packages[left].ident)".utf8.lexicographicallyPrecedes("\(packages[right].ident)".utf8)
        }
        return Set(order.prefix(count))
    }

    // MARK: - One layer

    /// `image` are all packages of the image.
    private func layer(
        _ numbers: [Int], _ trees: [Tree], of image: [Int], title: String
    ) throws(ServiceError) -> Layer {
        let content = Content(numbers: numbers, trees: trees.map(\.tree), image: image)
        let own = trees.reduce(0) { $0 + $1.tree.contentSize(packages) }
        return Layer(
            title: title, packages: numbers.map { "\(packages[$0].ident)" }, key: try key(content),
            contentSize: Int64(numbers.reduce(own) { $0 + packages[$1].installedSize }),
            members: { [self] in TreeMembers(try entries(content), of: packages, bytes: bytes, rules: rules) })
    }

    /// A member of a layer without its body.
    package struct Member: Hashable, Sendable {
        package let member: TarMember
        /// BLAKE2b-256 of a file's content; nil of everything else.
        package let digest: Digest?
    }

    /// What a layer of these packages must hold, in its order; no file is opened.
    package func members(of numbers: [Int]) throws -> [Member] {
        let entries = try entries(Content(numbers: numbers, trees: [], image: numbers))
        var members = TreeMembers(entries, of: packages, bytes: bytes, rules: rules)
        var found: [Member] = []
        for entry in entries {
            guard let member = try members.nextMember() else { break }
            var digest: Digest?
            if case .packageFile(let package, let file) = entry.node, member.kind == .file {
                digest = packages[package].files[file].digest
            }
            found.append(Member(member: member, digest: digest))
        }
        return found
    }

    /// What one layer holds.
    private struct Content {
        let numbers: [Int]
        let trees: [RootFilesystem]
        let image: [Int]
    }

    private var rules: TreeMembers.Rules { .layer(flavourRoot: flavourRoot) }

    private func entries(_ content: Content) throws(ServiceError) -> [TreeMembers.Entry] {
        var tree = RootFilesystem()
        for number in content.numbers { try tree.add(packages[number], number: number) }
        for other in content.trees { try tree.add(other) }
        // A directory that is there because something of the tree lies in it must not change the one of the package.
        for path in tree.impliedDirectories(below: flavourRoot + Array("/pkgs".utf8)) {
            if let mode = try directoryMode(path, in: content.image) { try tree.add(path, .directory(mode: mode)) }
        }
        return tree.entries
    }

    /// The mode that a package gives its directory at `path`; nil when none has it.
    private func directoryMode(_ path: [UInt8], in image: [Int]) throws(ServiceError) -> UInt32? {
        for number in image {
            let prefix = Array(packages[number].prefix.utf8)
            guard path.starts(with: prefix), path.count == prefix.count || path[prefix.count] == 0x2F else { continue }
            let inner = Array(path.dropFirst(prefix.count + 1))
            try packages[number].readFiles()
            return packages[number].files.first { $0.kind == .directory && $0.path == inner }?.mode
        }
        return nil
    }

    /// Of packages their artifacts; of trees what is in them.
    private func key(_ content: Content) throws(ServiceError) -> LayerKey? {
        let isVerified = content.numbers.allSatisfy {
            !packages[$0].roles.contains(.unverified) && !packages[$0].artifactDigest.isEmpty
        }
        guard isVerified else { return nil }
        if !content.trees.isEmpty { return try LayerKey(entries: try entries(content), of: packages, rules: rules) }
        return LayerKey(
            packages: content.numbers.map { (prefix: packages[$0].prefix, artifactDigest: packages[$0].artifactDigest) }
        )
    }
}
