// SPDX-License-Identifier: Apache-2.0

import BioSystem

/// A directory of one test that goes with it.
final class CLIScratch: Sendable {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory(in: "/tmp", prefix: "bio-cli-") }

    var path: String { directory.path }
}
