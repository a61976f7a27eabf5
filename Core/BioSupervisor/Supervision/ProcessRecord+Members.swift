// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioSystem

/// The members that a service's binds have had: what it is bound to may be unloaded, and is known by this alone then.
extension ProcessRecord {
    private var bound: String { "\(directory)/members" }

    private static let membersLimit = 32 << 20

    /// By their groups; none when nobody knows.
    var members: [ServiceGroup: ServiceMember] {
        guard let bytes = try? TextFile.bytes(bound, limit: Self.membersLimit),
            let value = try? DocumentValue(json: String(decoding: bytes, as: UTF8.self))
        else { return [:] }
        let members = (value.array ?? []).compactMap { ServiceMember($0) }
        return Dictionary(members.map { ($0.group, $0) }) { $1 }
    }

    /// What exports hold may be a secret: only its user may read it. Where it cannot be written the last ones stay.
    func write(_ members: some Collection<ServiceMember>) {
        let sorted = members.sorted { $0.group.description < $1.group.description }
        let value = DocumentValue.array(sorted.map(\.document))
        try? AtomicFile.write(value.jsonBytes(.compact), to: bound, mode: 0o600, synchronizing: false)
    }
}

extension ServiceMember {
    fileprivate var document: DocumentValue {
        [
            "ident": .string(ident.description), "group": .string(group.description), "alive": .bool(isAlive),
            "exports": .object(exports),
        ]
    }

    fileprivate init?(_ value: DocumentValue) {
        guard let ident = value["ident"]?.string.flatMap({ try? QualifiedIdent(parsing: $0) }),
            let group = value["group"]?.string.flatMap({ try? ServiceGroup(parsing: $0) }),
            let exports = value["exports"]?.object, case .bool(let isAlive)? = value["alive"]
        else { return nil }
        self.init(ident: ident, group: group, exports: exports, isAlive: isAlive)
    }
}
