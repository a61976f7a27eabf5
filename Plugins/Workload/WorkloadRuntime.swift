// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK
import ServiceRoot

/// What runs in the containers of an export.
public enum WorkloadRuntime: Sendable {
    /// A supervisor that forms a ring with others. Where no image is made nobody knows, and it is taken for one.
    case ring
    /// The supervisor that comes with `bio`: it is alone, and binds lead to addresses.
    case alone
    /// None: the first process of a service that was configured when its image was made.
    case direct

    public static let option = DirectOptions.runtime

    /// What the base packages of such an export are, and when they are left out.
    static let basePackages = DirectOptions.basePackages([.cli, .supervisor, .launcher, .shell, .certificates]).map {
        var package = $0
        package.omitWhen = [WorkloadOptions.noImage.id, package.omitWhen ?? ""].joined(separator: " ")
        return package
    }

    init(_ job: Job) {
        let supervisor = job.packages.first { $0.roles.contains(.supervisor) }
        if job.text(Self.option) == "direct" {
            self = .direct
        } else if let supervisor {
            self = supervisor.isLoneSupervisor ? .alone : .ring
        } else {
            self = job.isGiven(WorkloadOptions.bindAddress) ? .alone : .ring
        }
    }

    /// What starts a service without a supervisor.
    static func directCommand(_ service: ServicePackage) -> [String] {
        [DirectOptions.program, DirectOptions.specPath(service.name, below: service.root)]
    }

    /// What tells whether it is well; nil: it does not say.
    static func directCheck(_ service: ServicePackage) -> [String]? {
        guard service.checksHealth else { return nil }
        return [DirectOptions.program, "health", DirectOptions.specPath(service.name, below: service.root)]
    }
}
