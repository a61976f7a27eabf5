// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// `--user`: a user and perhaps a group, by name or number.
struct ContainerUser {
    let text: String
    private let user: String
    private let group: String?

    init(_ text: String) throws(ExportFailure) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let isPlain = text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
        guard (1...2).contains(parts.count), !parts.contains(""), isPlain else {
            throw .option(
                DockerOptions.user, "'\(text)' is neither USER nor USER:GROUP", hint: "as in 12345, hab or 1000:0")
        }
        self.text = text
        user = parts[0]
        group = parts.count == 2 ? parts[1] : nil
        for part in parts { try Self.checkNumber(part, of: text) }
    }

    /// An engine takes whatever is a number as one; the largest is what Docker allows.
    private static func checkNumber(_ part: String, of text: String) throws(ExportFailure) {
        guard isNumber(part) else { return }
        guard let number = Int64(part), number <= Int64(Int32.max) else {
            throw .option(DockerOptions.user, "'\(part)' in '\(text)' is larger than any user or group number")
        }
    }

    /// Digits alone: an engine refuses a sign when a container starts.
    private static func isNumber(_ part: String) -> Bool {
        part.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }

    /// Whether whoever runs so can write where only root and group 0 can.
    var isInRootGroup: Bool {
        if let group { return group == "0" || group == "root" }
        // A number that nobody in the image has is in group 0.
        return user == "root" || Self.isNumber(user)
    }

    /// Names must be in the image: an engine would refuse to start a container.
    func check(_ accounts: AccountFiles) throws(ExportFailure) {
        try Self.check(user, among: accounts.users.map(\.name), "user")
        if let group { try Self.check(group, among: accounts.groups.map(\.name), "group") }
    }

    private static func check(_ name: String, among known: [String], _ noun: String) throws(ExportFailure) {
        guard !isNumber(name), !known.contains(name) else { return }
        throw .option(
            DockerOptions.user, "the image has no \(noun) '\(name)'",
            hint: "it has \(known.joined(separator: ", ")); a number needs no name")
    }
}
