// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// The manifest, and what is in the image.
@Suite struct ACIExporterTests {
    @Test func theManifestIsThatOfTheOriginal() throws {
        let desk = try ExportDesk.platforms()
        try desk.manifest("acme/twoports")
        let text = String(decoding: try tool("tar", "-xOzf", desk.work("image.aci"), "manifest"), as: UTF8.self)
        #expect(try Golden.mismatch(text, "twoports") == nil)
    }

    @Test func everyOptionIsInIt() throws {
        let desk = try ExportDesk.platforms()
        try desk.manifest(
            "acme/guestbook", "acme/twoports", "--name", "example.org/guests", "--env", "HAB_GUESTBOOK=x", "--env",
            "_A1=", "--bind", "redis:redis.prod", "--peer", "hub.example:9638", "--group", "prod")
        let text = String(decoding: try tool("tar", "-xOzf", desk.work("image.aci"), "manifest"), as: UTF8.self)
        #expect(try Golden.mismatch(text, "every-option") == nil)
    }

    @Test func theFileIsCalledLikeThePackage() throws {
        let desk = try ExportDesk.platforms()
        let outcome = try desk.bio.aci("acme/plain", "acme/guestbook")
        #expect(outcome.text == "acme-guestbook-1.4.0-20260106000000.aci\n", "\(outcome.errorText)")
    }

