// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK

/// The options of formats whose artifact itself says how the supervisor runs the first service, and its words for them.
public enum SupervisorWords {
    public static let bind = Option.list(
        "bind", "BIND:SERVICE.GROUP", "Bind the service to a service group; repeatable")
    public static let peer = Option.list("peer", "HOST[:PORT]", "Join the supervisor's ring there; repeatable")
    public static let group = Option.string("group", "NAME", default: "default", "Run in this service group")

    /// Without a supervisor it is the same option.
    public static let bindAddress = Option.list(
        DirectOptions.bindAddress.id, "BIND=HOST:PORT", "Without a ring, the bind leads there; repeatable")

    public static let options = [bind, bindAddress, peer, group]
    /// Of these, those that only a supervisor reads.
    private static let supervised = [bind, peer, group]

    /// Refused where no supervisor reads them.
    public static func checkUnused(_ job: Job) throws(ExportFailure) {
        for option in supervised where job.isGiven(option) {
            throw .option(
                option, "with --runtime direct there is no supervisor that it could be for",
                hint: option.id == bind.id ? "say where the bind leads with --bind-address" : "leave it out")
        }
    }

    /// What stands behind `/init.sh`: `run IDENT …`.
    public static func run(_ packages: ServicePackages, _ job: Job) throws(ExportFailure) -> [String] {
        var words = ["run", packages.primary.requested]
        let group = try group(job)
        if group != "default" { words += ["--group", group] }
        try checkRing(packages, job)
        for text in try addresses(packages, job) { words += ["--bind-address", text] }
        for text in job.list(bind) { words += ["--bind", try checkedBind(text)] }
        for text in job.list(peer) { words += ["--peer", try checkedPeer(text)] }
        return words
    }

    /// `NAME=VALUE` of an option, for the supervisor and what it starts.
    public static func variables(_ job: Job, _ option: Option) throws(ExportFailure) -> [(key: String, value: String)] {
        let variables = try NameValues.read(job, option, "a variable")
        guard !variables.contains(where: { $0.key == "PATH" }) else {
            throw .option(
                option, "/init.sh sets PATH itself",
                hint: "a service has the PATH of its package, which --env is not for")
        }
        return variables
    }

    public static func group(_ job: Job) throws(ExportFailure) -> String {
        let name = job.text(group) ?? "default"
        guard isName(name) else {
            throw .option(group, "'\(name)' is no group: it has other characters than letters, digits, '-' and '_'")
        }
        return name
    }

    /// Refuses what the supervisor of the export has no use for.
    private static func checkRing(_ packages: ServicePackages, _ job: Job) throws(ExportFailure) {
        if packages.hasRing {
            guard !job.isGiven(bindAddress) else {
                throw .option(
                    bindAddress, "the supervisor of this export finds services through its ring",
                    hint: "name the service group with --\(bind.id) \(bind.valueName)")
            }
            return
        }
        if job.isGiven(peer) {
            throw .option(
                peer, "the supervisor that comes with bio has no ring: there is nothing to join",
                hint: "leave it out, or take another supervisor with --sup-pkg")
        }
        if let text = job.list(bind).first {
            let name = try checkedBind(text).prefix { $0 != ":" }
            throw .option(
                bind,
                "the supervisor that comes with bio has no ring, and runs \(packages.primary.ident) alone: no bind "
                    + "leads to a service group",
                hint: "say where it leads: --\(bindAddress.id) \(name)=HOST:PORT")
        }
    }

    /// Each for another bind of the first service, with all that this one wants of it.
    private static func addresses(_ packages: ServicePackages, _ job: Job) throws(ExportFailure) -> [String] {
        let (ident, binds) = (packages.primary.ident, packages.primary.binds)
        let texts = job.list(bindAddress)
        var seen: Set<String> = []
        for text in texts {
            guard let address = AddressText(text) else {
                throw .option(
                    bindAddress, "'\(text)' is not \(bindAddress.valueName)", hint: "as in database=db.example:5432")
            }
            guard let bound = binds.first(where: { $0.name == address.bind }) else {
                throw .option(
                    bindAddress, "'\(ident)' has no bind '\(address.bind)'",
                    hint: binds.isEmpty ? "leave it out: it has none" : "it has \(binds.map(\.name).listed)")
            }
            guard seen.insert(bound.name).inserted else {
                throw .option(bindAddress, "'\(bound.name)' is given twice", hint: "keep one of the two")
            }
            let lacking = bound.keys.filter { !(["host", "port"] + address.keys).contains($0) }
            guard lacking.isEmpty else {
                throw .option(
                    bindAddress, "the bind '\(bound.name)' of '\(ident)' wants more: \(lacking.listed)",
                    hint: "say it: \(text)" + lacking.map { ",\($0)=VALUE" }.joined())
            }
        }
        return texts
    }

    /// One line for each bind that the first service lacks, which its supervisor will not start without.
    public static func remarks(_ packages: ServicePackages, _ job: Job) -> [String] {
        let package = packages.primary
        let given =
            job.list(bind).map { $0.prefix { $0 != ":" } } + job.list(bindAddress).map { $0.prefix { $0 != "=" } }
        let (option, place) = packages.hasRing ? (bind, ":SERVICE.GROUP") : (bindAddress, "=HOST:PORT")
        return package.binds.filter { bound in !bound.isOptional && !given.contains { $0 == bound.name } }.map {
            "\(package.ident) will not start without its bind '\($0.name)': add --\(option.id) \($0.name)\(place)"
        }
    }

    private static func checkedBind(_ text: String) throws(ExportFailure) -> String {
        let sides = text.split(separator: ":", omittingEmptySubsequences: false)
        let target = sides.last?.split(separator: ".", omittingEmptySubsequences: false) ?? []
        guard sides.count == 2, target.count == 2, (sides.prefix(1) + target).allSatisfy({ isName(String($0)) }) else {
            throw .option(bind, "'\(text)' is not \(bind.valueName)", hint: "as in database:postgresql.default")
        }
        return text
    }

    private static func checkedPeer(_ text: String) throws(ExportFailure) -> String {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let isHost = parts[0].utf8.allSatisfy { isLetter($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
        guard !parts[0].isEmpty, isHost, parts[0].utf8.first != UInt8(ascii: "-"),
            parts.count == 1 || (parts.count == 2 && (UInt16(parts[1]) ?? 0) > 0)
        else {
            throw .option(
                peer, "'\(text)' is not \(peer.valueName)",
                hint: "a name or an IPv4 address, as in 10.0.0.7 or hub.example:9638")
        }
        return text
    }

    /// Of a bind, a service or a group.
    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.first != UInt8(ascii: "-")
            && text.utf8.allSatisfy { isLetter($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }
}

extension [String] {
    fileprivate var listed: String { joined(separator: ", ") }
}
