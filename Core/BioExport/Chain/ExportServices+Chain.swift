// SPDX-License-Identifier: Apache-2.0

/// `bio.host.chain/1` in Swift: exports that this export asks for.
extension ExportServices {
    static let mostChildren = 64

    package var asksForExports: Bool { !plannedChildren.isEmpty || !childImages.isEmpty }

    /// In plan what the child would make, in run what it made.
    package func runChild(_ request: ChildRequest) throws(ServiceError) -> [Artifact] {
        if isRunning {
            guard plannedChildren.contains(request) else {
                throw ServiceError(
                    .misuse, "the plugin ran an export as '\(request.format)' that it had not planned")
            }
            guard madeChildren.insert(request).inserted else {
                throw ServiceError(.exists, "the plugin ran one export as '\(request.format)' twice")
            }
            return try asked(request) { try $0.make(request) }
        }
        try checkPlanning(request)
        guard plannedChildren.insert(request).inserted else {
            throw ServiceError(.exists, "the plugin planned one export as '\(request.format)' twice")
        }
        return try asked(request) { try $0.plan(request, of: job) }
    }

    /// The image that the child would make, as one of this export's own.
    package func childImage(_ request: ChildRequest) throws(ServiceError) -> UInt64 {
        guard isPlanning || isRunning else {
            throw ServiceError(.misuse, "the plugin asked for an image outside of plan and run")
        }
        // What is planned must be made, and this is the same both times.
        if let known = childImages[request] { return try begin(known) }
        guard images != nil else { throw Self.noImages }
        guard childImages.count < Self.mostImages else {
            throw ServiceError(.limit, "the plugin asked for more than \(Self.mostImages) images to build upon")
        }
        guard request.roots.isEmpty else {
            throw ServiceError(.invalid, "the plugin asked for an image of some packages to build upon, not of all")
        }
        var draft = try asked(request) { try $0.image(request, of: job) }
        draft.isInherited = true
        childImages[request] = draft
        return try begin(draft)
    }

    private func checkPlanning(_ request: ChildRequest) throws(ServiceError) {
        guard isPlanning else {
            throw ServiceError(.misuse, "the plugin asked for an export outside of plan and run")
        }
        guard plannedChildren.count < Self.mostChildren else {
            throw ServiceError(.limit, "the plugin asked for more than \(Self.mostChildren) exports")
        }
    }

    /// The reason for a refusal is kept: it is the user's affair, not the plugin's.
    private func asked<R>(
        _ request: ChildRequest, _ body: (any ChildExports) throws -> R
    ) throws(ServiceError) -> R {
        guard let children else {
            throw ServiceError(
                .unsupported, "the plugin asked for an export as '\(request.format)', and nobody makes it")
        }
        do { return try body(children) } catch {
            childFailure = error
            switch error {
            case is ExportCancelled: throw ServiceError(.cancelled, "the user asked to stop")
            case let error as ChildExportError: throw ServiceError(error.code, "\(error)")
            default: throw ServiceError(.failed, "the export as '\(request.format)' failed: \(error)")
            }
        }
    }

    /// What was planned and never made is a lie.
    func checkChildren() throws(ServiceError) {
        guard let forgotten = plannedChildren.first(where: { !madeChildren.contains($0) }) else { return }
        throw ServiceError(
            .notFound, "the plugin planned an export as '\(forgotten.format)', but did not run it")
    }
}

extension ChildExportError {
    fileprivate var code: ServiceError.Code {
        switch problem {
        case .failed: .failed
        case .unavailable, .cycle, .tooDeep: .unsupported
        case .refused: .invalid
        case .tooMany: .limit
        case .nameTaken, .placeTaken, .noImage, .noRoot: .invalid
        }
    }
}
