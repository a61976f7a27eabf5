// SPDX-License-Identifier: Apache-2.0

package import BioDocument
package import BioPackage
package import BioTemplate

/// Why a service cannot be rendered before it runs.
package enum DirectError: Error, Hashable, Sendable {
    /// A template wants what only a running supervisor knows.
    case needsSupervisor(Use, of: QualifiedIdent)
    case template(TemplateError, of: QualifiedIdent)
    /// `default.toml`, or what the user gave by its name.
    case badConfiguration(name: String, DocumentError)
    case tooDeep(name: String, limit: Int)
    /// Required binds without an address that no template mentions.
    case notBound([String], of: QualifiedIdent)
    /// A bind or an address that will not do.
    case refused(ServiceRefusal)
    case noRunHook(QualifiedIdent)
    /// A hook that names no interpreter in its first line.
    case noInterpreter(hook: String, of: QualifiedIdent)

    /// One place of one template.
    package struct Use: Hashable, Sendable {
        /// `config/app.conf`
        package let file: String
        package let position: DocumentPosition
        /// As written.
        package let path: String
        package let reason: Reason

        package init(file: String, position: DocumentPosition, path: String, reason: Reason) {
            self.file = file
            self.position = position
            self.path = path
            self.reason = reason
        }
    }

    package enum Reason: Hashable, Sendable {
        /// Something of the machine, or of the supervisor itself.
        case machine
        /// Who else is in the service's group.
        case group
        /// An object that a supervisor would know more of.
        case whole
        /// A bind without an address.
        case bind(String)
        /// A value of a bound service that an address does not say.
        case boundValue(bind: String, key: String)
    }
}

extension DirectError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .needsSupervisor(let use, let ident):
            "\(use.file):\(use.position): '\(use.path)' of '\(ident)' \(use.reason.sentence)"
        case .template(let error, let ident): "a template of '\(ident)' cannot be rendered: \(error)"
        case .badConfiguration(let name, let error): "'\(name)' is not TOML: \(error)"
        case .tooDeep(let name, let limit): "'\(name)' has more than \(limit) tables inside each other"
        case .notBound(let names, let ident):
            "'\(ident)' must be bound to \(names.map { "'\($0)'" }.joined(separator: ", "))"
        case .refused(let error): error.description
        case .noRunHook(let ident): "'\(ident)' has no run hook"
        case .noInterpreter(let hook, let ident): "'\(hook)' of '\(ident)' does not begin with '#!' and an interpreter"
        }
    }

    package var hint: String? {
        switch self {
        case .needsSupervisor(let use, _): use.reason.hint
        case .template(let error, _): error.hint
        case .badConfiguration: "mend the file"
        case .notBound(let names, _): names.first.map { "give its address: --bind-address \($0)=HOST:PORT" }
        case .refused(let error): error.hint
        case .noRunHook: "name a package that is a service"
        case .noInterpreter: "begin it with a line such as #!/bin/sh, or run it with --runtime supervisor"
        case .tooDeep: nil
        }
    }
}

extension DirectError.Reason {
    fileprivate var sentence: String {
        switch self {
        case .machine: "is known only where the service runs"
        case .whole: "is used as a whole, and a supervisor knows more of it than can be known now"
        case .group: "is known only to a supervisor: it is about the other members of the group"
        case .bind(let name): "needs the bind '\(name)', which has no address"
        case .boundValue(let bind, let key):
            "is '\(key)' of the service that '\(bind)' is bound to, which no address tells"
        }
    }

    fileprivate var hint: String {
        switch self {
        case .bind(let name): "give its address: --bind-address \(name)=HOST:PORT"
        case .boundValue(let bind, let key):
            "give it with the address: --bind-address \(bind)=HOST:PORT,\(key)=VALUE; "
                + "if it is a secret, run it with --runtime supervisor"
        case .whole: "name the parts of it that are needed, or run it with --runtime supervisor"
        case .machine, .group: "run it with --runtime supervisor"
        }
    }
}
