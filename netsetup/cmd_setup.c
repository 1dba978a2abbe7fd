/* SPDX-License-Identifier: Apache-2.0 */
/* kist-netsetup setup and teardown: the configuration on stdin, the result on stdout. */
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/json.h"
#include "lib/own.h"
#include "lib/path.h"
#include "netsetup/cmd.h"
#include "netsetup/setup.h"

static int read_config(struct arena *a, struct config *c, struct err *err)
{
	own_buf struct buf text = {0};

	if (io_read_fd(STDIN_FILENO, JSON_LINE_MAX, "the network configuration on stdin", &text,
		    err) < 0)
		return -err->code;
	return config_parse(a, buf_str(&text), text.len, c, err);
}

static int open_state(const struct cli_call *call, struct state *s, struct err *err)
{
	const struct global_options *global = call->global;

	if (geteuid() != 0)
		return err_set(err, E_DENIED,
			"networks need root: run as root, or use the network 'host'");
	/* others read hosts and resolv.conf, whatever our caller's umask is */
	umask(022);
	return state_open(s, global->root, global->run, err);
}

int cmd_setup(const struct cli_call *call, struct err *err)
{
	own_arena struct arena a = {0};
	own_state struct state s = STATE_INIT;
	own_mem char *netns = path_absolute(call->args[0]);
	struct json *result;
	struct config c;

	if (read_config(&a, &c, err) < 0 || open_state(call, &s, err) < 0 ||
		setup(&s, netns, &c, &a, &result, err) < 0)
		return -err->code;
	if (json_write_line(STDOUT_FILENO, result, err) < 0) {
		/* a caller that does not know what it got would never take it down */
		struct err ignored;

		teardown(&s, netns, &c, &ignored);
		return -err->code;
	}
	return 0;
}

int cmd_teardown(const struct cli_call *call, struct err *err)
{
	own_arena struct arena a = {0};
	own_state struct state s = STATE_INIT;
	own_mem char *netns = path_absolute(call->args[0]);
	struct config c;

	if (read_config(&a, &c, err) < 0 || open_state(call, &s, err) < 0)
		return -err->code;
	return teardown(&s, netns, &c, err);
}
