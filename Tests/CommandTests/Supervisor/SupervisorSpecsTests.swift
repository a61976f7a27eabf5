// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// Specs that are locked, that cannot be followed, that cannot be written.
@Suite(.timeLimit(.minutes(15))) struct SupervisorSpecsTests {
    private func specs(_ desk: SupervisorDesk) -> String { "\(desk.root)/hab/sup/default/specs" }

    private static func shop(_ members: String...) -> PackageFixture {
        var fixture = PackageFixture("acme/shop/1.0/20260101000000", files: [])
        fixture.metafiles = ["TYPE": "composite\n", "RESOLVED_SERVICES": members.map { "\($0)\n" }.joined()]
        return fixture
    }

    private func lock(_ desk: SupervisorDesk) throws -> LockFile {
        try Directory.create(specs(desk))
        return try LockFile("\(desk.root)/hab/sup/default/.specs-lock", cancellation: .never)
    }

    @Test(arguments: [(SIGTERM, 0), (SIGINT, 130)] as [(Int32, Int32)])
    func whoWaitsForTheSpecsSaysSoAndCanBeEnded(number: Int32, code: Int32) throws {
        let desk = try SupervisorDesk([.service("one")])
        let lock = try lock(desk)
        try desk.launch(["acme/one"])
        try desk.wait("what it waits for") {
            desk.errors.contains("waits for another command that changes services: it has locked '\(lock.path)'")
        }
        let start = MonotonicClock.nanoseconds
        #expect(desk.end(number) == code)
        #expect(MonotonicClock.nanoseconds - start < 5_000_000_000)
        #expect(try Directory.names(specs(desk)).isEmpty && !desk.output.contains("Supervising"))
        withExtendedLifetime(lock) {}
    }

    @Test func whenTheSpecsAreFreeItGoesOn() throws {
        let desk = try SupervisorDesk([.service("one")])
        var lock: LockFile? = try lock(desk)
        try desk.launch(["acme/one"])
        try desk.wait("what it waits for") { desk.errors.contains("waits for another command") }
        #expect(lock != nil)
        lock = nil
        try desk.wait(for: "one.default(O): started")
        #expect(desk.end() == 0)
    }

    @Test func aServiceWhoseSpecHasAFaultCanBeUnloaded() throws {
        let desk = try SupervisorDesk([.service("one"), .service("two")])
        try desk.start("acme/one")
        try desk.wait(for: "started")
        try desk.write("= =", to: "\(specs(desk))/one.spec")
        try desk.wait(for: "a service is left as it is: ")
        for words in [
            ["stop", "one"], ["status", "one.default"], ["unload", "acme/one"], ["load", "acme/one"],
        ] {
            let refused = try desk.bio.run(["svc"] + words)
            #expect(
                refused.code == 1 && refused.errorText.contains("the spec of the service 'one' has a fault: ")
                    && refused.errorText.contains("bio svc unload one"), "\(refused.errorText)")
        }
        #expect(try desk.text("\(specs(desk))/one.spec") == "= =")
        // Another one whose name begins so is just not there.
        #expect(try desk.bio.run("svc", "stop", "one-more").errorText.contains("no service 'one-more' is loaded"))
        let unloaded = try desk.bio.run("svc", "unload", "one")
        #expect(
            unloaded.code == 0 && unloaded.errorText.contains("is not TOML")
                && unloaded.errorText.contains("The service one is unloaded"), "\(unloaded.errorText)")
        #expect(desk.count("asked") == 1)
        #expect(try Directory.names(specs(desk)).isEmpty)
        // --force says that it may be lost.
        try desk.write("= =", to: "\(specs(desk))/two.spec")
        #expect(try desk.bio.run("svc", "load", "acme/two", "--force").code == 0)
        try desk.wait("two", toBe: "up")
        #expect(desk.end() == 0)
    }

    /// What a composite does not get is as it was, and goes on.
    @Test(arguments: ["one", "two"]) func aLoadThatFailsLosesNoSpec(occupied: String) throws {
        try #require(geteuid() == 0, "only root can mount")
        let other = occupied == "one" ? "two" : "one"
        let desk = try SupervisorDesk([
            Self.shop("acme/one/1.0/20260101000000", "acme/two/1.0/20260101000000"), .service("one"), .service("two"),
        ])
        try desk.start("acme/\(other)")
        try desk.wait(for: "started")
        try desk.write("= =", to: "\(specs(desk))/\(other).spec")
        try desk.wait(for: "a service is left as it is: ")
        try desk.write("# mine", to: "\(specs(desk))/\(occupied).spec")
        // It can be read, and nothing can take its place.
        let supervising = desk.bio.wrapper
        desk.bio.wrapper = [
            "unshare", "--mount", "sh", "-c", "file=$1; shift; mount --bind $file $file && exec \"$@\"", "sh",
            "\(specs(desk))/\(occupied).spec",
        ]
        let refused = try desk.bio.run("svc", "load", "acme/shop", "--force")
        desk.bio.wrapper = supervising
        #expect(refused.code == 1 && refused.errorText.contains("\(occupied).spec"), "\(refused.errorText)")
        #expect(try desk.text("\(specs(desk))/\(other).spec") == "= =")
        #expect(try desk.text("\(specs(desk))/\(occupied).spec") == "# mine")
        #expect(try Directory.names(specs(desk)).count == 2)
        #expect(try desk.bio.run("svc", "status").text.contains("\(other).default"))
        #expect(desk.end() == 0)
    }
}
