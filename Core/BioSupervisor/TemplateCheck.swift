// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioStore
import BioSystem
import BioTemplate

/// Reads every template of a service without filling it in, so that what can never be rendered is refused before anything
/// runs. What a template asks for is known only when it is filled in.
enum TemplateCheck {
    static func check(_ package: InstalledPackage) throws(SupervisorError) {
        for kind in Hook.Kind.allCases {
            guard let hook = try Hook(kind, of: package) else { continue }
            try check(hook.path, named: "hooks/\(kind.rawValue)", of: package.ident)
        }
        for directory in ["config", "config_install"] {
            let tree = TemplateTree("\(package.path)/\(directory)")
            for path in try tree.paths() {
                let file = (["\(package.path)/\(directory)"] + path).joined(separator: "/")
                try check(file, named: tree.name(path), of: package.ident)
            }
        }
    }

    private static func check(_ path: String, named name: String, of ident: QualifiedIdent) throws(SupervisorError) {
        guard let text = try TextFile.text(path, limit: Hook.templateLimit) else { return }
        do throws(TemplateError) { _ = try Template(parsing: text, name: name) } catch {
            throw .template(error, path: path, of: ident)
        }
    }
}
