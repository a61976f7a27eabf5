/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BIO_INIT_ACCOUNT_H
#define BIO_INIT_ACCOUNT_H

#include "spec.h"

/* Looks up the numbers of the service's user, of its group, and of every group that he is in, in /etc/passwd and /etc/group:
 * no other source of accounts is asked. Only root needs them; -1 with a message when one is missing. */
int account_find(struct spec *spec);

#endif
