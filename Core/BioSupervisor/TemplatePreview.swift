// SPDX-License-Identifier: Apache-2.0

package import BioDocument
import BioSystem
package import BioTemplate

/// A template of a plan, rendered before there is a package: with the files beside it and made-up facts.
package struct TemplatePreview {
    /// The context: what files say, each over the one before.
    package let context: DocumentValue

    private static let limit = 1 << 20

    /// - Parameters:
    ///   - defaults: the TOML file that `cfg` begins with.
    ///   - mockData: a JSON or TOML file with any of `cfg`, `pkg`, `sys`, `svc` and `bind`, over the defaults.
    ///   - configuration: a TOML file whose `cfg` is over both.
    package init(defaults: String?, mockData: String?, configuration: String?) throws(SupervisorError) {
        var context = DocumentObject()
        for name in ["sys", "pkg", "svc", "bind", "cfg"] { context[name] = [:] }
        func add(_ value: DocumentValue, of path: String) throws(SupervisorError) {
            context = try ServiceConfiguration.merge(
                value.object ?? DocumentObject(), over: context, origin: path, depth: 0)
        }
        if let defaults { try add(["cfg": try Self.toml(defaults)], of: defaults) }
        if let mockData { try add(.object(try Self.mock(mockData)), of: mockData) }
        if let configuration { try add(["cfg": try Self.toml(configuration)], of: configuration) }
        self.context = .object(context)
    }

    /// The text of the template file `path`.
    /// `packagePath` is what `pkgPathFor` says of an ident.
    package func render(
        _ path: String, mode: Template.Mode, packagePath: @escaping @Sendable (String) -> String,
        log: ((Template.LogLine) -> Void)?
    ) throws -> String {
        let functions = TemplateFunctions.standard.adding("pkgPathFor", TemplateSignature(.init("ident", .string))) {
            .string(packagePath($0[0].templateText))
        }
        return try Template(parsing: try Self.read(path), name: path).render(
            context, functions: functions, mode: mode, log: log)
    }

    private static func mock(_ path: String) throws(SupervisorError) -> DocumentObject {
        guard path.hasSuffix(".json") else { return try toml(path).object ?? DocumentObject() }
        let value: DocumentValue
        let bytes = try read(path)
        do throws(DocumentError) { value = try DocumentValue(json: bytes) } catch {
            throw .badMockData(path: path, error)
        }
        guard let object = value.object else {
            let start = DocumentPosition(line: 1, column: 1)
            throw .badMockData(
                path: path, DocumentError(.unexpected(found: "another value", expected: "'{'"), at: start))
        }
        return object
    }

    private static func toml(_ path: String) throws(SupervisorError) -> DocumentValue {
        let bytes = try read(path)
        do throws(DocumentError) { return try TOMLDocument(parsing: bytes).value } catch {
            throw .badConfiguration(path: path, error)
        }
    }

    private static func read(_ path: String) throws(SupervisorError) -> [UInt8] {
        guard let bytes = try TextFile.bytes(path, limit: limit, following: true) else {
            throw .system(SystemError("open", path, .noSuchFile))
        }
        return bytes
    }
}
