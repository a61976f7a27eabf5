// SPDX-License-Identifier: Apache-2.0

import BioExport
import CBioExport

/// The C functions of `bio.host.oci/1`.
extension HostTables {
    var oci: bio_oci {
        bio_oci(
            struct_size: UInt32(MemoryLayout<bio_oci>.size), flags: 0,
            reference: { host, package, index, reference in
                let tables = HostTables.of(host)
                let answer = tables.call(.imageReference(package: package, index: index))
                if answer.code == BIO_OK { reference.pointee = tables.memory.string(answer.payload) }
                return answer.code
            },
            begin: { host, handle in
                let answer = HostTables.of(host).call(.imageBegin)
                guard answer.code == BIO_OK else { return answer.code }
                var frame = FrameReader(answer.payload)
                guard let made = try? frame.u64() else { return BIO_E_IO }
                handle.pointee = made
                return BIO_OK
            },
            add_packages: { host, image, packages, count in
                HostTables.of(host).checked { (tables) throws(PluginTableReader.Wrong) in
                    guard count > 0 else { throw PluginTableReader.Wrong(text: "no packages are added") }
                    guard count <= 1 << 20 else {
                        throw PluginTableReader.Wrong(text: "\(count) packages are too many")
                    }
                    guard let packages else {
                        throw PluginTableReader.Wrong(text: "there are \(count) packages, but no array")
                    }
                    return tables.add(UnsafeBufferPointer(start: packages, count: Int(count)), to: image)
                }
            },
            add_tree: { host, image, tree, title in
                HostTables.of(host).checked { (tables) throws(PluginTableReader.Wrong) in
                    let title = try PluginTableReader.text(title.pointee, "layer title", limit: 256)
                    return tables.call(.imageAddTree(image: image, tree: tree, title: title)).code
                }
            },
            configure: { host, image, config in
                HostTables.of(host).checked { (tables) throws(PluginTableReader.Wrong) in
                    tables.call(.imageConfigure(image: image, try HostTables.settings(config))).code
                }
            },
            publish: { host, image in HostTables.of(host).call(.imagePublish(image: image)).code })
    }

    /// As many calls as the list takes frames.
    private func add(_ packages: UnsafeBufferPointer<UInt32>, to image: UInt64) -> Int32 {
        var first = 0
        while first < packages.count {
            let end = min(first + ServiceCall.mostPackages, packages.count)
            let code = call(.imageAddPackages(image: image, packages: Array(packages[first..<end]))).code
            guard code == BIO_OK else { return code }
            first = end
        }
        return BIO_OK
    }

    private static func settings(
        _ pointer: UnsafePointer<bio_image_config>
    ) throws(PluginTableReader.Wrong) -> ContainerSettings {
        let raw = try PluginTableReader.copy(pointer, bio_image_config(), "bio_image_config")
        var made = ContainerSettings()
        made.user = try PluginTableReader.text(raw.user, "user")
        made.workingDirectory = try PluginTableReader.text(raw.working_dir, "working directory")
        made.stopSignal = try PluginTableReader.text(raw.stop_signal, "stop signal")
        made.author = try PluginTableReader.text(raw.author, "author")
        made.entrypoint = try texts(raw.entrypoint, raw.entrypoint_count, "entrypoint")
        made.command = try texts(raw.command, raw.command_count, "command")
        made.ports = try texts(raw.ports, raw.port_count, "ports")
        made.volumes = try texts(raw.volumes, raw.volume_count, "volumes")
        made.healthTest = try texts(raw.health_test, raw.health_test_count, "health test")
        made.environment = try pairs(raw.environment, raw.environment_count, "environment")
        made.labels = try pairs(raw.labels, raw.label_count, "labels")
        made.annotations = try pairs(raw.annotations, raw.annotation_count, "annotations")
        made.healthInterval = raw.health_interval
        made.healthTimeout = raw.health_timeout
        made.healthStartPeriod = raw.health_start_period
        made.healthRetries = raw.health_retries
        guard made.byteCount <= ContainerSettings.mostBytes else {
            throw PluginTableReader.Wrong(
                text:
                    "bio_image_config holds \(made.byteCount) bytes of text, at most \(ContainerSettings.mostBytes) may be"
            )
        }
        return made
    }

    private static func texts(
        _ start: UnsafePointer<bio_str>?, _ count: UInt32, _ field: String
    ) throws(PluginTableReader.Wrong) -> [String] {
        try members(start, count, field).map { (text) throws(PluginTableReader.Wrong) in
            try PluginTableReader.anyText(text, field)
        }
    }

    private static func pairs(
        _ start: UnsafePointer<bio_kv>?, _ count: UInt32, _ field: String
    ) throws(PluginTableReader.Wrong) -> [ContainerSettings.Pair] {
        try members(start, count, field).map { (pair) throws(PluginTableReader.Wrong) in
            .init(
                key: try PluginTableReader.text(pair.key, field),
                value: try PluginTableReader.anyText(pair.value, field))
        }
    }

    private static func members<T>(
        _ start: UnsafePointer<T>?, _ count: UInt32, _ field: String
    ) throws(PluginTableReader.Wrong) -> [T] {
        guard count <= UInt32(ContainerSettings.mostMembers) else {
            throw PluginTableReader.Wrong(
                text: "the \(field) have \(count) members, at most \(ContainerSettings.mostMembers) may be")
        }
        return try PluginTableReader.items(start, count, field)
    }
}
