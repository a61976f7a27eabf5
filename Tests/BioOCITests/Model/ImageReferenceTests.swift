// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioOCI
import Testing

@Suite struct ImageReferenceTests {
    private static let digest = Digest.sha256(of: [1])

    struct Accepted: Sendable, CustomTestStringConvertible {
        let text: String
        let name: String
        var tag: String?
        var digest: Digest?
        var registry: String?
        var path: String?
        var normalized: String
        var testDescription: String { text }
    }

    @Test(arguments: [
        Accepted(text: "redis", name: "redis", normalized: "docker.io/library/redis:latest"),
        Accepted(text: "core/redis", name: "core/redis", normalized: "docker.io/core/redis:latest"),
        Accepted(
            text: "core/redis:7.2.4-2026", name: "core/redis", tag: "7.2.4-2026",
            normalized: "docker.io/core/redis:7.2.4-2026"),
        Accepted(
            text: "registry.example:5000/a/b_c/d__e/f--g/h.i:V_1.0", name: "registry.example:5000/a/b_c/d__e/f--g/h.i",
            tag: "V_1.0", registry: "registry.example:5000", path: "a/b_c/d__e/f--g/h.i",
            normalized: "registry.example:5000/a/b_c/d__e/f--g/h.i:V_1.0"),
        Accepted(
            text: "localhost/x", name: "localhost/x", registry: "localhost", path: "x", normalized: "localhost/x:latest"
        ),
        Accepted(
            text: "localhost:5000", name: "localhost", tag: "5000", normalized: "docker.io/library/localhost:5000"),
        Accepted(
            text: "Registry.Example/x", name: "Registry.Example/x", registry: "Registry.Example", path: "x",
            normalized: "Registry.Example/x:latest"),
        Accepted(
            text: "[fe80::1]:5000/x:1", name: "[fe80::1]:5000/x", tag: "1", registry: "[fe80::1]:5000", path: "x",
            normalized: "[fe80::1]:5000/x:1"),
        Accepted(text: "x@\(digest)", name: "x", digest: digest, normalized: "docker.io/library/x@\(digest)"),
        Accepted(
            text: "x:1@\(digest)", name: "x", tag: "1", digest: digest, normalized: "docker.io/library/x:1@\(digest)"),
        Accepted(text: "x:_", name: "x", tag: "_", normalized: "docker.io/library/x:_"),
    ])
    func reads(row: Accepted) throws {
        let reference = try ImageReference(parsing: row.text)
        #expect(reference.name == row.name)
        #expect(reference.tag == row.tag)
        #expect(reference.digest == row.digest)
        #expect(reference.registry == row.registry)
        #expect(reference.path == row.path ?? row.name)
        #expect(reference.normalized.description == row.normalized)
        #expect(reference.description == row.text)
    }

    @Test func acceptsTheLongest() throws {
        let name = String(repeating: "a", count: 255)
        let tag = String(repeating: "T", count: 128)
        #expect(try ImageReference(parsing: "\(name):\(tag)").tag == tag)
    }

    struct Refused: Sendable, CustomTestStringConvertible {
        let text: String
        let message: String
        var testDescription: String { text }
    }

