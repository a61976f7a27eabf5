// SPDX-License-Identifier: Apache-2.0

package import BioOCI

/// An image that a plugin is putting together: packages at the bottom, trees on them.
package struct ImageDraft: Sendable {
    /// Numbers of the job's packages.
    package private(set) var packages: [Int] = []
    package private(set) var trees: [PackageLayers.Tree] = []
    package private(set) var process: ProcessConfiguration?
    package private(set) var author: String?
    package private(set) var annotations: Annotations = [:]
    /// What the plugin said of its containers.
    private var settings: ContainerSettings?
    /// Another export put it together, and this one may say once more how its containers run.
    var isInherited = false

    static let mostTrees = 16

    package init() {}

    /// `count` is how many packages the job has.
    mutating func add(_ numbers: [UInt32], of count: Int) throws(ServiceError) {
        guard trees.isEmpty else {
            throw ServiceError(.misuse, "the plugin added packages to an image on top of a tree; trees come last")
        }
        guard !numbers.isEmpty else { throw ServiceError(.invalid, "the plugin added no packages to an image") }
        var known = Set(packages)
        for number in numbers {
            guard number < UInt32(count) else {
                throw ServiceError(.notFound, "package \(number) is not in the graph, which has \(count)")
            }
            guard known.insert(Int(number)).inserted else {
                throw ServiceError(.exists, "the plugin added package \(number) to an image twice")
            }
        }
        packages += numbers.map { Int($0) }
    }

    mutating func add(_ tree: RootFilesystem, title: String) throws(ServiceError) {
        guard trees.count < Self.mostTrees else {
            throw ServiceError(.limit, "the plugin added more than \(Self.mostTrees) trees to an image")
        }
        guard tree.count > 0 else { throw ServiceError(.invalid, "the plugin added an empty tree to an image") }
        guard !title.isEmpty, title.utf8.count <= 256, !title.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw ServiceError(
                .invalid, "the plugin gave a layer a title that is none: one line of at most 256 bytes is")
        }
        trees.append(PackageLayers.Tree(title: title, tree: tree))
    }

    mutating func configure(_ settings: ContainerSettings) throws(ServiceError) {
        guard process == nil || isInherited else {
            throw ServiceError(.exists, "the plugin configured an image twice")
        }
        let settings = self.settings?.replaced(by: settings) ?? settings
        isInherited = false
        annotations = try settings.checkedAnnotations()
        process = try settings.process()
        author = settings.author.isEmpty ? nil : settings.author
        self.settings = settings
    }

    /// Refuses what is no image yet.
    func checkComplete() throws(ServiceError) {
        guard !packages.isEmpty || !trees.isEmpty else {
            throw ServiceError(.invalid, "the plugin published an image without layers")
        }
        guard process != nil else {
            throw ServiceError(.misuse, "the plugin published an image that it had not configured")
        }
    }
}
