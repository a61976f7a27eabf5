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
    private let make: Maker
    private var runs: [ChildRequest: ExportRun] = [:]
    private var order: [ChildRequest] = []
    private var taken: Set<String> = []
    private(set) var planned: [Artifact] = []

    /// - Parameter ancestors: the formats from the user's to the one that asks.
    package init(of ancestors: [String], make: @escaping Maker) {
        self.ancestors = ancestors
        self.make = make
    }

    package func plan(_ request: ChildRequest, of job: ExportJob) throws -> [Artifact] {
        let (run, child) = try begin(request, for: .export, job)
        let artifacts = try told(request) { try run.plan() }
        if let images = child.export.images, images.isPlanned { try claim(images, request) }
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
        let (run, _) = try begin(request, for: .image, job)
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
            try commit(rest.dropFirst(), done + artifacts, then)
        }
    }

    // MARK: - One child

    private func begin(
        _ request: ChildRequest, for purpose: Purpose, _ job: ExportJob
    ) throws -> (run: ExportRun, child: Child) {
        let path = ancestors + [request.format]
        guard let own = job.restricted(to: request.roots) else {
            throw error(request, .noRoot(request.roots.first { !job.graph.roots.contains(Int($0)) } ?? 0))
        }
        if path.count > Self.mostDeep { throw error(request, .tooDeep(path)) }
        return try told(request) {
            let child = try make(request, purpose, own, ancestors)
            // By its own name: it may have been asked for by another.
            if ancestors.contains(child.export.format.id) { throw error(request, .cycle(path)) }
            let run = try ExportRun(
                child.export, observer: child.observer, archiveProgress: child.archiveProgress)
            return (run, child)
        }
    }

    /// Two images at one place, or of one name, would be one, and nobody could say which.
    private func claim(_ images: ImagePublishing, _ request: ChildRequest) throws {
        for place in images.places where !taken.insert(place).inserted {
            throw error(request, .placeTaken(place))
        }
        for name in images.names where !taken.insert(name).inserted {
            throw error(request, .nameTaken(name))
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
