// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTestSupport
import Testing

/// Where a claim is, and who made the directories around it.
@Suite struct StorageTests {
    /// The claim is mounted by a directory in it, which `prepare` makes with those above it.
    @Test(arguments: [
        ("/hab/svc/cache/data", "/hab/svc/cache"), ("/hab/svc/cache/data/db", "/hab/svc/cache/data"),
        ("/hab/svc/cache", "/hab/svc"), ("/hab/svc", "/hab/svc/cache"), ("/data", "/hab/svc/cache"),
    ]) func directories(path: String, parent: String) throws {
        let manifest = try ExportDesk().manifest("acme/cache", "--storage", "1Gi:\(path):fast")
        let prepare = manifest.pod("cache")?["initContainers"]?.array?.first
        #expect(
            prepare?["command"]?.array?.compactMap(\.string) == ["/bin/mkdir", "-p", parent, "/storage/data"])
        let mount = manifest.container("cache")?["volumeMounts"]?.array?.last
        #expect(mount?["mountPath"]?.string == path && mount?["subPath"]?.string == "data")
        #expect(try manifest.faults() == "")
    }

    /// Root needs nobody to make its directories.
    @Test func rootHasTheWholeClaim() throws {
        let manifest = try ExportDesk().manifest("acme/root", "--storage", "1Gi:/data:fast")
        let mount = manifest.container("root")?["volumeMounts"]?.array?.last
        #expect(mount?["mountPath"]?.string == "/data" && mount?["subPath"] == nil)
        #expect(manifest.pod("root")?["initContainers"] == nil)
    }
}
