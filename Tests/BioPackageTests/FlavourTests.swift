// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioPackage

@Suite struct FlavourTests {
    @Test func biomeIsHabitatsWorldWithOtherBinaries() {
        let biome = Flavour.biome
        #expect(biome.rootDirectory == "hab")
        #expect(Flavour.readableMagics.contains(biome.magic))
        #expect(Flavour.readableRoots.contains([biome.rootDirectory]))
        #expect(biome.supervisorPackage.description == "biome/bio-sup")
    }

    @Test func theTableHoldsThreeWorlds() {
        #expect(Flavour.all.map(\.name) == ["habitat", "biome", "biome-2.1"])
        #expect(Flavour.all.map(\.rootDirectory) == ["hab", "hab", "bio"])
        #expect(Flavour.all.map(\.magic) == ["HART-1", "HART-1", "BART-1"])
        #expect(Flavour.all.map(\.artifactExtension) == ["hart", "hart", "bart"])
        #expect(Flavour.all.map(\.homeDirectory) == [".hab", ".hab", ".bio"])
        #expect(
            Flavour.all.map(\.installTemporaryPrefix) == [".hab-pkg-install", ".bio-pkg-install", ".bio-pkg-install"])
        #expect(Flavour.all.map(\.cliPackage.description) == ["core/hab", "biome/bio", "biome/bio"])
        #expect(Flavour.all.map(\.serviceUser) == ["hab", "hab", "bio"])
        #expect(Flavour.all.map(\.channel) == ["stable", "stable", "base"])
    }

    @Test func whatOneWritesAllRead() {
        for flavour in Flavour.all {
            #expect(Flavour.readableMagics.contains(flavour.magic))
            #expect(Flavour.readableExtensions.contains(flavour.artifactExtension))
            #expect(Flavour.readableRoots.contains([flavour.rootDirectory]))
            #expect(Flavour.installing(below: flavour.rootDirectory)?.rootDirectory == flavour.rootDirectory)
        }
        #expect(Flavour.installing(below: "hab") == .biome && Flavour.installing(below: "opt/hab") == nil)
    }

    @Test func variablesFollowThePrefix() throws {
        #expect(try Flavour.named("biome-2.1").variable("HAB_ORIGIN") == "BIO_ORIGIN")
        #expect(try Flavour.named("habitat").variable("HAB_ORIGIN") == "HAB_ORIGIN")
        #expect(Flavour.biome21.variable("FS_ROOT") == "FS_ROOT")
        #expect(Flavour.biome21.variable("BIO_PLUGIN_PATH") == "BIO_PLUGIN_PATH")
    }

    @Test func anUnknownNameListsTheKnownOnes() throws {
        let error = #expect(throws: Flavour.UnknownName.self) { try Flavour.named("Biome") }
        #expect(error?.description == "'Biome' is not a flavour")
        #expect(error?.hint == "known flavours: habitat, biome, biome-2.1")
    }

    @Test func itsPackagesAreValidIdents() throws {
        let biome = Flavour.biome
        for ident in [
            biome.cliPackage, biome.supervisorPackage, biome.launcherPackage, biome.busyboxPackage,
            biome.cacertsPackage,
        ] {
            #expect(try PackageIdent(parsing: ident.description) == ident)
        }
        #expect(throws: Never.self) { try Origin(parsing: biome.ownOrigin) }
    }
}
