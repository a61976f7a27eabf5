// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioPackage
import BioSystem

extension TrustPolicy {
    static let byteLimit = 1 << 20

    /// Reads the policy in the file `path`.
    package init(contentsOf path: String) throws(TrustPolicyError) {
        let bytes: [UInt8]
        do { bytes = try FileDescriptor.open(path).readToEnd(limit: Self.byteLimit) } catch {
            throw TrustPolicyError(path: path, line: nil, problem: "\(error)")
        }
        try self.init(parsing: bytes, path: path)
    }

    /// Reads a policy's text, TOML; `path` is for errors. What it does not say is as in `init()`; what is not known is
    /// refused, for a rule that is misspelt protects nobody.
    package init(parsing bytes: [UInt8], path: String) throws(TrustPolicyError) {
        let document: TOMLDocument
        do throws(DocumentError) { document = try TOMLDocument(parsing: bytes) } catch {
            throw TrustPolicyError(path: path, line: error.position.line, problem: error.problem.sentence)
        }
        self.init()
        let reading = PolicyReading(document: document, path: path)
        try reading.checkKeys([], known: ["version", "configuration", "packages", "layers", "provenance"])
        guard let version = document.value["version"] else {
            throw TrustPolicyError(path: path, line: nil, problem: "'version = 1' is missing")
        }
        guard version.int == 1 else { throw reading.wrong(["version"], "the version is not 1") }
        try reading.checkKeys(["packages"], known: ["origins", "keys", "revoked", "evidence"])
        try reading.checkKeys(["layers"], known: ["root", "foreign", "unknown"])
        try reading.checkKeys(["provenance"], known: ["required", "keys"])
        configuration = try reading.choice(["configuration"]) ?? configuration
        origins = try reading.origins(["packages", "origins"])
        keys = try reading.pins(["packages", "keys"])
        revoked = try reading.pins(["packages", "revoked"]) ?? []
        evidence = try reading.choice(["packages", "evidence"]) ?? evidence
        root = try reading.choice(["layers", "root"]) ?? root
        foreign = try reading.choice(["layers", "foreign"]) ?? foreign
        unknown = try reading.choice(["layers", "unknown"]) ?? unknown
        requiresProvenance = try reading.flag(["provenance", "required"]) ?? false
        provenanceKeys = try reading.pins(["provenance", "keys"])
    }
}

/// Reads values of a policy, with the line of what is wrong.
private struct PolicyReading {
    let document: TOMLDocument
    let path: String

    func wrong(_ place: [TOMLDocument.Step], _ problem: String) -> TrustPolicyError {
        TrustPolicyError(path: path, line: document.position(of: place).line, problem: problem)
    }

    /// The table at `place` may be missing, and has none but these keys.
    func checkKeys(_ place: [String], known: [String]) throws(TrustPolicyError) {
        guard let value = value(place) else { return }
        let steps = place.map { TOMLDocument.Step.key($0) }
        guard let object = value.object else {
            throw wrong(steps, "'\(place.joined(separator: "."))' is written as [\(place.joined(separator: "."))]")
        }
        for member in object.members where !known.contains(member.key) {
            let list = known.map { "'\($0)'" }.joined(separator: ", ")
            throw wrong(steps + [.key(member.key)], "the key \(member.key.quoted) is not known here; known are \(list)")
        }
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ place: [String]
    ) throws(TrustPolicyError) -> Choice? where Choice.RawValue == String {
        guard let value = value(place) else { return nil }
        if let text = value.string, let choice = Choice(rawValue: text) { return choice }
        let list = Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        throw wrong(place.map { .key($0) }, "'\(place.last ?? "")' is one of \(list)")
    }

    func flag(_ place: [String]) throws(TrustPolicyError) -> Bool? {
        guard let value = value(place) else { return nil }
        guard let flag = value.bool else {
            throw wrong(place.map { .key($0) }, "'\(place.last ?? "")' is true or false")
        }
        return flag
    }

    func origins(_ place: [String]) throws(TrustPolicyError) -> [String]? {
        try texts(place) { text throws(TrustPolicyError) in
            do throws(Origin.ParseError) { return "\(try Origin(parsing: text))" } catch {
                throw wrong(place.map { .key($0) }, "\(error)")
            }
        }
    }

    func pins(_ place: [String]) throws(TrustPolicyError) -> [TrustPolicy.KeyPin]? {
        try texts(place) { text throws(TrustPolicyError) in
            if let name = try? KeyName(parsing: text) { return .name(name) }
            let bytes = Array(text.utf8).withUnsafeBytes { Base64.decode($0, limit: 32) }
            guard let bytes, bytes.count == 32 else {
                throw wrong(
                    place.map { .key($0) },
                    "\(text.quoted) is no key; one is NAME-REVISION, or the last line of its public file")
            }
            return .bytes(bytes)
        }
    }

    private func texts<T>(
        _ place: [String], _ read: (String) throws(TrustPolicyError) -> T
    ) throws(TrustPolicyError) -> [T]? {
        guard let value = value(place) else { return nil }
        let steps = place.map { TOMLDocument.Step.key($0) }
        guard let list = value.array else { throw wrong(steps, "'\(place.last ?? "")' is a list") }
        var found: [T] = []
        for item in list {
            guard let text = item.string else { throw wrong(steps, "'\(place.last ?? "")' is a list of strings") }
            found.append(try read(text))
        }
        return found
    }

    private func value(_ place: [String]) -> DocumentValue? {
        place.reduce(.some(document.value)) { value, key in value?[key] }
    }
}
