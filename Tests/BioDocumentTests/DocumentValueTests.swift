// SPDX-License-Identifier: Apache-2.0

import BioDocument
import Testing

@Suite struct DocumentValueTests {
    @Test func settingAMemberReplacesInPlaceAppendsOrRemoves() {
        var object = DocumentObject()
        object.append("a", 1)
        object.append("b", 2)
        object["a"] = 3
        object["c"] = 4
        object["b"] = nil
        object["zz"] = nil
        #expect(DocumentValue.object(object) == ["a": 3, "c": 4])
        #expect(object.keys == ["a", "c"])
    }

    @Test func accessorsAnswerOnlyForTheirKind() {
        let value: DocumentValue = ["s": "text", "n": 5, "b": true, "l": ["x"], "o": [:]]
        #expect(value["s"]?.string == "text" && value["s"]?.int == nil)
        #expect(value["n"]?.int == 5 && value["n"]?.string == nil)
        #expect(value["b"]?.bool == true && value["b"]?.array == nil)
        #expect(value["l"]?.array == ["x"] && value["l"]?.object == nil)
        #expect(value["o"]?.object?.isEmpty == true && value["o"]?["x"] == nil)
        #expect(value["missing"] == nil)
    }

    @Test func ordersMatterInObjects() {
        #expect(["a": 1, "b": 2] as DocumentValue != ["b": 2, "a": 1])
    }
}
