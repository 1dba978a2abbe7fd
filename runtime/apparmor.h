/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An AppArmor profile for the program that is executed next (process.apparmorProfile of the OCI
 * runtime specification). No profile is NULL, "" or "unconfined".
 */
#ifndef KIST_RUNTIME_APPARMOR_H
#define KIST_RUNTIME_APPARMOR_H

#include "lib/err.h"

/*
 * The kernel does not tell what a profile was made from. So ours has a child that nobody enters,
 * with a name for its text: where it is missing, another version's profile is loaded. A unit test
 * says what the name has to be after a change.
 */
#define APPARMOR_DEFAULT_MARK "text-e09ae54ed510e50f"

/* The text of APPARMOR_DEFAULT, as apparmor_parser(8) reads it (apparmor_default.c). */
extern const char apparmor_default_profile[];

/*
 * E_UNSUPPORTED when a profile is asked for and this host's AppArmor is off. kist's own is loaded
 * here when the kernel has not got it yet, or another version of it, by apparmor_parser(8). Returns
 * 0.
 */
int apparmor_check(const char *profile, struct err *err);

/*
 * In the process that will execute the program, while it sees the host's /proc: see that the
 * profile is loaded and that we may change to it, else E_UNSUPPORTED or E_DENIED. *fd is for
 * apparmor_apply() and closes at the next exec; -1 when no profile is asked for. Returns 0.
 */
int apparmor_open(const char *profile, int *fd, struct err *err);

/*
 * In the same process: its next execve() takes the profile. Children forked before that would take
 * it, too: hooks come first. Returns 0.
 */
int apparmor_apply(int fd, const char *profile, struct err *err);

#endif
