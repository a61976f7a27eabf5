// SPDX-License-Identifier: Apache-2.0

/// An artifact as a plugin announces it (`bio_artifact`): nothing in it is believed yet.
package struct EmittedArtifact: Hashable, Sendable {
    package enum Form: UInt32, Sendable { case file = 1, directory, reference }
    package enum Role: UInt32, Sendable { case primary = 1, sidecar }

    package struct Annotation: Hashable, Sendable {
        package var key: String
        package var value: String
        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    package var form: Form
    package var role: Role
    package var isReproducible = false
    /// A file of text that is printed as the result, too.
    package var isShown = false
    package var kind = ""
    package var mediaType = ""
    /// Relative to the output directory.
    package var path = ""
    package var reference = ""
    /// `sha256:…`, or empty.
    package var digest = ""
    /// Bytes, or 0 when the plugin does not know.
    package var size: UInt64 = 0
    /// Of what a registry gets (`bio_oci_artifact`).
    package var annotations: [Annotation] = []
    /// Whether it may take the place of a file of its name, as primary artifacts do; the plugin has no say in it.
    var replaces = false

    package init(form: Form, role: Role) {
        self.form = form
        self.role = role
    }
}
