// SPDX-License-Identifier: Apache-2.0

/// The members of an object in document order, each key once.
package struct DocumentObject: Hashable, Sendable {
    package struct Member: Hashable, Sendable {
        package let key: String
        package var value: DocumentValue

        package init(key: String, value: DocumentValue) {
            self.key = key
            self.value = value
        }

        package static func == (left: Member, right: Member) -> Bool {
            left.key.hasSameBytes(as: right.key) && left.value == right.value
        }
    }

    package private(set) var members: [Member]

    package init() { members = [] }

    /// Takes members whose keys are known to differ.
    init(distinct members: [Member]) { self.members = members }

    package var keys: [String] { members.map(\.key) }
    package var isEmpty: Bool { members.isEmpty }
    package var count: Int { members.count }

    /// The value of `key`. Setting a known key replaces in place, a new one goes to the end, nil removes.
    package subscript(_ key: String) -> DocumentValue? {
        get { index(of: key).map { members[$0].value } }
        set {
            switch (index(of: key), newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Adds a member whose key is not there yet.
    package mutating func append(_ key: String, _ value: DocumentValue) {
        members.append(Member(key: key, value: value))
    }

    private func index(of key: String) -> Int? { members.firstIndex { $0.key.hasSameBytes(as: key) } }
}
