/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/api/streams.h"

#include <string.h>

#include "lib/io.h"

const char *stream_type(const struct call *call, bool multiplexed)
{
	return multiplexed && call->minor >= 42 ? STREAM_MULTIPLEXED : STREAM_RAW;
}

int stream_write(int fd, bool multiplexed, enum sink_stream stream, const void *bytes, size_t len,
	struct err *err)
{
	unsigned char head[8] = {(unsigned char)stream, 0, 0, 0, (unsigned char)(len >> 24),
		(unsigned char)(len >> 16), (unsigned char)(len >> 8), (unsigned char)len};
	int r = multiplexed ? io_write_full(fd, head, sizeof(head)) : 0;

	if (r == 0)
		r = io_write_full(fd, bytes, len);
	return r < 0 ? err_set(err, -r, "the client has gone: %s", strerror(-r)) : 0;
}
