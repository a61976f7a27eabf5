// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioExport
import BioTemplate
import CBioExport

/// The C functions of `bio.host.template/1`. A text is rendered in the plugin's own process; a service is the host's
/// business, which has the packages.
extension HostTables {
    var templates: bio_template {
        bio_template(
            struct_size: UInt32(MemoryLayout<bio_template>.size), flags: 0,
            render: { host, source, context, count, text in
                if let code = HostTables.of(host).injectedFault(in: "template.render") { return code }
                return HostTables.of(host).checked { (tables) throws(PluginTableReader.Wrong) in
                    let source = try DocumentSource(source)
                    guard source.syntax == 0 else {
                        return tables.refuse(BIO_E_UNSUPPORTED, "\(source.syntax) is no syntax of templates")
                    }
                    guard count <= UInt64(DocumentLimits.ofPlugins.values) else {
                        return tables.refuse(
                            BIO_E_LIMIT, "a context of more than \(DocumentLimits.ofPlugins.values) values was given")
                    }
                    let nodes = try DraftReader.nodes(context, Int(count))
                    return tables.trace.service(
                        "template.render", "\(TraceText.bytes(source.text.count)), \(count) nodes", TraceText.value
                    ) {
                        tables.render(source, nodes, into: text)
                    }
                }
            },
            service: { host, call, rootfs, service in
                HostTables.of(host).checked { (tables) throws(PluginTableReader.Wrong) in
                    let answer = tables.call(.templateService(tree: rootfs, try HostTables.request(call)))
                    guard answer.code == BIO_OK else { return answer.code }
                    guard let facts = try? ServiceFacts(parsing: answer.payload) else { return BIO_E_IO }
                    service.pointee = tables.lasting(facts)
                    return BIO_OK
                }
            })
    }

    private func render(_ source: DocumentSource, _ nodes: [bio_node], into text: UnsafeMutablePointer<bio_str>)
        -> Int32
    {
        let context: DocumentValue
        do throws(DocumentRefusal) {
            var reader = DraftReader(nodes, isTemplate: false)
            let values = try reader.documents().compactMap { item in
                if case .element(let draft) = item { draft.plainValue } else { nil }
            }
            guard values.count <= 1, values.allSatisfy({ $0.object != nil }) else {
                return refuse(BIO_E_INVALID, "the context of a template is one MAP")
            }
            context = values.first ?? [:]
        } catch { return refuse(error.code, error.message) }
        let rendered: String
        do throws(TemplateError) {
            rendered = try Template(parsing: source.text, name: source.shownName).render(context, mode: .strict)
        } catch {
            fail(source.failure(error))
            return error.code
        }
        guard take(documentBytes: rendered.utf8.count) else { return tooMuch() }
        text.pointee = memory.string(rendered)
        return text.pointee.ptr == nil ? refuse(BIO_E_LIMIT, "there is no memory for a text") : BIO_OK
    }

    private static func request(_ pointer: UnsafePointer<bio_service_call>) throws(PluginTableReader.Wrong)
        -> ServiceRequest
    {
        let raw = try PluginTableReader.copy(pointer, bio_service_call(), "bio_service_call")
        guard raw.bind_count <= UInt32(ServiceRequest.mostBinds) else {
            throw PluginTableReader.Wrong(text: "a service has \(raw.bind_count) binds")
        }
        let configuration = try PluginTableReader.bytes(
            raw.configuration, "configuration", limit: ServiceRequest.longestConfiguration)
        guard let text = String(validating: configuration, as: UTF8.self) else {
            throw PluginTableReader.Wrong(text: "the configuration is not UTF-8")
        }
        return ServiceRequest(
            package: raw.package, configuration: text,
            configurationName: try PluginTableReader.cutText(
                raw.configuration_name, "configuration name", longest: 4096),
            binds: try PluginTableReader.items(raw.binds, raw.bind_count, "binds")
                .map { (text) throws(PluginTableReader.Wrong) in try PluginTableReader.anyText(text, "bind") },
            group: try PluginTableReader.text(raw.group, "group of a service", limit: 256))
    }

    /// The facts as the plugin's own.
    private func lasting(_ facts: ServiceFacts) -> UnsafePointer<bio_service> {
        let hooks = facts.hooks.map { hook -> UnsafePointer<bio_hook> in
            var raw = bio_hook()
            raw.struct_size = UInt32(MemoryLayout<bio_hook>.size)
            raw.name = memory.string(hook.name)
            raw.path = memory.string(hook.path)
            raw.interpreter = memory.string(hook.interpreter)
            return UnsafePointer(memory.one(raw))
        }
        var raw = bio_service()
        raw.struct_size = UInt32(MemoryLayout<bio_service>.size)
        raw.directory = memory.string(facts.directory)
        raw.user = memory.string(facts.user)
        raw.group = memory.string(facts.group)
        raw.stop_signal = memory.string(facts.stopSignal)
        raw.stop_seconds = facts.stopSeconds
        raw.hook_count = UInt32(hooks.count)
        raw.hooks = UnsafePointer(memory.array(hooks))
        let variables = facts.environment.map { bio_kv(key: memory.string($0.name), value: memory.string($0.value)) }
        raw.environment_count = UInt32(variables.count)
        raw.environment = UnsafePointer(memory.array(variables))
        raw.left_out_count = UInt32(facts.leftOut.count)
        raw.left_out = UnsafePointer(memory.array(facts.leftOut.map { memory.string($0) }))
        return UnsafePointer(memory.one(raw))
    }
}

extension TemplateError {
    fileprivate var code: Int32 {
        switch problem {
        case .templateTooLong, .nestingTooDeep, .partialsTooDeep, .outputTooLong, .tooManySteps: BIO_E_LIMIT
        default: BIO_E_INVALID
        }
    }
}

extension DocumentSource {
    fileprivate var shownName: String { name.isEmpty ? "template" : name }

    fileprivate func failure(_ error: TemplateError) -> PluginFailure {
        PluginFailure(
            code: error.code, subjectKind: subjectKind, subject: subject, message: error.message, hint: error.hint ?? ""
        )
    }
}
