# SPDX-License-Identifier: Apache-2.0
"""One error type for the whole tool, and the one way it runs other programs."""

import os
import subprocess


class ClosureError(Exception):
    """What went wrong, in one sentence, and the next step where there is one."""

    def __init__(self, message, hint=None):
        super().__init__(message)
        self.hint = hint


def run(command, *, action, hint=None, cwd=None, environment=None):
    """Runs `command` (a list) and returns its standard output as text.

    `action` finishes the sentence "cannot ..." when the program is missing or fails; what it wrote to standard
    error becomes the reason. The locale is fixed, because the output of apt is parsed.
    """
    env = dict(os.environ if environment is None else environment)
    env.update(LC_ALL="C.UTF-8", DEBIAN_FRONTEND="noninteractive")
    try:
        done = subprocess.run(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True)
    except FileNotFoundError as error:
        raise ClosureError(f"cannot {action}: there is no program '{command[0]}'",
                           hint or "install it (Tests/Support/install-tools.sh does), then run again") from error
    except OSError as error:
        raise ClosureError(f"cannot {action}: '{command[0]}' does not start: {error.strerror}", hint) from error
    if done.returncode != 0:
        reason = _reason(done.stderr.decode(errors="replace")) or f"'{command[0]}' ended with {done.returncode}"
        raise ClosureError(f"cannot {action}: {reason}", hint)
    return done.stdout.decode(errors="replace")


def _reason(standard_error):
    """The last lines worth showing, without apt's warnings when there are errors."""
    lines = [line.strip() for line in standard_error.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("E:")]
    return "; ".join((errors or lines)[-3:])
