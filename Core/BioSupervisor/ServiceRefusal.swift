// SPDX-License-Identifier: Apache-2.0

import BioDocument
package import BioPackage

/// Why a service is not loaded, changed or looked at.
package enum ServiceRefusal: Error, Hashable, Sendable {
    case badGroup(String)
    case badBind(String)
    case badAddress(String, String)
    /// Two binds of one name.
    case bindTwice(String, of: QualifiedIdent)
    case unknownBind(String, of: QualifiedIdent, known: [String])
    /// Required binds that nothing was said about.
    case unbound([String], of: QualifiedIdent)
    /// What an address should export, too.
    case addressLacks([String], bind: String, of: QualifiedIdent)
    /// Services each of which waits for the next.
    case bindCycle([ServiceGroup])
    case notInstalled(PackageIdent)
    case notRunnable(QualifiedIdent)
    /// A member of a composite is not installed.
    case memberMissing(QualifiedIdent, of: QualifiedIdent)
    /// Two members of a composite would be one service.
    case membersAlike(QualifiedIdent, QualifiedIdent, of: QualifiedIdent)
    /// A bind that is for no member of the composite.
    case noMember(String, of: QualifiedIdent, known: [String])
    /// A bind of a member, where there is no composite.
    case memberWithoutComposite(String)
    /// A bind of a composite that does not say which of its services it is for.
    case bindWithoutMember(String, known: [String])
    case alreadyLoaded(ServiceGroup, PackageIdent)
    case notLoaded(String, known: [String])
    /// Its spec is there, and cannot be followed.
    case faultySpec(String, fault: String)
    /// A spec that has this, and may mean the other.
    case unknownEntry(String, near: String)
    case badEntry(String, String, allowed: String)
    case supervisorRuns(pid: Int32?, lock: String)
    case noSupervisor(lock: String)
    /// /proc is not mounted here.
    case noProcessFiles
    /// What a supervisor said that makes no sense.
    case badAnswer(String)
    case notNewer(version: UInt64, than: UInt64, ServiceGroup)
    /// What needs several supervisors that know each other.
    case needsRing(String, instead: String)
}

extension ServiceRefusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badGroup(let text): "\(text.quoted) is not SERVICE.GROUP"
        case .badBind(let text): "\(text.quoted) is not BIND:SERVICE.GROUP"
        case .badAddress(let text, let why): "\(text.quoted) is not NAME=HOST:PORT: \(why)"
        case .bindTwice(let name, let ident): "the bind '\(name)' of '\(ident)' is given twice"
        case .unknownBind(let name, let ident, _): "'\(ident)' has no bind '\(name)'"
        case .unbound(let names, let ident):
            "'\(ident)' needs " + (names.count == 1 ? "the bind " : "the binds ") + Self.list(names)
                + ", which nothing was said about"
        case .addressLacks(let keys, let bind, let ident):
            "the address of the bind '\(bind)' does not say \(Self.list(keys)), which '\(ident)' wants of it"
        case .bindCycle(let groups):
            "each of these services waits for the next: " + groups.map(\.description).joined(separator: " → ")
        case .notInstalled(let ident): "'\(ident)' is not installed"
        case .notRunnable(let ident): "'\(ident)' is no service: it has neither hooks/run nor run"
        case .memberMissing(let member, let ident):
            "'\(member)', a service of the composite '\(ident)', is not installed"
        case .membersAlike(let one, let other, let ident):
            "'\(one)' and '\(other)' of the composite '\(ident)' have one name, and a supervisor runs one service of a name"
        case .noMember(let name, let ident, _): "the composite '\(ident)' has no service '\(name)'"
        case .memberWithoutComposite(let text): "the bind '\(text)' names a service of a composite, and this is none"
        case .bindWithoutMember(let text, _): "the bind '\(text)' does not say which service of the composite it is for"
        case .alreadyLoaded(let group, let ident): "the service '\(group)' is loaded already, of '\(ident)'"
        case .faultySpec(let name, let fault): "the spec of the service '\(name)' has a fault: \(fault)"
        case .unknownEntry(let name, let near): "a spec has no '\(name)', but a '\(near)'"
        case .badEntry(let name, let text, let allowed): "'\(name)' is \(text.quoted), and should be \(allowed)"
        case .notLoaded(let name, _): "no service '\(name)' is loaded"
        case .supervisorRuns(let pid, let lock):
            "a supervisor runs here already" + (pid.map { ", process \($0)" } ?? "") + ": it has locked '\(lock)'"
        case .noSupervisor(let lock): "no supervisor runs here: nobody has locked '\(lock)'"
        case .noProcessFiles: "'/proc' is not mounted here: a supervisor knows processes and its socket by it"
        case .badAnswer(let text): "the supervisor gave an answer that cannot be read: \(text)"
        case .notNewer(let version, let current, let group):
            "version \(version) of the configuration of '\(group)' is not newer than \(current), which is applied"
        case .needsRing(let option, _):
            "'\(option)' needs a ring of supervisors, and this supervisor is alone: it knows no other, elects nobody and "
                + "gossips with nobody"
        }
    }

    package var hint: String? {
        switch self {
        case .badGroup: "as in redis.default"
        case .badBind: "as in database:postgresql.default"
        case .badAddress: "as in database=db.example:5432 or database=10.0.0.7:5432,ssl-port=5433"
        case .bindTwice: "give it once"
        case .unknownBind(let name, _, let known), .noMember(let name, _, let known):
            NearestName.of(name, among: known).map { "did you mean '\($0)'?" }
                ?? (known.isEmpty ? "it has none at all" : "there are \(Self.list(known))")
        case .unbound(let names, _):
            names.first.map { "--bind \($0):SERVICE.GROUP, or --bind-address \($0)=HOST:PORT" }
        case .addressLacks(let keys, _, _): keys.first.map { "add it: NAME=HOST:PORT,\($0)=VALUE" }
        case .bindCycle: "load one of them with --binding-mode relaxed: it starts before the other is there"
        case .notInstalled(let ident): "install it: bio pkg install \(ident)"
        case .memberMissing(let ident, _): "install it: bio pkg install \(ident)"
        case .membersAlike: "load one of them by itself, and the other under another supervisor"
        case .notRunnable: "name a package with a run hook"
        case .memberWithoutComposite: "write BIND:SERVICE.GROUP"
        case .bindWithoutMember(let text, let known): known.first.map { "as in \($0):\(text)" }
        case .alreadyLoaded: "--force loads it anew, with what is said now"
        case .faultySpec(let name, _):
            "mend it, load the service anew (bio svc load --force IDENT), or end and forget it: bio svc unload \(name)"
        case .notLoaded(let name, let known):
            NearestName.of(name, among: known).map { "did you mean '\($0)'?" }
                ?? (known.isEmpty ? "load it: bio svc load IDENT" : "loaded are \(Self.list(known))")
        case .supervisorRuns: "add a service to it: bio svc load IDENT"
        case .noSupervisor: "start one: bio sup run"
        case .noProcessFiles: "mount it before the chroot is entered: mount -t proc proc DIR/proc"
        case .badAnswer: "is it of the same release? bio sup run starts this one"
        case .notNewer(_, let current, _): "give it version \(current + 1) or more"
        case .needsRing(_, let instead): instead
        case .unknownEntry, .badEntry: "mend the file"
        }
    }

    private static func list(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }
}
