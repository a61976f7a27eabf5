// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Testing

/// Install hooks are not run by an export: they wait for the supervisor, or count as done.
@Suite struct InstallHookTests {
    private static let both = "\(ImageFixture.hookedLibrary.ident), \(ImageFixture.hooked.ident)"

    @Test func theyWaitForTheSupervisor() throws {
        let desk = try ExportDesk()
        let image = try desk.image("acme/hooked")
        #expect(image.errorText.contains("the install hooks of \(Self.both) will run when the supervisor first loads"))
        #expect(try image.tree().allSatisfy { !$0.contains("INSTALL_HOOK_STATUS") })
    }

    /// A supervisor loads services and what they need, and nothing else.
    @Test func whatNoServiceNeedsWaitsInVain() throws {
        let desk = try ExportDesk()
        let lone = "the install hook of \(ImageFixture.hookedLibrary.ident)"
        let image = try desk.image("acme/web", "acme/hooklib")
        #expect(image.errorText.contains("Ø docker: nothing in the image runs \(lone)"))
        #expect(!image.errorText.contains("will run"))
        let both = try desk.image("acme/web", "acme/hooklib", "acme/hooked")
        #expect(both.errorText.contains("will run when the supervisor first loads"))
        #expect(!both.errorText.contains("nothing in the image runs"))
    }

    @Test func theyCountAsDone() throws {
        let desk = try ExportDesk()
        let image = try desk.image("acme/hooked", "--install-hooks", "skip")
        #expect(image.errorText.contains("the install hooks of \(Self.both) will not run"))
        for package in [ImageFixture.hooked, ImageFixture.hookedLibrary] {
            #expect(try image.text("hab/pkgs/\(package.ident)/INSTALL_HOOK_STATUS") == "0")
        }
        // The directory in the upper layer is the one below it.
        let plain = try desk.image("acme/hooked")
        for package in [ImageFixture.hooked, ImageFixture.hookedLibrary] {
            let directory = "hab/pkgs/\(package.ident)"
            #expect(try image.tree(directory).first == plain.tree(directory).first)
        }
        #expect(try image.tree("hab/pkgs/\(ImageFixture.hookedLibrary.ident)").first?.hasPrefix("d 0770") == true)
    }

    @Test func withoutASupervisorNobodyRunsThem() throws {
        let desk = try ExportDesk()
        let image = try desk.image("acme/hooked", "--runtime", "none")
        #expect(image.errorText.contains("nothing in the image runs the install hooks of \(Self.both)"))
        let skipped = try desk.image("acme/hooked", "--runtime", "none", "--install-hooks", "skip")
        #expect(!skipped.errorText.contains("nothing in the image runs"))
    }

    @Test func packagesWithoutHooksNeedNoWord() throws {
        let desk = try ExportDesk()
        #expect(try !desk.image("acme/web").errorText.contains("install hook"))
        #expect(
            try desk.image("acme/web", "--install-hooks", "skip").judge("diffids")
                == desk.image("acme/web").judge("diffids"))
    }
}
