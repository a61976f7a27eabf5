// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage

/// A service and the group that it runs in: `redis.default`.
package struct ServiceGroup: Hashable, Sendable, CustomStringConvertible {
    package let service: String
    package let group: String

    package static let defaultGroup = "default"

    package init(service: String, group: String) {
        self.service = service
        self.group = group
    }

    package init(parsing text: String) throws(ServiceRefusal) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ Self.isName($0) }) else { throw .badGroup(text) }
        (service, group) = (String(parts[0]), String(parts[1]))
    }

    package var description: String { "\(service).\(group)" }

    /// Whether `text` can name a service, a group or a bind: it becomes part of a path.
    package static func isName(_ text: some StringProtocol) -> Bool {
        IdentPiece.name.fault(in: text) == nil && text.utf8.first != UInt8(ascii: "-")
    }
}

/// What a service calls another one, and which one that is: `database:postgresql.default`. In a composite the service
/// that is bound stands before it.
package struct ServiceBind: Hashable, Sendable, CustomStringConvertible {
    /// The member of a composite that the bind is for; nil otherwise.
    package let member: String?
    package let name: String
    package let target: ServiceGroup

    package init(name: String, target: ServiceGroup, member: String? = nil) {
        self.member = member
        self.name = name
        self.target = target
    }

    package init(parsing text: String) throws(ServiceRefusal) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), parts.dropLast().allSatisfy({ ServiceGroup.isName($0) }) else {
            throw .badBind(text)
        }
        do throws(ServiceRefusal) { target = try ServiceGroup(parsing: String(parts[parts.count - 1])) } catch {
            throw .badBind(text)
        }
        name = String(parts[parts.count - 2])
        member = parts.count == 3 ? String(parts[0]) : nil
    }

    package var description: String { (member.map { "\($0):" } ?? "") + "\(name):\(target)" }
}
