// SPDX-License-Identifier: Apache-2.0

/// What an export may reach beyond its packages and its own files. Whoever starts it says so; by itself it reaches
/// nothing.
package struct ExportReach {
    /// The programs of this machine that the plugin may have run.
    package var tools: ToolBox
    /// Reads what the user keeps secret.
    package var secrets: SecretReader
    /// Pushes as the user; nil: the format does not include the options for that.
    package var registries: (any RegistryArtifacts)?
    /// What is left to do when everything is in its place, all that the user's export asked for counted; of that export
    /// alone. When it throws, what can be taken back is.
    package var conclude: () throws -> Void

    package init(
        tools: ToolBox = ToolBox(), secrets: SecretReader = .filesAlone, registries: (any RegistryArtifacts)? = nil,
        conclude: @escaping () throws -> Void = {}
    ) {
        self.conclude = conclude
        self.tools = tools
        self.secrets = secrets
        self.registries = registries
    }
}
