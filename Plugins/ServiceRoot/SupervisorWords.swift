// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK

/// The options of formats whose artifact itself says how the supervisor runs the first service, and its words for them.
public enum SupervisorWords {
    public static let bind = Option.list(
        "bind", "BIND:SERVICE.GROUP", "Bind the service to a service group; repeatable")
    public static let peer = Option.list("peer", "HOST[:PORT]", "Join the supervisor's ring there; repeatable")
    public static let group = Option.string("group", "NAME", default: "default", "Run in this service group")

    public static let options = [bind, peer, group]

    /// What stands behind `/init.sh`: `run IDENT …`.
    public static func run(_ packages: ServicePackages, _ job: Job) throws(ExportFailure) -> [String] {
        var words = ["run", packages.primary.requested]
        let group = try group(job)
        if group != "default" { words += ["--group", group] }
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
