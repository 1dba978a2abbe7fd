/* SPDX-License-Identifier: Apache-2.0 */
/* What a monitor leaves and says: an exit record as a file, and a ready line as it comes. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "spec/exit_record.h"
#include "spec/ready_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was read and is written again says the same. */
static void again(const struct exit_record *first, struct arena *a)
{
	own_buf struct buf text = {0};
	struct exit_record second;
	struct err err;

	json_write(schema_encode(&exit_record_schema, first, a), JSON_COMPACT, &text);
	if (schema_decode_text(&exit_record_schema, buf_str(&text), text.len, 1u << 24, &second, a,
		    &err) < 0 ||
		second.exit_code != first->exit_code || second.signal != first->signal ||
		second.oom_killed != first->oom_killed || strcmp(second.error, first->error) != 0 ||
		strcmp(second.started_at, first->started_at) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_arena struct arena a = {0};
	own_fd int fd = memfd_create("record", MFD_CLOEXEC);
	struct exit_record record;
	struct err err = {0};
	char path[40];
	int64_t pid = -1;
	int r;

	if (fd < 0 || io_write_full(fd, data, size) < 0)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	r = exit_record_read(AT_FDCWD, path, &record, &a, &err);
	if (r == 0 || (r < 0 && !strstr(err.msg, path)))
		abort();
	if (r > 0)
		again(&record, &a);
	err = (struct err){0};
	if (ready_line_read((const char *)data, size, &pid, &err) < 0 && err.code <= 0)
		abort();
	return 0;
}
