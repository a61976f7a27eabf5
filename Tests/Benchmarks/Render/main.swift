// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTemplate

// bio-render TEMPLATE CONTEXT COUNT RESULT
//
// Reads a template once and renders it COUNT times with the JSON in CONTEXT. RESULT gets the text; standard output gets
// one line: microseconds for reading the template, for the first, the median and the fastest rendering.

/// Microseconds that `body` takes.
func time<Result>(_ body: () throws -> Result) rethrows -> (result: Result, microseconds: Double) {
    let clock = ContinuousClock()
    let start = clock.now
    let result = try body()
    return (result, (clock.now - start) / .microseconds(1))
}

func contents(_ path: String) throws -> [UInt8] { try FileDescriptor.open(path).readToEnd(limit: 16 << 20) }

let arguments = CommandLine.arguments
guard arguments.count == 5, let count = Int(arguments[3]), count > 0 else {
    fatalError("bio-render TEMPLATE CONTEXT COUNT RESULT")
}
let bytes = try contents(arguments[1])
let context = try DocumentValue(json: contents(arguments[2]))
let (template, reading) = try time { try Template(parsing: bytes, name: arguments[1]) }
var times: [Double] = []
var text = ""
for _ in 0..<count {
    let (result, rendering) = try time { try template.render(context) }
    times.append(rendering)
    text = result
}
try AtomicFile.write(Array(text.utf8), to: arguments[4])
let sorted = times.sorted()
print(reading, times[0], sorted[count / 2], sorted[0])
