// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// What users see when a registry does not do what it should: one message, an exit code, no secret, nothing half-written,
/// and afterwards a run that does the rest.
@Suite(.timeLimit(.minutes(15))) struct RegistryFaultTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let fault: DocumentValue
        let code: Int32
        let text: String
        init(_ fault: DocumentValue, _ code: Int32, _ text: String) {
            (self.fault, self.code, self.text) = (fault, code, text)
        }
        var testDescription: String { "\(fault.json(.compact)) -> \(code)" }
    }

    static let pushes = [
        Case(["kind": "upload-start", "do": "answer", "status": 401], 6, "does not let"),
        Case(["kind": "upload-start", "do": "answer", "status": 403, "code": "DENIED"], 6, "403 DENIED: denied"),
        Case(["kind": "blob-head", "do": "answer", "status": 403], 6, "403"),
        Case(["kind": "manifest-put", "do": "answer", "status": 404, "code": "NAME_UNKNOWN"], 6, "NAME_UNKNOWN"),
        Case(["kind": "manifest-put", "do": "answer", "status": 413], 6, "413"),
        Case(["kind": "manifest-put", "do": "answer", "status": 400, "body": "\u{1b}[2J<html>"], 6, "400"),
        Case(
            ["kind": "upload-start", "do": "answer", "status": 429, "headers": ["Retry-After": "3600"]], 6, "429"),
        Case(
            ["kind": "upload-put", "do": "answer", "status": 503, "headers": ["Retry-After": "3600"]], 6, "503"),
        Case(["kind": "upload-put", "do": "answer", "status": 507, "code": "UNKNOWN"], 6, "507"),
        Case(["kind": "upload-put", "do": "answer", "status": 400, "code": "DIGEST_INVALID"], 6, "DIGEST_INVALID"),
        Case(["kind": "upload-start", "do": "lie", "headers": ["Location": nil]], 1, "makes no sense"),
        Case(["kind": "upload-start", "do": "endless"], 1, "answers with more than"),
        Case(["kind": "blob-head", "do": "babble"], 1, "no HTTP"),
        Case(["kind": "manifest-put", "do": "redirect", "to": "loop"], 6, "again and again"),
        Case(["listener": "tokens", "do": "answer", "status": 401], 6, "does not let"),
        Case(["listener": "tokens", "do": "answer", "body": "{\"token\": "], 1, "makes no sense"),
    ]

    @Test(arguments: pushes) func aPushEndsInOneMessage(row: Case) throws {
        let registry = try ScriptedRegistry(["auth": "token"])
        let desk = try RegistryDesk(for: registry.host)
        var fault = try #require(row.fault.object)
        fault.append("times", 0)
        try registry.fail(.object(fault))
        let command = ["image", "copy", desk.image, "docker://\(registry.host)/a/app:1"]
        let outcome = try desk.bio.run(command)
        #expect(outcome.code == row.code, "\(outcome.errorText)")
        #expect(outcome.text.isEmpty && outcome.errorText.contains(row.text), "\(outcome.errorText)")
        try desk.expectClean(outcome, registry)
        let before = try registry.state()

        try registry.fail()
        try registry.forgetRequests()
        let again = try desk.bio.run(command)
        #expect(again.code == 0, "\(again.errorText)")
        #expect(again.text == "\(registry.host)/a/app@\(desk.digest)\n")
        try desk.expectThere(registry, "a/app")
        let there = before.repositories["a/app"]?.blobs.compactMap { before.blobs[$0] } ?? []
        #expect(try registry.state().uploadedBytes == desk.bytes - there.reduce(0, +))
    }

    static let pulls = [
        Case(["kind": "manifest-get", "do": "answer", "status": 401], 6, "does not let"),
        Case(["kind": "manifest-get", "do": "answer", "status": 403, "code": "DENIED"], 6, "403 DENIED"),
        Case(["kind": "manifest-get", "do": "answer", "status": 404], 1, "a/app:1"),
        Case(["kind": "manifest-get", "do": "lie", "body": "{\"schemaVersion\": 2, \"mani"], 1, "cannot be read"),
        Case(["kind": "manifest-get", "do": "answer", "body": "{\"schemaVersion\": 2, \"mani"], 1, "a/app"),
        Case(["kind": "manifest-get", "do": "answer", "body": "[]"], 1, ""),
        Case(["kind": "manifest-get", "do": "endless"], 1, "answers with more than"),
        Case(["kind": "manifest-get", "do": "babble"], 1, "no HTTP"),
        Case(["kind": "manifest-get", "do": "redirect", "to": "loop"], 6, "again and again"),
        Case(["kind": "manifest-get", "do": "redirect", "to": "ftp://127.0.0.1/x"], 6, "sends elsewhere"),
        Case(["kind": "blob-get", "do": "answer", "status": 404], 1, "there is no blob"),
        Case(["kind": "blob-get", "do": "answer", "status": 403], 6, "403"),
        Case(["kind": "blob-get", "do": "lie", "flip": true], 4, "was announced"),
        Case(["kind": "blob-get", "do": "lie", "body": "short"], 1, "bytes instead of"),
        Case(["kind": "blob-get", "do": "answer", "status": 206, "body": "x"], 1, "another part"),
    ]

    @Test(arguments: pulls) func aPullEndsInOneMessage(row: Case) throws {
        let registry = try ScriptedRegistry(["auth": "basic"])
        let desk = try RegistryDesk(for: registry.host)
        try desk.put(into: registry, as: "a/app")
        var fault = try #require(row.fault.object)
        fault.append("times", 0)
        try registry.fail(.object(fault))
        let command = ["image", "copy", "docker://\(registry.host)/a/app:1", "oci-archive:app.tar"]
        let outcome = try desk.bio.run(command)
        #expect(outcome.code == row.code, "\(outcome.errorText)")
        #expect(outcome.text.isEmpty && outcome.errorText.contains(row.text), "\(outcome.errorText)")
        try desk.expectClean(outcome, registry)
        #expect(try Directory.names(desk.bio.directory).isEmpty)

        try registry.fail()
        try registry.forgetRequests()
        let again = try desk.bio.run(command)
        #expect(again.code == 0, "\(again.errorText)")
        let shown = try Tool.run(["skopeo", "inspect", "--raw", "oci-archive:\(desk.bio.directory)/app.tar:1"])
        #expect(shown.code == 0 || shown.errorText.isEmpty, "\(shown.errorText)")
        // Each blob once.
        #expect(try registry.state().downloadedBytes == desk.bytes)
    }

    /// What passes does not end a command.
    @Test func whatPassesIsGotOver() throws {
        let registry = try ScriptedRegistry(["auth": "token", "token-uses": 5])
        let desk = try RegistryDesk(for: registry.host)
        try registry.fail(
            ["kind": "upload-start", "do": "answer", "status": 503],
            ["kind": "upload-put", "do": "cut", "after": 50_000],
            ["kind": "upload-status", "do": "answer", "status": 502],
            ["kind": "manifest-put", "do": "answer", "status": 429, "headers": ["Retry-After": "1"]],
            ["listener": "tokens", "do": "cut"], ["kind": "blob-get", "do": "cut-answer", "after": 70_000],
            ["kind": "manifest-get", "do": "answer", "status": 500])
        let pushed = try desk.bio.run("image", "copy", desk.image, "docker://\(registry.host)/a/app:1")
        #expect(pushed.code == 0, "\(pushed.errorText)")
        try desk.expectThere(registry, "a/app")
        // What was sent with a token that had just run out is refused, and goes again.
        #expect(try desk.bytes...2 * desk.bytes ~= registry.state().uploadedBytes)
        let pulled = try desk.bio.run("image", "copy", "docker://\(registry.host)/a/app:1", "oci-archive:app.tar")
        #expect(pulled.code == 0, "\(pulled.errorText)")
        try desk.expectClean(pulled, registry)
        // What was on the way when the connection ended may have come to nothing.
        let count = try registry.state().downloadedBytes
        #expect(desk.bytes...desk.bytes + 70_000 ~= count)
    }

    /// Where a registry keeps its blobs elsewhere, nobody is told there who comes.
    @Test func anotherHostIsShownNothing() throws {
        let registry = try ScriptedRegistry(["auth": "basic"])
        let desk = try RegistryDesk(for: registry.host)
        try desk.put(into: registry, as: "a/app")
        try registry.fail(["kind": "blob-get", "do": "redirect", "to": "other", "times": 0])
        let outcome = try desk.bio.run("image", "copy", "docker://\(registry.host)/a/app:1", "oci-archive:app.tar")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        try desk.expectClean(outcome, registry)
        let others = try registry.state().requests.filter { $0.listener == "other" }
        #expect(others.count == 3 && others.allSatisfy { $0.headers["authorization"] == nil })
    }

    @Test(arguments: [
        ("expired", "it has expired"), ("wrong-name", "another host"), ("foreign", "nobody who is trusted"),
    ]) func aBadCertificateIsNamed(certificate: String, text: String) throws {
        let registry = try ScriptedRegistry(["auth": "basic", "name": "localhost"], certificate: certificate)
        let desk = try RegistryDesk(for: registry.host)
        let authority = try TestCertificates.shared().authority
        let outcome = try desk.bio.run(
            "image", "copy", desk.image, "docker://\(registry.host)/a/app:1", "--registry-ca-cert-path", authority)
        #expect(outcome.code == 4 && outcome.errorText.contains(text), "\(outcome.errorText)")
        #expect(try registry.state().requests.isEmpty)
        try desk.expectClean(outcome, registry)
    }

    @Test func aWrongPasswordIsNotShown() throws {
        let registry = try ScriptedRegistry(["auth": "basic"], certificate: "server")
        let desk = try RegistryDesk(for: registry.host, password: "wr0ng-but-secret")
        let outcome = try desk.bio.run(
            "image", "copy", desk.image, "docker://\(registry.host)/a/app:1", "--registry-ca-cert-path",
            TestCertificates.shared().authority)
        #expect(outcome.code == 6 && outcome.errorText.contains("bio registry login"), "\(outcome.errorText)")
        #expect(!outcome.errorText.contains("wr0ng"))
        try desk.expectClean(outcome, registry)
    }

    @Test func aRegistryThatIsDownIsNamed() throws {
        let desk = try RegistryDesk()
        let outcome = try desk.bio.run("image", "copy", desk.image, "docker://127.0.0.1:1/a/app:1")
        #expect(outcome.code == 1 && outcome.errorText.contains("cannot connect to '127.0.0.1:1'"))
    }

    /// Interrupted while a layer goes up: nothing is left here but where it was, and the next run sends the rest.
    @Test func anInterruptedPushGoesOn() throws {
        let registry = try ScriptedRegistry(["auth": "basic"])
        let desk = try RegistryDesk(for: registry.host)
        try registry.fail(["kind": "upload-put", "do": "stall", "after": 60_000, "times": 0])
        let command = ["image", "copy", desk.image, "docker://\(registry.host)/a/app:1"]
        let errors = desk.file("errors")
        let running = try desk.bio.start(command, errors: errors)
        for _ in 0..<500 {
            if try registry.state().requests("upload-put").contains(where: { $0.received == 60_000 }) { break }
            usleep(20_000)
        }
        running.kill(SIGINT)
        #expect(running.wait() == 130)
        let text = String(decoding: try contents(of: errors), as: UTF8.self)
        try desk.expectClean("", text, registry)
        try registry.fail()
        let again = try desk.bio.run(command)
        #expect(again.code == 0, "\(again.errorText)")
        try desk.expectThere(registry, "a/app")
    }
}
