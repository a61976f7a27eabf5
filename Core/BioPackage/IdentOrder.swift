// SPDX-License-Identifier: Apache-2.0

/// The three orders that upstream puts idents in.
package enum IdentOrder {
    /// "Newer than", for choosing the latest: nil where it has no meaning. The origin is not looked at.
    ///
    /// Names must be equal. A version beats none, then a release beats none (two without are incomparable); then
    /// `VersionOrder.compare`, and releases as text. Versions that cannot be compared fall back to text.
    package static func partial(_ left: PackageIdent, _ right: PackageIdent) -> Ordering? {
        guard left.name == right.name else { return nil }
        guard let leftVersion = left.version, let rightVersion = right.version else {
            return presence(left.version, right.version)
        }
        guard let leftRelease = left.release, let rightRelease = right.release else {
            return presence(left.release, right.release)
        }
        let versions: Ordering
        do throws(VersionOrder.Undecidable) {
            versions = try VersionOrder.compare(leftVersion, rightVersion)
        } catch {
            versions = Ordering(leftVersion, rightVersion)
        }
        return versions.then(Ordering(leftRelease, rightRelease))
    }

    /// Name, age of the version, release as text; the origin is not looked at; a missing piece comes first.
    ///
    /// Upstream answers "less" whichever way round two undecidable versions are asked; here `VersionOrder.total`
    /// decides, so that this is a true order.
    package static func total(_ left: PackageIdent, _ right: PackageIdent) -> Ordering {
        Ordering(left.name, right.name)
            .then(versions(left.version, right.version))
            .then(Ordering(missingFirst: left.release, right.release))
    }

    /// The order of listings: origin and name as text, then `total`.
    package static func byParts(_ left: PackageIdent, _ right: PackageIdent) -> Ordering {
        Ordering(left.origin, right.origin).then(total(left, right))
    }

    private static func versions(_ left: String?, _ right: String?) -> Ordering {
        guard let left, let right else { return Ordering(missingFirst: left, right) }
        return VersionOrder.total(left, right)
    }

    /// Of two of which at least one is missing: the one that is there is greater; nil when neither is.
    private static func presence(_ left: String?, _ right: String?) -> Ordering? {
        left == nil && right == nil ? nil : left == nil ? .less : .greater
    }
}
