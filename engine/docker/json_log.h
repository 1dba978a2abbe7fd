/* SPDX-License-Identifier: Apache-2.0 */
/* Finding one's way in a container's log; spec/log_line.h says what its lines are. */
#ifndef KIST_ENGINE_JSON_LOG_H
#define KIST_ENGINE_JSON_LOG_H

#include <stdint.h>
#include <sys/types.h>

#include "lib/err.h"

/*
 * Where the last n lines of the file begin. Returns the offset, or an error.
 */
off_t json_log_tail(int fd, uint64_t n, struct err *err);

#endif
