// SPDX-License-Identifier: Apache-2.0

package import BioOCI

/// What a copy came to be, or would.
package struct CopyResult: Hashable, Sendable {
    package var top: Descriptor
    /// Of the image, without referrers.
    package var manifests = 0
    package var referrers = 0
    /// What is said of it and could not be read.
    package var referrersLeft = 0
    package var blobsSent = 0
    package var blobsMounted = 0
    package var blobsFound = 0
    package var bytesSent: Int64 = 0
    /// Layers that were left where they are.
    package var blobsOmitted = 0
    /// Nothing had to be done for the image itself.
    package var wasThere = false

    package init(top: Descriptor) { self.top = top }
}
