// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioHTTP
import BioPackage

extension DockerEngine {
    private static let listLimit = 64 << 20

    private var reading: DocumentReading { DocumentReading(what: "answer", place: address.socket) }

    /// The image of that name or id; nil when there is none.
    package func image(_ name: String) throws -> EngineImage? {
        let action = "describe the image \(name.quoted)"
        let path = "/images/\(Self.escaped(name))/json"
        guard let document = try document(path, action: action, limit: ImageConfiguration.byteLimit) else { return nil }
        return try understood(action) { () throws(ImageError) in try EngineImage(document, reading) }
    }

    /// Its images; `all`: also those that are only steps of others.
    package func images(all: Bool = false) throws -> [EngineImageSummary] {
        let action = "list its images"
        let found = try document("/images/json?all=\(all)", action: action, limit: Self.listLimit)
        guard let list = found?.array else {
            throw EngineError.malformed(action: action, problem: "it is no list")
        }
        return try list.map { line in
            try understood(action) { () throws(ImageError) in try EngineImageSummary(line, reading) }
        }
    }

    /// The steps that made an image of so many layers, the first first.
    func history(of name: String, layers: Int) throws -> [ImageConfiguration.History] {
        let action = "tell the history of the image \(name.quoted)"
        let path = "/images/\(Self.escaped(name))/history"
        let found = try document(path, action: action, limit: ImageConfiguration.byteLimit)
        let steps = found?.array ?? []
        return steps.reversed().map { step in
            let comment = step["Comment"]?.string.flatMap { $0.isEmpty ? nil : $0 }
            // Only sizes tell which steps made no layer, and layers may be empty.
            return ImageConfiguration.History(
                createdBy: step["CreatedBy"]?.string, comment: comment,
                isEmptyLayer: steps.count != layers && step["Size"]?.int == 0)
        }
    }

    /// Takes a name away, and the image with it when it was the last one.
    /// - Returns: false when there was none.
    @discardableResult
    package func remove(_ name: String) throws -> Bool {
        let answer = try ask(
            "DELETE", "/images/\(Self.escaped(name))", action: "remove the image \(name.quoted)", accepting: [404])
        return answer.response.status != 404
    }

    /// Gives an image, by name or id, one more name.
    package func tag(_ name: String, as reference: ImageReference) throws {
        let tag = reference.tag.map { "&tag=\(Self.escaped($0))" } ?? ""
        _ = try ask(
            "POST", "/images/\(Self.escaped(name))/tag?repo=\(Self.escaped(reference.name))\(tag)",
            action: "name the image \(name.quoted) '\(reference)'")
    }

    /// How many of these layers, from the bottom up, some image of the engine has.
    func sharedLayers(_ diffIDs: [Digest]) throws -> Int {
        guard !diffIDs.isEmpty else { return 0 }
        var longest = 0
        var seen: Set<Digest> = []
        for summary in try images(all: true).prefix(Self.comparedImages) where seen.insert(summary.id).inserted {
            guard let image = try describable(summary.id) else { continue }
            let shared = zip(image.diffIDs, diffIDs).prefix { $0 == $1 }.count
            longest = max(longest, shared)
            if longest == diffIDs.count { break }
        }
        return longest
    }

    /// Nil also when the engine cannot describe it, or not so that it can be understood: it is only one of many.
    private func describable(_ id: Digest) throws -> EngineImage? {
        do { return try image("\(id)") } catch let error as EngineError {
            switch error {
            case .refused, .malformed: return nil
            default: throw error
            }
        }
    }

    /// So many images are asked about before layers are sent that might be there.
    private static let comparedImages = 1000

    private func understood<R>(_ action: String, _ read: () throws(ImageError) -> R) throws -> R {
        do throws(ImageError) { return try read() } catch {
            guard case .malformed(_, _, let problem) = error else { throw error }
            throw EngineError.malformed(action: action, problem: problem)
        }
    }
}
