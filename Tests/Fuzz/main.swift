// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc

// bio-fuzz list                  the names of the targets
// bio-fuzz seeds TARGET FOLDER   writes the seeds that are made by code
// bio-fuzz TARGET FILE…          gives each file to the target once: what was found before, and the seeds
// bio-fuzz TARGET ARGUMENT…      built for libFuzzer (make fuzz): its own arguments

#if BIO_LIBFUZZER
    @_silgen_name("LLVMFuzzerRunDriver")
    func runLibFuzzer(
        _ count: UnsafeMutablePointer<CInt>,
        _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
        _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
    ) -> CInt
#endif

/// Writes a line to standard error, unbuffered.
func say(_ text: String) {
    let bytes = Array("\(text)\n".utf8)
    _ = write(2, bytes, bytes.count)
}

func stop(_ text: String) -> Never {
    say("bio-fuzz: \(text)")
    exit(64)
}

func writeSeeds(of target: FuzzTarget, into folder: String) throws {
    try Directory.create(folder)
    for (index, seed) in target.seeds().enumerated() {
        try AtomicFile.write(seed, to: "\(folder)/seed-\(index)")
    }
}

let arguments = CommandLine.arguments
guard arguments.count > 1 else { stop("a target is needed; 'list' names them") }
if arguments[1] == "list" {
    for target in FuzzTarget.all { print(target.name) }
    exit(0)
}
if arguments[1] == "seeds" {
    guard arguments.count == 4, let target = FuzzTarget.named(arguments[2]) else { stop("seeds TARGET FOLDER") }
    try writeSeeds(of: target, into: arguments[3])
    exit(0)
}
guard let target = FuzzTarget.named(arguments[1]) else { stop("there is no target '\(arguments[1])'") }
FuzzTarget.current = target

#if BIO_LIBFUZZER
    // libFuzzer wants the program's name and its own arguments.
    var rest = [strdup(arguments[0])] + arguments.dropFirst(2).map { strdup($0) } + [nil]
    var count = CInt(rest.count - 1)
    let code = rest.withUnsafeMutableBufferPointer { buffer in
        guard var start = buffer.baseAddress else { return CInt(64) }
        return withUnsafeMutablePointer(to: &start) { pointer in
            runLibFuzzer(&count, pointer) { bytes, count in
                FuzzTarget.current?.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
                return 0
            }
        }
    }
    exit(code)
#else
    for path in arguments.dropFirst(2) {
        let bytes = try FileDescriptor.open(path).readToEnd(limit: 16 << 20)
        // A crash leaves the name of its input as the last line.
        say(path)
        target.run(bytes)
    }
    print("\(arguments.count - 2) inputs")
#endif
