// SPDX-License-Identifier: Apache-2.0

import BioPackage
package import BioSystem

/// Why a new plugin's project was not made.
package enum PluginProjectError: Error, Hashable, Sendable, CustomStringConvertible {
    case name(String)
    case format(String)
    /// With what is wrong with it.
    case id(String, String)
    case license(String)
    /// Something has the project's place already.
    case exists(String)
    /// The templates of this program are not where they belong.
    case noTemplates(String)
    case system(SystemError)

    package var description: String {
        switch self {
        case .name(let text): "\(text.quoted) is no name of a plugin"
        case .format(let text): "\(text.quoted) is no name of a format"
        case .id(let text, let wrong): "the id \(text.quoted) \(wrong)"
        case .license(let text): "\(text.quoted) is no SPDX expression"
        case .exists(let path): "'\(path)' is there already"
        case .noTemplates(let path): "the templates of plugins are not in '\(path)'"
        case .system(let error): "cannot make the project: \(error)"
        }
    }

    package var hint: String? {
        switch self {
        case .name, .format: "2 to 32 lower-case letters, digits and dashes, a letter first"
        case .id: "a domain of yours backwards, and the name: org.example.nomad"
        case .license: "such as Apache-2.0, MIT or GPL-3.0-or-later (https://spdx.org/licenses)"
        case .exists: "choose another name, or another place with --into"
        case .noTemplates: "they are installed with bio: run the bio of an installation, or 'make' first"
        case .system(let error): error.hint
        }
    }
}
