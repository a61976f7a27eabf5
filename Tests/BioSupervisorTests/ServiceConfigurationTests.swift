// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioSupervisor
import BioSystem
import BioTestSupport
import Testing

@Suite struct ServiceConfigurationTests {
    private func world(_ defaults: String = "port = 1\nname = \"a\"\n[log]\nlevel = \"info\"\ncolours = [1, 2]\n")
        throws
        -> SupervisorWorld
    {
        try SupervisorWorld(files: [.init("default.toml", defaults)])
    }

    @Test func laterLayersWinMemberByMember() throws {
        let world = try world()
        try world.write("port = 2\n[log]\ncolours = [3]\n", to: world.directory.userConfiguration)
        let value = try world.configuration(["HAB_MY_APP": "name = \"c\"\nlog.level = \"warn\""]).value
        #expect(value == ["port": 2, "name": "c", "log": ["level": "warn", "colours": [3]]])
    }

    @Test func aPackageWithoutAnythingHasAnEmptyTable() throws {
        let world = try SupervisorWorld(files: [.init("bin/app")])
        #expect(try world.configuration().value == [:])
    }

    @Test func theVariableMayBeJSON() throws {
        let world = try world()
        let value = try world.configuration(["HAB_MY_APP": #" {"port": 3, "log": {"level": "none"}}"#]).value
        #expect(value["port"] == 3 && value["log"]?["level"] == "none" && value["name"] == "a")
    }

    @Test func tablesAndOtherValuesReplaceEachOther() throws {
        let world = try world()
        let value = try world.configuration(["HAB_MY_APP": "log = 1\nport.number = 2"]).value
        #expect(value["log"] == 1 && value["port"] == ["number": 2])
    }

    @Test func theOldPlaceOfTheUsersFileIsTold() throws {
        let world = try world()
        try world.write("port = 4\n", to: world.directory.oldUserConfiguration)
        let old = try world.configuration()
        #expect(old.value["port"] == 4)
        #expect(old.oldUserConfiguration == world.directory.oldUserConfiguration)
        try world.write("port = 5\n", to: world.directory.userConfiguration)
        let new = try world.configuration()
        #expect(new.value["port"] == 5 && new.oldUserConfiguration == nil)
    }

    @Test(arguments: [
        ("= 1", "TOML"), ("port 8", "TOML"), ("{\"port\": }", "JSON"), ("[1]x", "TOML"), ("\"text\"", "TOML"),
    ])
    func aVariableThatIsNeitherIsRefused(text: String, language: String) throws {
        let world = try world()
        #expect {
            _ = try world.configuration(["HAB_MY_APP": text])
        } throws: { error in
            guard case .badVariable("HAB_MY_APP", _, language)? = error as? SupervisorError else { return false }
            return true
        }
    }

    @Test func aFileThatDoesNotParseIsNamedWithThePlace() throws {
        let world = try world("a = 1\nb = = 2\n")
        #expect {
            _ = try world.configuration()
        } throws: { error in
            "\(error)".contains("default.toml' is not TOML: 2:")
        }
    }

    @Test func tooManyTablesAreRefused() throws {
        let keys = (0..<20).map { "t\($0)" }.joined(separator: ".")
        let deep = "[\(keys)]\n\(keys)"
        let world = try world("\(deep) = 1\n")
        #expect(throws: SupervisorError.tooDeep(origin: "HAB_MY_APP", limit: 30)) {
            _ = try world.configuration(["HAB_MY_APP": "\(deep) = 2"])
        }
    }

    @Test func variableNames() {
        #expect(ServiceConfiguration.variableName(of: "my-App_2", .biome) == "HAB_MY_APP_2")
        #expect(ServiceConfiguration.variableName(of: "redis", .biome21) == "BIO_REDIS")
    }
}
