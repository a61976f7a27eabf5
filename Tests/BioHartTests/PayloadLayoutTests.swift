// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioPackage
import Testing

@testable import BioHart

@Suite struct PayloadLayoutTests {
    private func member(_ path: String, _ kind: TarMember.Kind = .file) -> TarMember {
        TarMember(path: Array(path.utf8), kind: kind, mode: 0o755)
    }

    private func inside(_ path: String) -> PayloadLayout.Place { .inside(Array(path.utf8)) }

    @Test func learnsThePackageFromItsFirstMember() throws {
        var layout = PayloadLayout(path: "x.hart")
        #expect(throws: HartError.metafileMissing(path: "x.hart", .ident)) { try layout.finish() }
        #expect(try layout.place(member("hab/pkgs/core/a/1/2", .directory)) == .root)
        #expect(try layout.place(member("hab/pkgs/core/a/1/2/bin", .directory)) == inside("bin"))
        #expect(try layout.place(member("hab/pkgs/core/a/1/2/bin/a")) == inside("bin/a"))
        #expect(try layout.finish().description == "core/a/1/2")
    }

    @Test func takesTheDirectoriesAboveBeforeAndAfter() throws {
        var layout = PayloadLayout(path: "x.hart")
        for path in ["hab", "hab/pkgs", "hab/pkgs/core", "hab/pkgs/core/a", "hab/pkgs/core/a/1"] {
            #expect(try layout.place(member(path, .directory)) == .above)
        }
        #expect(try layout.place(member("hab/pkgs/core/a/1/2/IDENT")) == inside("IDENT"))
        #expect(try layout.place(member("hab/pkgs", .directory)) == .above)
    }

    @Test func readsTheLaterBiomeToo() throws {
        var layout = PayloadLayout(path: "x.hart")
        #expect(try layout.place(member("bio/pkgs/core/a/1/2/IDENT")) == inside("IDENT"))
        #expect(throws: HartError.memberOutsidePrefix(path: "x.hart", member: Array("hab/pkgs/core/a/1/2/x".utf8))) {
            try layout.place(member("hab/pkgs/core/a/1/2/x"))
        }
    }

    @Test(arguments: ["hab", "bio", "opt/hab", "opt/bio"])
    func theRootOfEveryWorldIsTold(root: String) throws {
        var layout = PayloadLayout(path: "x.hart")
        var parent = ""
        for directory in "\(root)/pkgs/core/a/1".split(separator: "/") {
            parent += parent.isEmpty ? "\(directory)" : "/\(directory)"
            #expect(try layout.place(member(parent, .directory)) == .above)
        }
        #expect(try layout.place(member("\(root)/pkgs/core/a/1/2/bin/a")) == inside("bin/a"))
        #expect(layout.rootDirectory == root)
        #expect(layout.ownDirectory == Array("\(root)/pkgs/core/a/1/2".utf8))
        #expect(try layout.finish().description == "core/a/1/2")
    }

    @Test(arguments: [
        "opt/habx/pkgs/core/a/1/2", "opt/pkgs/core/a/1/2/x", "usr/hab/pkgs/core/a/1/2", "usr/pkgs/core/a/1/2/x",
        "hab/pkg/core/a/1/2/x", "hab/cache/keys/a/b/c",
        "habx/pkgs/core/a/1/2",
    ])
    func refusesOtherTrees(path: String) {
        var layout = PayloadLayout(path: "x.hart")
        #expect(throws: HartError.memberOutsidePrefix(path: "x.hart", member: Array(path.utf8))) {
            try layout.place(member(path, .directory))
        }
    }

    @Test(arguments: [
        "hab/pkgs/core/a/1/20/x", "hab/pkgs/core/a/1/3", "hab/pkgs/core/b/1/2/x", "hab/pkgs/core/a/10/2/x",
        "hab/pkgs/corex/a/1/2",
    ])
    func refusesWhatIsBesideThePackage(path: String) throws {
        var layout = PayloadLayout(path: "x.hart")
        _ = try layout.place(member("hab/pkgs/core/a/1/2", .directory))
        #expect(throws: HartError.memberOutsidePrefix(path: "x.hart", member: Array(path.utf8))) {
            try layout.place(member(path))
        }
    }

    @Test func refusesDirectoriesAboveAnotherPackage() throws {
        for early in ["etc", "hab/svc", "hab/pkgs/other", "hab/pkgs/core/b"] {
            var layout = PayloadLayout(path: "x.hart")
            #expect(try layout.place(member(early, .directory)) == .above)
            #expect(throws: HartError.memberOutsidePrefix(path: "x.hart", member: Array(early.utf8))) {
                try layout.place(member("hab/pkgs/core/a/1/2/x"))
            }
            layout = PayloadLayout(path: "x.hart")
            _ = try layout.place(member("hab/pkgs/core/a/1/2/x"))
            #expect(throws: HartError.memberOutsidePrefix(path: "x.hart", member: Array(early.utf8))) {
                try layout.place(member(early, .directory))
            }
        }
    }

    @Test func keepsFewDirectoriesInMind() throws {
        var layout = PayloadLayout(path: "x.hart")
        for number in 0..<5 { _ = try layout.place(member("d\(number)", .directory)) }
        #expect(throws: HartError.memberOutsidePrefix(path: "x.hart", member: Array("d5".utf8))) {
            try layout.place(member("d5", .directory))
        }
    }

    @Test(arguments: ["hab", "hab/pkgs", "hab/pkgs/core/a/1", "hab/pkgs/core/a/1/2"])
    func refusesLinksInPlaceOfDirectories(path: String) {
        var layout = PayloadLayout(path: "x.hart")
        let link = TarMember.Kind.symlink(Array("/etc".utf8))
        #expect(throws: HartError.prefixKind(path: "x.hart", member: Array(path.utf8), kind: "symbolic link")) {
            try layout.place(member(path, link))
        }
    }

    @Test func refusesDirectoriesThatAreNoIdent() {
        var layout = PayloadLayout(path: "x.hart")
        let fault = PackageIdent.ParseError.piece(.origin, value: "Core", text: "Core/a/1/2", fault: .upperCase)
        #expect(throws: HartError.badPrefix(path: "x.hart", fault)) {
            try layout.place(member("hab/pkgs/Core/a/1/2/IDENT"))
        }
        let bytes = Array("hab/pkgs/core/a/1/".utf8) + [0xFF]
        #expect(throws: HartError.self) {
            try layout.place(TarMember(path: bytes, kind: .directory, mode: 0o755))
        }
    }
}
