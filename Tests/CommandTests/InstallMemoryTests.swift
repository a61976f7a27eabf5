// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

/// How much memory the built program takes to install artifacts that are made to take much: bounds, not figures.
@Suite(.serialized) struct InstallMemoryTests {
    struct Shape: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let xz: [String]
        /// MB of the largest resident set.
        let limit: Int
    }

    /// All with sizes in the headers of blocks unless they are made by one thread.
    static let shapes = [
        Shape(
            testDescription: "one block, dictionary of 8 MiB",
            xz: ["-T1", "--lzma2=preset=0,dict=8MiB"], limit: 64 + 9),
        Shape(
            testDescription: "blocks of xz -6", xz: ["-T2", "--block-size=24MiB", "--lzma2=preset=0,dict=8MiB"],
            limit: 192),
        Shape(
            testDescription: "blocks of xz -6, without sizes",
            xz: ["-T1", "--block-size=24MiB", "--lzma2=preset=0,dict=8MiB"], limit: 64 + 9),
        Shape(
            testDescription: "blocks larger than may be held, dictionary of xz -9",
            xz: ["-T2", "--block-size=150MiB", "--lzma2=preset=0,dict=64MiB"], limit: 192),
    ]

    @Test(arguments: shapes) func memoryIsBounded(_ shape: Shape) throws {
        let scratch = try Scratch()
        let environment = [
            "FS_ROOT": scratch.file("root"), "HOME": scratch.file("home"), "HAB_CACHE_KEY_PATH": scratch.file("keys"),
        ]
        try Directory.create(scratch.file("keys"))
        #expect(
            try Tool.run([Command.program, "origin", "key", "generate", "acme"], environment: environment).code == 0)
        let payload = try scratch.write(try Self.payload(shape.xz), to: "payload.tar.xz")
        let artifact = scratch.file("large.hart")
        let signed = try Tool.run(
            [Command.program, "pkg", "sign", "--origin", "acme", payload, artifact], environment: environment)
        #expect(signed.code == 0)

        let measured = try Tool.run(
            ["python3", "-c", Self.measure, Command.program, "pkg", "install", artifact], environment: environment)
        #expect(measured.code == 0, "\(measured.errorText)")
        let peak = try #require(Int(measured.text.split(separator: "\n").last ?? ""))
        #expect(peak < shape.limit, "\(peak) MB")
    }

    /// 160 MB: noise with repeats in it, so that blocks are large compressed too, and are made quickly.
    private static func payload(_ options: [String]) throws -> [UInt8] {
        let made = try Tool.run(
            ["python3", "-c", make, "acme/large/1.0/20260101000000", "xz", "-c"] + options)
        #expect(made.code == 0, "\(made.errorText)")
        return made.output
    }

    private static let make = """
        import io, os, random, subprocess, sys, tarfile
        ident = sys.argv[1]
        noise = random.Random(1).randbytes(1 << 20)
        xz = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE)
        with tarfile.open(fileobj=xz.stdin, mode="w|", format=tarfile.GNU_FORMAT) as tar:
            for name, body in (("IDENT", ident.encode()), ("TARGET", f"{os.uname().machine}-linux".encode())):
                member = tarfile.TarInfo(f"hab/pkgs/{ident}/{name}")
                member.size = len(body)
                tar.addfile(member, io.BytesIO(body))
            for number in range(20):
                member = tarfile.TarInfo(f"hab/pkgs/{ident}/{number}")
                member.size = 8 << 20
                tar.addfile(member, io.BytesIO(noise[number:] + noise * 8))
        xz.stdin.close()
        sys.exit(xz.wait())
        """

    private static let measure = """
        import os, sys
        child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
        _, status, usage = os.wait4(child, 0)
        print(usage.ru_maxrss * 1024 // 1000000)
        sys.exit(os.waitstatus_to_exitcode(status))
        """
}
