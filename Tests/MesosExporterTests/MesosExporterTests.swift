// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// The application, and what is in the tarball.
@Suite struct MesosExporterTests {
    @Test func theApplicationIsPrintedAndInAFile() throws {
        let desk = try ExportDesk.platforms()
        let outcome = try desk.bio.mesos("acme/guestbook")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let stem = "acme-guestbook-1.4.0-20260106000000"
        #expect(try Set(desk.names()) == ["\(stem).tgz", "\(stem).json", "results"])
        let file = String(decoding: try contents(of: desk.work("\(stem).json")), as: UTF8.self)
        #expect(outcome.text == file)
        #expect(try Golden.mismatch(file, "guestbook") == nil)
    }

    @Test func everyOptionIsInIt() throws {
        let desk = try ExportDesk.platforms()
        let made = try desk.application(
            "acme/guestbook", "acme/twoports", "--cpu", "1.25", "--mem", "1024", "--disk", "10", "--instances", "3",
            "--id", "/shop/guests", "--uri", "https://files.example/apps/", "--env", "HAB_LICENSE=accept", "--env",
            "EMPTY=", "--bind", "redis:redis.prod", "--bind", "mirror:big_one.default", "--peer", "10.0.0.7", "--peer",
            "hub.example:9638", "--group", "prod")
        #expect(try Golden.mismatch(made.text, "every-option") == nil)
    }

    @Test func theOriginalsVariablesAreHonoured() throws {
        var desk = try ExportDesk.platforms()
        desk.bio.environment = ["CPU": "2", "MEM": "512", "DISK": "7", "INSTANCES": "4"]
        let all = try desk.application("acme/twoports").document
        #expect(all["cpus"]?.int == 2 && all["mem"]?.int == 512 && all["disk"]?.int == 7)
        #expect(all["instances"]?.int == 4)
        #expect(try desk.application("acme/twoports", "--instances", "5").document["instances"]?.int == 5)
        // Some systems use that name otherwise.
        desk.bio.environment["CPU"] = "x86_64"
        let refused = try desk.bio.mesos("acme/twoports")
        #expect(refused.code == 64 && refused.errorText.contains("variable CPU"), "\(refused.errorText)")
    }

    @Test func aURLIsTakenAsItIsOrAsADirectory() throws {
        let desk = try ExportDesk.platforms()
        func url(_ arguments: String...) throws -> String? {
            try desk.application(["acme/twoports"] + arguments).document["uris"]?.array?.first?.string
        }
        #expect(try url() == "URL_TO_app.tgz")
        #expect(try url("--uri", "s3n://bucket/x?y=1/a%20b.tgz") == "s3n://bucket/x?y=1/a%20b.tgz")
        #expect(try url("--uri", "http://files/apps/") == "http://files/apps/app.tgz")
    }

