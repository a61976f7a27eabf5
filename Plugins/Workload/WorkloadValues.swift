// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK

/// What may differ from one deployment of a service to another: literals in a manifest, the chart's values in a chart.
public struct WorkloadValues: Sendable {
    /// Of the workload; the other objects' names begin with it.
    public var name: Term
    public var namespace: DocumentValue = .absent
    /// Of every object, and of pods. A map, or lines of a chart's template.
    public var labels: DocumentValue
    /// Those of the labels that find the pods, and never change.
    public var selector: DocumentValue
    public var annotations: DocumentValue = .absent
    public var image: Term
    public var imagePullPolicy: DocumentValue = .absent
    public var imagePullSecrets: DocumentValue = .absent

    public var instances: DocumentValue = 1
    /// Whether there is more than one of them.
    public var isMany: Presence = .never
    /// Whether instances keep their names and storage.
    public var isStateful = false
    /// Whether supervisors of other workloads join the ring through this one.
    public var isJoined = false

    public var topology: Term = "standalone"
    public var group: Term = "default"
    /// Addresses of supervisors of other workloads.
    public var peers: [Choice<Term>] = []
    public var binds: [Choice<BindTerm>] = []
    /// Where binds lead without a ring: `BIND=HOST:PORT`.
    public var addresses: [Term] = []
    public var runtime = WorkloadRuntime.ring
    /// The configuration `user.toml`, in base64.
    public var config: Choice<Term>?
    /// A Secret called like the ring's key with its revision.
    public var ring: Choice<Ring>?
    /// Elements of a container's `env`.
    public var environment: [DocumentValue] = []
    public var storage: Choice<Storage>?
    /// A container's `resources`.
    public var resources: DocumentValue = .absent
    /// Further members of a pod's `spec`.
    public var podMembers: DocumentValue = [:]

    /// Of the Service for clients.
    public var serviceType: Term = "ClusterIP"
    public var ingress: Choice<Ingress>?

    public struct BindTerm: Sendable {
        public var name: Term
        public var service: Term
        public var group: Term

        public init(name: Term, service: Term, group: Term) {
            self.name = name
            self.service = service
            self.group = group
        }

        /// As the supervisor takes it.
        var text: Term { "\(name):\(service).\(group)" }
    }

    public struct Ring: Sendable {
        public var name: Term
        /// With the revision.
        public var secret: Term
        public init(name: Term, secret: Term) {
            self.name = name
            self.secret = secret
        }
    }

    public struct Storage: Sendable {
        public var size: Term
        public var path: Term
        public var storageClass: Term
        public init(size: Term, path: Term, storageClass: Term) {
            self.size = size
            self.path = path
            self.storageClass = storageClass
        }
    }

    public struct Ingress: Sendable {
        public var host: Term
        /// Further members of its `spec`.
        public var more: DocumentValue = [:]
        public init(host: Term) { self.host = host }
    }

    public init(name: Term, labels: DocumentValue, selector: DocumentValue, image: Term) {
        self.name = name
        self.labels = labels
        self.selector = selector
        self.image = image
    }
}
