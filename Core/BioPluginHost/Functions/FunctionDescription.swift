// SPDX-License-Identifier: Apache-2.0

import BioExport

/// A typed function of a plugin (`bio_function`).
package struct FunctionDescription: Hashable, Sendable {
    package var name: String
    /// As the plugin writes it; `FunctionSignature` reads it.
    package var signature: String
    /// One line: what it gives or wants.
    package var doc: String

    package init(name: String, signature: String, doc: String) {
        self.name = name
        self.signature = signature
        self.doc = doc
    }

    /// The type, of a function that has no problem.
    package var type: FunctionSignature? { try? FunctionSignature(parsing: signature) }

    var problem: String? {
        guard Self.isName(name) else {
            return "'\(name.shown)' is no function name: lower-case letters, digits and _, at most 32"
        }
        if ImageNaming.ownWords.contains(name) { return "templates have that name by themselves" }
        if !doc.isPlain() { return "it holds characters that steer a terminal" }
        do throws(FunctionSignature.Wrong) { _ = try FunctionSignature(parsing: signature) } catch {
            return "its signature '\(signature.shown)' is none: \("\(error)".shown)"
        }
        return nil
    }

    /// `[a-z][a-z0-9_]*`: what a template can call.
    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 32, (0x61...0x7A).contains(first) else { return false }
        return text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }

    func write(to frame: inout FrameWriter) {
        for text in [name, signature, doc] { frame.text(text) }
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        name = try frame.text("function name")
        signature = try frame.text("signature of function '\(name)'")
        doc = try frame.text("doc of function '\(name)'")
    }
}

extension String {
    /// What a plugin made of a name, where it may be anything.
    var shown: String { PluginLog.printable(Array(utf8.prefix(128))) }
}
