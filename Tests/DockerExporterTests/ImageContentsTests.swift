// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// What is in an image: what the original exporter puts there, without what is wrong with it.
@Suite struct ImageContentsTests {
    @Test func everyFileIsThatOfTheOriginal() throws {
        let desk = try ExportDesk()
        let image = try desk.image("acme/web")
        #expect(try Golden.mismatch(try image.judge("tree"), "supervisor") == nil)
        #expect(try Golden.mismatch(try image.judge("config"), "supervisor-config") == nil)
    }

    @Test func withoutASupervisorThereIsTheClosureAndLittleElse() throws {
        let desk = try ExportDesk()
        let image = try desk.image("acme/web", "--runtime", "none")
        #expect(try Golden.mismatch(try image.judge("tree"), "none") == nil)
        #expect(try Golden.mismatch(try image.judge("config"), "none-config") == nil)
    }

    @Test func everyPackageIsALayerAndTheRestIsOnTop() throws {
        let desk = try ExportDesk()
        let image = try desk.image("acme/web")
        // The C library is in the closure of the supervisor.
        #expect(
            try image.judge("layers").split(separator: "\n") == [
                "base packages", "\(ImageFixture.library.ident)", "\(ImageFixture.web.ident)",
                "users, links and /init.sh",
            ])
        let top = try image.judge("top").split(separator: "\n")
        #expect(!top.contains { $0.contains("hab/pkgs/") && !$0.contains("->") })
    }

    @Test func commandsAreLinkedAndLaterOnesWin() throws {
        let desk = try ExportDesk()
        let image = try desk.image("acme/web", "acme/worker", "acme/tool")
        let links = try image.tree("bin")
        func target(_ name: String) -> String? {
            links.first { $0.contains(" bin/\(name) -> ") }?.split(separator: " ").last.map(String.init)
        }
        let web = "/hab/pkgs/\(ImageFixture.web.ident)"
        #expect(target("sh") == "/hab/pkgs/\(ImageFixture.busybox.ident)/bin/sh")
        #expect(target("bio") == "/hab/pkgs/\(ImageFixture.bio.ident)/bin/bio")
        #expect(target("ls") == "\(web)/bin/ls" && target("web-admin") == "\(web)/sbin/web-admin")
        #expect(target("web") == "/hab/pkgs/\(ImageFixture.worker.ident)/bin/web")
        #expect(target("two") == "/hab/pkgs/\(ImageFixture.tool.ident)/bin/two")
        // Of dependencies, of the package manager's other commands, and of directories there are none.
        for name in ["lib-tool", "other", "applets", "directory", "far", "none"] { #expect(target(name) == nil) }
        // In one package the first directory of PATH counts.
        #expect(try desk.image("acme/web").tree("bin/web").first?.contains("\(web)/bin/web") == true)
    }

    @Test func theScriptStartsTheServiceThatWasAskedFor() throws {
        let desk = try ExportDesk()
        func service(_ argument: String) throws -> [String?] {
            let image = try desk.image(argument)
            let line = try image.text("init.sh").split(separator: "\n").first { $0.contains("sup run") }
            let word = line?.split(separator: " ").dropLast(2).last.map(String.init)
            return [word] + (try image.process()["Cmd"]?.strings ?? [])
        }
        #expect(try service("acme/web") == ["acme/web", "run", "acme/web"])
        #expect(try service("acme/web/2.0.1") == ["acme/web/2.0.1", "run", "acme/web/2.0.1"])
        // Updates of an artifact are found by origin and name.
        let artifact = try ImageWorld.shared.get().artifact(ImageFixture.web)
        #expect(try service(artifact) == ["acme/web", "run", "acme/web"])
    }

    /// The script itself runs, with a stand-in for the package manager.
    @Test(arguments: [
        (["--help"], "sup --help"), (["-V"], "sup -V"), (["help"], "sup help"), ([], "sup"),
        (["--peer", "a b"], "sup run acme/odd/1.0;'x'&$y --peer a b"), (["-v"], "sup run acme/odd/1.0;'x'&$y -v"),
        (["run", "acme/x"], "sup run acme/x"), (["sh"], "sup sh"), (["--version", "x"], "sup --version x"),
    ]) func theScriptHandsOnWhatItGets(arguments: [String], shown: String) throws {
        let desk = try ExportDesk()
        let image = try desk.image("acme/odd/1.0;'x'&$y", "--no-tag-version", "--no-tag-version-release")
        let script = try image.text("init.sh")
        #expect(script.hasPrefix("#!/hab/pkgs/\(ImageFixture.busybox.ident)/bin/sh\n"))
        #expect(script.contains("export PATH=\"/bin\"\n"))
        let program = desk.file("bio")
        try AtomicFile.write(Array("#!/bin/sh\necho \"$PATH $*\"\n".utf8), to: program)
        try FileDescriptor.open(program).setMode(0o755)
        let local = desk.file("init.sh")
        try AtomicFile.write(Array(script.replacing("/bin/bio", with: program).utf8), to: local)
        #expect(try Tool.run(["/bin/sh", local] + arguments).text == "/bin \(shown)\n")
    }

    @Test func portsAreThoseOfEveryService() throws {
        let desk = try ExportDesk()
        func ports(_ arguments: String...) throws -> Set<String> {
            Set(try desk.image(arguments).process()["ExposedPorts"]?.keys ?? [])
        }
        #expect(
            try ports("acme/web", "acme/worker", "acme/tool") == ["9631/tcp", "8080/tcp", "8443/tcp", "9000/tcp"])
        #expect(try ports("acme/web", "acme/worker", "--runtime", "none") == ["8080/tcp", "8443/tcp", "9000/tcp"])
        #expect(try ports("acme/lonely", "--runtime", "none").isEmpty)
    }

    @Test func theFirstServiceIsWhatTheImageIsAbout() throws {
        let desk = try ExportDesk()
        let image = try desk.image("acme/tool", "acme/worker", "acme/web")
        #expect(try image.process()["Cmd"]?.strings == ["run", "acme/worker"])
        #expect(try image.text("etc/passwd").contains("\nworker:x:42:42:"))
        #expect(try !image.text("etc/passwd").contains("\nweb:"))
        #expect(
            try image.process()["Labels"]?["org.biome.packages"]?.string
                == [ImageFixture.tool, ImageFixture.worker, ImageFixture.web].map(\.ident).joined(separator: " "))
    }

    @Test(arguments: [[], ["--runtime", "none", "--entrypoint", "/bin/x"]])
    func twoExportsAreOneImage(arguments: [String]) throws {
        let desk = try ExportDesk()
        let first = try desk.image(["acme/web", "acme/worker"] + arguments).judge("diffids")
        #expect(try desk.image(["acme/web", "acme/worker", "--in-process"] + arguments).judge("diffids") == first)
        #expect(try desk.image(["acme/web", "acme/worker", "--threads", "1"] + arguments).judge("diffids") == first)
    }

    @Test func bothNamesAreOneFormat() throws {
        let desk = try ExportDesk()
        let first = try desk.image("acme/web").judge("diffids")
        let outcome = try desk.bio.run("pkg", "export", "container", "acme/web", "-o", "c.tar", "--compression", "none")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        #expect(try MadeImage(path: desk.work("c.tar"), errorText: "").judge("diffids") == first)
    }

    /// Another tool lays the layers over each other.
    @Test func umociUnpacksTheSame() throws {
        let desk = try ExportDesk()
        let outcome = try desk.bio.docker("acme/web", "--to", "oci:\(desk.work("layout")):1")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        try tool("umoci", "unpack", "--rootless", "--image", "\(desk.work("layout")):1", desk.work("bundle"))
        let lines = try treeListing(desk.work("bundle/rootfs"))
        #expect(lines.contains("f 755 \(try desk.image("acme/web").text("init.sh").utf8.count) init.sh"))
        #expect(lines.contains("d 1777 tmp") && lines.contains("d 750 root") && lines.contains("d 770 .hab/cache/keys"))
        #expect(lines.contains("d 775 hab") && lines.contains("d 775 hab/pkgs/\(ImageFixture.web.ident)"))
        #expect(lines.contains("l etc/ssl -> /hab/pkgs/\(ImageFixture.certificates.ident)/ssl"))
    }
}
