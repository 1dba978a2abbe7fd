/* SPDX-License-Identifier: Apache-2.0 */
/* Processes by their numbers, which come again: a pid with its start time is one process alone. */
#ifndef KIST_LIB_PROC_H
#define KIST_LIB_PROC_H

#include <stdint.h>
#include <sys/types.h>

/*
 * When the process was started, in clock ticks since boot. 0 when there is none, or when it has
 * ended and only its status is left.
 */
uint64_t process_start_time(pid_t pid);

/* The same from the text of /proc/PID/stat; 0 also when it is none. */
uint64_t proc_stat_start_time(const char *text);

#endif
