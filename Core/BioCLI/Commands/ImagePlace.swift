// SPDX-License-Identifier: Apache-2.0

import BioOCI

/// The places that `bio image` looks into.
enum ImagePlace {
    /// What the help of each command says of them.
    static let forms = """
        An image lies in a layout (oci:DIR), in an archive (oci-archive:FILE, docker-archive:FILE), or in a Docker \
        engine (docker-daemon); :REF behind it tells which, where there are several. Of a path alone, what is there \
        tells what it is.
        """

    /// The place that `text` names; nothing of it has been read but what tells its kind.
    static func source(_ text: String, _ context: CommandContext) throws -> any ImageSource {
        let location = try ImageLocation(locating: text, cancellation: context.cancellation)
        if let source = try location.localSource(cancellation: context.cancellation) { return source }
        return EngineSource(try context.engine(), name: location.reference)
    }
}
