// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// Charts with the images that the format docker makes for them: redis as it is in the real world, and a service that
/// binds to it.
@Suite struct ChartImageTests {
    @Test func imagesAreNamedByTheirDigests() throws {
        let desk = try ExportDesk.platforms()
        let registry = try TestRegistry.shared(.plain)
        let arguments = [
            "acme/guestbook", "core/redis", "--registry-url", registry.host, "--image-name", "helm/{{pkg_name}}",
        ]
        let outcome = try desk.bio.helm(
            arguments + ["--push-image", "--rm-image", "--push", "oci://\(registry.host)/helm"])
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let chart = Chart(path: desk.work("guestbook-1.4.0.tgz"))
        let values = try chart.values()
        for (name, value) in [
            ("guestbook", values["imageName"]), ("redis", values["services"]?["redis"]?["imageName"]),
        ] {
            let image = value?.string ?? ""
            #expect(image.hasPrefix("\(registry.host)/helm/\(name)@sha256:"), "\(image)")
            #expect(try registry.skopeoManifest(image).code == 0)
        }
        let rendered = try chart.rendered("--skip-tests")
        #expect(try rendered.faults() == "")
        #expect(rendered.words("my-guestbook").contains("--bind=redis:redis.default"))
        #expect(rendered.words("my-guestbook").contains("--peer=my-redis-gossip-0"))
    }

    @Test func imageAndChartAppearTogetherOrNotAtAll() throws {
        let desk = try ExportDesk.platforms()
        try AtomicFile.write([], to: desk.work("redis"))
        let outcome = try desk.bio.helm("core/redis", "--to", "oci-archive:image.tar")
        #expect(outcome.code != 0)
        #expect(try desk.names() == ["redis"])
    }

    @Test func withoutDockerTheReasonSaysSo() throws {
        let desk = try ExportDesk.platforms()
        var bio = desk.bio
        let policy = "[[rule]]\nmatch = \"org.biome.docker\"\naction = \"disable\"\nreason = \"no images here\"\n"
        try AtomicFile.write(Array(policy.utf8), to: desk.file("policy.toml"))
        bio.environment["BIO_PLUGIN_POLICY"] = desk.file("policy.toml")
        let outcome = try bio.helm("core/redis")
        #expect(outcome.code == 5, "\(outcome.errorText)")
        #expect(outcome.errorText.contains("no images here"), "\(outcome.errorText)")
        #expect(outcome.errorText.contains("--no-docker-image"), "\(outcome.errorText)")
        #expect(try bio.helm("core/redis", "-d").code == 0)
    }
}
