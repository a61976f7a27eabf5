// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTestSupport
import Testing

/// `bio image inspect|ls|diff` on registries.
@Suite(.timeLimit(.minutes(15))) struct RegistryImageTests {
    private static func bio(_ scratch: borrowing Scratch) -> BuiltBio {
        let path = scratch.file("")
        return BuiltBio(root: path, directory: path, home: path, temporary: path, keys: path)
    }

    /// An image in a layout, put into a real registry under two tags by skopeo.
    private static func push(_ scratch: borrowing Scratch, _ registry: TestRegistry, _ name: String) throws -> String {
        let layout = scratch.file("layout")
        let layer = [UInt8](repeating: 0, count: 10240)
        try MemoryImages.writeLayout([.init("x", layers: [.init("one", tar: layer)])], to: layout)
        for tag in ["x", "y"] {
            let pushed = try registry.skopeoCopy("oci:\(layout):x", "docker://\(registry.host)/\(name):\(tag)")
            #expect(pushed.code == 0, "\(pushed.errorText)")
        }
        return "oci:\(layout):x"
    }

    @Test func looksIntoARealRegistry() throws {
        let scratch = try Scratch()
        let registry = try TestRegistry.shared(.plain)
        let local = try Self.push(scratch, registry, "images/looked-at")
        let place = "docker://\(registry.host)/images/looked-at"
        let bio = Self.bio(scratch)
        let inspected = try bio.run("image", "inspect", "\(place):x", "--format", "json")
        #expect(inspected.code == 0, "\(inspected.errorText)")
        let there = try DocumentValue(json: inspected.output)
        let here = try DocumentValue(json: bio.run("image", "inspect", local, "--format", "json").output)
        #expect(there["id"] == here["id"] && there["location"]?.string == "\(place):x")
        let listed = try bio.run("image", "ls", place, "--format", "json")
        let images = try DocumentValue(json: listed.output)["images"]?.array ?? []
        #expect(images.count == 1 && images.first?["id"] == here["id"])
        #expect(images.first?["names"]?.array?.count == 2)
        let same = try bio.run("image", "diff", local, "\(place):y", "--files")
        #expect(same.code == 0, "\(same.text) \(same.errorText)")
        let missing = try bio.run("image", "inspect", "\(place):none")
        #expect(missing.code == 1 && missing.errorText.contains("image 'none'"), "\(missing.errorText)")
    }

    @Test func readsLayersOverTLSWithAToken() throws {
        let scratch = try Scratch()
        let registry = try ScriptedRegistry(["auth": "token", "public": true], certificate: "server")
        let layout = scratch.file("layout")
        let images = ["a", "b"].map { mark in
            var tar = RawTar()
            tar.file("mark", mark)
            tar.end()
            return MemoryImages.Named(mark, layers: [.init("one", tar: tar.bytes)])
        }
        try MemoryImages.writeLayout(images, to: layout)
        for mark in ["a", "b"] {
            let pushed = try Tool.run([
                "skopeo", "copy", "-q", "--dest-cert-dir", try TestCertificates.shared().file("docker"), "--dest-creds",
                "\(ScriptedRegistry.user):\(ScriptedRegistry.password)", "oci:\(layout):\(mark)",
                "docker://\(registry.host)/team/app:\(mark)",
            ])
            #expect(pushed.code == 0, "\(pushed.errorText)")
        }
        let trust = ["--registry-ca-cert-path", try TestCertificates.shared().authority]
        let place = "docker://\(registry.host)/team/app"
        let diff = try Self.bio(scratch).run(["image", "diff", "\(place):a", "\(place):b", "--files"] + trust)
        #expect(diff.code == 7 && diff.text.contains("/mark"), "\(diff.text) \(diff.errorText)")
        let untrusted = try Self.bio(scratch).run("image", "ls", place)
        #expect(
            untrusted.code == 4 && untrusted.errorText.contains("--registry-ca-cert-path"), "\(untrusted.errorText)")
        let other = try Self.bio(scratch).run(["image", "inspect", "\(place):a", "--platform", "plan9/mips"] + trust)
        #expect(other.code == 0 || other.errorText.contains("plan9/mips"), "\(other.errorText)")
        let wrong = try Self.bio(scratch).run(["image", "inspect", "\(place):a", "--platform", "LINUX"] + trust)
        #expect(wrong.code == 64, "\(wrong.errorText)")
    }

    // MARK: - Proxies

    @Test func goesThroughAProxy() throws {
        let scratch = try Scratch()
        let registry = try ScriptedRegistry(certificate: "wrong-name")
        let proxy = try TestProxy()
        var bio = Self.bio(scratch)
        bio.environment = ["HTTPS_PROXY": proxy.address, "http_proxy": proxy.address]
        let port = registry.host.split(separator: ":")[1]
        let place = "docker://registry.test:\(port)/team/app:x"
        let asked = try bio.run("image", "inspect", place, "--no-registry-verify-certs")
        #expect(asked.code == 1 && asked.errorText.contains("there is no image 'x'"), "\(asked.errorText)")
        #expect(try proxy.log() == ["CONNECT registry.test:\(port)"])
        // The loopback is not behind any proxy.
        let local = try bio.run(
            "image", "inspect", "docker://\(registry.host)/team/app:x", "--no-registry-verify-certs")
        #expect(local.code == 1)
        #expect(try proxy.log().count == 1)
    }

    @Test func speaksHTTPElsewhereOnlyWhenAskedTo() throws {
        let scratch = try Scratch()
        let registry = try ScriptedRegistry()
        let proxy = try TestProxy()
        var bio = Self.bio(scratch)
        bio.environment = ["HTTPS_PROXY": proxy.address, "http_proxy": proxy.address]
        let port = registry.host.split(separator: ":")[1]
        let place = "docker://localhost.test:\(port)/team/app:x"
        let refused = try bio.run("image", "inspect", place)
        #expect(refused.code == 1 && refused.errorText.contains("--registry-insecure"), "\(refused.errorText)")
        #expect(try registry.state().requests.isEmpty)
        let asked = try bio.run("image", "inspect", place, "--registry-insecure")
        #expect(asked.errorText.contains("there is no image 'x'"), "\(asked.errorText)")
        #expect(try registry.state().requests.map(\.kind) == ["manifest-get"])
    }

    @Test func saysThatAProxyMakesNoWay() throws {
        let scratch = try Scratch()
        var bio = Self.bio(scratch)
        let name = try TestProxy(refusing: 407)
        bio.environment = ["HTTPS_PROXY": name.address.replacing("http://", with: "http://me:pr0xysecret@")]
        let refused = try bio.run("image", "inspect", "docker://registry.test/team/app:x")
        #expect(refused.code == 1 && refused.errorText.contains("407"), "\(refused.errorText)")
        #expect(!refused.errorText.contains("pr0xysecret"))
        bio.environment = ["HTTPS_PROXY": "foo://me:pr0xysecret@127.0.0.1:1"]
        let odd = try bio.run("image", "inspect", "docker://registry.test/team/app:x")
        #expect(
            odd.code == 1 && odd.errorText.contains("proxy") && !odd.errorText.contains("pr0xysecret"),
            "\(odd.errorText)")
        bio.environment = ["HTTPS_PROXY": "http://nowhere.invalid:1"]
        let missing = try bio.run("image", "inspect", "docker://registry.test/team/app:x")
        #expect(missing.code == 1 && missing.errorText.contains("proxy"), "\(missing.errorText)")
    }
}
