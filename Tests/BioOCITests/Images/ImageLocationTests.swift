// SPDX-License-Identifier: Apache-2.0

import BioOCI
import Testing

@Suite struct ImageLocationTests {
    @Test(arguments: [
        ("oci:out", ImageLocation.layout(path: "out", reference: nil)),
        ("oci:/a/b:core/redis", .layout(path: "/a/b", reference: "core/redis")),
        ("oci:/a/b:core/redis:1.2", .layout(path: "/a/b", reference: "core/redis:1.2")),
        ("oci:/a/b:registry.example:5000/x:1", .layout(path: "/a/b", reference: "registry.example:5000/x:1")),
        ("oci:/a/b:V1.0+build", .layout(path: "/a/b", reference: "V1.0+build")),
        ("oci-archive:x.tar:latest", .ociArchive(path: "x.tar", reference: "latest")),
        ("oci-archive:-", .ociArchive(path: "-", reference: nil)),
        ("docker-archive:x.tar", .dockerArchive(path: "x.tar", reference: nil)),
        ("docker-archive:/a:b/c d.tar:x:1", .dockerArchive(path: "/a:b/c d.tar", reference: "x:1")),
        ("docker-archive:/12:30/c.tar:", .dockerArchive(path: "/12:30/c.tar", reference: nil)),
        ("docker-daemon", .engine(reference: nil)),
        ("docker-daemon:core/redis:1", .engine(reference: "core/redis:1")),
        (
            "docker://registry.example:5000/core/redis:1",
            .registry(try! ImageReference(parsing: "registry.example:5000/core/redis:1"))
        ),
    ])
    func reads(text: String, location: ImageLocation) throws {
        #expect(try ImageLocation(parsing: text) == location)
        #expect(location.description == text)
    }

    @Test func anEmptyNameOfAnEngineIsNone() throws {
        #expect(try ImageLocation(parsing: "docker-daemon:") == .engine(reference: nil))
    }

    @Test(arguments: [
        ("", "'' does not say what kind of place it is"),
        ("out.tar", "'out.tar' does not say what kind of place it is"),
        ("docker:x", "'docker:x' does not say what kind of place it is"),
        ("oci:", "'oci:' has no path"),
        ("oci", "'oci' has no path"),
        ("oci::x", "'oci::x' has no path"),
        ("oci-archive:::", "'oci-archive:::' has no path"),
        (
            "oci:dir:Core/Redis",
            "'oci:dir:Core/Redis' is no place of an image: 'Core/Redis' is no image name: there is an upper-case letter at character 1"
        ),
        (
            "docker-daemon:X",
            "'docker-daemon:X' is no place of an image: 'X' is no image name: there is an upper-case letter at character 1"
        ),
    ])
    func refuses(text: String, message: String) {
        let error = #expect(throws: ImageLocation.ParseError.self) { try ImageLocation(parsing: text) }
        #expect(error?.description == message)
        #expect(error?.hint != nil)
    }

    @Test func refusesDigestsForEngines() {
        let digest = "sha256:" + String(repeating: "0", count: 64)
        for text in ["docker-daemon:x@\(digest)", "docker-archive:f:x@\(digest)"] {
            #expect(throws: ImageLocation.ParseError.digest(text)) { try ImageLocation(parsing: text) }
        }
    }
}
