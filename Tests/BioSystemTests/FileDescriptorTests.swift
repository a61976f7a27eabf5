// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct FileDescriptorTests {
    @Test func namesThePathThatCannotBeOpened() throws {
        let error = #expect(throws: SystemError.self) { _ = try FileDescriptor.open("/nowhere/at/all") }
        #expect(error == SystemError("open", "/nowhere/at/all", .noSuchFile))
        #expect(error?.description == "cannot open '/nowhere/at/all': No such file or directory")
    }

    @Test func closesWhenItEnds() throws {
        let scratch = try Scratch()
        let path = try scratch.write([1], to: "file")
        let number: CInt
        do {
            let file = try FileDescriptor.open(path)
            number = file.rawValue
            #expect(fcntl(number, F_GETFD) & FD_CLOEXEC != 0)
        }
        // Another test may have got the number meanwhile; then it is another file.
        var raw = stat()
        let stillThere = fstat(number, &raw) == 0
        let inode = try #require(try FileStatus.of(path)).inode
        #expect(!stillThere || UInt64(raw.st_ino) != inode)
    }

    @Test func refusesAFileThatIsTooLongToRead() throws {
        let scratch = try Scratch()
        let path = try scratch.write([UInt8](repeating: 7, count: 100), to: "file")
        #expect(try FileDescriptor.open(path).readToEnd(limit: 100).count == 100)
        #expect(throws: Errno(rawValue: EFBIG)) { _ = try FileDescriptor.open(path).readToEnd(limit: 99) }
    }

    /// A size that was right, and those of files that were shorter or longer a moment ago.
    @Test(arguments: [0, 1, 99, 100, 101, 70_000]) func readsAllOfAFileWhateverSizeIsExpected(size: Int64) throws {
        let scratch = try Scratch()
        let path = try scratch.write(noted(100), to: "file")
        #expect(try FileDescriptor.open(path).readToEnd(limit: 1 << 20, size: size) == noted(100))
        #expect(throws: Errno(rawValue: EFBIG)) {
            _ = try FileDescriptor.open(path).readToEnd(limit: 99, size: size)
        }
    }

    private func noted(_ count: UInt8) -> [UInt8] { Array(0..<count) }

    @Test(arguments: ["../outside", "link", "link/file", "/etc/passwd", "directory/../../outside"])
    func openBeneathNeverLeaves(path: String) throws {
        let scratch = try Scratch()
        try Directory.create(scratch.file("in/directory"))
        _ = try scratch.write([1], to: "outside")
        _ = try scratch.write([1], to: "in/file")
        #expect(symlink("..", scratch.file("in/link")) == 0)
        let directory = try FileDescriptor.open(scratch.file("in"), O_RDONLY | O_DIRECTORY)
        #expect(throws: SystemError.self) { _ = try directory.openBeneath(Array(path.utf8)) }
        #expect(throws: Never.self) { _ = try directory.openBeneath(Array("file".utf8)) }
    }

    @Test func reportsAFullDevice() throws {
        let full = try FileDescriptor.open("/dev/full", O_WRONLY)
        #expect(throws: Errno.noSpace) { try full.writeAll([1, 2, 3]) }
    }
}
