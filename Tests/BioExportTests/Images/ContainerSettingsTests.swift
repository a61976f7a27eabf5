// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioOCI
import Testing

@Suite struct ContainerSettingsTests {
    private static func settings(_ change: (inout ContainerSettings) -> Void) -> ContainerSettings {
        var settings = ContainerSettings()
        change(&settings)
        return settings
    }

    @Test func everythingComesAcross() throws {
        let process = try Self.settings {
            $0.user = "hab:hab"
            $0.workingDirectory = "/srv"
            $0.stopSignal = "SIGRTMIN+3"
            $0.entrypoint = ["/init.sh"]
            $0.command = ["start", "core/redis"]
            $0.ports = ["9631/tcp", "53/udp", "1/sctp"]
            $0.volumes = ["/hab/svc"]
            $0.environment = [.init(key: "PATH", value: "/bin"), .init(key: "EMPTY", value: "")]
            $0.labels = [.init(key: "a", value: "b=c")]
            $0.healthTest = ["CMD", "/bin/true"]
            $0.healthInterval = 5
        }.process()
        #expect(process.user == "hab:hab" && process.workingDirectory == "/srv" && process.stopSignal == "SIGRTMIN+3")
        #expect(process.environment == ["PATH=/bin", "EMPTY="])
        #expect(process.exposedPorts == ["9631/tcp", "53/udp", "1/sctp"] && process.volumes == ["/hab/svc"])
        #expect(process.labels["a"] == "b=c")
        #expect(process.healthCheck == .init(test: ["CMD", "/bin/true"], interval: 5))
    }

    @Test func nothingIsFineToo() throws {
        #expect(try ContainerSettings().process() == .init())
        #expect(try ContainerSettings().checkedAnnotations().isEmpty)
    }

    static let wrong: [ContainerSettings] = [
        settings { $0.user = "a:" }, settings { $0.user = "a b" }, settings { $0.user = "/root" },
        settings { $0.workingDirectory = "a" }, settings { $0.stopSignal = "TERM" }, settings { $0.stopSignal = "65" },
        settings { $0.stopSignal = "015" }, settings { $0.entrypoint = [""] }, settings { $0.command = ["", "a"] },
        settings { $0.ports = ["80"] }, settings { $0.ports = ["080/tcp"] }, settings { $0.ports = ["0/tcp"] },
        settings { $0.ports = ["80/icmp"] }, settings { $0.ports = ["80/tcp/x"] }, settings { $0.volumes = [""] },
        settings { $0.volumes = ["/a", "/a"] }, settings { $0.environment = [.init(key: "", value: "")] },
        settings { $0.labels = [.init(key: "", value: "")] },
        settings { $0.annotations = [.init(key: "a b", value: "")] },
        settings { $0.labels = [.init(key: "a", value: "\0")] }, settings { $0.healthTest = ["CMD"] },
        settings { $0.healthTest = ["CMD-SHELL", "a", "b"] }, settings { $0.healthTest = ["NONE", "a"] },
        settings { $0.healthRetries = 3 },
        settings {
            $0.healthTest = ["NONE"]
            $0.healthInterval = -1
        },
    ]

    @Test(arguments: wrong.indices)
    func whatEnginesRefuseIsRefused(_ index: Int) {
        let error = #expect(throws: ServiceError.self) {
            _ = try Self.wrong[index].process()
            _ = try Self.wrong[index].checkedAnnotations()
        }
        #expect(error?.code == .invalid)
    }

    @Test func thereAreLimits() {
        for settings in [
            Self.settings { $0.author = String(repeating: "x", count: ContainerSettings.mostBytes + 1) },
            Self.settings { $0.command = Array(repeating: "x", count: ContainerSettings.mostMembers + 1) },
        ] {
            #expect(throws: ServiceError.self) { try settings.process() }
        }
    }
}
