// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

/// gpg signs the finished file, and gpg says whether it did.
@Suite struct ACISignatureTests {
    /// A desk with a gpg home of its own, in which are a key without a passphrase and one with.
    private struct Signer: ~Copyable {
        var desk: ExportDesk
        static let passphrase = "a long \"sentence\" $HOME"

        init() throws {
            var desk = try ExportDesk.platforms()
            let home = desk.file("gnupg")
            try Directory.create(home)
            try tool("chmod", "700", home)
            try Self.gpg(home, ["--passphrase", "", "--quick-generate-key", "plain@acme.example"])
            try Self.gpg(home, ["--passphrase", Self.passphrase, "--quick-generate-key", "locked@acme.example"])
            try AtomicFile.write(Array("\(Self.passphrase)\n".utf8), to: desk.file("passphrase"))
            desk.bio.environment["GNUPGHOME"] = home
            self.desk = desk
        }

        // The agent is the home's own.
        deinit { _ = try? Tool.run(["gpgconf", "--homedir", desk.file("gnupg"), "--kill", "all"]) }

        func gpg(_ words: String...) throws -> String { try Self.gpg(desk.file("gnupg"), words) }

        @discardableResult
        private static func gpg(_ home: String, _ words: [String]) throws -> String {
            let outcome = try Tool.run(["gpg", "--batch", "--homedir", home, "--pinentry-mode", "loopback"] + words)
            guard outcome.code == 0 else { throw BuiltBio.Missing(description: "gpg: \(outcome.errorText)") }
            return outcome.text
        }

        /// Exports to `image.aci`, and returns who signed it by gpg's word.
        func export(_ words: String..., name: String = "image.aci") throws -> String {
            let outcome = try desk.bio.aci(["acme/twoports", "-o", name] + words)
            guard outcome.code == 0 else { throw BuiltBio.Missing(description: outcome.errorText) }
            #expect(outcome.text == "\(name)\n\(name).asc\n")
            let signature = String(decoding: try contents(of: desk.work("\(name).asc")), as: UTF8.self)
            #expect(signature.hasPrefix("-----BEGIN PGP SIGNATURE-----\n"))
            let status = try gpg("--status-fd", "1", "--verify", desk.work("\(name).asc"), desk.work(name))
            let good = status.split(separator: "\n").first { $0.contains(" GOODSIG ") }
            return good?.split(separator: " ").last.map(String.init) ?? ""
        }

        /// Exports what must be refused; nothing may be left.
        func refusal(_ words: String...) throws -> String {
            let outcome = try desk.bio.aci(["acme/twoports", "-o", "image.aci"] + words)
            #expect(outcome.code != 0 && outcome.text.isEmpty)
            #expect(try desk.names().isEmpty)
            return outcome.errorText
        }
    }

    @Test func theDefaultKeySigns() throws {
        var signer = try Signer()
        #expect(try signer.export("--sign") == "plain@acme.example")
        signer.desk.bio.environment["SIGN"] = "true"
        #expect(try signer.export() == "plain@acme.example")
        try tool("actool", "validate", signer.desk.work("image.aci"))
    }

    @Test func anotherKeyIsOpenedByItsPassphrase() throws {
        let signer = try Signer()
        let file = signer.desk.file("passphrase")
        #expect(
            try signer.export("--sign", "--sign-key", "locked@acme.example", "--sign-passphrase-file", file)
                == "locked@acme.example")
        let outcome = try signer.desk.bio.aci("acme/guestbook", "--sign", "--sign-passphrase-file", file, "-v")
        #expect(!outcome.errorText.contains(Signer.passphrase))
    }

    @Test func aWrongPassphraseLeavesNothing() throws {
        let signer = try Signer()
        try AtomicFile.write(Array("wrong\n".utf8), to: signer.desk.file("wrong"))
        let text = try signer.refusal(
            "--sign", "--sign-key", "locked@acme.example", "--sign-passphrase-file", signer.desk.file("wrong"))
        #expect(text.contains("--sign") && text.contains("gpg did not sign") && text.contains("--sign-key"), "\(text)")
    }

    @Test func aKeyThatIsNotThereLeavesNothing() throws {
        let signer = try Signer()
        #expect(try signer.refusal("--sign", "--sign-key", "nobody@acme.example").contains("gpg did not sign"))
    }

    @Test func theOriginalsWordsAreHonoured() throws {
        var signer = try Signer()
        signer.desk.bio.environment["SIGN"] = "1"
        signer.desk.bio.environment["SIGN_ARGS"] = "--armor --yes --digest-algo SHA512 -u plain@acme.example"
        #expect(try signer.export() == "plain@acme.example")
        let packets = try signer.gpg("--list-packets", signer.desk.work("image.aci.asc"))
        #expect(packets.contains("digest algo 10"))
    }

    @Test func wordsForAnUnsignedImageAreNotUsed() throws {
        var desk = try ExportDesk.platforms()
        desk.bio.environment["SIGN_ARGS"] = "--default-key x"
        let outcome = try desk.bio.aci("acme/twoports")
        #expect(outcome.code == 0 && outcome.errorText.contains("not signed without --sign"), "\(outcome.errorText)")
    }

    @Test(
        arguments: [
            (["SIGN": "yes"], [], ["SIGN", "yes"]),
            (["SIGN": "true", "SIGN_ARGS": "--output /tmp/x"], [], ["--sign-args", "'--output'", "--default-key"]),
            (["SIGN": "true", "SIGN_ARGS": "--clearsign"], [], ["'--clearsign'"]),
            (["SIGN": "true", "SIGN_ARGS": "--local-user"], [], ["'--local-user'"]),
            ([:], ["--sign-key", "plain@acme.example"], ["--sign-key", "add --sign"]),
            ([:], ["--sign-passphrase-file", "/nowhere"], ["--sign-passphrase-file", "add --sign"]),
            ([:], ["--sign", "--sign-passphrase-file", "/nowhere"], ["--sign-passphrase-file"]),
            ([:], ["--sign", "--sign-key", ""], ["--sign-key"]),
        ] as [([String: String], [String], [String])])
    func whatWillNotDoIsRefused(variables: [String: String], arguments: [String], named: [String]) throws {
        var desk = try ExportDesk.platforms()
        desk.bio.environment = variables
        let outcome = try desk.bio.aci(["acme/twoports"] + arguments)
        #expect(outcome.code != 0)
        for text in named { #expect(outcome.errorText.contains(text), "\(outcome.errorText)") }
        #expect(try desk.names().isEmpty)
    }

    @Test func withoutGPGTheReasonIsGiven() throws {
        var desk = try ExportDesk.platforms()
        try Directory.create(desk.file("empty"))
        try tool("ln", "-s", "/bin/sh", desk.file("empty/sh"))
        desk.bio.environment["PATH"] = desk.file("empty")
        let outcome = try desk.bio.aci("acme/twoports", "--sign")
        #expect(outcome.code != 0 && outcome.errorText.contains("gpg"), "\(outcome.errorText)")
        #expect(try desk.names().isEmpty)
    }
}
