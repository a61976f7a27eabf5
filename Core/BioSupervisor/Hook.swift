// SPDX-License-Identifier: Apache-2.0

import BioDocument
package import BioPackage
package import BioStore
import BioSystem
import BioTemplate

/// A template of a program that a package has for one occasion: `hooks/KIND` in its directory.
package struct Hook: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case install, uninstall
        case initialise = "init"
        case run, reload, reconfigure, suitability
        case fileUpdated = "file-updated"
        case healthCheck = "health-check"
        case postRun = "post-run"
        case postStop = "post-stop"
    }

    package let kind: Kind
    package let ident: QualifiedIdent
    /// The template's file.
    package let path: String

    static let templateLimit = 4 << 20

    /// nil when the package has none.
    package init?(_ kind: Kind, of package: InstalledPackage) throws(SupervisorError) {
        self.kind = kind
        ident = package.ident
        path = "\(package.path)/hooks/\(kind.rawValue)"
        do throws(SystemError) {
            guard try FileStatus.ofLink(path)?.kind == .file else { return nil }
        } catch { throw .system(error) }
    }

    /// The program's text.
    func render(_ renderer: TemplateRenderer) throws(SupervisorError) -> String {
        try renderer.render(path, named: "hooks/\(kind.rawValue)")
    }
}

/// Renders the templates of one package: with its context, and with `pkgPathFor` for what it depends on.
struct TemplateRenderer {
    let ident: QualifiedIdent
    private let context: DocumentValue
    private let functions: TemplateFunctions

    init(_ package: InstalledPackage, _ context: RenderContext, dependencies: [QualifiedIdent], root: FileSystemRoot) {
        ident = package.ident
        self.context = context.value
        functions = .standard.addingPackagePaths(dependencies, root)
    }

    /// Renders the file `path`; `name` is what errors call it.
    func render(_ path: String, named name: String) throws(SupervisorError) -> String {
        guard let text = try TextFile.text(path, limit: Hook.templateLimit) else {
            throw .system(SystemError("open", path, .noSuchFile))
        }
        do throws(TemplateError) {
            return try Template(parsing: text, name: name).render(context, functions: functions)
        } catch { throw .template(error, path: path, of: ident) }
    }
}
