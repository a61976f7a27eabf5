// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Testing

@Suite struct MesosExporterTests {
}
