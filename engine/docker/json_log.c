/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/json_log.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"

#define BLOCK 65536

off_t json_log_tail(int fd, uint64_t n, struct err *err)
{
	own_mem char *block = xmalloc(BLOCK);
	struct stat st;
	off_t end;

	if (fstat(fd, &st) < 0)
		return err_errno(err, "cannot look at the log");
	end = st.st_size;
	if (n == 0)
		return end;
	while (end > 0) {
		off_t begin = end > BLOCK ? end - BLOCK : 0;
		ssize_t got = pread(fd, block, (size_t)(end - begin), begin);

		if (got < 0)
			return err_errno(err, "cannot read the log");
		for (ssize_t i = got; i-- > 0;)
			/* the line feed at the very end closes the last line */
			if (block[i] == '\n' && begin + i + 1 != st.st_size && --n == 0)
				return begin + i + 1;
		end = begin;
	}
	return 0;
}
