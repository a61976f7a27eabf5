// SPDX-License-Identifier: Apache-2.0

/// The code that makes one format. One instance serves one export, on one thread.
public protocol Exporter: AnyObject, SendableMetatype {
    /// `host` is this export's own and may be kept.
    init(host: Host) throws(ExportFailure)
    /// Refuses options or graphs that cannot be exported; writes nothing.
    func validate(_ job: Job) throws(ExportFailure)
    /// Emits the artifacts that `run` would make; writes nothing.
    func plan(_ job: Job) throws(ExportFailure)
    /// Makes the planned artifacts and emits them.
    func run(_ job: Job) throws(ExportFailure)
}

/// Why an export cannot go on, as the user reads it.
public struct ExportFailure: Error, Sendable {
    public enum Subject: Sendable, Equatable {
        case none
        case option(String)
        case package(String)
        case path(String)

        /// `BIO_SUBJECT_…`, and its text.
        var abi: (UInt32, String) {
            switch self {
            case .none: (0, "")
            case .option(let id): (1, id)
            case .package(let ident): (2, ident)
            case .path(let path): (3, path)
            }
        }
    }

    /// `BIO_E_…`, or 100-999 for a plugin's own.
    public var code: Int32
    public var subject: Subject
    /// Lower case, no final period. Empty: the host service that failed has said it already.
    public var message: String
    /// The next step, or empty.
    public var hint: String

    public init(code: Int32 = 1, subject: Subject = .none, _ message: String, hint: String = "") {
        self.code = code
        self.subject = subject
        self.message = message
        self.hint = hint
    }

    /// A host service returned `code` and keeps the reason itself.
    public static func host(_ code: Int32) -> ExportFailure { ExportFailure(code: code, "") }

    /// The host does not offer a service, or not this function of it.
    static func lacking(_ service: HostService) -> ExportFailure {
        ExportFailure(code: 3, "this host does not offer what it needs of '\(service.rawValue)'", hint: "update bio")
    }
}
