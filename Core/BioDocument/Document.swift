// SPDX-License-Identifier: Apache-2.0

/// A value that was read from a text, with the place of every part of it.
package struct Document: Hashable, Sendable {
    package let value: DocumentValue
    package let places: DocumentPlaces

    init(value: DocumentValue, places: DocumentPlaces) {
        self.value = value
        self.places = places
    }

    /// Where the value at `path` begins: its key in a table, the value itself in an array. For a path that is not
    /// there, the place of the nearest part that is.
    package func position(of path: [DocumentStep]) -> DocumentPosition {
        var value = value
        var places = places
        for step in path {
            let index: Int?
            switch step {
            case .key(let key): index = value.object?.members.firstIndex { $0.key.hasSameBytes(as: key) }
            case .index(let number): index = value.array?.indices.contains(number) == true ? number : nil
            }
            guard let index else { break }
            places = places.children[index]
            switch value {
            case .object(let object): value = object.members[index].value
            case .array(let elements): value = elements[index]
            default: break
            }
        }
        return places.position
    }
}

/// One step into a document.
package enum DocumentStep: Hashable, Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case key(String)
    case index(Int)

    package init(stringLiteral value: String) { self = .key(value) }
    package init(integerLiteral value: Int) { self = .index(value) }
}

/// The shape of a value once more, holding positions: a child for each member or element, in their order.
package struct DocumentPlaces: Hashable, Sendable {
    package let position: DocumentPosition
    package let children: [DocumentPlaces]

    init(position: DocumentPosition, children: [DocumentPlaces] = []) {
        self.position = position
        self.children = children
    }

    /// The places of a value whose `positions` stand in the order of its text, from number `index` on.
    init(of value: DocumentValue, _ positions: [DocumentPosition], _ index: inout Int) {
        let position = positions[index]
        index += 1
        var children: [DocumentPlaces] = []
        switch value {
        case .array(let elements):
            for element in elements { children.append(DocumentPlaces(of: element, positions, &index)) }
        case .object(let object):
            for member in object.members { children.append(DocumentPlaces(of: member.value, positions, &index)) }
        default: break
        }
        self.init(position: position, children: children)
    }
}
