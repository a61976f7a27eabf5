// SPDX-License-Identifier: Apache-2.0

package import BioSystem

extension ImageLocation {
    /// As `init(parsing:)`, or a bare path with an optional name: what is there tells which kind of place it is. A tar that
    /// is both a layout and Docker's archive counts as a layout, which says more.
    package init(locating text: String, cancellation: Cancellation = .never) throws {
        do throws(ParseError) {
            self = try ImageLocation(parsing: text)
            return
        } catch {
            guard case .noKind = error else { throw error }
        }
        var (path, reference): (String, String?) = (text, nil)
        if try FileStatus.of(text) == nil { (path, reference) = try Self.pathAndReference(text) }
        guard let status = try FileStatus.of(path) else { throw ImageError.nothingThere(path: text) }
        if status.kind == .directory {
            self = .layout(path: path, reference: reference)
            return
        }
        let archive = try ImageArchive(path, cancellation: cancellation)
        if archive.has(Layout.markerName) {
            self = .ociArchive(path: path, reference: reference)
        } else if archive.has(DockerArchiveList.name) {
            self = .dockerArchive(path: path, reference: reference)
        } else {
            throw ImageError.notAnArchive(
                path: path, problem: "it has neither '\(Layout.markerName)' nor '\(DockerArchiveList.name)'")
        }
    }

    /// The images there; nil for an engine or a registry.
    package func localSource(cancellation: Cancellation = .never) throws -> (any ImageSource)? {
        switch self {
        case .layout(let path, let reference):
            try LayoutSource(directory: path, reference: reference, cancellation: cancellation)
        case .ociArchive(let path, let reference):
            try LayoutSource(archive: path, reference: reference, cancellation: cancellation)
        case .dockerArchive(let path, let reference):
            try DockerArchiveSource(path: path, reference: reference, cancellation: cancellation)
        case .engine, .registry: nil
        }
    }
}
