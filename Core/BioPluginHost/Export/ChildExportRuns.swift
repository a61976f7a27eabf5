// SPDX-License-Identifier: Apache-2.0

package import BioExport
import BioGraph

/// The exports that one export asks for: each a run of its own, through the plugin of its format.
package final class ChildExportRuns: ChildExports {
    /// A child as its options say, and who shows what its plugin says.
    package struct Child {
        package let export: PluginExport
        package let observer: (any PluginObserver)?
        package let archiveProgress: @Sendable (UInt64, UInt64) -> Void

        package init(
            _ export: PluginExport, observer: (any PluginObserver)?,
            archiveProgress: @escaping @Sendable (UInt64, UInt64) -> Void
        ) {
            self.export = export
            self.observer = observer
            self.archiveProgress = archiveProgress
        }
    }

    package enum Purpose: Hashable, Sendable {
        /// To be made.
        case export
        /// To say what its image would be; it goes nowhere.
        case image
    }

    /// Finds the plugin of a format and reads the options. `ancestors` are the formats that led there, the user's first.
    package typealias Maker = (
        _ request: ChildRequest, _ purpose: Purpose, _ job: ExportJob, _ ancestors: [String]
    ) throws -> Child

    /// So many formats may ask for each other, the user's counted.
    package static let mostDeep = 4

    private let ancestors: [String]
    private let tree: ExportTree
    private let make: Maker
    private var runs: [ChildRequest: ExportRun] = [:]
    private var order: [ChildRequest] = []
    private(set) var planned: [Artifact] = []

    /// - Parameters:
    ///   - ancestors: the formats from the user's to the one that asks.
    ///   - tree: the user's export and all that it leads to.
    package init(of ancestors: [String], in tree: ExportTree, make: @escaping Maker) {
        self.ancestors = ancestors
        self.tree = tree
        self.make = make
    }

    package func plan(_ request: ChildRequest, of job: ExportJob) throws -> [Artifact] {
        let run = try begin(request, for: .export, job)
        let artifacts = try told(request) { try run.plan() }
        runs[request] = run
        order.append(request)
        planned += artifacts
        return artifacts
    }

    package func make(_ request: ChildRequest) throws -> [Artifact] {
        guard let run = runs[request] else { preconditionFailure("what is made was planned") }
        return try told(request) {
            try run.make()
            return run.staged
        }
    }

    package func image(_ request: ChildRequest, of job: ExportJob) throws -> ImageDraft {
        let run = try begin(request, for: .image, job)
        _ = try told(request) { try run.plan() }
        guard let image = run.image else { throw error(request, .noImage) }
        return image
    }

    /// Puts all of them into their places, or none.
    func commit<R>(then: ([Artifact]) throws -> R) throws -> R { try commit(order[...], [], then) }

    private func commit<R>(
        _ rest: ArraySlice<ChildRequest>, _ done: [Artifact], _ then: ([Artifact]) throws -> R
    ) throws -> R {
        guard let first = rest.first, let run = runs[first] else { return try then(done) }
        return try run.commit(stream: { _ in }) { artifacts in
            // What is shown is the user's own export.
            try commit(rest.dropFirst(), done + artifacts.map { $0.unshown() }, then)
        }
    }

    // MARK: - One child

    private func begin(
        _ request: ChildRequest, for purpose: Purpose, _ job: ExportJob
    ) throws -> ExportRun {
        let path = ancestors + [request.format]
        guard let own = job.restricted(to: request.roots) else {
            throw error(request, .noRoot(request.roots.first { !job.graph.roots.contains(Int($0)) } ?? 0))
        }
        if ancestors.contains(request.format) { throw error(request, .cycle(path)) }
        if path.count > Self.mostDeep { throw error(request, .tooDeep(path)) }
        guard tree.start() else { throw error(request, .tooMany(ExportTree.mostChildren)) }
        return try told(request) {
            let child = try make(request, purpose, own, ancestors)
            // By its own name: it may have been asked for by another.
            if ancestors.contains(child.export.format.id) { throw error(request, .cycle(path)) }
            return try ExportRun(
                child.export, observer: child.observer, archiveProgress: child.archiveProgress)
        }
    }

    /// What an export takes for itself. Two at one place, or two images of one name, would be one, and nobody could say
    /// which.
    func claim(_ files: [String], _ images: ImagePublishing?) throws {
        for place in files + (images?.places ?? []) where !tree.take(place) {
            throw ChildExportError(parent: ancestors.first ?? "", format: ancestors.last ?? "", .placeTaken(place))
        }
        for name in images?.names ?? [] where !tree.take(name) {
            throw ChildExportError(parent: ancestors.first ?? "", format: ancestors.last ?? "", .nameTaken(name))
        }
    }

    private func told<R>(_ request: ChildRequest, _ body: () throws -> R) throws -> R {
        do { return try body() } catch let error as ChildExportError { throw error } catch let error as ExportCancelled
        {
            throw error
        } catch { throw self.error(request, .failed(error)) }
    }

    private func error(_ request: ChildRequest, _ problem: ChildExportError.Problem) -> ChildExportError {
        ChildExportError(parent: ancestors.last ?? "", format: request.format, problem)
    }
}
