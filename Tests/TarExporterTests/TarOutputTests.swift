// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

/// Where the file goes: what `--output` and `--results` say.
@Suite struct TarOutputTests {
    static let fileName = "acme-tool-0.9-20260104000000.tar.gz"

    @Test(
        arguments: [
            ("there", "there/\(fileName)"), ("there/", "there/\(fileName)"), ("there/my.tgz", "there/my.tgz"),
            ("./my.tar.gz", "./my.tar.gz"), ("my tool", "my tool"), ("-o-.tar.gz", nil), (".", fileName),
        ] as [(String, String?)]) func theUserNamesFileOrDirectory(option: String, place: String?) throws
    {
        let desk = try Desk()
        mkdir(desk.work("there"), 0o755)
        let outcome = try desk.bio.export("acme/tool", "--output=\(option)")
        guard let place else {
            #expect(outcome.code == 1 && outcome.errorText.contains("begins with a dash"), "\(outcome.errorText)")
            return
        }
        #expect(outcome.code == 0 && outcome.text == "\(place)\n", "\(outcome.errorText)")
        try tool("gzip", "-t", input: try contents(of: desk.work(place)))
        #expect(try !desk.names().contains { $0.hasPrefix(".") })
    }

    @Test func anAbsolutePathIsFine() throws {
        let desk = try Desk()
        let outcome = try desk.bio.export("acme/tool", "-o", desk.file("tmp/x.tar.gz"))
        #expect(outcome.code == 0 && outcome.text == "\(desk.file("tmp/x.tar.gz"))\n", "\(outcome.errorText)")
        #expect(try desk.names() == ["results"])
    }

    @Test(arguments: ["missing/x.tar.gz", "missing/", "missing/deeper/x.tar.gz"])
    func aMissingDirectoryIsRefused(option: String) throws {
        let desk = try Desk()
        let outcome = try desk.bio.export("acme/tool", "-o", option)
        #expect(outcome.code == 1)
        #expect(outcome.errorText.contains("is not there") && outcome.errorText.contains("mkdir -p"))
        #expect(try desk.names().isEmpty)
    }

    @Test func standardOutputGetsTheFileAndNothingElse() throws {
        let desk = try Desk()
        let streamed = try desk.bio.export("acme/tool", "-o", "-")
        #expect(streamed.code == 0, "\(streamed.errorText)")
        #expect(try desk.names().isEmpty && desk.temporaryNames().isEmpty)
        let json = try desk.bio.export("acme/tool", "-o", "-", "--format", "json")
        #expect(json.output == streamed.output)
        #expect(try desk.bio.export("acme/tool", "-o", "t.tar.gz").code == 0)
        #expect(try contents(of: desk.work("t.tar.gz")) == streamed.output)
    }

    @Test(arguments: [
        ("app.tar.xz", "gzip"), ("app.tar.gz", "xz"), ("app.tgz", "none"), ("app.tar", "zstd"), ("a.tar.zst", "gzip"),
    ]) func aNameThatPromisesAnotherCompressionIsRefused(name: String, compression: String) throws {
        let desk = try Desk()
        let outcome = try desk.bio.export("acme/tool", "-o", name, "--compression", compression)
        #expect(outcome.code == 64, "\(outcome.errorText)")
        #expect(outcome.errorText.contains("'\(name)'") && outcome.errorText.contains("--compression"))
        #expect(try desk.names().isEmpty)
    }

    @Test func anExistingFileIsReplaced() throws {
        let desk = try Desk()
        try AtomicFile.write(Array("old".utf8), to: desk.work("t.tar.gz"), mode: 0o600)
        #expect(try desk.bio.export("acme/tool", "-o", "t.tar.gz").code == 0)
        try tool("gzip", "-t", desk.work("t.tar.gz"))
    }

    /// It could be /dev/stdout.
    @Test func aLinkIsNeitherReplacedNorFollowed() throws {
        let desk = try Desk()
        try AtomicFile.write(Array("precious".utf8), to: desk.file("precious"))
        #expect(symlink(desk.file("precious"), desk.work("t.tar.gz")) == 0)
        let outcome = try desk.bio.export("acme/tool", "-o", "t.tar.gz")
        #expect(outcome.code == 1 && outcome.errorText.contains("'t.tar.gz' is in the way"))
        #expect(try contents(of: desk.file("precious")) == Array("precious".utf8))
        #expect(try FileStatus.ofLink(desk.work("t.tar.gz"))?.kind == .symlink)
    }

    @Test func aDirectoryInTheWayIsRefusedBeforeAnyWork() throws {
        let desk = try Desk()
        mkdir(desk.work(Self.fileName), 0o755)
        let outcome = try desk.bio.export("acme/tool")
        #expect(outcome.code == 1 && outcome.errorText.contains("'\(Self.fileName)' is in the way"))
        #expect(try desk.names() == [Self.fileName])
    }

    @Test(.enabled(if: canMount || geteuid() != 0, "root writes into any directory that is not mounted read-only"))
    func aReadOnlyDirectoryIsRefusedByName() throws {
        let desk = try Desk()
        try withReadOnlyDirectory(desk.work("locked")) {
            let outcome = try desk.bio.export("acme/tool", "-o", "locked/t.tar.gz")
            #expect(outcome.code == 1)
            #expect(outcome.errorText.contains("locked"), "\(outcome.errorText)")
            #expect(try Directory.names(desk.work("locked")).isEmpty)
        }
    }

    /// Root may write into any directory but one that is mounted read-only.
    private func withReadOnlyDirectory(_ path: String, _ body: () throws -> Void) throws {
        mkdir(path, 0o755)
        guard geteuid() == 0 else {
            chmod(path, 0o555)
            return try body()
        }
        try tool("mount", "-t", "tmpfs", "-o", "ro,size=64k", "tmpfs", path)
        defer { _ = umount(path) }
        try body()
    }

    @Test func reportsGoWhereTheUserWants() throws {
        let desk = try Desk()
        #expect(try desk.bio.export("acme/tool", "--results", "made/reports", "-o", "t.tar.gz").code == 0)
        #expect(try desk.names() == ["made", "t.tar.gz"])
        let reports = try Directory.names(desk.work("made/reports")).map { String(decoding: $0, as: UTF8.self) }
        #expect(reports == ["last_tar_export.env", "last_tar_export.json"])
    }

    @Test func twoExportsToOneFileEndWithOneWholeFile() throws {
        let desk = try Desk()
        let arguments = ["pkg", "export", "tar", "acme/app", "-o", "app.tar.gz"]
        let children = try (0..<4).map { try desk.bio.start(arguments, errors: desk.file("err\($0)")) }
        for (number, child) in children.enumerated() {
            let code = child.wait()
            let errors = String(decoding: try contents(of: desk.file("err\(number)")), as: UTF8.self)
            #expect(code == 0, "\(errors)")
        }
        #expect(try desk.names() == ["app.tar.gz", "results"])
        #expect(try desk.bio.export("acme/app", "-o", "alone.tar.gz").code == 0)
        #expect(try contents(of: desk.work("app.tar.gz")) == contents(of: desk.work("alone.tar.gz")))
    }
}
