// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK

/// What single values of options must be: the host has these looked at before it does anything else.
public enum WorkloadChecks {
    static let processors = Function.check("is_processors", "an amount of processors, as in 2, 0.5 or 500m") {
        (text: Function.Text, out) in
        if let quantity = Quantity(text.string), quantity.isProcessors { return out.accept() }
        return out.refuse("'\(text.string)' is no amount of processors")
    }

    static let memory = Function.check("is_memory", "an amount of memory, as in 512Mi or 2G") {
        (text: Function.Text, out) in
        if let quantity = Quantity(text.string), quantity.isMemory { return out.accept() }
        return out.refuse("'\(text.string)' is no amount of memory")
    }

    static let group = Function.check("is_group", "the name of a service group, as in default") {
        (text: Function.Text, out) in
        Bind.isName(text.string) ? out.accept() : out.refuse("'\(text.string)' is no name of a service group")
    }

    static let namespace = Function.check("is_namespace", "lower-case letters, digits and dashes, at most 63") {
        (text: Function.Text, out) in
        ClusterName.isLabel(text.string) ? out.accept() : out.refuse("'\(text.string)' is no name of a namespace")
    }

    static let host = Function.check(
        "is_host", "a name as in shop.example or *.shop.example, in lower case, without a scheme or port"
    ) { (text: Function.Text, out) in
        let name = text.string.hasPrefix("*.") ? String(text.string.dropFirst(2)) : text.string
        return ClusterName.isHost(name) ? out.accept() : out.refuse("'\(text.string)' is no host")
    }

    static let secret = Function.check(
        "is_secret", "the name of a Secret: lower-case letters, digits, dashes and dots, at most 253"
    ) { (text: Function.Text, out) in
        ClusterName.isSubdomain(text.string) ? out.accept() : out.refuse("'\(text.string)' is no name of a Secret")
    }

    static let peer = Function.check(
        "is_peer", "HOST[:PORT], as in ring.example:9638 or [2001:db8::1]:9638, with a port from 1 to 65535"
    ) { (text: Function.Text, out) in
        PeerAddress.isOne(text.string) ? out.accept() : out.refuse("'\(text.string)' is not HOST[:PORT]")
    }

    /// For the user's naming templates.
    static let label = Function.text("cluster_name", "the nearest name that Kubernetes takes") {
        (text: Function.Text, out) in
        out.answer(ClusterName.label(text.string))
    }

    public static let all = [processors, memory, group, namespace, host, secret, peer, label]
}
