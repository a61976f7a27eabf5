// SPDX-License-Identifier: Apache-2.0

package import BioDocument
import BioSystem
package import BioTemplate

/// A template of a plan, rendered before there is a package: with the files beside it and made-up facts.
package struct TemplatePreview {
    /// The context: `cfg` of the TOML files, over that everything that the mock data say.
    package let context: DocumentValue

    private static let limit = 1 << 20

    /// Paths of TOML files, later ones over earlier ones, and of a JSON or TOML file with any of `cfg`, `pkg`, `sys`,
    /// `svc` and `bind`.
    package init(configuration: [String], mockData: String?) throws(SupervisorError) {
        var cfg = DocumentObject()
        for path in configuration {
            let bytes = try Self.read(path)
            let value: DocumentValue
            do throws(DocumentError) { value = try TOMLDocument(parsing: bytes).value } catch {
                throw .badConfiguration(path: path, error)
            }
            cfg = try ServiceConfiguration.merge(value.object ?? DocumentObject(), over: cfg, origin: path, depth: 0)
        }
        var context = DocumentObject()
        for name in ["sys", "pkg", "svc", "bind"] { context[name] = [:] }
        context["cfg"] = .object(cfg)
        if let mockData {
            context = try ServiceConfiguration.merge(try Self.mock(mockData), over: context, origin: mockData, depth: 0)
        }
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
        let bytes = try read(path)
        if let value = try? DocumentValue(json: String(decoding: bytes, as: UTF8.self)), let object = value.object {
            return object
        }
        do throws(DocumentError) { return try TOMLDocument(parsing: bytes).value.object ?? DocumentObject() } catch {
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
