// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioPackage

@Suite struct FlavourTests {
    @Test func biomeIsHabitatsWorldWithOtherBinaries() {
        let biome = Flavour.biome
        #expect(biome.rootDirectory == "hab")
        #expect(biome.readableMagics.contains(biome.magic))
        #expect(biome.readableRoots.contains(biome.rootDirectory))
        #expect(biome.supervisorPackage.description == "biome/bio-sup")
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
