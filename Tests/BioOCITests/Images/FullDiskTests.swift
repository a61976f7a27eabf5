// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioOCI
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// A file system with no room for an image.
@Suite struct FullDiskTests {
    /// Mounted as root; gone when this object is (2: also while something is open there).
    private final class SmallFileSystem {
        let path: String

        init(_ path: String) throws {
            self.path = path
            try Directory.create(path)
            _ = try output(of: ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", path])
        }

        deinit { _ = umount2(path, 2) }
    }

    @Test(arguments: ["new layout", "layout", "oci-archive", "docker-archive", "old archive"])
    func leavesWhatWasThere(place: String) throws {
        let scratch = try Scratch()
        let disk = try SmallFileSystem(scratch.file("disk"))
        let (layout, file) = ("\(disk.path)/layout", "\(disk.path)/file")
        if place == "layout" {
            try ImageFixture.publish(try ImageFixture.image(), to: LayoutDestination(path: layout, reference: "old"))
        }
        if place == "old archive" { try AtomicFile.write([1], to: file) }
        let list = ["find", disk.path, "-type", "f", "-exec", "sha256sum", "{}", "+"]
        let before = try output(of: list)
        do {
            let destination: any ImageDestination =
                switch place {
                case "docker-archive": DockerArchiveDestination(path: file, reference: nil)
                case "oci-archive", "old archive": OCIArchiveDestination(path: file, reference: nil)
                default: LayoutDestination(path: layout, reference: nil)
                }
            let image = try Self.largeImage()
            let error = #expect(throws: (any Error).self) { try ImageFixture.publish(image, to: destination) }
            #expect("\(String(describing: error))".contains("No space left on device"))
        }
        #expect(try output(of: list) == before)
        #expect(try output(of: ["find", disk.path, "-name", ".bio-*"]) == "")
    }

    /// More than fits, and cannot be compressed into it.
    private static func largeImage() throws -> Image {
        var state: UInt32 = 1
        var text = ""
        for _ in 0..<600_000 {
            state = state &* 1_664_525 &+ 1_013_904_223
            text.unicodeScalars.append(Unicode.Scalar(UInt8(0x20 + (state >> 24) % 0x5F)))
        }
        var image = try ImageFixture.image()
        image.layers.append(ImageFixture.layer("noise", [("noise", text)]))
        return image
    }
}
