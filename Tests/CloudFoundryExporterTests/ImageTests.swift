// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// The image beside the one that docker would make, its names, and its manifest.
@Suite struct ImageTests {
    private let mapping = "port = ${PORT}\npassword = \"$(service \"db\" .password)$(service mq .url)$(service $X)\"\n"

    private func inspect(_ engine: TestEngine, _ reference: String) throws -> DocumentValue {
        let shown = try engine.docker(["image", "inspect", reference])
        guard shown.code == 0 else { throw BuiltBio.Missing(description: shown.errorText) }
        return try #require(try DocumentValue(json: shown.output).array?.first)
    }

    /// Docker's layers, jq with what it needs, and one of the mapping; but for three lines the same configuration.
    @Test(arguments: [("core/redis", "6379"), ("acme/guestbook", "8080"), ("acme/twoports", "8000")])
    func itIsDockersImageWithMoreLayers(package: String, port: String) throws {
        let desk = try ExportDesk.platforms()
        let name = String(package.split(separator: "/")[1])
        let image = try desk.image(mapping, package, as: "more-\(name)")
        var bio = desk.bio
        bio.environment["DOCKER_HOST"] = image.engine.host
        let outcome = try bio.run(["pkg", "export", "docker", package, "-i", "cf/base-\(name)"])
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let (own, base) = (
            try inspect(image.engine, image.reference), try inspect(image.engine, "cf/base-\(name):latest")
        )

        let layers = try #require(own["RootFS"]?["Layers"]?.array)
        let baseLayers = try #require(base["RootFS"]?["Layers"]?.array)
        #expect(Set(baseLayers).isSubset(of: layers))
        #expect(layers.first == baseLayers.first && layers.dropLast().last == baseLayers.last)

        var expected = try #require(base["Config"]?.object)
        expected["Entrypoint"] = ["/cf-init.sh"]
        expected["ExposedPorts"] = .object(try object(["\(port)/tcp": [:]]))
        #expect(expected["Cmd"] == ["run", .string(package)])
        let found = try #require(own["Config"]?.object)
        for key in Set(expected.keys + found.keys) { #expect(found[key] == expected[key], "\(key)") }
    }

    private func object(_ members: [String: DocumentValue]) throws -> DocumentObject {
        var object = DocumentObject()
        for (key, value) in members { object.append(key, value) }
        return object
    }

    /// `cf-` stands before every tag and nowhere else, a registry's port is no tag.
    @Test func everyTagBeginsWithCF() throws {
        let desk = try ExportDesk.platforms()
        try AtomicFile.write(Array("a = 1".utf8), to: desk.work("m.toml"))
        let outcome = try desk.bio.run([
            "pkg", "export", "cf", "acme/guestbook", "m.toml", "--registry-url", "registry.example:5000/team",
            "--tag-custom", "Edge", "-o", "book.tar",
        ])
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let report = try String(decoding: contents(of: desk.work("results/last_cf_export.env")), as: UTF8.self)
        let name = "registry.example:5000/team/acme/guestbook"
        let tags = ["latest", "1.4.0", "1.4.0-20260106000000", "edge"].map { "\(name):cf-\($0)" }
        #expect(report.contains(tags.joined(separator: ",")), "\(report)")
        #expect(try manifest(desk)["docker"]?["image"]?.string == tags.last)
    }

    /// From the export to a container with nothing in between: the registry has what the manifest names, under the names
    /// that the options make, or those of the place.
    @Test(arguments: [
        (["--registry-url", "HOST", "--push-image"], "acme/guestbook:cf-1.4.0-20260106000000"),
        (["--to", "docker://HOST/place/book"], "place/book:cf-1.4.0-20260106000000"),
        (["--to", "docker://HOST/place/book:own"], "place/book:own"),
    ]) func theRegistryHasWhatTheManifestNames(options: [String], name: String) throws {
        let desk = try ExportDesk.platforms()
        let registry = try TestRegistry.shared(.plain)
        try AtomicFile.write(Array("a = \"${A}\"".utf8), to: desk.work("m.toml"))
        let outcome = try desk.bio.run(
            ["pkg", "export", "cf", "--mapping", "m.toml", "acme/guestbook", "--to", "oci-archive:copy.tar"]
                + options.map { $0.replacing("HOST", with: registry.host) })
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let reference = try #require(try manifest(desk)["docker"]?["image"]?.string)
        #expect(reference == "\(registry.host)/\(name)")
        let image = EngineImage(engine: try TestEngine.shared(.docker), reference: reference, errorText: "")
        let started = try image.run(environment: ["A": "b"])
        #expect(started.text.hasSuffix("config/user.toml\na = \"b\""), "\(started.errorText)")
    }

    /// The application of the manifest, as Python reads it.
    private func manifest(_ desk: borrowing ExportDesk) throws -> DocumentValue {
        let text = try contents(of: desk.work("acme-guestbook-1.4.0-20260106000000.manifest.yml"))
        let script = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)"
        let manifest = try DocumentValue(json: try tool("python3", "-c", script, input: text))
        #expect(manifest["version"] == 1 && manifest["applications"]?.array?.count == 1)
        return try #require(manifest["applications"]?.array?.first)
    }

