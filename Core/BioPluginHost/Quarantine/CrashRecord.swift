// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
package import BioDocument
import BioExport

/// One crash of a plugin's runner.
package struct CrashRecord: Hashable, Sendable {
    /// Seconds since 1970.
    package let time: Int64
    package let id: String
    /// Of the library's bytes: a rebuilt one starts anew.
    package let library: Digest
    /// The version of `bio`: another one starts anew, too.
    package let host: String
    /// `signal SIGSEGV in run`
    package let how: String

    package init(time: Int64, id: String, library: Digest, host: String, how: String) {
        self.time = time
        self.id = id
        self.library = library
        self.host = host
        self.how = how
    }

    /// How the runner ended, when it is the plugin that ended it; nil for any other failure. What somebody outside may
    /// have ended says nothing about the plugin.
    package static func cause(of error: PluginError) -> String? {
        switch error.problem {
        case .crashed(_, let signal?, _) where ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"].contains(signal): nil
        case .crashed(let phase, let signal?, _): "signal \(signal) in \(phase)"
        case .crashed(let phase, nil, let code?): "exit code \(code) in \(phase)"
        default: nil
        }
    }

    package var document: DocumentValue {
        [
            "time": .integer(time), "plugin": .string(id), "library": .string("\(library)"), "bio": .string(host),
            "how": .string(how),
        ]
    }

    /// Reads what `document` wrote; nil for anything else.
    package init?(_ document: DocumentValue) {
        guard let time = document["time"]?.int.map({ Int64($0) }), let id = document["plugin"]?.string,
            PluginDescription.wrongID(id) == nil,
            let library = document["library"]?.string.flatMap({ try? Digest(parsing: $0) }),
            let host = document["bio"]?.string, let how = document["how"]?.string, host.utf8.count <= 64,
            how.utf8.count <= 128, how.isPlain()
        else { return nil }
        self.init(time: time, id: id, library: library, host: host, how: how)
    }
}
