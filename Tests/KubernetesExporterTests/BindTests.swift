// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTestSupport
import Testing

/// Services that need each other.
@Suite struct BindTests {
    @Test func servicesOfOneExportAreBound() throws {
        let manifest = try ExportDesk().manifest("acme/web", "acme/cache", "acme/mirror", "--service-group", "blue")
        #expect(
            manifest.words("web") == [
                "--group=blue", "--peer=cache-gossip-0", "--peer=mirror-gossip-0", "--bind=cache:cache.blue",
                "--bind=mirror:mirror.blue",
            ])
        // One ring: whoever comes back finds the others.
        #expect(manifest.words("cache") == ["--group=blue", "--peer=web-gossip-0", "--peer=mirror-gossip-0"])
        #expect(
            manifest.object("Service", "web-gossip-0") != nil && manifest.object("Service", "cache-gossip-0") != nil)
        #expect(try manifest.faults() == "")
        #expect(manifest.errorText.split(separator: "\n").allSatisfy { !$0.contains("bind") })
    }

    @Test func theUsersBindsWin() throws {
        var manifest = try ExportDesk().manifest(
            "acme/web", "acme/cache", "-b", "cache:redis.prod", "-b", "metrics:m.default")
        #expect(manifest.words("web") == ["--bind=cache:redis.prod", "--bind=metrics:m.default"])
        #expect(manifest.words("cache") == [])
        manifest = try ExportDesk().manifest("acme/web", "acme/cache", "-b", "cache:cache.default")
        #expect(manifest.words("web") == ["--peer=cache-gossip-0", "--bind=cache:cache.default"])
    }

    @Test func ofSeveralTheNamesakeIsMeant() throws {
        let manifest = try ExportDesk().manifest("acme/web", "acme/othercache", "acme/cache")
        #expect(manifest.words("web") == ["--peer=cache-gossip-0", "--bind=cache:cache.default"])
    }

    @Test func aBindThatNobodyMeetsIsSaid() throws {
        let manifest = try ExportDesk().manifest("acme/web")
        #expect(manifest.errorText.contains("will not start without its bind 'cache'"))
        #expect(manifest.errorText.contains("--bind cache:SERVICE.GROUP") && manifest.errorText.contains("port, host"))
        #expect(!manifest.errorText.contains("mirror"))
    }

    /// A supervisor that is alone in its ring waits for ever.
    @Test(arguments: [
        (["acme/web"], "redis.default"), (["acme/web", "acme/cache"], "cache.prod"),
        (["acme/web", "acme/cache"], "redis.default"),
    ]) func whatIsOutsideNeedsAPeer(packages: [String], target: String) throws {
        let desk = try ExportDesk()
        let bind = ["-b", "cache:\(target)"]
        let text = try desk.manifest(packages + bind).errorText
        #expect(text.contains("'cache' is to \(target), which is not in this export") && text.contains("--peer"))
        for more in [["--peer", "ring.example:9638"], ["--operator"]] {
            #expect(try !desk.manifest(packages + bind + more).errorText.contains("not in this export"))
        }
        #expect(try !desk.manifest("acme/web", "acme/cache", "-b", "cache:cache.default").errorText.contains("not in"))
    }

    /// While one is down the other leads to the ring.
    @Test func aServiceOfManyHasTwoPeers() throws {
        let manifest = try ExportDesk().manifest("acme/cache", "acme/web", "--count", "2")
        #expect(
            manifest.words("web") == ["--peer=cache-gossip-0", "--peer=cache-gossip-1", "--bind=cache:cache.default"])
        #expect(
            manifest.words("cache") == ["--peer=cache-gossip-0", "--peer=cache-gossip-1", "--peer=web-gossip-0"])
        #expect(try manifest.faults() == "")
    }

    @Test func theOperatorIsTold() throws {
        let manifest = try ExportDesk().manifest("acme/web", "acme/cache", "--operator")
        let bind = manifest.object("Habitat", "web-2-0-1-20260103000000")?["spec"]?["v1beta2"]?["service"]?["bind"]
        #expect(bind?.array?.first?["service"]?.string == "cache" && bind?.array?.first?["group"]?.string == "default")
        #expect(manifest.object("Habitat", "cache-7-2-1-20260102030405") != nil)
    }
}
