// SPDX-License-Identifier: Apache-2.0

import CBioExport

/// A container image under construction in the host. Layers lie on each other in the order they are added.
public struct Image {
    private let host: UnsafePointer<bio_host>
    private let table: bio_oci
    private let handle: bio_handle

    init(host: UnsafePointer<bio_host>, table: bio_oci, handle: bio_handle) {
        self.host = host
        self.table = table
        self.handle = handle
    }

    /// Packages, which the host cuts into layers.
    public func add(_ packages: [Package]) throws(ExportFailure) {
        let indices = packages.map(\.index)
        try check(
            indices.withUnsafeBufferPointer { table.add_packages?(host, handle, $0.baseAddress, UInt64($0.count)) })
    }

    /// A tree as one layer, as it is now. Users see `title`.
    public func add(_ tree: RootFilesystem, title: String) throws(ExportFailure) {
        try check(title.withBioStr { table.add_tree?(host, handle, tree.handle, $0) })
    }

    /// How a container of the image runs; once.
    public func configure(_ config: ImageConfig) throws(ExportFailure) {
        try check(config.withABI { table.configure?(host, handle, $0) })
    }

    /// In plan: emits what the image would become. In run: makes it, and emits it. Once in each of the two.
    public func publish() throws(ExportFailure) { try check(table.publish?(host, handle)) }

    /// Nil: this host's table has no such function.
    private func check(_ code: Int32?) throws(ExportFailure) {
        guard code == 0 else { throw .host(code ?? BIO_E_UNSUPPORTED) }
    }
}
