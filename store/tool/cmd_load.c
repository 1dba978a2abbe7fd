/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store load */
#include <fcntl.h>
#include <unistd.h>

#include "lib/own.h"
#include "spec/store_lines.h"
#include "store/archive.h"
#include "store/tool/cmd.h"

struct load_options {
	const char *input;
};

static const struct cli_option options[] = {
	OPT_STRING(struct load_options, input, "input", 'i', "FILE",
		"read the archive from a file instead of standard input"),
};

static int print_image(
	const struct cli_call *call, const struct archive_image *image, struct err *err)
{
	const struct loaded_line line = {image->reference, image->manifest.text, image->id.text};
	own_buf struct buf out = {0};

	store_line_write(&loaded_line_schema, &line, &out);
	return tool_write(call, out.data, out.len, err);
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct load_options *o = call->options;
	own_arena struct arena a = {0};
	own_fd int file = o->input ? open(o->input, O_RDONLY | O_CLOEXEC) : -1;
	int in = o->input ? file : tool_io(call)->in;
	struct archive_images images;
	struct store_session *s;

	if (in < 0)
		return err_errno(err, "cannot open '%s'", o->input);
	if (!o->input && isatty(in))
		return err_set(err, E_USAGE,
			"standard input is a terminal: give a file with -i, or redirect one");
	s = tool_session(call, err);
	if (!s)
		return -err->code;
	store_session_forget_image(s);
	if (archive_load(s->store, in, &images, &a, err) < 0)
		return -err->code;
	for (size_t i = 0; i < images.count; i++)
		if (print_image(call, &images.items[i], err) < 0)
			return -err->code;
	return 0;
}

const struct cli_command tool_load = {
	.name = "load",
	.synopsis = "[OPTIONS]",
	.help = "Read images from a tar archive (OCI layout or docker save)",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct load_options),
	.run = run,
	.details = "The archive is read as a stream, plain or compressed with gzip or zstd, "
		   "its entries in any order. When anything fails, nothing is stored.",
};
