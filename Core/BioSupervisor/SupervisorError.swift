// SPDX-License-Identifier: Apache-2.0

package import BioDocument
package import BioPackage
package import BioStore
package import BioSystem
package import BioTemplate

/// Why a service cannot be configured, or a hook not run.
package enum SupervisorError: Error, Hashable, Sendable {
    /// A template of the package cannot be read or rendered; `path` is the file.
    case template(TemplateError, path: String, of: QualifiedIdent)
    /// A TOML file, and what is wrong where.
    case badConfiguration(path: String, DocumentError)
    /// Of a preview.
    case badMockData(path: String, DocumentError)
    /// A variable that is neither TOML nor JSON; the problem is that of `language`.
    case badVariable(String, DocumentError, language: String)
    /// More tables inside each other than are merged.
    case tooDeep(origin: String, limit: Int)
    /// A template or a status that is not UTF-8.
    case notText(path: String)
    /// The service's `user` or `group`, which the system does not know.
    case noAccount(_ kind: String, String, of: QualifiedIdent)
    /// A link where a directory of the service should be.
    case linkInService(path: String)
    /// INSTALL_HOOK_STATUS that says no number.
    case badStatus(path: String, text: String)
    case badSpec(path: String)
    /// What cannot be; `path` is the spec that wants it, nil when somebody just asks for it.
    case refused(ServiceRefusal, path: String?)
    /// A file of applied configuration without its version or its table.
    case badApplied(path: String)
    /// A file with a token that is too short, or none.
    case badToken(path: String)
    /// A value that TOML lacks.
    case notWritable(TOMLWriter.Refusal, path: String)
    /// A package that a supervisor is to run.
    case loaded(QualifiedIdent, spec: String)
    case hookNotStarted(Hook.Kind, of: QualifiedIdent, SystemError)
    case hookFailed(HookFailure)
    case store(StoreError)
    case system(SystemError)
    case cancelled
}

/// A hook that did not end well.
package struct HookFailure: Hashable, Sendable {
    package let hook: Hook.Kind
    package let ident: QualifiedIdent
    package let ending: ChildProcess.Ending
    /// The last lines of its standard error.
    package let lastLines: [String]
    package let log: String

    package init(
        hook: Hook.Kind, ident: QualifiedIdent, ending: ChildProcess.Ending, lastLines: [String], log: String
    ) {
        self.hook = hook
        self.ident = ident
        self.ending = ending
        self.lastLines = lastLines
        self.log = log
    }

    var sentence: String {
        switch ending {
        case .exited(let code): "it ended with exit code \(code)"
        case .killed(let signal): "it was killed by SIG\(signal)"
        case .unknown: "nobody knows how it ended"
        }
    }
}

extension SupervisorError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .template(let error, let path, let ident): "'\(path)' of '\(ident)' cannot be rendered: \(error)"
        case .badConfiguration(let path, let error): "'\(path)' is not TOML: \(error)"
        case .badMockData(let path, let error): "'\(path)' is no JSON object: \(error)"
        case .badVariable(let name, let error, let language): "the variable '\(name)' is not \(language): \(error)"
        case .tooDeep(let origin, let limit): "'\(origin)' has more than \(limit) tables inside each other"
        case .notText(let path): "'\(path)' is not UTF-8"
        case .noAccount(let kind, let name, let ident):
            "the service \(kind) '\(name)' of '\(ident)' is not known to this system"
        case .linkInService(let path): "'\(path)' is a link, and should be a directory of the service"
        case .badStatus(let path, let text): "'\(path)' should say an exit code and says \(text.quoted)"
        case .badSpec(let path): "'\(path)' names no package, or another one than its name says"
        case .refused(let refusal, let path): (path.map { "'\($0)' cannot be followed: " } ?? "") + refusal.description
        case .badApplied(let path): "'\(path)' has no version, or no table 'config'"
        case .badToken(let path): "'\(path)' holds no token: at least 16 printable characters are one"
        case .notWritable(let error, let path): "cannot write '\(path)': \(error)"
        case .loaded(let ident, let spec): "'\(ident)' is loaded as a service by '\(spec)'"
        case .hookNotStarted(let kind, let ident, let error):
            "the \(kind.rawValue) hook of '\(ident)' cannot be started: \(error)"
        case .hookFailed(let failure):
            (["the \(failure.hook.rawValue) hook of '\(failure.ident)' failed: \(failure.sentence)"]
                + failure.lastLines.map { "  \($0)" }).joined(separator: "\n")
        case .store(let error): error.description
        case .system(let error): error.description
        case .cancelled: "cancelled"
        }
    }

    package var hint: String? {
        switch self {
        case .template(let error, _, _): error.hint
        case .badConfiguration, .badMockData: "mend the file"
        case .badVariable(let name, _, _): "give '\(name)' a TOML text or a JSON object, or unset it"
        case .noAccount("user", let name, _): "make it: useradd --system --user-group \(name)"
        case .noAccount(_, let name, _): "make it: groupadd --system \(name)"
        case .linkInService(let path): "remove the link: rm '\(path)'"
        case .badStatus(let path, _): "remove '\(path)', and the hook is run again"
        case .badSpec(let path): "remove '\(path)' if no supervisor needs it"
        case .refused(let refusal, _): refusal.hint
        case .badToken(let path): "remove '\(path)': the supervisor makes one up"
        case .badApplied(let path): "remove '\(path)', and apply the configuration again"
        case .loaded(_, let spec): "unload the service first (bio svc unload), or remove '\(spec)' if nothing runs it"
        case .hookNotStarted(_, _, let error):
            switch error.errno.rawValue {
            case 8: "the hook should begin with a line such as #!/bin/sh"
            // The hook itself has just been written.
            case 2: "the program that its first line names is not there"
            default: nil
            }
        case .hookFailed(let failure):
            switch failure.hook {
            case .uninstall: "see '\(failure.log)'; --ignore-uninstall-hook removes the package without it"
            default: "see '\(failure.log)'; the next 'bio pkg install \(failure.ident)' runs it again"
            }
        case .store(let error): error.hint
        case .tooDeep, .notText, .notWritable, .system, .cancelled: nil
        }
    }
}