    /// The services that the mapping names, those that the platform is to bind.
    @Test func theManifestNamesTheServices() throws {
        let desk = try ExportDesk.platforms()
        let outcome = try desk.export(
            mapping, "acme/guestbook", options: ["--app", "Ä \"book\": #1", "-o", "book.tar"])
        #expect(outcome.code == 0, "\(outcome.errorText)")
        #expect(outcome.text == "book.tar\nacme-guestbook-1.4.0-20260106000000.manifest.yml\n")
        #expect(
            try manifest(desk) == [
                "name": "Ä \"book\": #1", "docker": ["image": "acme/guestbook:cf-1.4.0-20260106000000"],
                "services": ["db", "mq"],
            ])
        // Again into the same directory: its own files are replaced.
        #expect(try desk.export("a = 1", "acme/guestbook", options: ["-o", "book.tar"]).code == 0)
        #expect(try manifest(desk)["services"] == nil)
        #expect(try manifest(desk)["name"] == "guestbook")
    }

    /// What listens nowhere is not to be looked for at a port.
    @Test(arguments: [
        ("a = 1", true), ("a = $PORT", false), ("a = $(port)", false), ("a = \"$DB_PORT$(echo port PORTS)\"", true),
    ]) func aServiceWithoutPortsHasNoRoute(mapping: String, isWorker: Bool) throws {
        let worker = PackageFixture(
            "acme/worker/1.0/20260106000000", files: [.init("hooks/run", "#!/bin/sh\n", mode: 0o755)])
        let desk = try ExportDesk.platforms()
        let package = try worker.artifact(in: desk.file("artifacts"), keys: PlatformWorld.shared.get().keys)
        try AtomicFile.write(Array(mapping.utf8), to: desk.work("m.toml"))
        let outcome = try desk.bio.run(["pkg", "export", "cf", package, "m.toml", "-o", "x.tar"])
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let text = try String(
            decoding: contents(of: desk.work("acme-worker-1.0-20260106000000.manifest.yml")), as: UTF8.self)
        #expect(text.contains("no-route: true\n") == isWorker, "\(text)")
        #expect(text.contains("health-check-type: process\n") == isWorker, "\(text)")
    }

    /// What is no port is left out, and said; the first that is one counts.
    @Test func aPortThatIsNoneIsWarnedAbout() throws {
        var ports = PackageFixture(
            "acme/odd/1.0/20260106000000", files: [.init("hooks/run", "#!/bin/sh\n", mode: 0o755)])
        ports.metafiles = ["EXPOSES": "70000 0 http 8081 -1\n"]
        let desk = try ExportDesk.platforms()
        let package = try ports.artifact(in: desk.file("artifacts"), keys: PlatformWorld.shared.get().keys)
        let image = try desk.image("a = 1", package, as: "odd")
        #expect(try inspect(image.engine, image.reference)["Config"]?["ExposedPorts"] == ["8081/tcp": [:]])
        for word in ["70000", "0", "http", "-1"] {
            #expect(image.errorText.contains("exposes '\(word)', which is no port"), "\(image.errorText)")
        }
    }

    /// Platforms may refuse images that run as root.
    @Test(arguments: [("4711", "4711:0"), ("hab", "42:42")]) func theImageSaysWhoRunsIt(user: String, shown: String)
        throws
    {
        let desk = try ExportDesk.platforms()
        let image = try desk.image("a = 1", as: "user", "--user", user)
        #expect(try inspect(image.engine, image.reference)["Config"]?["User"]?.string == user)
        let outcome = try image.run()
        if shown.hasSuffix(":0") {
            #expect(outcome.text.contains("as \(shown)\nsettings"), "\(outcome.errorText)")
        } else {
            #expect(outcome.code == 1 && outcome.text.isEmpty)
            #expect(outcome.errorText.contains("run as root or in group 0"), "\(outcome.errorText)")
        }
    }

    @Test func texts() throws {
        let desk = try ExportDesk.platforms()
        #expect(try desk.export(mapping, "acme/guestbook", options: ["-o", "book.tar"]).code == 0)
        let manifest = try contents(of: desk.work("acme-guestbook-1.4.0-20260106000000.manifest.yml"))
        #expect(try Golden.mismatch(String(decoding: manifest, as: UTF8.self), "manifest") == nil)
        let image = try desk.image(mapping, "acme/guestbook", as: "texts")
        for name in ["cf-init.sh", "cf-render.sh", "cf-mapping.sh"] {
            let shown = try image.run(["/\(name)"], options: ["--entrypoint", "/bin/cat"]).text
            // Debian's jq and busybox may be of any version.
            let text = shown.replacing(#/core/(jq|busybox-static)/[^ /]*/[^ /]*//#) { "core/\($0.1)/VERSION/" }
            let mismatch = try Golden.mismatch(text, name)
            #expect(mismatch == nil, "\(mismatch ?? "")")
        }
    }

    @Test func theSameGoesInAndComesOut() throws {
        let desk = try ExportDesk.platforms()
        for name in ["one.tar", "two.tar"] {
            let outcome = try desk.export(mapping, options: ["-o", name, "--no-manifest", "--layer-cache", "none"])
            #expect(outcome.code == 0 && outcome.text == "\(name)\n", "\(outcome.errorText)")
        }
        #expect(try contents(of: desk.work("one.tar")) == contents(of: desk.work("two.tar")))
    }

    @Test func aDryRunMakesNothing() throws {
        let desk = try ExportDesk.platforms()
        let outcome = try desk.export(mapping, "acme/guestbook", options: ["-o", "book.tar", "--dry-run"])
        #expect(outcome.code == 0, "\(outcome.errorText)")
        #expect(outcome.text == "book.tar\nacme-guestbook-1.4.0-20260106000000.manifest.yml\n")
        #expect(try desk.names() == ["cf-mapping.toml"])
    }

    /// The image alone can go to standard output.
    @Test func theImageCanBeStreamed() throws {
        let desk = try ExportDesk.platforms()
        let outcome = try desk.export("a = 1", options: ["-o", "-", "--no-manifest"])
        #expect(outcome.code == 0, "\(outcome.errorText)")
        try AtomicFile.write(outcome.output, to: desk.work("x.tar"))
        #expect(try String(decoding: tool("tar", "-tf", desk.work("x.tar")), as: UTF8.self).contains("index.json"))
        let refused = try desk.export("a = 1", options: ["-o", "-"])
        #expect(refused.code == 1 && refused.output.isEmpty)
        #expect(refused.errorText.contains("manifest.yml' has no place"), "\(refused.errorText)")
    }

    /// Both services of the demonstration in one image: the first one is what it is about.
    @Test func moreServicesAreInTheImage() throws {
        let desk = try ExportDesk.platforms()
        try AtomicFile.write(Array("a = $PORT".utf8), to: desk.work("m.toml"))
        let engine = try TestEngine.shared(.docker)
        var bio = desk.bio
        bio.environment["DOCKER_HOST"] = engine.host
        let outcome = try bio.run(
            ["pkg", "export", "cf", "acme/guestbook", "core/redis", "m.toml", "-i", "cf/both", "--no-manifest"])
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let image = EngineImage(engine: engine, reference: "cf/both:cf-latest", errorText: "")
        let started = try image.run(environment: ["PORT": "8080"])
        #expect(
            started.text
                == "bio sup run acme/guestbook\nas 0:0\nsettings /hab/user/guestbook/config/user.toml\na = 8080",
            "\(started.errorText)")
        #expect(try image.run(["--version"], options: ["--entrypoint", "/bin/redis-server"]).text.contains("Redis"))
    }
}