    @Test func odderNamesAreTakenToo() throws {
        let desk = try ExportDesk.platforms()
        let shop = try desk.manifest("acme/Big_Shop")
        #expect(shop["name"]?.string == "acme/big_shop")
        #expect(
            shop["app"]?["ports"]?.array?.compactMap { $0["name"]?.string } == [
                "habitat", "gossip-tcp", "gossip-udp", "big-shop-8000",
            ])
        #expect(shop["labels"]?.array?.first?["value"]?.string == "2.0-rc.1+7")
        let refused = try desk.bio.aci("acme/tail_")
        #expect(refused.code != 0 && refused.errorText.contains("'acme/tail_'") && refused.errorText.contains("--name"))
        #expect(try desk.manifest("acme/tail_", "--name", "tail")["name"]?.string == "tail")
    }

    @Test func hostileValuesAreCarriedUnharmed() throws {
        let desk = try ExportDesk.platforms()
        let values = [
            #"say "it" and 'it'"#, #"C:\new\table\"#, "one\ntwo\r\n\tthree\n", "{{ x }}", "$(id) `id` ${HOME}",
            "Grüße, 世界 🦊 \u{2028}", "", "a=b=c",
        ]
        var arguments: [String] = []
        for (number, value) in values.enumerated() { arguments += ["--env", "V\(number)=\(value)"] }
        let outcome = try desk.bio.aci(["acme/twoports", "-o", "image.aci"] + arguments)
        #expect(outcome.code == 0, "\(outcome.errorText)")
        // appc's own tool reads them.
        let read = try tool("actool", "cat-manifest", desk.work("image.aci"))
        let variables = try DocumentValue(json: read)["app"]?["environment"]?.array ?? []
        #expect(variables.dropFirst().map { $0["value"]?.string } == values)
    }

    /// Nothing but a manifest and a root file system is in it, and no path twice.
    @Test func theArchiveIsWhatAppcAsksFor() throws {
        let desk = try ExportDesk.platforms()
        try desk.manifest("core/redis", "acme/guestbook")
        let paths = String(decoding: try tool("tar", "-tzf", desk.work("image.aci")), as: UTF8.self)
            .split(separator: "\n").map { $0.last == "/" ? $0.dropLast() : $0 }
        #expect(Set(paths).count == paths.count && paths.count > 500)
        #expect(Set(paths.map { $0.prefix { $0 != "/" } }) == ["manifest", "rootfs"])
    }

    /// Its root is that of the tarball for Mesos, and redis runs in it.
    @Test func realProgramsRunInTheRoot() throws {
        let desk = try ExportDesk.platforms()
        let manifest = try desk.manifest("core/redis", "acme/guestbook")
        try Directory.create(desk.work("unpacked"))
        try tool("tar", "-C", desk.work("unpacked"), "-xzf", desk.work("image.aci"))
        let root = desk.work("unpacked/rootfs")
        let words = manifest["app"]?["exec"]?.array?.compactMap(\.string) ?? []
        #expect(words == ["/init.sh", "run", "core/redis"])
        func inside(_ words: [String]) throws -> Tool.Outcome {
            try Tool.run(["env", "-i", "PATH=/bin", "/usr/sbin/chroot", root] + words)
        }
        let started = try inside(words)
        #expect(started.text == "bio sup run core/redis\nas 0:0\n", "\(started.errorText)")
        #expect(try inside(["/bin/redis-server", "--version"]).text.contains("Redis server v="))
        // Relative links are as in the package.
        let outcome = try desk.bio.run("pkg", "export", "mesos", "core/redis", "acme/guestbook", "-o", "root.tgz")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        try Directory.create(desk.work("root"))
        try tool("tar", "-C", desk.work("root"), "-xzf", desk.work("root.tgz"))
        #expect(
            try treeListing(root)
                == treeListing(desk.work("root")).filter { line in
                    !["d 755 dev", "d 755 proc", "d 755 sys"].contains(line)
                })
    }

    @Test func twoExportsAreTheSame() throws {
        let desk = try ExportDesk.platforms()
        try desk.manifest("acme/guestbook")
        let first = try contents(of: desk.work("image.aci"))
        try desk.manifest("acme/guestbook", "--in-process", "--threads", "1")
        #expect(try contents(of: desk.work("image.aci")) == first)
    }

    @Test func aTrialMakesNothing() throws {
        let desk = try ExportDesk.platforms()
        let outcome = try desk.bio.aci("acme/twoports", "--sign", "--dry-run")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        #expect(try desk.names().isEmpty)
        #expect((outcome.text + outcome.errorText).contains("20260106000000.aci.asc"))
    }

    @Test func helpNamesTheOptions() throws {
        let desk = try ExportDesk.platforms()
        let help = try desk.bio.aci("--help").text
        for name in ["--name", "--sign-key", "--bind", "--bio-pkg", "[env: SIGN_ARGS]"] {
            #expect(help.contains(name), "\(name)")
        }
    }

    /// Configured now, and started by the first process: appc's own tool takes it, and it runs in its root.
    @Test func aServiceRunsByItself() throws {
        let desk = try ExportDesk.platforms()
        let manifest = try desk.manifest(
            "acme/guestbook", "core/busybox-static", "--runtime", "direct", "--bind-address", "redis=127.0.0.1:6379")
        let app = try #require(manifest["app"])
        let words = app["exec"]?.array?.compactMap(\.string) ?? []
        #expect(words.count == 2 && words[0].hasSuffix("/bin/bio-init"), "\(words)")
        #expect(words.last == "/hab/svc/guestbook/bio-init.spec")
        #expect(app["ports"]?.array?.compactMap { $0["name"]?.string } == ["guestbook-8080"])
        #expect(app["mountPoints"]?.array?.compactMap { $0["name"]?.string } == ["hab-data"])
        let hook = String(
            decoding: try tool("tar", "-xOzf", desk.work("image.aci"), "rootfs/hab/svc/guestbook/hooks/run"),
            as: UTF8.self)
        #expect(hook == "#!/bin/sh\nexec 2>&1\nguestbook 127.0.0.1 6379\nexec httpd -f -p 8080\n")
        let paths = String(decoding: try tool("tar", "-tzf", desk.work("image.aci")), as: UTF8.self)
        #expect(!paths.contains("init.sh") && !paths.contains("biome/bio/"))
    }

    /// The supervisor that comes with `bio` is in no ring, and starts the first service alone.
    @Test func aLoneSupervisorIsToldOfAddresses() throws {
        let desk = try ExportDesk.supplied()
        let base = ["acme/guestbook", "core/redis", "-o", "x.aci"]
        for (words, reason) in [
            (["--bind", "redis:redis.default"], "--bind-address redis=HOST:PORT"),
            (["--bind-address", "nope=h:1"], "has no bind 'nope'"),
            (["--bind-address", "mirror=h:1", "--bind-address", "mirror=g:2"], "'mirror' is given twice"),
        ] {
            let outcome = try desk.bio.aci(base + words)
            #expect(outcome.code == 64 && outcome.errorText.contains(reason), "\(outcome.errorText)")
        }
        let lacking = try desk.bio.aci(base)
        #expect(lacking.code == 0 && lacking.errorText.contains("will not start without its bind 'redis'"))
    }

    @Test func portsAreThoseThatAreConfigured() throws {
        let desk = try ExportDesk.platforms()
        try AtomicFile.write(Array("[web]\nport = 9631\n".utf8), to: desk.work("moved.toml"))
        let manifest = try desk.manifest(
            "acme/guestbook", "core/busybox-static", "--runtime", "direct", "--bind-address", "redis=127.0.0.1:6379",
            "--config", "moved.toml")
        #expect(manifest["app"]?["ports"]?.array?.compactMap { $0["name"]?.string } == ["guestbook-9631"])
    }

    @Test func wordsForASupervisorAreRefusedWithoutOne() throws {
        let desk = try ExportDesk.platforms()
        let base = ["acme/twoports", "core/busybox-static", "--runtime", "direct", "-o", "x.aci"]
        for (words, reason) in [
            (["--peer", "hub"], "--peer"), (["--group", "x"], "--group"), (["--bind", "a:b.c"], "--bind-address"),
            (["--env", "HAB_TWOPORTS=http = 80"], "nobody reads 'HAB_TWOPORTS'"),
        ] {
            let outcome = try desk.bio.aci(base + words)
            #expect(outcome.code == 64 && outcome.errorText.contains(reason), "\(outcome.errorText)")
        }
        let under = try desk.bio.aci("acme/twoports", "--config", "x.toml", "-o", "x.aci")
        #expect(under.code == 64 && under.errorText.contains("add --runtime direct"), "\(under.errorText)")
    }
}
