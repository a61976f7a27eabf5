// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTestSupport
import Testing

/// `Chart.yaml`: what the options say, read back by Helm.
@Suite struct ChartMetadataTests {
    @Test func saysWhatTheOptionsSay() throws {
        let desk = try ExportDesk()
        let chart = try desk.chart(
            "acme/cache", "--chart", "my-cache", "--version", "1.2.3-rc.1+b.7", "--desc",
            "A \"cache\": {{ fast }}, $HOME, C:\\ & größer", "-k", "kv", "--keyword", "yes", "--home",
            "https://acme.example/a?b=c&d=%20#e", "--icon", "https://acme.example/i.svg", "-s",
            "https://git.example:8443/x",
            "-m", "Ann O'Neil,ann@acme.example,https://ann.example", "--maint", "Ben", "--depr")
        let metadata = try chart.metadata()
        #expect(chart.path.hasSuffix("/my-cache"))
        #expect(metadata["apiVersion"]?.string == "v2")
        #expect(metadata["name"]?.string == "my-cache")
        #expect(metadata["version"]?.string == "1.2.3-rc.1+b.7")
        #expect(metadata["appVersion"]?.string == "7.2.1-20260102030405")
        #expect(metadata["description"]?.string == "A \"cache\": {{ fast }}, $HOME, C:\\ & größer")
        #expect(metadata["keywords"]?.array?.compactMap(\.string) == ["kv", "yes"])
        #expect(metadata["home"]?.string == "https://acme.example/a?b=c&d=%20#e")
        #expect(metadata["icon"]?.string == "https://acme.example/i.svg")
        #expect(metadata["sources"]?.array?.compactMap(\.string) == ["https://git.example:8443/x"])
        #expect(metadata["maintainers"]?.array?.count == 2)
        #expect(metadata["maintainers"]?.array?.first?["name"]?.string == "Ann O'Neil")
        #expect(metadata["maintainers"]?.array?.first?["email"]?.string == "ann@acme.example")
        #expect(metadata["maintainers"]?.array?.first?["url"]?.string == "https://ann.example")
        #expect(metadata["deprecated"]?.bool == true)
        // That a chart is deprecated is what Helm's lint has to say of it.
        #expect(try Helm.run("lint", chart.path).code == 0)
    }

    @Test(arguments: ChartFixture.versions.enumerated().map { ($0, $1.package, $1.chart) })
    func versionsAreSemVer(_ number: Int, _ package: String, _ version: String) throws {
        let desk = try ExportDesk()
        let metadata = try desk.chart("acme/version\(number)").metadata()
        #expect(metadata["version"]?.string == version)
        #expect(metadata["appVersion"]?.string == "\(package)-20260103000000")
    }

    @Test func namesAreWhatHelmAndClustersTake() throws {
        let desk = try ExportDesk()
        let odd = try desk.chart(
            "acme/7_Odd--Name_", "-i", "acme/odd", "--no-tag-version", "--no-tag-version-release")
        #expect(try odd.metadata()["name"]?.string == "7-odd-name")
        #expect(try odd.metadata()["version"]?.string == "1.0.0+x.y")
        let long = try desk.chart(ChartFixture.long.ident).metadata()["name"]?.string ?? ""
        #expect(long.hasPrefix("long-name-long-name-") && long.utf8.count <= 40)
    }

    static let refusals: [(arguments: [String], option: String)] = [
        (["--chart", "My_Chart"], "chart"), (["--chart", ""], "chart"), (["--chart", "a/b"], "chart"),
        (["--chart", String(repeating: "a", count: 41)], "chart"), (["--chart", "../x"], "chart"),
        (["--version", "1.2"], "version"), (["--chart-version", "01.2.3"], "version"),
        (["--chart-version", "1.2.3-01"], "version"), (["--chart-version", "1.2.3+"], "version"),
        (["--chart-version", "1.2.3+a_b"], "version"),
        (["--chart-version", "99999999999999999999.0.0"], "version"),
        (["--home", "acme.example"], "home"), (["--home", "https://a b"], "home"), (["--home", "https://"], "home"),
        (["--icon", "https://acme.example/%zz"], "icon"), (["--source", "https://acme.example:port/"], "source"),
        (["--source", "ftp://acme.example"], "source"), (["--desc", "two\nlines"], "desc"), (["--desc", ""], "desc"),
        (["--keyword", ""], "keyword"), (["--maint", ""], "maint"), (["--maint", "Ann,ann"], "maint"),
        (["--maint", "Ann,a@b.example,https://c.example,d"], "maint"), (["--maint", "Ann,,ftp://c.example"], "maint"),
        (["--operator", "--operator-version", "6"], "operator-version"),
        (["--operator-version", "rubbish"], "operator-version"),
    ]

    @Test(arguments: refusals) func refusesByName(_ arguments: [String], _ option: String) throws {
        let desk = try ExportDesk()
        let outcome = try desk.bio.helm(["acme/cache", "-d"] + arguments)
        #expect(outcome.code == 64)
        #expect(outcome.errorText.contains("(option --\(option))"), "\(outcome.errorText)")
        #expect(outcome.errorText.contains("hint: "), "\(outcome.errorText)")
        #expect(try desk.names() == [])
    }
}
