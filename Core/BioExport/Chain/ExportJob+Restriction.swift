// SPDX-License-Identifier: Apache-2.0

import BioGraph

extension ExportJob {
    /// The job of some of the packages that the user named, as if he had named these alone; nil when one of them is none.
    package func restricted(to roots: [UInt32]) -> ExportJob? {
        if roots.isEmpty { return self }
        let wanted = roots.map { Int($0) }
        guard Set(wanted).count == wanted.count, wanted.allSatisfy(graph.roots.contains) else { return nil }
        let (graph, kept) = graph.restricted(to: wanted)
        var job = self
        job.graph = graph
        job.packages = zip(kept, graph.packages).map { number, node in
            var package = packages[number]
            if !node.isRoot {
                package.roles.remove(.root)
                package.requested = ""
            }
            return package
        }
        return job
    }
}
