// SPDX-License-Identifier: Apache-2.0

import BioHTTP
import Testing

@Suite struct HTTPURLTests {
    @Test(arguments: [
        ("https://r.example", "https://r.example:443", "/"),
        ("HTTPS://R.Example:5000/v2/?a=b", "https://r.example:5000", "/v2/?a=b"),
        ("http://[::1]:80/x", "http://[::1]:80", "/x"), ("https://r.example?x=/y", "https://r.example:443", "/?x=/y"),
        ("http://r/a//b/../c", "http://r:80", "/a//b/../c"), ("https://r/x#part", "https://r:443", "/x"),
    ]) func readsAddresses(text: String, origin: String, target: String) throws {
        let url = try #require(HTTPURL(text))
        #expect(url.origin == origin && url.target == target)
    }

    @Test(arguments: [
        "", "r.example", "ftp://r/x", "https:/r", "https://", "https://user:secret@r/x", "https://r:0/",
        "https://r:70000/",
        "https://r:/", "https://r:5a/", "https://r\u{7F}/", "https://r/\n", "https://r /", "https://[::1/",
        "https://rä/",
        "https://r/" + String(repeating: "x", count: 20000), "https://r:+5/",
    ]) func refusesWhatIsNone(text: String) { #expect(HTTPURL(text) == nil) }

    @Test(
        arguments: [
            ("https://other/x", "https://other/x"), ("//other:1/x", "https://other:1/x"),
            ("/x?y", "https://r:5000/x?y"),
            ("next", "https://r:5000/v2/a/next"), ("?last=b", "https://r:5000/v2/a/list?last=b"),
            ("http://r/x", "http://r/x"),
            ("", nil), ("javascript:alert(1)", nil), ("https://u:p@r/", nil),
        ] as [(String, String?)]) func resolvesLocations(location: String, expected: String?) throws
    {
        let base = try #require(HTTPURL("https://r:5000/v2/a/list?n=1"))
        #expect(base.resolve(location)?.text == expected)
    }

    @Test(arguments: [
        ("localhost", true), ("127.0.0.1", true), ("127.255.0.9:1", true), ("[::1]:5", true), ("LOCALHOST:5000", true),
        ("localhost.evil.example", false), ("127.0.0.1.evil.example", false), ("127.1", false), ("127.0.0.01", false),
        ("10.0.0.1", false), ("[::2]", false), ("localhosts", false), ("127.0.0.256", false),
    ]) func knowsTheLoopbackByItsWholeName(host: String, isLoopback: Bool) throws {
        #expect(try #require(HTTPURL("http://\(host)/")).isLoopback == isLoopback)
    }

    @Test func showsNoQuery() throws {
        #expect(try #require(HTTPURL("https://r/x?token=secret")).withoutQuery == "https://r/x")
    }
}
