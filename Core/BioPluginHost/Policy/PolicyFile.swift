// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioSystem
import Glibc

/// The rules of one file, in its order.
package struct PolicyFile: Hashable, Sendable {
    package let path: String
    package let rules: [PolicyRule]
    /// `user-may-allow`; nil when the file does not say it.
    package let userMayAllow: Bool?

    package static let largest = 1 << 20

    /// Why a policy file was refused. A policy that cannot be read allows nothing.
    package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        package let path: String
        package let line: Int?
        package let text: String

        /// What has to be changed.
        package let hint: String

        package init(path: String, line: Int?, text: String) {
            self.path = path
            self.line = line
            self.text = text
            hint = "mend the policy: until then no plugin is used"
        }

        init(variable: String, text: String) {
            path = "the variable \(variable)"
            line = nil
            self.text = text
            hint = "set \(variable) to ids and patterns, or unset it: until then no plugin is used"
        }

        package var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(text)" }
    }

    /// Reads the file; nil when it is not there.
    package static func read(_ path: String, _ authority: PolicyRule.Authority) throws(Refusal) -> PolicyFile? {
        guard let bytes = try bytes(of: path) else { return nil }
        return try PolicyFile(parsing: bytes, path: path, authority)
    }

    /// What the file holds; nil when it is not there.
    static func bytes(of path: String) throws(Refusal) -> [UInt8]? {
        do {
            guard try !isAbsent(path) else { return nil }
            // Without waiting: a pipe of that name would keep every command from its end.
            let file = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK)
            guard try file.status().kind == .file else {
                throw Refusal(path: path, line: nil, text: "it is no file")
            }
            return try file.readToEnd(limit: largest)
        } catch let error as Refusal { throw error } catch {
            throw Refusal(path: path, line: nil, text: "\(error)")
        }
    }

    /// Whether nothing has that name. A link to nowhere was meant to lead to rules, at the end of a path or on the way: then
    /// they are there, and cannot be read.
    static func isAbsent(_ path: String) throws(SystemError) -> Bool {
        guard try FileStatus.ofLink(path) == nil else { return false }
        var parent = path[...]
        while let slash = parent.lastIndex(of: "/"), slash != parent.startIndex {
            parent = parent[..<slash]
            guard let found = try FileStatus.ofLink(String(parent)) else { continue }
            if found.kind != .symlink { return true }
            return try FileStatus.of(String(parent)) != nil
        }
        return true
    }

    /// Reads the text of a file; `path` is for places and errors.
    package init(parsing bytes: [UInt8], path: String, _ authority: PolicyRule.Authority) throws(Refusal) {
        let document: TOMLDocument
        do throws(DocumentError) { document = try TOMLDocument(parsing: bytes) } catch {
            throw Refusal(path: path, line: error.position.line, text: error.problem.sentence)
        }
        func refuse(_ key: String, _ text: String) -> Refusal {
            Refusal(path: path, line: document.position(of: .key(key)).line, text: text)
        }
        let known = authority == .site ? ["rule", "user-may-allow"] : ["rule"]
        for member in document.value.object?.members ?? [] where !known.contains(member.key) {
            let more = member.key == "user-may-allow" ? ": it is the site's word" : ""
            throw refuse(
                member.key,
                "the key \(member.key.quoted) is not known here\(more); "
                    + (known.count == 1 ? "'rule' is" : "'rule' and 'user-may-allow' are"))
        }
        switch document.value["user-may-allow"] {
        case nil: userMayAllow = nil
        case .bool(let answer)?: userMayAllow = answer
        default: throw refuse("user-may-allow", "'user-may-allow' is true or false")
        }
        self.path = path
        guard let list = document.value["rule"] else {
            rules = []
            return
        }
        guard let items = list.array else { throw refuse("rule", "rules are written as [[rule]]") }
        var rules: [PolicyRule] = []
        for (index, item) in items.enumerated() {
            let line = document.position(of: "rule", .index(index)).line
            rules.append(try RuleFields(item: item, path: path, line: line).rule(authority))
        }
        self.rules = rules
    }
}
