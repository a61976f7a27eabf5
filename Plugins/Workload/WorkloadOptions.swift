// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK

/// The options that kubernetes and helm share. Those about one workload are for the first service that is named.
public enum WorkloadOptions {
    public static let noImage = Option.flag(
        "no-docker-image", aliases: ["d"], "Make no image: one with the name that the options give is there already")
    public static let name = Option.string("k8s-name", "NAME", "Call the first workload so")
    public static let count = Option.integer("count", "N", in: 0...100_000, default: 1, "Run so many instances of it")
    public static let topology = Option.choice(
        "topology",
        [("standalone", "instances do not know of each other"), ("leader", "they elect one of them")],
        default: "standalone", "Choose what its instances are to each other"
    ).with(alias: "t")
    public static let group = Option.string(
        "service-group", "GROUP", default: "default", "Put the services into this group"
    ).with(alias: "g").checked(by: WorkloadChecks.group)
    public static let config = Option.path("config", "FILE", "Configure it with this user.toml").with(alias: "n")
    public static let environment = Option.list("env", "NAME=VALUE", "Set a variable in its containers")
        .with(alias: "e")
    public static let storage = Option.string(
        "storage", "SIZE:PATH:CLASS", "Give each instance storage: as in 10Gi:/hab/svc/redis/data:standard")
    public static let ring = Option.string(
        "ring-secret-name", "NAME", "Take the key of the supervisors' ring from this Secret"
    ).with(alias: "r").checked(by: WorkloadChecks.secret)
    public static let bind = Option.list(
        "bind", "BIND:SERVICE.GROUP", "Bind the services that have this bind to a service group"
    ).with(alias: "b")
    public static let bindAddress = Option.list(
        "bind-address", "BIND=HOST:PORT", "Without a ring, the bind leads there; repeatable")
    public static let peer = Option.list(
        "peer", "HOST[:PORT]", "Join the ring of the supervisor at this address"
    ).checked(by: WorkloadChecks.peer)
    public static let namespace = Option.string("namespace", "NAME", "Put the objects into this namespace")
        .checked(by: WorkloadChecks.namespace)
    public static let label = Option.list("label", "KEY=VALUE", "Put a label on every object")
    public static let serviceType = Option.choice(
        "service-type",
        [
            ("ClusterIP", "within the cluster"), ("NodePort", "at a port of every node"),
            ("LoadBalancer", "through a load balancer of the cloud"),
        ], default: "ClusterIP", "Choose from where clients reach its ports")
    public static let ingressHost = Option.string(
        "ingress-host", "HOST", "Lead HTTP for this host to its first port"
    ).checked(by: WorkloadChecks.host)
    public static let pullSecret = Option.list(
        "image-pull-secret", "NAME", "Pull images with this Secret"
    ).checked(by: WorkloadChecks.secret)
    public static let cpu = Option.string("cpu", "QUANTITY", "Keep so much of a processor for it: 0.5, 500m")
        .checked(by: WorkloadChecks.processors)
    public static let memory = Option.string("memory", "QUANTITY", "Keep so much memory for it, and no more: 512Mi")
        .checked(by: WorkloadChecks.memory)

    public static let operated = Option.flag(
        "operator", "Write the object that the Habitat operator runs, in place of the cluster's own")

    public static let all = [
        noImage, WorkloadRuntime.option, name, count, topology, group, config, environment, storage, ring, bind,
        bindAddress, peer, namespace, label, serviceType, ingressHost, pullSecret, cpu, memory, operated,
    ]

    /// Those of the image that the format docker makes.
    public static let basePackages = WorkloadRuntime.basePackages
}

extension Option {
    fileprivate func with(alias: String) -> Option {
        var option = self
        option.aliases = [alias]
        return option
    }

    fileprivate func checked(by function: Function) -> Option {
        var option = self
        option.check = function.name
        return option
    }
}

extension ExportFailure {
    /// A value of an option that will not do.
    public static func option(_ option: Option, _ message: String, hint: String = "") -> ExportFailure {
        ExportFailure(code: 2, subject: .option(option.id), message, hint: hint)
    }
}