    /// Whatever a value holds is there again for whoever reads the JSON.
    @Test func hostileValuesAreCarriedUnharmed() throws {
        let desk = try ExportDesk.platforms()
        let values = [
            "quotes": #"say "it" and 'it'"#, "backslash": #"C:\new\table\"#, "lines": "one\ntwo\r\n\tthree\n",
            "braces": "{{ .Values.x }}", "dollar": "$(id) `id` ${HOME} $$", "unicode": "Grüße, 世界 🦊 \u{2028}\u{85}",
            "toml": "[a]\nb = 'c'\n", "yes": "yes", "number": "0777", "empty": "", "equals": "a=b=c",
        ]
        let arguments = values.flatMap { ["--env", "\($0.key)=\($0.value)"] }
        let made = try desk.application(["acme/twoports"] + arguments)
        for (name, value) in values { #expect(made.document["env"]?[name]?.string == value) }
        // Another reader sees the same.
        for (name, value) in values {
            let read = try Tool.run(["jq", "-j", "--arg", "n", name, ".env[$n]", made.path])
            #expect(read.text == value)
        }
    }

    @Test func namesBecomeThoseOfMarathon() throws {
        let desk = try ExportDesk.platforms()
        let whole = try desk.application("acme/Big_Shop")
        for word in ["70000", "x"] { #expect(whole.errorText.contains("exposes '\(word)', which is no port")) }
        let made = whole.document
        #expect(made["id"]?.string == "acme/big-shop")
        #expect(made["healthChecks"]?.array?.first?["path"]?.string == "/services/Big_Shop/default/health")
        // What is no port, and what is there twice, is left out.
        #expect(made["portDefinitions"]?.array?.compactMap { $0["port"]?.int } == [9631, 9638, 8000])
        let refused = try desk.bio.mesos("acme/tail_")
        #expect(refused.code != 0 && refused.errorText.contains("acme/tail-") && refused.errorText.contains("--id"))
        #expect(try desk.application("acme/tail_", "--id", "tail").document["id"]?.string == "tail")
    }

    @Test func healthNeedNotBeAskedFor() throws {
        let desk = try ExportDesk.platforms()
        #expect(try desk.application("acme/twoports", "--no-health-check").document["healthChecks"] == nil)
    }

    /// Packages come from the mirrors, and move: what lies around them does not.
    @Test func theTarballHoldsAWholeRoot() throws {
        let desk = try ExportDesk.platforms()
        _ = try desk.application("acme/twoports")
        let listing = String(decoding: try tool("tar", "-tvzf", desk.work("app.tgz")), as: UTF8.self)
        let lines = listing.split(separator: "\n").filter { !$0.contains(" bin/") && !$0.contains("hab/pkgs/core/") }
            .filter { !$0.contains("etc/ssl") }.map { line in
                let words = line.split(separator: " ", omittingEmptySubsequences: true)
                return ([words[0], words[1]] + words.dropFirst(5)).joined(separator: " ") + "\n"
            }
        #expect(try Golden.mismatch(lines.joined(), "root") == nil)
        #expect(listing.contains(" bin/sh -> /hab/pkgs/core/busybox-static/"))
        #expect(listing.contains(" bin/twoports -> /hab/pkgs/\(PlatformFixture.twoPorts.ident)/bin/twoports"))
        #expect(listing.contains(" etc/ssl -> /hab/pkgs/core/cacerts/"))
    }

    @Test func twoExportsAreTheSame() throws {
        let desk = try ExportDesk.platforms()
        func digest(_ arguments: String...) throws -> Digest {
            _ = try desk.application(["acme/guestbook"] + arguments)
            return try Digest.sha256(ofFile: try FileDescriptor.open(desk.work("app.tgz")))
        }
        let first = try digest()
        #expect(try digest("--in-process", "--threads", "1") == first)
    }

    @Test func aTrialMakesNothing() throws {
        let desk = try ExportDesk.platforms()
        let outcome = try desk.bio.mesos("acme/twoports", "--dry-run")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        #expect(try desk.names().isEmpty)
        for name in [".tgz", ".json"] { #expect((outcome.text + outcome.errorText).contains("20260106000000\(name)")) }
    }

    @Test func helpNamesTheOptions() throws {
        let desk = try ExportDesk.platforms()
        let help = try desk.bio.mesos("--help").text
        for name in ["--cpu", "--uri", "--docker", "--bind", "--to", "--bio-pkg", "[env: MEM]"] {
            #expect(help.contains(name), "\(name)")
        }
    }

    /// The supervisor that comes with `bio` is in no ring.
    @Test func aLoneSupervisorIsToldOfAddresses() throws {
        let desk = try ExportDesk.supplied()
        let made = try desk.application("acme/guestbook", "--bind-address", "redis=db.example:7000")
        let command = try #require(made.document["cmd"]?.string)
        #expect(command.contains("run acme/guestbook --bind-address"), "\(command)")
        #expect(made.document["portDefinitions"]?.array?.compactMap { $0["port"]?.int } == [9631, 8080])
        for (arguments, reasons) in [
            (["--peer", "hub.example"], ["--peer", "no ring", "--sup-pkg"]),
            // In the export or not: its task starts the first service.
            (["--bind", "redis:redis.default"], ["no ring", "guestbook", "alone", "--bind-address redis=HOST:PORT"]),
            (["--bind-address", "redis=db"], ["'redis=db' is not BIND=HOST:PORT"]),
            (["--bind-address", "nope=h:1"], ["acme/guestbook", "has no bind 'nope'", "it has redis, mirror"]),
            (["--bind-address", "redis=g:1", "--bind-address", "redis=h:2"], ["'redis' is given twice", "keep one"]),
        ] {
            let refused = try desk.bio.mesos(["acme/guestbook", "core/redis", "-o", "no.tgz"] + arguments)
            #expect(refused.code == 64, "\(refused.errorText)")
            for reason in reasons + ["hint:"] { #expect(refused.errorText.contains(reason), "\(refused.errorText)") }
        }
        let ring = try ExportDesk.platforms()
        let known = try ring.bio.mesos("acme/guestbook", "--bind-address", "redis=h:1", "-o", "no.tgz")
        #expect(known.code == 64 && known.errorText.contains("through its ring"), "\(known.errorText)")
    }

    /// The task would end, or wait, at every start.
    @Test(arguments: [
        (true, "--bind-address=redis=h:1", "add --bind-address redis=HOST:PORT"),
        (false, "--bind=redis:redis.default", "add --bind redis:SERVICE.GROUP"),
    ]) func aBindThatIsNotGivenIsWarnedOf(isAlone: Bool, given: String, option: String) throws {
        let desk = isAlone ? try ExportDesk.supplied() : try ExportDesk.platforms()
        let lacking = try desk.bio.mesos("acme/guestbook", "-o", "x.tgz")
        #expect(lacking.code == 0, "\(lacking.errorText)")
        #expect(lacking.errorText.contains("will not start without its bind 'redis': \(option)"))
        #expect(!lacking.errorText.contains("mirror"), "\(lacking.errorText)")
        let whole = try desk.bio.mesos("acme/guestbook", "-o", "y.tgz", given)
        #expect(whole.code == 0 && !whole.errorText.contains("will not start"), "\(whole.errorText)")
    }

    /// Configured now: the task starts the first process, and nobody answers at a gateway.
    @Test func aServiceRunsByItself() throws {
        let desk = try ExportDesk.platforms()
        let made = try desk.application(
            "acme/guestbook", "core/busybox-static", "--runtime", "direct", "--bind-address", "redis=10.0.0.7:6379")
        let command = try #require(made.document["cmd"]?.string)
        #expect(
            command.contains("exec chroot . /hab/pkgs/biome/bio-init/") && !command.contains("init.sh"), "\(command)")
        #expect(command.contains("/hab/svc/guestbook/bio-init.spec"))
        #expect(made.document["healthChecks"] == nil)
        #expect(made.document["portDefinitions"]?.array?.compactMap { $0["port"]?.int } == [8080])
        let hook = String(
            decoding: try tool("tar", "-xOzf", desk.work("app.tgz"), "hab/svc/guestbook/hooks/run"), as: UTF8.self)
        #expect(hook == "#!/bin/sh\nexec 2>&1\nguestbook 10.0.0.7 6379\nexec httpd -f -p 8080\n")
        // Without a supervisor its ports are the service's, wherever it is configured to listen.
        try AtomicFile.write(Array("[web]\nport = 9631\n".utf8), to: desk.work("moved.toml"))
        let moved = try desk.application(
            "acme/guestbook", "core/busybox-static", "--runtime", "direct", "--bind-address", "redis=10.0.0.7:6379",
            "--config", "moved.toml")
        #expect(moved.document["portDefinitions"]?.array?.compactMap { $0["port"]?.int } == [9631])
        let refused = try desk.bio.mesos("acme/twoports", "core/busybox-static", "--runtime", "direct", "--peer", "hub")
        #expect(refused.code == 64 && refused.errorText.contains("--peer"), "\(refused.errorText)")
        let unread = try desk.bio.mesos(
            "acme/twoports", "core/busybox-static", "--runtime", "direct", "--env", "HAB_TWOPORTS=http = 80")
        #expect(unread.code == 64 && unread.errorText.contains("nobody reads 'HAB_TWOPORTS'"), "\(unread.errorText)")
    }
}
