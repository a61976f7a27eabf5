// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The typed functions of one plugin, as the host calls them: in a runner that starts with the first call and ends with
/// this object. Any thread; one call at a time.
package final class PluginFunctions: Sendable {
    package let description: PluginDescription
    private let bundle: PluginBundle
    private let runtime: PluginExport.Runtime
    /// SAFETY: the session is entered under the lock only.
    private struct Session: @unchecked Sendable { var running: PluginSession? }
    private let session = Mutex(Session())

    /// - Parameter description: what options were parsed with; the library must still say the same.
    package init(_ description: PluginDescription, _ bundle: PluginBundle, _ runtime: PluginExport.Runtime) {
        self.description = description
        self.bundle = bundle
        self.runtime = runtime
    }

    deinit { session.withLock { $0.running?.end() } }

    /// Calls a function with values that fit its signature.
    ///
    /// - Throws: `PluginError` for a plugin that lies, hangs or crashes, `FunctionError` for one that gives no result.
    package func call(_ function: FunctionDescription, _ values: [FunctionValue]) throws -> FunctionAnswer {
        let size = values.reduce(0) { if case .text(let text) = $1 { $0 + text.utf8.count } else { $0 } }
        guard size <= FunctionValue.mostBytes else { throw FunctionError.tooLong(size) }
        guard function.type?.takes(values) == true else { throw FunctionError.otherTypes(function.signature) }
        let answer = try session.withLock { session in
            let running = try session.running ?? runtime.hearing { try start() }
            // One that failed is gone: the next call has another.
            session.running = nil
            let answer = try runtime.hearing { try running.call(function, values) }
            session.running = running
            return answer
        }
        if case .unavailable(let text) = answer { throw FunctionError.unavailable(text) }
        return answer
    }

    private func start() throws -> PluginSession {
        let session = try PluginSession(bundle, runtime)
        guard try session.describe() == description else {
            throw PluginError(plugin: description.id, .descriptionStale)
        }
        return session
    }
}
