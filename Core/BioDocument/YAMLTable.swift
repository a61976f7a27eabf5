// SPDX-License-Identifier: Apache-2.0

/// The members of a YAML mapping while it is read.
struct YAMLTable {
    private var members: [DocumentObject.Member] = []
    private var places: [DocumentPlaces] = []
    private var keys = DistinctKeys()
    /// Tables to merge, the first the strongest, after the mapping's own members.
    private var merged: [(object: DocumentObject, places: [DocumentPlaces])] = []
    private var hasMerged = false

    mutating func add(_ key: String, _ value: DocumentValue, _ place: DocumentPlaces) throws(DocumentError) {
        guard keys.insert(key, among: members) else { throw DocumentError(.duplicateKey(key), at: place.position) }
        members.append(DocumentObject.Member(key: key, value: value))
        places.append(place)
    }

    /// Takes what stands behind `<<` (yaml.org/type/merge): a table, or tables of which an earlier one wins.
    mutating func merge(
        _ value: DocumentValue, _ places: DocumentPlaces, at position: DocumentPosition
    ) throws(DocumentError) {
        if hasMerged { throw DocumentError(.duplicateKey("<<"), at: position) }
        hasMerged = true
        switch value {
        case .object(let object): merged.append((object, places.children))
        case .array(let elements):
            for (element, place) in zip(elements, places.children) {
                guard case .object(let object) = element else { throw DocumentError(.badMerge, at: place.position) }
                merged.append((object, place.children))
            }
        default: throw DocumentError(.badMerge, at: position)
        }
    }

    /// The mapping's own members, then those merged in that it does not have.
    consuming func finished() -> (DocumentObject, [DocumentPlaces]) {
        for (object, places) in merged {
            for (member, place) in zip(object.members, places) where keys.insert(member.key, among: members) {
                members.append(member)
                self.places.append(place)
            }
        }
        return (DocumentObject(distinct: members), places)
    }
}
