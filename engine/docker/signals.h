/* SPDX-License-Identifier: Apache-2.0 */
/* Names of signals, as kill and --stop-signal take them. */
#ifndef KIST_ENGINE_SIGNALS_H
#define KIST_ENGINE_SIGNALS_H

/* "KILL", "sigterm", "9", "SIGRTMIN+3": the number, or -EINVAL. */
int signal_parse(const char *text);

#endif
