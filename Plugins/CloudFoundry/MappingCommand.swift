// SPDX-License-Identifier: Apache-2.0

/// The names of the helpers that a mapping may call.
enum MappingCommand {
    private static let all = ["service", "services", "application", "port"]

    /// The helper that somebody who wrote `name` may have had in mind; nil when it is one, or nothing like one.
    static func meant(by name: String) -> String? {
        guard !all.contains(name) else { return nil }
        let near = all.map { (name: $0, distance: distance(name.lowercased(), $0)) }
            .filter { $0.distance <= ($0.name.count > 4 ? 2 : 1) }
        return near.min { $0.distance < $1.distance }?.name
    }

    /// How many letters have to be put in, taken out or changed.
    private static func distance(_ one: String, _ other: String) -> Int {
        let other = Array(other)
        var row = Array(0...other.count)
        for (number, letter) in one.enumerated() {
            var corner = row[0]
            row[0] = number + 1
            for column in other.indices {
                let change = corner + (letter == other[column] ? 0 : 1)
                corner = row[column + 1]
                row[column + 1] = min(change, min(corner, row[column]) + 1)
            }
        }
        return row[other.count]
    }
}
