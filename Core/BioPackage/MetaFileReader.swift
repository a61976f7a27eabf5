// SPDX-License-Identifier: Apache-2.0

/// The texts of a package's metafiles, and the reading of each sort of content.
struct MetaFileReader {
    private var texts = Texts()

    /// A handful: to compare with each is quicker than a dictionary.
    private struct Texts {
        var list: [MetaFileText] = []
        subscript(file: MetaFile) -> MetaFileText? { list.first { $0.file == file } }
    }

    /// Checks that all files but FILES are text.
    init(_ files: [MetaFile: [UInt8]]) throws(MetadataError) {
        texts.list.reserveCapacity(files.count)
        do throws(MetadataError) {
            for (file, bytes) in files where file != .files { texts.list.append(try MetaFileText(file, bytes)) }
        } catch {
            // In the order of the enum, so that of two bad files always the same one is reported.
            for file in MetaFile.metadata { if let bytes = files[file] { _ = try MetaFileText(file, bytes) } }
            throw error
        }
    }

    var raw: [MetaFile: String] { Dictionary(uniqueKeysWithValues: texts.list.map { ($0.file, $0.trimmed) }) }

    func contains(_ file: MetaFile) -> Bool { texts[file] != nil }

    func qualifiedIdents(_ file: MetaFile) throws(MetadataError) -> [QualifiedIdent] {
        guard let text = texts[file] else { return [] }
        return try text.qualifiedIdents()
    }

    func idents(_ file: MetaFile) throws(MetadataError) -> [PackageIdent] {
        guard let text = texts[file] else { return [] }
        return try text.idents()
    }

    /// The one ident that is the whole file; nil when the file is missing.
    func singleIdent(_ file: MetaFile) throws(MetadataError) -> QualifiedIdent? {
        guard let text = texts[file] else { return nil }
        do throws(PackageIdent.ParseError) {
            return try QualifiedIdent(parsing: text.trimmed)
        } catch { throw .badIdent(file, line: text.lines.first?.number ?? 1, error) }
    }

    func entries(_ file: MetaFile) throws(MetadataError) -> [PackageMetadata.Entry] {
        guard let text = texts[file] else { return [] }
        return try text.entries()
    }

    func pieces(_ file: MetaFile, separator: UInt8) -> [String]? { texts[file]?.pieces(separator: separator) }

    /// The whole file; nil when it is missing.
    func text(_ file: MetaFile) -> String? { texts[file]?.trimmed }

    func words(_ file: MetaFile) -> [String] { texts[file]?.words ?? [] }

    /// The directories of PATH. Windows packages without the file have them in RUNTIME_ENVIRONMENT, which is
    /// `environment`.
    func path(in environment: [PackageMetadata.Entry], _ target: PackageTarget) -> [String] {
        if let pieces = pieces(.path, separator: target.pathSeparator) { return pieces }
        guard target.system == "windows" else { return [] }
        return environment.first { $0.name == "PATH" }?.pieces(separator: target.pathSeparator) ?? []
    }

    /// `name=directory[;directory…]` a line.
    func pathVariables(_ file: MetaFile) throws(MetadataError) -> [PackageMetadata.PathVariable] {
        try entries(file).map {
            PackageMetadata.PathVariable(name: $0.name, directories: $0.pieces(separator: UInt8(ascii: ";")))
        }
    }

    /// BIND_MAP: `service=bind:service [bind:service…]` a line.
    func serviceBinds() throws(MetadataError) -> [PackageMetadata.ServiceBinds] {
        guard let text = texts[.bindMap] else { return [] }
        var found: [PackageMetadata.ServiceBinds] = []
        for line in text.lines {
            let parts = line.text.utf8.split(separator: UInt8(ascii: "="), maxSplits: 1).map { String(Substring($0)) }
            guard parts.count == 2 else { throw .badLine(.bindMap, line: line.number, text: line.text) }
            let service = try ident(parts[0], .bindMap, line.number)
            var binds: [PackageMetadata.ServiceBinds.Bind] = []
            for word in parts[1].split(whereSeparator: \.isWhitespace) {
                let pair = word.split(separator: ":", maxSplits: 1)
                guard pair.count == 2 else { throw .badLine(.bindMap, line: line.number, text: line.text) }
                binds.append(.init(name: String(pair[0]), service: try ident(pair[1], .bindMap, line.number)))
            }
            found.append(PackageMetadata.ServiceBinds(service: service, binds: binds))
        }
        return found
    }

    private func ident(_ text: some StringProtocol, _ file: MetaFile, _ line: Int) throws(MetadataError) -> PackageIdent
    {
        do throws(PackageIdent.ParseError) { return try PackageIdent(parsing: text) } catch {
            throw .badIdent(file, line: line, error)
        }
    }

    func lines(_ file: MetaFile) -> [String] { texts[file]?.lines.map(\.text) ?? [] }

    func ports(_ file: MetaFile) -> [UInt16] {
        (texts[file]?.words ?? []).compactMap { word in
            guard let number = Self.number(word), number > 0 else { return nil }
            return UInt16(exactly: number)
        }
    }

    func target(of ident: QualifiedIdent) throws(MetadataError) -> PackageTarget {
        guard let text = texts[.target] else { throw .missing(.target, of: ident) }
        do throws(PackageTarget.ParseError) {
            return try PackageTarget(parsing: text.trimmed)
        } catch { throw .badTarget(error) }
    }

    func type() throws(MetadataError) -> PackageMetadata.PackageType {
        switch texts[.packageType]?.trimmed {
        case nil, "", "standard": break
        case "native": return .native
        case let other?: throw .badValue(.packageType, text: other, expected: "'standard' or 'native'")
        }
        switch texts[.type]?.trimmed {
        case nil, "", "standalone": return .standalone
        case "composite": return .composite
        case let other?: throw .badValue(.type, text: other, expected: "'standalone' or 'composite'")
        }
    }

    /// A user or group. What it says goes into `passwd` and `group` lines, so colons, slashes and white space are
    /// refused; an empty file says nothing.
    func account(_ file: MetaFile) throws(MetadataError) -> String? {
        guard let name = texts[file]?.trimmed, !name.isEmpty else { return nil }
        let fits = name.utf8.allSatisfy {
            (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ",")
        }
        guard fits, name.utf8.count <= 255, name.utf8.first != UInt8(ascii: "-") else {
            throw .badValue(file, text: name, expected: "one account name")
        }
        return name
    }

    func signal() throws(MetadataError) -> String? {
        guard let name = texts[.shutdownSignal]?.trimmed, !name.isEmpty else { return nil }
        guard PackageMetadata.shutdownSignals.contains(name) else {
            throw .badValue(.shutdownSignal, text: name, expected: "a signal name such as 'TERM'")
        }
        return name
    }

    func seconds() throws(MetadataError) -> UInt32? {
        guard let text = texts[.shutdownTimeout]?.trimmed, !text.isEmpty else { return nil }
        guard let number = Self.number(text), let seconds = UInt32(exactly: number) else {
            throw .badValue(.shutdownTimeout, text: text, expected: "a number of seconds")
        }
        return seconds
    }

    /// Decimal digits only; `UInt64` alone would take a sign.
    private static func number(_ text: String) -> UInt64? {
        text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } ? UInt64(text) : nil
    }
}
