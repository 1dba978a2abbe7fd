/* SPDX-License-Identifier: Apache-2.0 */
/* A stream of one block, for what reads streams. */
#ifndef KIST_TESTS_MEMORY_STREAM_H
#define KIST_TESTS_MEMORY_STREAM_H

#include "lib/stream.h"

struct stream *stream_from_memory(const void *data, size_t len); /* data is borrowed */

#endif
