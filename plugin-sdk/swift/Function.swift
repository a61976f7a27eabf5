// SPDX-License-Identifier: Apache-2.0

public import CBioExport

/// A function that the host calls with values of the user: from a naming template, or as the check of an option. The C
/// side of it is `bio_function`. The signature is made from the type of the closure, which captures nothing:
///
///     Function.check("is_port", "a port: 1 to 65535") { (number: Int64, out) in
///         (1...65535).contains(number) ? out.accept() : out.refuse("\(number) is no port")
///     }
public struct Function: Sendable {
    public typealias Text = UnsafePointer<bio_str>
    public typealias Sink = UnsafePointer<bio_sink>

    /// What a template calls, and `Option.check` names: `[a-z][a-z0-9_]*`.
    public let name: String
    public let signature: String
    /// One line: what it gives or wants.
    public let doc: String
    let address: @convention(c) () -> Void

    /// SAFETY: `function` has the type that `signature` says.
    private init(_ name: String, _ signature: String, _ doc: String, _ function: some Any) {
        precondition(MemoryLayout.size(ofValue: function) == MemoryLayout<UnsafeRawPointer>.size)
        self.name = name
        self.signature = signature
        self.doc = doc
        address = withUnsafeBytes(of: function) { $0.load(as: (@convention(c) () -> Void).self) }
    }

    /// Looks at a text.
    public static func check(
        _ name: String, _ doc: String, _ function: @escaping @convention(c) (Text, Sink) -> Int32
    ) -> Function { Function(name, "check(s)", doc, function) }

    /// Looks at a number.
    public static func check(
        _ name: String, _ doc: String, _ function: @escaping @convention(c) (Int64, Sink) -> Int32
    ) -> Function { Function(name, "check(i64)", doc, function) }

    /// Makes a text of a text.
    public static func text(
        _ name: String, _ doc: String, _ function: @escaping @convention(c) (Text, Sink) -> Int32
    ) -> Function { Function(name, "s(s)", doc, function) }

    /// Makes a text of a text and a number.
    public static func text(
        _ name: String, _ doc: String, _ function: @escaping @convention(c) (Text, Int64, Sink) -> Int32
    ) -> Function { Function(name, "s(s,i64)", doc, function) }

    /// Makes a text of two.
    public static func text(
        _ name: String, _ doc: String, _ function: @escaping @convention(c) (Text, Text, Sink) -> Int32
    ) -> Function { Function(name, "s(s,s)", doc, function) }
}

extension UnsafePointer<bio_str> {
    /// The argument of a typed function.
    public var string: String { String(pointee) }
}

extension UnsafePointer<bio_sink> {
    /// The values will do.
    public func accept() -> Int32 { BIO_OK }

    /// They do not; `why` completes "--option VALUE:" for the user, lower case and without a final period.
    public func refuse(_ why: String) -> Int32 {
        _ = put(why)
        return BIO_E_INVALID
    }

    /// The result is `text`.
    public func answer(_ text: String) -> Int32 { put(text) }

    private func put(_ text: String) -> Int32 {
        text.withBioStr { pointee.write?(self, $0) ?? BIO_E_UNSUPPORTED }
    }
}
