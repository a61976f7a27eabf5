// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTestSupport
import Testing

@Suite struct TOMLWriterTests {
    @Test func writesValuesBeforeTables() throws {
        let value: DocumentValue = [
            "web": ["port": 80, "tls": ["on": true]], "name": "a\"b\\c\n\u{1}é", "mixed": [1, "two", [3], ["k": 4]],
            "servers": [["host": "a", "tags": ["x": 1]], ["host": "b"]], "odd key": [], "": [:],
            "deep": ["only": ["tables": [:]]],
        ]
        #expect(
            try value.tomlText() == """
                name = "a\\"b\\\\c\\n\\u0001é"
                mixed = [1, "two", [3], { k = 4 }]
                "odd key" = []

                [web]
                port = 80

                [web.tls]
                on = true

                [[servers]]
                host = "a"

                [servers.tags]
                x = 1

                [[servers]]
                host = "b"

                [""]

                [deep.only.tables]

                """)
    }

    @Test func anEmptyTableIsAnEmptyText() throws {
        #expect(try DocumentValue.object(DocumentObject()).tomlText().isEmpty)
    }

    @Test(arguments: [
        ("[1]", "a TOML document must be a table"), ("{\"a\": null}", "a: TOML has no null"),
        ("{\"a\": {\"b\": [1, {\"c\": null}]}}", "a.b[1].c: TOML has no null"),
        ("{\"s\": [{\"x\": 1}, {\"n\": null}]}", "s[1].n: TOML has no null"),
    ])
    func refusesWithThePath(_ json: String, _ message: String) throws {
        let value = try DocumentValue(json: json)
        do throws(TOMLWriter.Refusal) {
            _ = try value.tomlText()
            Issue.record("written")
        } catch { #expect(error.description == message) }
    }

    @Test(arguments: ["9223372036854775808", "1e999"]) func refusesNumbersBeyond64Bits(_ number: String) throws {
        let value = try DocumentValue(json: "{\"n\": \(number)}")
        do throws(TOMLWriter.Refusal) {
            _ = try value.tomlText()
            Issue.record("written")
        } catch { #expect(error.description == "n: the number \(number) does not fit into 64 bits") }
    }

    /// tomllib and our own reader read back what was written.
    @Test func readersReadTheSameValues() throws {
        var texts = WrittenTexts(seed: 11)
        var values: [DocumentValue] = []
        for text in WrittenTexts.hard {
            var object = DocumentObject()
            object[text] = .array([.string(text), 1, .array([.string(text)])])
            values += [.object(object), ["t": .object(object), "l": [.object(object), .object(object)]]]
        }
        for _ in 0..<600 { values.append(.object(texts.table(depth: 4, nulls: false))) }
        let pairs = DocumentValue.array(try values.map { ["value": $0, "text": .string(try $0.tomlText())] })
        for value in values {
            let read = try TOMLDocument(parsing: try value.tomlText()).value
            #expect(read.sorted == value.sorted)
        }
        let script = """
            import json, sys, tomllib
            for pair in json.load(sys.stdin):
                try: read = tomllib.loads(pair["text"])
                except Exception as error: read = error
                if read != pair["value"]: print(repr(pair), repr(read))
            """
        let outcome = try Tool.run(["/usr/bin/python3", "-c", script], input: pairs.jsonBytes(.compact))
        #expect(outcome.code == 0 && outcome.output.isEmpty, "\(outcome.text.prefix(2000)) \(outcome.errorText)")
    }
}

extension DocumentValue {
    /// Tables with their members in byte order, numbers by value: TOML puts plain values first.
    fileprivate var sorted: DocumentValue { withPlainNumbers.inByteOrder }

    private var inByteOrder: DocumentValue {
        switch self {
        case .array(let elements): return .array(elements.map(\.inByteOrder))
        case .object(let object):
            var result = DocumentObject()
            for member in object.members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
                result.append(member.key, member.value.inByteOrder)
            }
            return .object(result)
        default: return self
        }
    }
}
