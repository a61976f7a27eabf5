// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioTestSupport
import Testing

/// `--docker`: an image in a registry takes the tarball's place.
@Suite struct MesosImageTests {
    @Test func agentsPullTheImageByDigest() throws {
        let desk = try ExportDesk.platforms()
        let registry = try TestRegistry.shared(.plain)
        let made = try desk.application(
            "acme/guestbook", "--docker", "--to", "docker://\(registry.host)/mesos/guestbook",
            "--bind", "redis:redis.default")
        let image = made.document["container"]?["docker"]?["image"]?.string ?? ""
        let manifest = try registry.skopeoManifest(image)
        #expect(manifest.code == 0, "\(manifest.errorText)")
        #expect(image == "\(registry.host)/mesos/guestbook@\(Digest.sha256(of: manifest.output))")
        let placeless = made.text.replacing(image, with: "IMAGE")
        #expect(try Golden.mismatch(placeless, "image") == nil)
        // Nothing but the application is left.
        #expect(try Set(desk.names()).isSubset(of: ["app.json", "results"]))
    }

    @Test func anImageThatNobodyCanPullIsRefused() throws {
        let desk = try ExportDesk.platforms()
        let outcome = try desk.bio.mesos("acme/twoports", "--docker", "--to", "oci-archive:\(desk.work("x.tar"))")
        #expect(outcome.code == 64)
        for text in ["--docker", "--to docker://"] { #expect(outcome.errorText.contains(text), "\(outcome.errorText)") }
        #expect(try desk.names().isEmpty)
    }

    @Test func theTrialPlansTheImageToo() throws {
        let desk = try ExportDesk.platforms()
        let outcome = try desk.bio.mesos(
            "acme/twoports", "--docker", "--to", "docker://127.0.0.1:9/never", "--dry-run")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        #expect((outcome.text + outcome.errorText).contains("127.0.0.1:9/never"))
        #expect(try desk.names().isEmpty)
    }
}
