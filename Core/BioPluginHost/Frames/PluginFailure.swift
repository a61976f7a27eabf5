// SPDX-License-Identifier: Apache-2.0

/// The reason a plugin gave (`bio_error`).
package struct PluginFailure: Hashable, Sendable {
    package enum Subject: UInt32, Sendable { case none = 0, option, package, path }

    package var code: Int32
    package var subjectKind: Subject
    package var subject: String
    package var message: String
    package var hint: String

    package init(code: Int32, subjectKind: Subject = .none, subject: String = "", message: String, hint: String = "") {
        self.code = code
        self.subjectKind = subjectKind
        self.subject = subject
        self.message = message
        self.hint = hint
    }

    func write(to frame: inout FrameWriter) {
        frame.i32(code)
        frame.u32(subjectKind.rawValue)
        frame.text(subject)
        frame.text(message)
        frame.text(hint)
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        code = try frame.i32()
        subjectKind = Subject(rawValue: try frame.u32()) ?? .none
        subject = try frame.text("subject of an error")
        message = try frame.text("message of an error")
        hint = try frame.text("hint of an error")
    }
}
