// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTestSupport
import Testing

/// Real packages, and the images of them that the format docker makes.
@Suite struct ManifestImageTests {
    @Test func imagesAreNamedByDigestWhenTheyArePushed() throws {
        let registry = try TestRegistry.shared(.plain)
        let desk = try ExportDesk.platforms()
        let outcome = try desk.bio.kubernetes(
            "acme/guestbook", "core/redis", "--registry-url", registry.host, "--image-name", "kube/{{pkg_name}}",
            "--push-image", "--rm-image")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let manifest = try Manifest(outcome)
        #expect(try manifest.faults() == "")
        for name in ["guestbook", "redis"] {
            let image = manifest.container(name)?["image"]?.string ?? ""
            #expect(image.hasPrefix("\(registry.host)/kube/\(name)@sha256:"))
            // The registry has it, and it is the one of this service.
            let config = try tool("skopeo", "inspect", "--tls-verify=false", "--config", "docker://\(image)")
            let command = try DocumentValue(json: config)["config"]?["Cmd"]?.array?.last?.string
            #expect(command == manifest.command(name))
        }
        #expect(manifest.words("guestbook") == ["--peer=redis-gossip-0", "--bind=redis:redis.default"])
        #expect(manifest.words("redis") == ["--peer=guestbook-gossip-0"])
        #expect(try desk.names().filter { $0 != "results" } == [])
    }

    /// A container with what the pod says of user, volumes and words, on a real engine: the supervisor is started with
    /// them, finds the configuration, and can write where it must. The key of a ring is where the variable leads.
    @Test func theSupervisorGetsWhatThePodSays() throws {
        let engine = try TestEngine.shared(.docker)
        var desk = try ExportDesk.platforms()
        desk.bio.environment["DOCKER_HOST"] = engine.host
        try write("greeting = \"hi\"\n", to: desk.work("user.toml"))
        let outcome = try desk.bio.kubernetes(
            "acme/guestbook", "core/redis", "--image-name", "kube-words/{{pkg_name}}", "--to", "docker-daemon",
            "--count", "2", "--config", "user.toml")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let manifest = try Manifest(outcome)
        #expect(manifest.container("guestbook")?["image"]?.string == "kube-words/guestbook:1.4.0-20260106000000")
        let user = manifest.pod("guestbook")?["securityContext"]?["runAsUser"]?.int ?? -1
        let group = manifest.pod("guestbook")?["securityContext"]?["fsGroup"]?.int ?? -1
        var arguments = ["run", "--rm", "--user", "\(user):\(group)", "--cap-drop", "ALL"]
        for mount in manifest.container("guestbook")?["volumeMounts"]?.array ?? [] {
            let path = mount["mountPath"]?.string ?? ""
            arguments +=
                mount["name"]?.string == "config"
                ? ["--volume", "\(desk.bio.directory):\(path):ro"] : ["--tmpfs", "\(path):mode=2777,gid=\(group)"]
        }
        arguments += [manifest.container("guestbook")?["image"]?.string ?? ""] + manifest.words("guestbook")
        let run = try engine.docker(arguments)
        #expect(run.code == 0, "\(run.errorText)")
        #expect(
            run.text == """
                bio sup run acme/guestbook --peer=guestbook-gossip-0 --peer=guestbook-gossip-1 --peer=redis-gossip-0 \
                --bind=redis:redis.default
                as 42:42
                settings /hab/user/guestbook/config/user.toml
                greeting = "hi"

                """)
    }

    @Test func aFileGetsTheManifestAlone() throws {
        let desk = try ExportDesk()
        let outcome = try desk.bio.kubernetes("acme/cache", "-d", "-o", "cache.yaml")
        #expect(outcome.code == 0 && outcome.text == "cache.yaml\n", "\(outcome.text) \(outcome.errorText)")
        let text = String(decoding: try contents(of: desk.work("cache.yaml")), as: UTF8.self)
        #expect(try desk.manifest("acme/cache").text == text)
    }

    @Test func theShorterNameIsTheSame() throws {
        let desk = try ExportDesk()
        let outcome = try desk.bio.run("pkg", "export", "k8s", "acme/cache", "-d")
        #expect(try desk.manifest("acme/cache").text == outcome.text)
    }

    @Test func aDryRunWritesNoManifest() throws {
        let desk = try ExportDesk.platforms()
        let outcome = try desk.bio.kubernetes("acme/guestbook", "core/redis", "--dry-run")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        #expect(!outcome.text.contains("apiVersion"))
        #expect(try desk.names().isEmpty)
    }

    /// Without an engine and without a place each image is a file of its own.
    @Test func imagesCanBeFiles() throws {
        let desk = try ExportDesk.platforms()
        let outcome = try desk.bio.kubernetes("acme/guestbook", "core/redis", "-o", "shop.yaml")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let names = try desk.names().filter { $0.hasSuffix(".oci.tar") }
        #expect(names.count == 2 && names.contains("acme-guestbook-1.4.0-20260106000000.oci.tar"))
        #expect(outcome.text.split(separator: "\n").map(String.init).sorted() == (names + ["shop.yaml"]).sorted())
    }

    @Test func withoutTheFormatDockerThereIsNoImage() throws {
        var desk = try ExportDesk.platforms()
        let policy = desk.file("policy.toml")
        try write(
            "[[rule]]\nmatch = \"org.biome.docker\"\naction = \"disable\"\nreason = \"frozen\"\n", to: policy)
        desk.bio.environment["BIO_PLUGIN_POLICY"] = policy
        let outcome = try desk.bio.kubernetes("core/redis")
        #expect(outcome.code != 0 && outcome.output.isEmpty)
        #expect(outcome.errorText.contains("frozen") && outcome.errorText.contains("--no-docker-image"))
        #expect(try desk.bio.kubernetes("core/redis", "-d").code == 0)
    }

    /// The same packages and options, the same bytes.
    @Test func manifestsAreReproducible() throws {
        let texts = try (0..<2).map { _ in
            let desk = try ExportDesk.platforms()
            return try desk.bio.kubernetes("acme/guestbook", "core/redis", "-d").text
        }
        #expect(texts[0] == texts[1] && !texts[0].isEmpty)
    }
}

extension Manifest {
    /// The ident that the image of a workload runs by itself.
    func command(_ name: String) -> String? {
        let ident = workload(name)?["metadata"]?["annotations"]?["org.biome.package"]?.string
        return ident.map { $0.split(separator: "/").prefix(2).joined(separator: "/") }
    }
}
