// SPDX-License-Identifier: Apache-2.0

import BioDocument

extension FuzzTarget {
    static let json = FuzzTarget("json") { bytes in
        let value: DocumentValue
        do throws(DocumentError) { value = try DocumentValue(json: bytes) } catch {
            checkMessage(error.description)
            return
        }
        checkWritten(value)
    }

    static let toml = FuzzTarget("toml") { bytes in
        let document: TOMLDocument
        do throws(DocumentError) { document = try TOMLDocument(parsing: bytes) } catch {
            checkMessage(error.description)
            return
        }
        checkPlaces(document.value, document, [])
        // JSON has no word for the numbers that are none.
        if isPlain(document.value) { checkWritten(document.value) }
    }

    static let yaml = FuzzTarget("yaml") { bytes in
        let documents: [Document]
        do throws(DocumentError) { documents = try Document.all(yaml: bytes) } catch {
            checkMessage(error.description)
            promise(error.position.line > 0 && error.position.column > 0, "an error before the text")
            return
        }
        for document in documents {
            checkPlaces(document.value, document.places)
            checkWritten(document.value)
            checkWrittenAsYAML(document.value)
        }
    }

    private static func checkWrittenAsYAML(_ value: DocumentValue) {
        let text = value.yamlText()
        do throws(DocumentError) {
            // What is short by its aliases is long without them.
            let again = try Document(yaml: Array(text.utf8), limits: DocumentLimits(length: 1 << 30, values: 1 << 24))
            promise(again.value.yamlText() == text, "a value reads otherwise when it is written as YAML")
        } catch { broken("a value that was written as YAML is refused: \(error)") }
    }

    private static func checkPlaces(_ value: DocumentValue, _ places: DocumentPlaces) {
        promise(places.position.line > 0 && places.position.column > 0, "a place before the text")
        let children = value.array ?? value.object?.members.map(\.value) ?? []
        promise(children.count == places.children.count, "a value without a place")
        for (child, place) in zip(children, places.children).prefix(64) { checkPlaces(child, place) }
    }

    private static func checkWritten(_ value: DocumentValue) {
        for style in [DocumentValue.JSONStyle.compact, .pretty] {
            do throws(DocumentError) {
                let again = try DocumentValue(json: value.jsonBytes(style), maximumDepth: 200)
                promise(again == value, "a value reads otherwise when it is written as JSON")
            } catch { broken("a value that was written as JSON is refused: \(error)") }
        }
    }

    private static func isPlain(_ value: DocumentValue) -> Bool {
        switch value {
        case .number(let number): number.double.isFinite
        case .array(let items): items.allSatisfy(isPlain)
        case .object(let object): object.members.allSatisfy { isPlain($0.value) }
        default: true
        }
    }

    private static func checkPlaces(_ value: DocumentValue, _ document: TOMLDocument, _ path: [TOMLDocument.Step]) {
        let position = document.position(of: path)
        promise(position.line > 0 && position.column > 0, "a place before the text")
        if path.count > 8 { return }
        for (index, item) in (value.array ?? []).enumerated().prefix(8) {
            checkPlaces(item, document, path + [.index(index)])
        }
        for member in value.object?.members.prefix(8) ?? [] {
            checkPlaces(member.value, document, path + [.key(member.key)])
        }
    }
}
