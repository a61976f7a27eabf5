// SPDX-License-Identifier: Apache-2.0

import BioDocument

/// `manifest.json`: the images of an archive that `docker load` reads (moby, image/spec/v1.3.md).
enum DockerArchiveList {
    static let name = "manifest.json"
    static let byteLimit = 4 << 20

    /// An image: paths of members of the archive, layers bottom up.
    struct Entry {
        let configuration: String
        /// As written in the archive.
        let names: [String]
        let layers: [String]

        init(configuration: String, references: [ImageReference], layers: [String]) {
            self.configuration = configuration
            names = references.map { $0.tagged.description }
            self.layers = layers
        }

        init(_ value: DocumentValue, _ reading: DocumentReading) throws(ImageError) {
            configuration = try reading.string(value, "Config")
            names = try reading.strings(value, "RepoTags")
            layers = try reading.strings(value, "Layers")
        }
    }

    static func bytes(_ entries: [Entry]) -> [UInt8] {
        let list = entries.map { entry -> DocumentValue in
            [
                "Config": .string(entry.configuration),
                "RepoTags": entry.names.isEmpty ? .null : .strings(entry.names),
                "Layers": .strings(entry.layers),
            ]
        }
        return DocumentValue.array(list).jsonBytes(.compact)
    }

    /// `place` is for errors.
    static func entries(parsing bytes: [UInt8], place: String) throws(ImageError) -> [Entry] {
        let reading = DocumentReading(what: "list of images", place: place)
        let document: DocumentValue
        do throws(DocumentError) { document = try DocumentValue(json: bytes) } catch {
            throw reading.wrong("\(error)")
        }
        guard let list = document.array else { throw reading.wrong("it is no JSON list") }
        var entries: [Entry] = []
        for value in list { entries.append(try Entry(value, reading)) }
        return entries
    }
}
