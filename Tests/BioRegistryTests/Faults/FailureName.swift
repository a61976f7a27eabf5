// SPDX-License-Identifier: Apache-2.0

import BioHTTP
import BioRegistry

extension RegistryError {
    /// Which it is, without the places and texts.
    var name: String {
        switch self {
        case .refused(_, _, let status, let code, _): "refused \(status)" + (code.map { " \($0)" } ?? "")
        case .unauthorized(_, _, let anonymous): anonymous ? "unauthorized nobody" : "unauthorized"
        case .missing: "missing"
        case .otherContent: "other content"
        case .malformed: "malformed"
        case .plainHTTP: "plain http"
        case .noPlatform: "no platform"
        case .redirect: "redirect"
        case .http(let error): error.name
        }
    }
}

extension HTTPError {
    var name: String {
        switch self {
        case .notConnected: "not connected"
        case .stalled: "stalled"
        case .cut: "cut"
        case .malformed: "no http"
        case .tooLarge: "too large"
        case .certificate(_, let fault): "certificate \(fault)"
        case .noTLS: "no tls"
        default: "\(self)"
        }
    }
}
