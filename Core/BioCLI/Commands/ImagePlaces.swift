// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioOCI
import BioPackage
import BioSystem
import Glibc

/// Where the user wants an image: `--to`, `-o`, or nothing said.
enum ImagePlaces {
    /// The places that the user named; nil when he named none.
    static func named(_ arguments: ParsedArguments) throws -> [ImageLocation]? {
        let texts = arguments.strings("to")
        guard !texts.isEmpty else { return nil }
        if arguments.string("output") != nil {
            throw CommandFailure(
                .usage, "--output and --to cannot be given both",
                hint: "--output FILE is the same as --to oci-archive:FILE")
        }
        let places = try texts.map(place)
        try checkDistinct(places)
        for place in places { try checkRoom(place) }
        return places
    }

    private static func place(_ text: String) throws -> ImageLocation {
        let place = try ImageLocation(parsing: text)
        if let name = place.reference, let reference = try? ImageReference(parsing: name), reference.digest != nil {
            throw ImageLocation.ParseError.digest(text)
        }
        guard let path = place.path, !place.isLayout else { return place }
        if path == "-" {
            throw CommandFailure(
                .usage, "'--to \(text)' names no file",
                hint: "--output - writes an OCI archive to standard output; a file of that name is './-'")
        }
        if path.utf8.last == 0x2F {
            throw CommandFailure(
                .usage, "'--to \(text)' names a directory, and an archive is a file", hint: "add a file name to it")
        }
        return place
    }

    /// The archive that `-o`, or its absence, stands for.
    static func archive(_ placement: OutputPlacement, of package: QualifiedIdent) -> ImageLocation {
        let name = "\(package.origin)-\(package.name)-\(package.version)-\(package.release).oci.tar"
        return switch placement {
        case .stream: .ociArchive(path: "-", reference: nil)
        case .directory(let directory, let given):
            .ociArchive(path: path(given ?? name, in: directory), reference: nil)
        }
    }

    static func path(_ name: String, in directory: String) -> String {
        switch directory {
        case ".": name
        case _ where directory.utf8.last == 0x2F: directory + name
        default: "\(directory)/\(name)"
        }
    }

    /// Refuses, before any work, a file where no file can be. Not through links: what a rename would replace is the
    /// link, and `/dev/stdout` is one.
    static func checkRoom(_ place: ImageLocation) throws {
        guard let path = place.path, path != "-" else { return }
        let parent = directory(of: path)
        guard try FileStatus.of(parent)?.kind == .directory else { throw PlacementError.noDirectory(parent) }
        if place.isLayout {
            if let status = try FileStatus.of(path), status.kind != .directory {
                throw ImageError.notALayout(path: path, problem: "it is no directory")
            }
        } else if let status = try FileStatus.ofLink(path), status.kind != .file {
            throw ImageError.inTheWay(path: path)
        }
    }

    private static func directory(of path: String) -> String {
        let pieces = path.utf8.split(separator: 0x2F, omittingEmptySubsequences: true)
        let start = path.utf8.first == 0x2F ? "/" : ""
        let parent = start + pieces.dropLast().map { String(decoding: Array($0), as: UTF8.self) }.joined(separator: "/")
        return parent.isEmpty ? "." : parent
    }

    /// Two images at one place would be one, and nobody could say which.
    private static func checkDistinct(_ places: [ImageLocation]) throws(CommandFailure) {
        var taken: [String: ImageLocation] = [:]
        for place in places {
            let key =
                switch place {
                // A name without a tag stands for all tags of the image.
                case .registry(let reference): "\(reference.normalized)\(reference.tag == nil ? "*" : "")"
                default: place.path.map(identity) ?? "an engine"
                }
            if let other = taken.updateValue(place, forKey: key) {
                throw CommandFailure(
                    .usage,
                    other == place
                        ? "'--to \(place)' is there twice" : "'--to \(other)' and '--to \(place)' are one place",
                    hint: "give each place once")
            }
        }
    }

    /// The same text for the same place, however it is written; what is not there yet is told by its directory.
    private static func identity(_ path: String) -> String {
        if let real = resolved(path) { return real }
        guard let name = path.utf8.split(separator: 0x2F, omittingEmptySubsequences: true).last else { return path }
        let parent = directory(of: path)
        return (resolved(parent) ?? parent) + "/" + String(decoding: Array(name), as: UTF8.self)
    }

    private static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}

extension ImageLocation {
    fileprivate var isLayout: Bool { if case .layout = self { true } else { false } }
}
