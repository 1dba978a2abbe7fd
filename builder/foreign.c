/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/foreign.h"

#include <archive.h>
#include <stdlib.h>

#include "lib/io.h"
#include "lib/mem.h"

struct foreign_stream {
	struct stream base;
	struct archive *archive;
	int fd;
	bool open;
};

static int failed(struct foreign_stream *f, struct err *err)
{
	return err_set(err, E_SYNTAX, "cannot decompress: %s", archive_error_string(f->archive));
}

/* The "raw" format is one entry that has all that the filters give. */
static int open_archive(struct foreign_stream *f, struct err *err)
{
	struct archive_entry *entry;

	if (archive_read_support_filter_bzip2(f->archive) != ARCHIVE_OK ||
		archive_read_support_filter_xz(f->archive) != ARCHIVE_OK ||
		archive_read_support_format_raw(f->archive) != ARCHIVE_OK ||
		archive_read_open_fd(f->archive, f->fd, IO_BLOCK_SIZE) != ARCHIVE_OK ||
		archive_read_next_header(f->archive, &entry) != ARCHIVE_OK)
		return failed(f, err);
	f->open = true;
	return 0;
}

static ssize_t foreign_next(struct stream *s, const void **block, struct err *err)
{
	struct foreign_stream *f = (struct foreign_stream *)s;
	la_int64_t offset;
	size_t len = 0;
	int r;

	if (!f->open && open_archive(f, err) < 0)
		return -err->code;
	r = archive_read_data_block(f->archive, block, &len, &offset);
	if (r == ARCHIVE_EOF)
		return 0;
	return r == ARCHIVE_OK ? (ssize_t)len : failed(f, err);
}

static void foreign_release(struct stream *s)
{
	struct foreign_stream *f = (struct foreign_stream *)s;

	archive_read_free(f->archive);
	free(f);
}

struct stream *foreign_stream(int fd)
{
	static const struct stream_ops ops = {foreign_next, foreign_release, NULL};
	struct foreign_stream *f = xcalloc(1, sizeof(*f));

	f->base.ops = &ops;
	f->archive = archive_read_new();
	f->fd = fd;
	if (!f->archive)
		abort();
	return &f->base;
}
