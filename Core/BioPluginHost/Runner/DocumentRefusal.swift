// SPDX-License-Identifier: Apache-2.0

/// Why a document cannot be written, for the user who runs the plugin. It becomes the reason of the failed call (`PluginFailure`).
package struct DocumentRefusal: Error, Hashable, Sendable {
    /// `BIO_E_…`
    package let code: Int32
    package let message: String
}
