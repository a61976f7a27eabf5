// SPDX-License-Identifier: Apache-2.0

import BioCLI
import Glibc

exit(Program.main())
