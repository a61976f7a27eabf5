// SPDX-License-Identifier: Apache-2.0

/// Who wants to know how a push goes. Called from any thread.
package struct PushReport: Sendable {
    /// Bytes of the blobs that follow, whether the registry has them or not.
    package let begin: @Sendable (_ bytes: Int64) -> Void
    package let advance: @Sendable (_ bytes: Int64) -> Void
    package let end: @Sendable () -> Void

    package init(
        begin: @escaping @Sendable (Int64) -> Void, advance: @escaping @Sendable (Int64) -> Void,
        end: @escaping @Sendable () -> Void
    ) {
        self.begin = begin
        self.advance = advance
        self.end = end
    }

    package static let silent = PushReport(begin: { _ in }, advance: { _ in }, end: {})
}
