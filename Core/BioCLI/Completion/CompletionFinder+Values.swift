// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioHart
import BioPackage
import BioPluginHost
import BioStore
import BioSupervisor
import BioSystem

/// Values that this machine knows.
extension CompletionFinder {
    func fill(_ completion: inout Completion, _ kind: ValueKind) throws {
        switch kind {
        case .text: break
        case .file: completion.files = .any
        case .directory: completion.files = .directories
        case .artifact: completion.files = .artifacts
        case .ident: completion.candidates = try packages(completion.value, [])
        case .package:
            completion.files = .artifacts
            // What looks like a file name is none of an ident.
            if ["/", ".", "~"].contains(where: { completion.value.hasPrefix($0) }) { return }
            completion.candidates = try packages(completion.value, cached(completion.value))
        case .origin: completion.candidates = origins().map { .init($0) }
        case .target: completion.candidates = PackageTarget.allCases.map { .init($0.description) }
        case .service: completion.candidates = services.map { .init($0.ident.unversioned.description) }
        case .serviceGroup: completion.candidates = services.map { .init($0.serviceGroup.description) }
        case .plugin:
            for manifest in try context.pluginCatalog().plugins.compactMap(\.manifest) {
                completion.candidates.append(.init(manifest.name, manifest.summary))
                if manifest.id != manifest.name { completion.candidates.append(.init(manifest.id, manifest.summary)) }
            }
        }
    }

    /// `origin/name` of all, and whole idents once a version is begun: nobody reads through all releases.
    private func packages(_ value: String, _ cached: [QualifiedIdent]) throws -> [Completion.Candidate] {
        let pieces = value.split(separator: "/", omittingEmptySubsequences: false)
        var found: [String]
        if pieces.count > 2 {
            guard let ident = try? PackageIdent(parsing: "\(pieces[0])/\(pieces[1])") else { return [] }
            found = try context.store.installed(matching: ident).map(\.ident.description) + cached.map(\.description)
        } else {
            // Two levels of directories tell enough, however many packages there are.
            let store = context.store.root.packages
            found = names(store).flatMap { origin in names("\(store)/\(origin)").map { "\(origin)/\($0)" } }
            found += cached.map { "\($0.origin)/\($0.name)" }
            found = found.filter { (try? PackageIdent(parsing: $0)) != nil }
        }
        var seen: Set<String> = []
        return found.filter { seen.insert($0).inserted }.map { .init($0) }
    }

    private func names(_ directory: String) -> [String] {
        ((try? Directory.names(directory)) ?? []).compactMap { String(validating: $0, as: UTF8.self) }
    }

    /// The packages of the artifact cache, by file name and signer, which is the origin. A name that can be read in two
    /// ways is left out: to look into the payload takes too long.
    private func cached(_ value: String) -> [QualifiedIdent] {
        let begin = value.replacing("/", with: "-")
        let tail = "-\(PackageTarget.host).\(context.flavour.artifactExtension)"
        let names = (try? Directory.names(context.artifactCache.path)) ?? []
        return names.compactMap { name in
            guard let name = String(validating: name, as: UTF8.self), name.hasSuffix(tail), name.hasPrefix(begin),
                let header = try? HartArchive.open("\(context.artifactCache.path)/\(name)").header
            else { return nil }
            return Self.ident(name.dropLast(tail.count), origin: header.signer.name)
        }
    }

    static func ident(_ name: Substring, origin: String) -> QualifiedIdent? {
        let pieces = name.split(separator: "-", omittingEmptySubsequences: false)
        let count = origin.split(separator: "-", omittingEmptySubsequences: false).count
        guard name.hasPrefix("\(origin)-"), pieces.count >= count + 3 else { return nil }
        let middle = pieces[count..<(pieces.count - 1)]
        let starts = middle.indices.dropFirst().filter { middle[$0].first?.isWholeNumber ?? false }
        guard starts.count == 1, let start = starts.first, let release = pieces.last else { return nil }
        let packageName = middle[..<start].joined(separator: "-")
        let version = middle[start...].joined(separator: "-")
        return try? QualifiedIdent(parsing: "\(origin)/\(packageName)/\(version)/\(release)")
    }

    /// Those that are loaded, also while no supervisor runs.
    private var services: [ServiceSpec] {
        ((try? ServiceSpecs(in: context.fileSystemRoot).all())?.specs ?? []).sorted { $0.name < $1.name }
    }

    /// Those with keys, and those with installed packages.
    private func origins() -> [String] {
        let keys = context.cachePaths(keyPath: context.environment["HAB_CACHE_KEY_PATH"]).keys
        let found = Set(
            ((try? Directory.names(keys)) ?? []).compactMap(KeyFile.parse(fileName:)).map(\.name.name)
                + names(context.store.root.packages))
        return found.filter { (try? Origin(parsing: $0)) != nil }.sorted()
    }
}
