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
        let places = try texts.map { try ImageLocation(parsing: $0) }
        try checkDistinct(places)
        return places
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

    private static func path(_ name: String, in directory: String) -> String {
        switch directory {
        case ".": name
        case _ where directory.utf8.last == 0x2F: directory + name
        default: "\(directory)/\(name)"
        }
    }

    /// Two images at one place would be one, and nobody could say which.
    private static func checkDistinct(_ places: [ImageLocation]) throws(CommandFailure) {
        var taken: [String: ImageLocation] = [:]
        for place in places {
            let key = place.path.map(identity) ?? "an engine"
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
        let pieces = path.split(separator: "/", omittingEmptySubsequences: true)
        guard let name = pieces.last else { return path }
        let parent = (path.utf8.first == 0x2F ? "/" : "") + pieces.dropLast().joined(separator: "/")
        return (resolved(parent.isEmpty ? "." : parent) ?? parent) + "/\(name)"
    }

    private static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
