// SPDX-License-Identifier: Apache-2.0

import CBioExport

/// A struct of a plugin that later versions of the ABI make longer.
protocol OpenStruct {
    /// Its bytes in the version that first had it, which is what a plugin of that version gives for ever. Never the size
    /// that it has now: the first longer one would refuse every plugin there is.
    static var firstSize: Int { get }
    /// All reserved members in one number: zero, or must be understood.
    var reserved: UInt32 { get }
}

extension OpenStruct {
    var reserved: UInt32 { 0 }
}

// What plugins give, as ABI 1.0 has it.
extension bio_artifact: OpenStruct { static let firstSize = 104 }
extension bio_base_package: OpenStruct {
    static let firstSize = 64
    var reserved: UInt32 { reserved0 }
}
extension bio_child: OpenStruct { static let firstSize = 48 }
extension bio_error: OpenStruct { static let firstSize = 64 }
extension bio_exporter: OpenStruct { static let firstSize = 48 }
extension bio_format: OpenStruct { static let firstSize = 152 }
extension bio_function: OpenStruct { static let firstSize = 64 }
extension bio_image_config: OpenStruct { static let firstSize = 200 }
extension bio_oci_artifact: OpenStruct {
    static let firstSize = 136
    var reserved: UInt32 { reserved0 }
}
extension bio_option: OpenStruct {
    static let firstSize = 168
    var reserved: UInt32 { reserved0 }
}
extension bio_plugin: OpenStruct {
    static let firstSize = 144
    var reserved: UInt32 { reserved0 }
}
extension bio_service_call: OpenStruct { static let firstSize = 72 }
extension bio_source: OpenStruct { static let firstSize = 64 }
extension bio_tool_call: OpenStruct { static let firstSize = 80 }
extension bio_written: OpenStruct { static let firstSize = 32 }
