// SPDX-License-Identifier: Apache-2.0

import BioCLI
import Synchronization
import Testing

@Suite struct StatusReporterTests {
    private func speak(_ world: World) {
        let status = world.context.status
        status.begin("Installing core/redis")
        status.status(.verifying, "core/redis/7/1")
        status.warn("careful")
        status.end("Done")
    }

    @Test(arguments: [
        ("full", "» Installing core/redis\n☛ Verifying core/redis/7/1\nØ careful\n★ Done\n"),
        ("limited", "» Installing core/redis\n→ Verifying core/redis/7/1\nØ careful\n≡ Done\n"),
        ("ascii", " >> Installing core/redis\n--> Verifying core/redis/7/1\n  0 careful\n*** Done\n"),
        ("nonsense", "» Installing core/redis\n☛ Verifying core/redis/7/1\nØ careful\n★ Done\n"),
    ])
    func speaksInEveryStyle(_ style: String, _ expected: String) {
        let world = World(variables: ["HAB_GLYPH_STYLE": style])
        speak(world)
        #expect(world.standardError == expected)
        #expect(world.standardOutput.isEmpty)
    }

    @Test func coloursOnATerminal() {
        let world = World(terminal: TerminalFacts(errorColumns: 80))
        speak(world)
        #expect(
            world.standardError
                == "\u{1B}[1;33m» Installing core/redis\u{1B}[0m\n\u{1B}[1;32m☛ Verifying\u{1B}[0m core/redis/7/1\n"
                + "\u{1B}[1;33mØ careful\u{1B}[0m\n\u{1B}[1;35m★ Done\u{1B}[0m\n")
    }

    @Test(arguments: [["NO_COLOR": "1"], ["HAB_NOCOLORING": "true"], ["HAB_NOCOLORING": "1"], ["TERM": "dumb"]])
    func coloursGoWhenAsked(_ variables: [String: String]) {
        let world = World(variables: variables, terminal: TerminalFacts(errorColumns: 80))
        speak(world)
        #expect(!world.standardError.contains("\u{1B}"))
    }

    @Test func textCannotSteerTheTerminal() {
        let world = World()
        world.context.status.warn("a\u{1B}[2Jb\nc\u{202E}d")
        world.context.status.fatal(CommandFailure(.failure, "x\u{7}\ny", hint: "z\r"))
        #expect(
            world.standardError
                == "Ø a\\u{1b}[2Jb\\u{a}c\\u{202e}d\n✗✗✗\n✗✗✗ x\\u{7}\n✗✗✗ y\n✗✗✗ hint: z\\u{d}\n✗✗✗\n")
    }

    @Test func barIsDrawnAndMakesRoomForLines() {
        let world = World(variables: ["NO_COLOR": "1"], terminal: TerminalFacts(errorColumns: 60))
        let progress = world.context.status.progress("Copying", total: 2048)
        progress.advance(by: 512)
        #expect(world.standardError.isEmpty)  // too soon
        world.time.withLock { $0 += 200_000_000 }
        progress.advance(by: 512)
        let bar = "    Copying [###############---------------] 1.0 KiB of 2.0 KiB"
        let cut = String(bar.prefix(59))
        #expect(world.standardError.hasPrefix("    Copying [####"))
        #expect(world.standardError.count <= cut.count)
        let drawn = world.standardError
        world.context.status.warn("hm")
        #expect(world.standardError == drawn + "\r\u{1B}[2KØ hm\n" + drawn)
        progress.finish()
        progress.advance(by: 1)
        #expect(world.standardError.hasSuffix("\r\u{1B}[2K"))
    }

    /// Sizes may be what a stranger claims.
    @Test func amountsDoNotOverflow() {
        let world = World(terminal: TerminalFacts(errorColumns: 60))
        let progress = world.context.status.progress("Copying", total: .max)
        progress.advance(by: .max)
        world.time.withLock { $0 += 200_000_000 }
        progress.advance(by: .max)
        #expect(world.standardError.contains("of 8388607.9 TiB"), "\(world.standardError)")
    }

    /// Wide letters take two columns, marks none: the bar never reaches the last column.
    @Test(arguments: [(20, "宽宽宽宽宽宽宽宽宽"), (12, "e\u{301}e\u{301}e\u{301}"), (0, "x"), (1, "x"), (5, "宽")])
    func barsFitWhateverTheLetters(_ columns: Int, _ label: String) {
        let world = World(terminal: TerminalFacts(errorColumns: columns))
        let progress = world.context.status.progress(label, total: 2048)
        world.time.withLock { $0 += 200_000_000 }
        progress.advance(by: 512)
        let shown = world.standardError.unicodeScalars.reduce(0) { width, scalar in
            width + (scalar.value >= 0x4E00 ? 2 : scalar.value == 0x301 ? 0 : 1)
        }
        #expect(shown < max(columns, 1), "\(world.standardError)")
        progress.finish()
    }

    @Test func plainLinesAreRare() {
        let world = World(
            variables: ["HAB_NONINTERACTIVE": "true", "NO_COLOR": "1"], terminal: TerminalFacts(errorColumns: 60))
        let progress = world.context.status.progress("Checking", total: 100, unit: .count("files"))
        for _ in 0..<100 {
            world.time.withLock { $0 += 100_000_000 }
            progress.advance(by: 1)
        }
        progress.finish()
        #expect(world.standardError == "… Checking 50 of 100 files\n… Checking 100 of 100 files\n")
    }

    @Test(arguments: [
        (0 as Int64, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1_048_575, "1023.9 KiB"), (1 << 20, "1.0 MiB"),
        (5_368_709_120, "5.0 GiB"), (.max, "8388607.9 TiB"),
    ])
    func sizesForPeople(_ bytes: Int64, _ text: String) { #expect(ByteCount.text(bytes) == text) }
}
