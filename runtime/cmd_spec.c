/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "runtime/runtime.h"
#include "spec/config_make.h"

struct spec_command {
	const char *bundle;
	bool rootless;
};

static const struct cli_option options[] = {
	OPT_STRING(struct spec_command, bundle, "bundle", 'b', "DIR",
		"where config.json is written (default the current directory)"),
	OPT_FLAG(struct spec_command, rootless, "rootless", 0, "refused: not supported yet"),
};

static int run(const struct cli_call *call, struct err *err)
{
	const struct spec_command *o = call->options;
	const char *dir = o->bundle ? o->bundle : ".";
	struct config_options wishes = {.terminal = true, .hostname = "kist"};
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct runtime_config config;
	own_fd int dirfd = -1;

	if (runtime_begin(call, err) < 0)
		return -err->code;
	if (o->rootless)
		return err_set(err, E_UNSUPPORTED, "spec --rootless is not supported");
	strings_add(&a, &wishes.args, "sh");
	config_host(&wishes);
	if (config_make(NULL, &wishes, &config, &a, err) < 0)
		return -err->code;
	runtime_config_encode(&config, JSON_PRETTY, &text);
	buf_addc(&text, '\n');
	dirfd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dirfd < 0)
		return err_errno(err, "cannot open '%s'", dir);
	if (io_publish_file(dirfd, "config.json", text.data, text.len, 0644, IO_EXCLUSIVE, err) < 0)
		return err_wrap(err, "config.json");
	return 0;
}

const struct cli_command cmd_spec = {
	.name = "spec",
	.synopsis = "[OPTIONS]",
	.help = "Write a config.json to begin with",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct spec_command),
	.max_args = 0,
	.run = run,
};
