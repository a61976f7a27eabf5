// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Testing

/// What is refused, with the option named and a next step; nothing is left behind.
@Suite struct MesosRefusalTests {
    @Test(arguments: [
        (["acme/guestbook", "--cpu", "0"], ["--cpu", "0.5 or 2"]), (["acme/guestbook", "--cpu", "1e3"], ["'1e3'"]),
        (["acme/guestbook", "--cpu", "-1"], ["--cpu"]), (["acme/guestbook", "--cpu", "0.0001"], ["0.001"]),
        (["acme/guestbook", "--cpu", "1.2.3"], ["'1.2.3'"]), (["acme/guestbook", "--cpu="], ["--cpu"]),
        (["acme/guestbook", "--mem", "0"], ["--mem"]), (["acme/guestbook", "--mem", "1g"], ["--mem"]),
        (["acme/guestbook", "--instances", "-1"], ["--instances"]),
        (["acme/guestbook", "--disk", "99999999999999999999"], ["--disk"]),
        (["acme/guestbook", "--uri", "files/app.tgz"], ["--uri", "SCHEME://"]),
        (["acme/guestbook", "--uri", "http://a b/"], ["--uri"]), (["acme/guestbook", "--uri", "://x"], ["--uri"]),
        (["acme/guestbook", "--uri", "https://x/" + String(repeating: "x", count: 1100) + ".tgz"], ["1024"]),
        (["acme/guestbook", "--uri", "https://files.example"], ["--uri", ".tgz"]),
        (["acme/guestbook", "--uri", "https://files.example/a.zip"], ["--uri", ".tgz"]),
        (["acme/guestbook", "--uri", "https://files.example/a.tgz?sig=1"], ["--uri", "very end"]),
        (["acme/guestbook", "--uri", "https://files.example/a'b.tgz"], ["--uri", "quotes"]),
        (["acme/guestbook", "--uri", #"https://files.example/a\b.tgz"#], ["--uri"]),
        (["acme/guestbook", "--id", "restart"], ["--id", "versions"]),
        (["acme/guestbook", "--id", "/a/tasks"], ["--id"]),
        (["acme/guestbook", "--env", "PATH=/sbin"], ["--env", "/init.sh"]),
        (["acme/guestbook", "--id", "Shop/Cart"], ["--id", "lower-case"]),
        (["acme/guestbook", "--id", "a//b"], ["--id"]), (["acme/guestbook", "--id", "-a"], ["--id"]),
        (["acme/guestbook", "--id", "a.-b"], ["--id"]), (["acme/guestbook", "--id", ""], ["--id"]),
        (["acme/guestbook", "--env", "NAME"], ["--env", "NAME=VALUE"]),
        (["acme/guestbook", "--env", "A=1", "--env", "A=2"], ["--env", "twice"]),
        (["acme/guestbook", "--env", "A B=1"], ["--env", "space"]),
        (["acme/guestbook", "--bind", "redis"], ["--bind", "database:postgresql.default"]),
        (["acme/guestbook", "--bind", "redis:redis"], ["--bind"]),
        (["acme/guestbook", "--bind", "redis:redis.default.x"], ["--bind"]),
        (["acme/guestbook", "--bind", "a:b:c.d"], ["--bind"]),
        (["acme/guestbook", "--bind", ":redis.default"], ["--bind"]),
        (["acme/guestbook", "--bind", "a:b.c d"], ["--bind"]),
        (["acme/guestbook", "--peer", "host:0"], ["--peer", "9638"]),
        (["acme/guestbook", "--peer", "a b"], ["--peer"]), (["acme/guestbook", "--peer", "-x"], ["--peer"]),
        (["acme/guestbook", "--peer", ""], ["--peer"]), (["acme/guestbook", "--group", "a.b"], ["--group"]),
        (["acme/guestbook", "--group", ""], ["--group"]),
        (["acme/plain"], [PlatformFixture.plain.ident, "run hook"]),
        (["acme/guestbook", "--base-pkgs", "none"], ["--base-pkgs none"]),
        (["acme/guestbook", "-o", "app.zip"], ["app.zip", ".tgz"]),
        (["acme/guestbook", "--to", "oci-archive:x.tar"], ["--to: no image is made", "mesos --help"]),
        (["acme/guestbook", "--push-image"], ["--push-image: no image"]),
        (["acme/guestbook", "--compression", "zstd", "--dry-run"], ["--compression: no image"]),
        (["acme/guestbook", "--docker", "--uri", "http://x/"], ["--uri", "--docker"]),
    ]) func whatWillNotDoIsRefused(arguments: [String], named: [String]) throws {
        let desk = try ExportDesk.platforms()
        let outcome = try desk.bio.mesos(arguments)
        #expect(outcome.code == 64)
        for text in named { #expect(outcome.errorText.contains(text), "\(outcome.errorText)") }
        #expect(try outcome.text.isEmpty && desk.names().isEmpty)
    }
}
