// SPDX-License-Identifier: Apache-2.0

import CArchive

/// What is wrong with a tar header, or with the pax or GNU header that speaks for the next one: every rule of the guard
/// (Core/CArchive/tar_guard.c) by its own name.
package enum TarFault: Hashable, Sendable, CaseIterable, CustomStringConvertible {
    case noMark
    case checksum
    case sizeNumber
    case modeNumber
    case timeNumber
    case body
    case link
    /// Also what a number of the guard means that is not known here.
    case twoReadings
    case extensionAlone
    case extensionCount
    case extensionSize
    case extensionEmpty
    case longNameOpen
    case twoNames
    case twoTargets
    case paxLength
    case paxRecord
    case paxKeyNUL
    case paxSize
    case paxTime
    case paxCharset
    case paxSparse
    case paxVolume
    case paxGlobal

    init(rawValue: UInt32) {
        let fault = bio_tar_fault(rawValue: rawValue)
        self = Self.allCases.first { $0.raw == fault } ?? .twoReadings
    }

    private var raw: bio_tar_fault {
        switch self {
        case .noMark: BIO_TAR_MAGIC
        case .checksum: BIO_TAR_CHECKSUM
        case .sizeNumber: BIO_TAR_SIZE_NUMBER
        case .modeNumber: BIO_TAR_MODE_NUMBER
        case .timeNumber: BIO_TAR_TIME_NUMBER
        case .body: BIO_TAR_BODY
        case .link: BIO_TAR_LINK
        case .twoReadings: BIO_TAR_TWO_READINGS
        case .extensionAlone: BIO_TAR_EXTENSION_ALONE
        case .extensionCount: BIO_TAR_EXTENSION_COUNT
        case .extensionSize: BIO_TAR_EXTENSION_SIZE
        case .extensionEmpty: BIO_TAR_EXTENSION_EMPTY
        case .longNameOpen: BIO_TAR_LONG_NAME_OPEN
        case .twoNames: BIO_TAR_TWO_NAMES
        case .twoTargets: BIO_TAR_TWO_TARGETS
        case .paxLength: BIO_TAR_PAX_LENGTH
        case .paxRecord: BIO_TAR_PAX_RECORD
        case .paxKeyNUL: BIO_TAR_PAX_KEY_NUL
        case .paxSize: BIO_TAR_PAX_SIZE
        case .paxTime: BIO_TAR_PAX_TIME
        case .paxCharset: BIO_TAR_PAX_CHARSET
        case .paxSparse: BIO_TAR_PAX_SPARSE
        case .paxVolume: BIO_TAR_PAX_VOLUME
        case .paxGlobal: BIO_TAR_PAX_GLOBAL
        }
    }

    /// A verb and what follows: the header is the subject.
    package var description: String {
        switch self {
        case .noMark: "has no mark of a tar"
        case .checksum: "has a wrong checksum"
        case .sizeNumber: "has a size that is no number, or none that a file can have"
        case .modeNumber: "has a mode that is no number"
        case .timeNumber: "has a time that is no number, or is negative"
        case .body: "gives a body to a link or directory"
        case .link: "gives a link's target to a file or directory"
        case .twoReadings: "can be read in two ways"
        case .extensionAlone: "speaks for a next member, and there is none"
        case .extensionCount: "is the ninth that speaks for one member"
        case .extensionSize: "brings what is said before one member to more than 1 MiB"
        case .extensionEmpty: "speaks for a next member, and says nothing"
        case .longNameOpen: "has a long name without its closing NUL"
        case .twoNames: "gives a second long name to one member"
        case .twoTargets: "gives a second long target to one link"
        case .paxLength: "has a pax record with a wrong length"
        case .paxRecord: "has a pax record that is no line with a key and a value"
        case .paxKeyNUL: "has a pax key with a NUL in it"
        case .paxSize: "has a pax size that is no number, or is there twice"
        case .paxTime: "has a pax time that is no number"
        case .paxCharset: "has pax names in a character set that is not known"
        case .paxSparse: "makes a sparse file with pax records, which payloads never hold"
        case .paxVolume: "has pax records of a backup or of several volumes, which payloads never hold"
        case .paxGlobal: "is a global pax header that names, sizes or dates members"
        }
    }
}
