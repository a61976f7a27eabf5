// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioStore
import BioTemplate

extension TemplateFunctions {
    /// With `pkgPathFor`, for what a package depends on. Anything else is nothing, as upstream has it: templates see no
    /// other packages.
    func addingPackagePaths(_ dependencies: [QualifiedIdent], _ root: FileSystemRoot) -> TemplateFunctions {
        adding("pkgPathFor") { arguments throws(TemplateFunctionError) in
            guard arguments.count == 1, let text = arguments[0].string else {
                throw TemplateFunctionError("wants one package ident")
            }
            guard let wanted = try? PackageIdent(parsing: text) else {
                throw TemplateFunctionError("\(text.quoted) is not a package ident")
            }
            return .string(dependencies.first { $0.satisfies(wanted) }.map { root.packagePath($0) } ?? "")
        }
    }
}
