// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Testing

/// What is refused, with the option named and a next step; nothing is left behind.
@Suite struct ACIRefusalTests {
    @Test(arguments: [
        (["acme/guestbook", "--name", "Example.org/x"], ["--name", "lower-case"]),
        (["acme/guestbook", "--name", "a--b"], ["--name"]), (["acme/guestbook", "--name", "/a"], ["--name"]),
        (["acme/guestbook", "--name", "a/"], ["--name"]), (["acme/guestbook", "--name", ""], ["--name"]),
        (["acme/guestbook", "--env", "NAME"], ["--env", "NAME=VALUE"]),
        (["acme/guestbook", "--env", "A-B=1"], ["--env", "letters, digits"]),
        (["acme/guestbook", "--env", "1A=1"], ["--env"]), (["acme/guestbook", "--env", "Ä=1"], ["--env"]),
        (["acme/guestbook", "--env", "PATH=/sbin"], ["--env", "/init.sh"]),
        (["acme/guestbook", "--bind", "redis"], ["--bind", "database:postgresql.default"]),
        (["acme/guestbook", "--peer", "host:70000"], ["--peer"]), (["acme/guestbook", "--group", "a b"], ["--group"]),
        (["acme/plain"], [PlatformFixture.plain.ident, "run hook"]),
        (["acme/guestbook", "--base-pkgs", "none"], ["--base-pkgs none"]),
        (["acme/guestbook", "-o", "image.tar"], ["image.tar", ".aci"]),
    ]) func whatWillNotDoIsRefused(arguments: [String], named: [String]) throws {
        let desk = try ExportDesk.platforms()
        let outcome = try desk.bio.aci(arguments)
        #expect(outcome.code == 64)
        for text in named { #expect(outcome.errorText.contains(text), "\(outcome.errorText)") }
        #expect(try outcome.text.isEmpty && desk.names().isEmpty)
    }
}
