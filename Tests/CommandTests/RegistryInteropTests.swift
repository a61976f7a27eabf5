// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// Real registries, with other people's clients on the other side: skopeo and podman pull what was pushed, and push what
/// is pulled.
@Suite(.timeLimit(.minutes(15))) struct RegistryInteropTests {
    static let kinds: [TestRegistry.Kind] = [.plain, .basic, .token]

    /// What `bio` needs besides the credentials.
    private static func options(_ kind: TestRegistry.Kind) throws -> [String] {
        kind == .basic ? ["--registry-ca-cert-path", try TestCertificates.shared().authority] : []
    }

    /// What podman needs.
    private static func access(_ kind: TestRegistry.Kind) throws -> [String] {
        let who = ["--creds", "\(TestRegistry.user):\(TestRegistry.password)"]
        return switch kind {
        case .plain: ["--tls-verify=false"]
        case .token: ["--tls-verify=false"] + who
        case .basic: ["--cert-dir", try TestCertificates.shared().file("docker")] + who
        }
    }

    @Test(arguments: kinds) func othersPullWhatWasPushed(kind: TestRegistry.Kind) throws {
        let registry = try TestRegistry.shared(kind)
        let desk = try RegistryDesk(for: registry.host)
        let name = "\(registry.host)/interop/pushed:1"
        let outcome = try desk.bio.run(["image", "copy", desk.image, "docker://\(name)"] + Self.options(kind))
        #expect(outcome.code == 0, "\(outcome.errorText)")
        #expect(outcome.text == "\(registry.host)/interop/pushed@\(desk.digest)\n")
        #expect(try Digest.sha256(of: registry.skopeoManifest(name).output).description == desk.digest)
        let pulled = try registry.skopeoCopy("docker://\(name)", "oci:\(desk.file("back")):1")
        #expect(pulled.code == 0, "\(pulled.errorText)")

        let podman = try TestEngine.shared(.podman)
        let taken = try podman.podman(["pull", "-q"] + Self.access(kind) + [name])
        #expect(taken.code == 0, "\(taken.errorText)")
        // All manifests that the store knows the image by: it may have it by another one already.
        let shown = try podman.podman(["image", "inspect", "--format", "{{range .RepoDigests}}{{.}} {{end}}", name])
        let wanted = "\(registry.host)/interop/pushed@\(desk.digest)"
        #expect(shown.text.split(separator: " ").contains { $0 == wanted }, "\(shown.text) \(shown.errorText)")
    }

    @Test(arguments: kinds, ["oci", "v2s2"]) func whatSkopeoPushesIsPulled(
        kind: TestRegistry.Kind, format: String
    ) throws {
        let registry = try TestRegistry.shared(kind)
        let desk = try RegistryDesk(for: registry.host)
        let name = "\(registry.host)/interop/skopeo-\(format):1"
        let pushed = try registry.skopeoCopy(desk.image, "docker://\(name)", ["--format", format])
        #expect(pushed.code == 0, "\(pushed.errorText)")
        let digest = Digest.sha256(of: try registry.skopeoManifest(name).output).description

        let options = try Self.options(kind)
        let outcome = try desk.bio.run(["image", "copy", "docker://\(name)", "oci:layout"] + options)
        #expect(outcome.code == 0 && outcome.text == "\(digest)\n", "\(outcome.errorText)")
        let here = try desk.bio.run(["image", "inspect", "oci:layout", "--format", "json"])
        let there = try desk.bio.run(["image", "inspect", "docker://\(name)", "--format", "json"] + options)
        #expect(there.code == 0, "\(there.errorText)")
        let ids = try [there, here].map { try DocumentValue(json: $0.output)["id"]?.string }
        #expect(ids[0] != nil && ids[0] == ids[1])
        // And on to another registry, where it is still the same.
        let other = try TestRegistry.shared(.plain)
        let again = try desk.bio.run(
            ["image", "copy", "docker://\(name)", "docker://\(other.host)/interop/\(kind)-\(format)"] + options)
        #expect(again.text == "\(other.host)/interop/\(kind)-\(format)@\(digest)\n", "\(again.errorText)")
        let found = try other.skopeoManifest("\(other.host)/interop/\(kind)-\(format):1").output
        #expect(Digest.sha256(of: found).description == digest)
    }

    @Test func whatPodmanPushesIsPulled() throws {
        let registry = try TestRegistry.shared(.basic)
        let desk = try RegistryDesk(for: registry.host)
        let podman = try TestEngine.shared(.podman)
        let plain = try TestRegistry.shared(.plain)
        let source = "\(plain.host)/interop/for-podman:1"
        #expect(try plain.skopeoCopy(desk.image, "docker://\(source)").code == 0)
        let loaded = try podman.podman(["pull", "-q", "--tls-verify=false", source])
        #expect(loaded.code == 0, "\(loaded.errorText)")
        let id = loaded.text.split(separator: "\n").last.map(String.init) ?? ""
        let name = "\(registry.host)/interop/podman:1"
        let pushed = try podman.podman(["push", "-q"] + Self.access(.basic) + [id, "docker://\(name)"])
        #expect(pushed.code == 0, "\(pushed.errorText)")
        let listed = try desk.bio.run(
            ["image", "ls", "docker://\(registry.host)/interop/podman", "--format", "json"] + Self.options(.basic))
        #expect(listed.code == 0, "\(listed.errorText)")
        #expect(try DocumentValue(json: listed.output)["images"]?.array?.first?["id"]?.string == "sha256:\(id)")
        let pulled = try desk.bio.run(
            ["image", "copy", "docker://\(name)", "oci-archive:podman.tar"] + Self.options(.basic))
        #expect(pulled.code == 0, "\(pulled.errorText)")
        let read = try Tool.run(["skopeo", "inspect", "--raw", "oci-archive:\(desk.bio.directory)/podman.tar"])
        #expect(read.code == 0, "\(read.errorText)")
    }

    /// A list for two platforms goes as it is, and its parts with it.
    @Test func aListOfImagesStaysWhole() throws {
        let from = try TestRegistry.shared(.plain)
        let to = try TestRegistry.shared(.token)
        let desk = try RegistryDesk(for: to.host)
        let layout = desk.file("several")
        let images = ["a", "b"].map { name in
            MemoryImages.Named(name, layers: [.init(name, tar: RawTar.archive { $0.file(name, name) })])
        }
        try MemoryImages.writeLayout(images, to: layout)
        let podman = try TestEngine.shared(.podman)
        let list = "interop-list"
        _ = try podman.podman(["manifest", "rm", list])
        #expect(try podman.podman(["manifest", "create", list]).code == 0)
        for name in ["a", "b"] {
            let one = "\(from.host)/interop/one:\(name)"
            #expect(try from.skopeoCopy("oci:\(layout):\(name)", "docker://\(one)").code == 0)
            let added = try podman.podman(["manifest", "add", "--tls-verify=false", list, "docker://\(one)"])
            #expect(added.code == 0, "\(added.errorText)")
        }
        let source = "\(from.host)/interop/list:1"
        let pushed = try podman.podman(["manifest", "push", "--all", "--tls-verify=false", list, "docker://\(source)"])
        #expect(pushed.code == 0, "\(pushed.errorText)")

        let target = "\(to.host)/interop/list:1"
        let outcome = try desk.bio.run("image", "copy", "docker://\(source)", "docker://\(target)")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        #expect(try to.skopeoManifest(target).output == from.skopeoManifest(source).output)
        let back = try to.skopeoCopy("docker://\(target)", "oci:\(desk.file("list")):1", ["--all"])
        #expect(back.code == 0, "\(back.errorText)")
    }

    /// What everybody on the machine can see says nothing: command lines, and what helpers are started with.
    @Test func nothingIsInTheListOfProcesses() throws {
        let registry = try ScriptedRegistry(["auth": "basic"])
        var desk = try RegistryDesk()
        let list = desk.file("processes")
        let helper = """
            #!/bin/sh
            cat >/dev/null
            cat /proc/$PPID/cmdline /proc/$$/cmdline /proc/$$/environ | tr '\\0' '\\n' >\(list)
            echo '{"Username": "\(ScriptedRegistry.user)", "Secret": "\(ScriptedRegistry.password)"}'
            """
        try Directory.create(desk.file("bin"))
        let program = desk.file("bin/docker-credential-listing")
        try AtomicFile.write(Array(helper.utf8), to: program)
        chmod(program, 0o755)
        try AtomicFile.write(Array(#"{"credsStore": "listing"}"#.utf8), to: desk.file("docker/config.json"))
        desk.bio.environment["PATH"] = "\(desk.file("bin")):/usr/bin:/bin"
        let outcome = try desk.bio.run("image", "copy", desk.image, "docker://\(registry.host)/a/app:1")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        try desk.expectClean(outcome, registry)
        let text = String(decoding: try contents(of: list), as: UTF8.self)
        #expect(text.contains("copy\n") && text.contains("docker-credential-listing"))
        for secret in try registry.state().secrets { #expect(!text.contains(secret)) }
    }
}
