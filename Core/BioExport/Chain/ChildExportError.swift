// SPDX-License-Identifier: Apache-2.0

/// Why an export that another one asked for came to nothing: told as what it was, with who asked for it.
package struct ChildExportError: Error, CustomStringConvertible {
    package enum Problem: Sendable {
        /// No usable plugin makes the format.
        case unavailable(any Error)
        /// Its options will not do.
        case refused(any Error)
        /// Whatever else stopped it.
        case failed(any Error)
        /// The formats that ask for each other, from the user's on.
        case cycle([String])
        case tooDeep([String])
        case tooMany(Int)
        /// Two exports want the same name for their images.
        case nameTaken(String)
        /// Two exports want the same place.
        case placeTaken(String)
        /// It makes no image, and one is to be built upon.
        case noImage
        /// The user asked for a package that this export has not got.
        case noRoot(UInt32)
    }

    /// The format that the user asked for, or one on the way.
    package let parent: String
    package let format: String
    package let problem: Problem
    /// What the format that asked says the user can do; nil: nothing.
    package var advice: String?

    package init(parent: String, format: String, _ problem: Problem) {
        self.parent = parent
        self.format = format
        self.problem = problem
    }

    package var hint: String? {
        switch problem {
        case .nameTaken: "name images by what they are of, as with --image-name '{{pkg_origin}}/{{pkg_name}}'"
        case .placeTaken: "export one package after the other, or let images go to an engine or with --push-image"
        case .unavailable, .refused, .failed, .cycle, .tooDeep, .tooMany, .noImage, .noRoot: advice
        }
    }

    package var description: String {
        switch problem {
        case .unavailable(let error), .refused(let error), .failed(let error):
            "the format '\(parent)' needs an export as '\(format)': \(error)"
        case .cycle(let formats): "the format '\(parent)' asks for itself: \(formats.joined(separator: " → "))"
        case .tooDeep(let formats):
            "the format '\(parent)' asks for exports \(formats.count) deep: \(formats.joined(separator: " → "))"
        case .tooMany(let most): "the export asks for more than \(most) others, the last as '\(format)'"
        case .nameTaken(let name): "two images of this export would both be called '\(name)'"
        case .placeTaken(let place): "two results of this export would both go to '\(place)'"
        case .noImage: "the format '\(parent)' builds upon the image of '\(format)', which makes none"
        case .noRoot(let number): "the format '\(parent)' asks for an export of package \(number), which nobody named"
        }
    }
}
