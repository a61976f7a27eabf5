// SPDX-License-Identifier: Apache-2.0

import BioSystem

/// All that is said about plugins on this machine and for this command (docs/reference/plugin-policy.md). In a file the
/// last rule that matches counts; what the site says stands, and the user may narrow it.
package struct PluginPolicy: Hashable, Sendable {
    /// The site's in their order, then the user's.
    package let rules: [PolicyRule]
    /// Whether the user may say what the site leaves open, beyond narrowing.
    package let userMayAllow: Bool
    /// The first file of the site; nil when there is none.
    private let siteFile: String?
    package var variables = PolicyVariables.none
    /// `--safe-mode`: only what lies beside this program.
    package var isSafeMode = false
    /// `--allow-unsigned`, the user's word for one command.
    package var allowsUnsigned = false

    /// `sitePath` is a file of the site; nil when there is none. `siteSays` is its `user-may-allow`.
    package init(rules: [PolicyRule] = [], sitePath: String? = nil, siteSays: Bool? = nil) {
        self.rules = rules
        // A machine whose site says nothing is its user's.
        userMayAllow = siteSays ?? (sitePath == nil)
        siteFile = sitePath
    }

    package var hasSiteFile: Bool { siteFile != nil }

    /// Where the site leaves the user no say; nil when he has one.
    package var sitePath: String? { userMayAllow ? nil : siteFile }

    /// Where the files of rules are.
    package struct Places: Hashable, Sendable {
        /// `/etc/bio/export-plugins.toml`
        package var site: String
        /// `/etc/bio/export-plugins.d`: the files in it that end in `.toml` come after, in the byte order of their names.
        package var siteDirectory: String
        /// The user's own file; nil when there is no place for one.
        package var user: String?
        /// What `BIO_PLUGIN_POLICY` names: it must be there.
        package var required: String?

        package init(site: String, siteDirectory: String, user: String? = nil, required: String? = nil) {
            self.site = site
            self.siteDirectory = siteDirectory
            self.user = user
            self.required = required
        }
    }

    /// Reads every file that is there.
    package static func read(_ places: Places) throws(PolicyFile.Refusal) -> PluginPolicy {
        var site: [PolicyFile] = []
        for path in [places.site] + (try files(in: places.siteDirectory)) {
            if let file = try PolicyFile.read(path, .site) { site.append(file) }
        }
        var user: [PolicyFile] = []
        if let path = places.user, let file = try PolicyFile.read(path, .user) { user.append(file) }
        if let path = places.required {
            guard let file = try PolicyFile.read(path, .user) else {
                throw PolicyFile.Refusal(
                    path: path, line: nil, text: "it is not there, though BIO_PLUGIN_POLICY names it")
            }
            user.append(file)
        }
        let written = [places.site, places.user]
        let rules = (site + user).flatMap { file in
            file.rules.map { rule in
                var rule = rule
                rule.isWithinReach = written.contains(file.path)
                return rule
            }
        }
        return PluginPolicy(
            rules: rules, sitePath: site.first?.path,
            siteSays: site.compactMap(\.userMayAllow).last)
    }

    private static func files(in directory: String) throws(PolicyFile.Refusal) -> [String] {
        let found: [String?]
        do throws(SystemError) {
            guard try !PolicyFile.isAbsent(directory) else { return [] }
            let names = try Directory.names(directory).filter { bytes in
                bytes.first != UInt8(ascii: ".") && bytes.suffix(5) == Array(".toml".utf8)[...]
            }
            found = names.map { String(validating: $0, as: UTF8.self) }
        } catch { throw PolicyFile.Refusal(path: directory, line: nil, text: "\(error)") }
        return try found.map { name throws(PolicyFile.Refusal) in
            // Its place could not be told, and what is passed over allows what it was to forbid.
            guard let name else {
                throw PolicyFile.Refusal(path: directory, line: nil, text: "it holds a name that is not UTF-8")
            }
            return "\(directory)/\(name)"
        }
    }
}
