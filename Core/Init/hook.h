/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BIO_INIT_HOOK_H
#define BIO_INIT_HOOK_H

#include "spec.h"

/* Makes the service's directories its user's, as far as that is possible and needed. */
void give_directories(const struct spec *spec);

/* How a program is bound to who started it. */
enum hook_bond { hook_lives_on, hook_dies_with_us };

/* Starts the program as the service's user, leader of a process group of its own; the process, or -1 with a message. It has
 * no terminal to read from: that stays where it was, so that Ctrl-C comes here. */
pid_t hook_start(const struct spec *spec, const char *program, enum hook_bond bond);

/* Exit codes of a program that could not be started, as a shell has them. */
enum { exit_not_runnable = 126, exit_not_found = 127 };

#endif
