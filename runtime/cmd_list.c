/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "lib/io.h"
#include "lib/own.h"
#include "runtime/instance.h"
#include "runtime/runtime.h"

struct list_command {
	const char *format;
	bool quiet;
};

static const struct cli_option options[] = {
	OPT_STRING(struct list_command, format, "format", 'f', "FORMAT",
		"table or json (default table)"),
	OPT_FLAG(struct list_command, quiet, "quiet", 'q', "ids only"),
};

static void add_row(struct instance *c, struct buf *out)
{
	const struct instance_record *r = &c->record;
	enum instance_status status = instance_status(c);

	buf_addf(out, "%-27s %-11lld %-11s %-35s %-32s #%lld\n", r->id,
		status == INSTANCE_STOPPED ? 0LL : (long long)r->pid, instance_status_name(status),
		r->bundle ? r->bundle : "", r->created ? r->created : "", (long long)r->owner);
}

static int add_container(const char *root, const char *id, const struct list_command *o,
	struct arena *a, struct json *all, struct buf *out)
{
	own_instance struct instance c = INSTANCE_INIT;
	struct err err;

	/* deleted since the directory was read: it is simply not there */
	if (instance_open(&c, root, id, false, &err) < 0)
		return 0;
	if (o->quiet)
		buf_addf(out, "%s\n", id);
	else if (all)
		json_append(all, json_copy(a, instance_state(&c, instance_status(&c), true)));
	else
		add_row(&c, out);
	return 0;
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct list_command *o = call->options;
	const char *format = o->format ? o->format : "table";
	bool json = strcmp(format, "json") == 0;
	own_strv struct strv ids = {0};
	own_arena struct arena a = {0};
	own_buf struct buf out = {0};
	struct json *all = json ? json_new_array(&a) : NULL;
	int r;

	if (runtime_begin(call, err) < 0)
		return -err->code;
	if (!json && strcmp(format, "table") != 0)
		return err_set(err, E_USAGE, "--format must be table or json, not '%s'", format);
	if (instance_list(runtime_root(call), &ids, err) < 0)
		return -err->code;
	if (!json && !o->quiet)
		buf_addf(&out, "%-27s %-11s %-11s %-35s %-32s %s\n", "ID", "PID", "STATUS",
			"BUNDLE", "CREATED", "OWNER");
	for (size_t i = 0; i < ids.count; i++)
		add_container(runtime_root(call), ids.items[i], o, &a, all, &out);
	if (json && !o->quiet) {
		json_write(all, JSON_COMPACT, &out);
		buf_addc(&out, '\n');
	}
	r = io_write_full(1, buf_str(&out), out.len);
	return r < 0 ? err_set(err, -r, "cannot write the list") : 0;
}

const struct cli_command runtime_list_command = {
	.name = "list",
	.synopsis = "[OPTIONS]",
	.help = "List the containers",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct list_command),
	.max_args = 0,
	.run = run,
};
