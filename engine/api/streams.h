/* SPDX-License-Identifier: Apache-2.0 */
/* A container's or a command's output as docker's clients read it. */
#ifndef KIST_ENGINE_API_STREAMS_H
#define KIST_ENGINE_API_STREAMS_H

#include "engine/api/call.h"

#define STREAM_RAW         "application/vnd.docker.raw-stream"
#define STREAM_MULTIPLEXED "application/vnd.docker.multiplexed-stream" /* from 1.42 */

/* What the answer is called. */
const char *stream_type(const struct call *call, bool multiplexed);

/*
 * Write output to fd: as it is, or multiplexed (one byte of enum sink_stream, three of 0, four of
 * its length, big endian, then the bytes; docker's API, "Stream format"). Returns 0 or an error.
 */
int stream_write(int fd, bool multiplexed, enum sink_stream stream, const void *bytes, size_t len,
	struct err *err);

#endif
