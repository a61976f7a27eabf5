// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPackage

extension FuzzTarget {
    /// The input is three texts with line feeds between them.
    static let idents = FuzzTarget("idents") { bytes in
        let pieces = bytes.split(separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: false)
        let texts = pieces.map { String(decoding: $0, as: UTF8.self) }
        let idents = texts.compactMap { Identities.parse($0) }
        for text in texts { Identities.parseOthers(text) }
        for left in texts {
            for right in texts { Orders.check(left, right) }
        }
        for left in idents {
            for right in idents { Orders.check(left, right) }
        }
        if texts.count == 3 {
            Orders.checkTransitive(texts) { VersionOrder.total($0, $1) }
        }
        if idents.count == 3 {
            Orders.checkTransitive(idents) { IdentOrder.total($0, $1) }
            Orders.checkTransitive(idents) { IdentOrder.byParts($0, $1) }
        }
    }
}

private enum Identities {
    static func parse(_ text: String) -> PackageIdent? {
        let ident: PackageIdent
        do throws(PackageIdent.ParseError) { ident = try PackageIdent(parsing: text) } catch {
            checkMessage(error.description)
            return nil
        }
        promise(ident.description.utf8.elementsEqual(text.utf8), "an ident is its own text")
        let pieces = [ident.origin, ident.name, ident.version, ident.release].compactMap { $0 }
        for piece in pieces {
            let isSafe =
                !piece.isEmpty && piece.utf8.first != UInt8(ascii: ".") && piece.utf8.count <= 255
                && piece.utf8.allSatisfy { 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "/") }
            promise(isSafe, "'\(piece)' is no path component")
        }
        promise((ident.release != nil) == ident.isQualified, "a release makes an ident qualified")
        if let qualified = QualifiedIdent(ident) {
            promise(qualified.ident == ident && qualified.satisfies(ident), "an ident is what it asks for")
            promise(qualified.satisfies(ident.unversioned), "an ident is a release of its package")
        }
        return ident
    }

    static func parseOthers(_ text: String) {
        do throws(KeyName.ParseError) {
            let name = try KeyName(parsing: text)
            promise(name.description == text, "a key name is its own text")
        } catch { checkMessage(error.description) }
        do throws(Origin.ParseError) { _ = try Origin(parsing: text) } catch { checkMessage(error.description) }
        do throws(PackageTarget.ParseError) {
            promise(try PackageTarget(parsing: text).description == text, "a target is its own text")
        } catch { checkMessage(error.description) }
        if let parsed = KeyFile.parse(fileName: Array(text.utf8)) {
            promise("\(parsed.name).\(parsed.fileExtension)" == text, "a key file's name is its own text")
        }
    }
}

private enum Orders {
    static func turned(_ order: Ordering) -> Ordering {
        switch order {
        case .less: .greater
        case .equal: .equal
        case .greater: .less
        }
    }

    /// Versions: the same answer both ways round, and the total order agrees wherever upstream's decides.
    static func check(_ left: String, _ right: String) {
        let total = VersionOrder.total(left, right)
        promise(total == turned(VersionOrder.total(right, left)), "'\(left)' and '\(right)': total order")
        let (forth, back) = (compare(left, right), compare(right, left))
        promise(forth == back.map(turned), "'\(left)' and '\(right)': upstream's order")
        if let forth { promise(forth == total, "'\(left)' and '\(right)': the two orders differ") }
    }

    static func check(_ left: PackageIdent, _ right: PackageIdent) {
        promise(
            IdentOrder.total(left, right) == turned(IdentOrder.total(right, left)), "\(left) and \(right): total order")
        promise(
            IdentOrder.byParts(left, right) == turned(IdentOrder.byParts(right, left)), "\(left) and \(right): parts")
        promise(
            IdentOrder.partial(left, right) == IdentOrder.partial(right, left).map(turned),
            "\(left) and \(right): partial order")
        if left == right { promise(IdentOrder.byParts(left, right) == .equal, "\(left) is not itself") }
    }

    static func checkTransitive<Value>(_ values: [Value], _ order: (Value, Value) -> Ordering) {
        for (i, j, k) in [(0, 1, 2), (1, 2, 0), (2, 0, 1), (0, 2, 1), (2, 1, 0), (1, 0, 2)] {
            let (a, b, c) = (values[i], values[j], values[k])
            if order(a, b) != .greater && order(b, c) != .greater {
                promise(order(a, c) != .greater, "\(a), \(b), \(c) have no order")
            }
        }
    }

    private static func compare(_ left: String, _ right: String) -> Ordering? {
        do throws(VersionOrder.Undecidable) { return try VersionOrder.compare(left, right) } catch {
            checkMessage(error.description)
            return nil
        }
    }
}
