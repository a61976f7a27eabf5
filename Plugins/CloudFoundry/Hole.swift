// SPDX-License-Identifier: Apache-2.0

/// A part of a mapping that the shell fills when a container starts: `$NAME`, `${…}`, `$(…)` or `` `…` ``.
struct Hole {
    let place: TextCursor.Place
    /// As it stands there.
    let code: String
    /// The commands in it, as far as their names stand there plainly.
    let commands: [Command]

    struct Command {
        let place: TextCursor.Place
        let name: String
        /// Its first word, when that stands there plainly, too.
        let argument: String?
    }
}

/// What is wrong with a mapping, and where.
struct MappingFault: Error {
    let place: TextCursor.Place
    let message: String
    let hint: String
}
