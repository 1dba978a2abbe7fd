/* SPDX-License-Identifier: Apache-2.0 */
/* Signal names as people write them: "TERM", "SIGTERM", "sigterm", "RTMIN+3", "15". */
#ifndef KIST_RUNTIME_SIGNALS_H
#define KIST_RUNTIME_SIGNALS_H

/* The signal's number, or -1 when the text names none. 0 is a number like any other (kill -0). */
int signal_number(const char *text);

#endif
