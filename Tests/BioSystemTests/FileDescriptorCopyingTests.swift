// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct FileDescriptorCopyingTests {
    @Test(arguments: [0, 1, 4096, 100_001]) func copiesWithinAFileSystem(size: Int) throws {
        let scratch = try Scratch()
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try copy(try scratch.write(bytes, to: "from"), to: scratch.file("to"))
        #expect(try contents(of: scratch.file("to")) == bytes)
    }

    /// Neither clone nor copy_file_range can: /proc has no sizes, and it is another file system.
    @Test func copiesWhatTheKernelMakesUp() throws {
        let scratch = try Scratch()
        try copy("/proc/self/maps", to: scratch.file("to"))
        #expect(try contents(of: scratch.file("to")).count > 0)
    }

    @Test func copiesToAnotherFileSystem() throws {
        let scratch = try Scratch()
        let bytes = [UInt8](repeating: 7, count: 300_000)
        let target = "/dev/shm/bio-test-copy-\(getpid())"
        defer { unlink(target) }
        try copy(try scratch.write(bytes, to: "from"), to: target)
        #expect(try contents(of: target) == bytes)
    }

    @Test func aCopyEndsWhenItIsAskedTo() throws {
        let scratch = try Scratch()
        let source = try FileDescriptor.open(try scratch.write([1], to: "from"))
        let target = try FileDescriptor.open(scratch.file("to"), O_RDWR | O_CREAT)
        do throws(SystemError) {
            try source.copyContents(to: target, path: "to", cancellation: Cancellation { true })
        } catch {
            #expect(error.errno == .cancelled)
            return
        }
        // Where blocks are shared there is nothing to end.
        #expect(try target.status().size == 1)
    }

    @Test func aFullDiskIsTold() throws {
        let scratch = try Scratch()
        let source = try FileDescriptor.open(try scratch.write([1], to: "from"))
        let full = try FileDescriptor.open("/dev/full", O_WRONLY)
        let error = #expect(throws: SystemError.self) { try source.copyContents(to: full, path: "there") }
        #expect(error == SystemError("copy to", "there", .noSpace))
    }

    private func copy(_ source: String, to target: String) throws {
        let file = try FileDescriptor.open(target, O_RDWR | O_CREAT | O_EXCL)
        try FileDescriptor.open(source).copyContents(to: file, path: target)
    }
}