    @Test(arguments: [
        Refused(text: "", message: "'' is no image name: it is empty"),
        Refused(text: ":1", message: "':1' is no image name: it is empty"),
        Refused(text: "@\(digest)", message: "'@\(digest)' is no image name: it is empty"),
        Refused(text: "/x", message: "'/x' is no image name: there is nothing between two slashes at character 1"),
        Refused(text: "x//y", message: "'x//y' is no image name: there is nothing between two slashes at character 3"),
        Refused(text: "x/", message: "'x/' is no image name: there is nothing between two slashes at character 3"),
        Refused(
            text: "core/Redis", message: "'core/Redis' is no image name: there is an upper-case letter at character 6"),
        Refused(
            text: "Core/redis", message: "'Core/redis' is no image name: there is an upper-case letter at character 1"),
        Refused(text: "co re", message: "'co re' is no image name: ' ' cannot be in it at character 3"),
        Refused(text: "core/ré", message: "'core/ré' is no image name: 'é' cannot be in it at character 7"),
        Refused(
            text: "x\r\n", message: "'x\\u{d}\\u{a}' is no image name: '\\u{d}\\u{a}' cannot be in it at character 2"),
        Refused(
            text: "-x",
            message: "'-x' is no image name: '-' does not stand alone between letters or digits at character 1"),
        Refused(
            text: "x-",
            message: "'x-' is no image name: '-' does not stand alone between letters or digits at character 2"),
        Refused(
            text: "a..b",
            message: "'a..b' is no image name: '..' does not stand alone between letters or digits at character 2"),
        Refused(
            text: "a___b",
            message: "'a___b' is no image name: '___' does not stand alone between letters or digits at character 2"),
        Refused(
            text: "a._b",
            message: "'a._b' is no image name: '._' does not stand alone between letters or digits at character 2"),
        Refused(text: "../x", message: "'../x' is no image name: '..' is no host name at character 1"),
        Refused(
            text: "my_host.example/x",
            message: "'my_host.example/x' is no image name: 'my_host.example' is no host name at character 1"),
        Refused(text: "host:port/x", message: "'host:port/x' is no image name: 'port' is no port at character 6"),
        Refused(text: "host:/x", message: "'host:/x' is no image name: '' is no port at character 6"),
        Refused(text: "x:", message: "'x:' is no image name: there is no tag behind the colon at character 3"),
        Refused(text: "x:1.2+b", message: "'x:1.2+b' is no image name: '+' cannot be in a tag at character 6"),
        Refused(text: "x:.1", message: "'x:.1' is no image name: a tag cannot begin with '.' at character 3"),
        Refused(text: "x:a:b", message: "'x:a:b' is no image name: ':' cannot be in it at character 2"),
        Refused(
            text: "x@sha512:00", message: "'x@sha512:00' is no image name: 'sha512:00' is no digest at character 3"),
        Refused(text: "x@", message: "'x@' is no image name: '' is no digest at character 3"),
        Refused(text: "https://host/x", message: "'https://host/x' is no image name: it begins with 'https://'"),
        Refused(text: digest.hex, message: "'\(digest.hex)' is no image name: it is an image id"),
    ])
    func refuses(row: Refused) {
        let error = #expect(throws: ImageReference.ParseError.self) { try ImageReference(parsing: row.text) }
        #expect(error?.description == row.message)
        #expect(error?.hint != nil)
    }

    @Test func refusesWhatIsTooLong() {
        let name = String(repeating: "a", count: 256)
        let tag = String(repeating: "a", count: 129)
        #expect(throws: ImageReference.ParseError.self) { try ImageReference(parsing: name) }
        let error = #expect(throws: ImageReference.ParseError.self) { try ImageReference(parsing: "x:\(tag)") }
        #expect(error?.isOfTag == true)
    }

    @Test func tellsWhetherTheNameOrTheTagIsWrong() throws {
        #expect(try ImageReference(name: "a/b", tag: "1").description == "a/b:1")
        #expect(try ImageReference(name: "a/b", tag: String?.none).description == "a/b")
        let tag = #expect(throws: ImageReference.ParseError.self) { try ImageReference(name: "a/b", tag: "1+2") }
        #expect(tag?.isOfTag == true)
        #expect(tag?.text == "1+2")
        let name = #expect(throws: ImageReference.ParseError.self) { try ImageReference(name: "a/b:1", tag: "2") }
        #expect(name?.isOfTag == false)
    }

    /// Who writes a password before a host does not read it again.
    @Test(arguments: [
        "https://jo:s3cret@r.example/a", "jo:s3cret@r.example/a", "jo:s3cret@r.example:5000/a/b:tag",
        "jo:s3cret@r.example/a@sha256:00", "s3cret@host",
    ])
    func noPasswordIsShownAgain(_ text: String) {
        let error = #expect(throws: ImageReference.ParseError.self) { try ImageReference(parsing: text) }
        let said = "\(error!) \(error?.hint ?? "")"
        #expect(!said.contains("s3cret"), "\(said)")
        let place = #expect(throws: ImageLocation.ParseError.self) { try ImageLocation(parsing: "docker://\(text)") }
        let told = "\(place!) \(place?.hint ?? "")"
        #expect(!told.contains("s3cret"), "\(told)")
    }

    @Test func whatIsNoPasswordIsShown() {
        #expect("a/b@sha256:00".withoutUserInformation == "a/b@sha256:00" && "a/b".withoutUserInformation == "a/b")
        #expect("jo:x@r.example/a".withoutUserInformation == "…@r.example/a")
    }
}
