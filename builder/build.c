/* SPDX-License-Identifier: Apache-2.0 */
/* A build from its options to its image. */
#include "builder/build.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "builder/export.h"
#include "builder/parse.h"
#include "builder/stage_build.h"
#include "builder/stages.h"
#include "lib/io.h"
#include "lib/output.h"
#include "lib/own.h"
#include "store/image.h"

/* Arguments that mean something to a builder without being declared. */
static const char *const known_args[] = {"SOURCE_DATE_EPOCH", "BUILDKIT_INLINE_CACHE",
	"BUILDKIT_SANDBOX_HOSTNAME", "BUILDKIT_CONTEXT_KEEP_GIT_DIR", "BUILDKIT_DOCKERFILE_CHECK",
	"BUILDKIT_BUILD_NAME", "BUILDKIT_CACHE_MOUNT_NS", "BUILDKIT_MULTI_PLATFORM",
	"BUILDKIT_SYNTAX"};

static int set_epoch(struct build *b, struct err *err)
{
	const char *text = string_map_get(&b->args.values, "SOURCE_DATE_EPOCH");
	char *end;

	if (!text)
		text = getenv("SOURCE_DATE_EPOCH");
	if (!text || !*text)
		return 0;
	errno = 0;
	b->epoch.tv_sec = strtoll(text, &end, 10);
	if (*end || errno || b->epoch.tv_sec < 0)
		return err_set(err, E_USAGE, "invalid SOURCE_DATE_EPOCH: %s", text);
	b->has_epoch = true;
	return 0;
}

static int check_options(struct build *b, struct err *err)
{
	const struct build_options *o = b->options;
	struct reference ref;

	for (size_t i = 0; i < o->tags.count; i++)
		if (reference_parse(o->tags.items[i], &ref, &b->arena, err) < 0)
			return err_wrap(err, "invalid tag \"%s\"", o->tags.items[i]);
	if (o->network && strcmp(o->network, "default") != 0 && strcmp(o->network, "host") != 0 &&
		strcmp(o->network, "none") != 0)
		return err_set(err, E_USAGE, "invalid network mode '%s' (default, none or host)",
			o->network);
	if (o->platform && strcmp(o->platform, platform_host()) != 0)
		return err_set(err, E_UNSUPPORTED,
			"cannot build for platform '%s': only this machine's, %s, is executed",
			o->platform, platform_host());
	for (size_t i = 0; i < o->build_args.count; i++)
		build_args_add(&b->args, o->build_args.items[i], &b->arena);
	return set_epoch(b, err);
}

/* Frontends are programs in images; ours is built in and speaks for docker/dockerfile. */
static int check_directives(struct build *b, struct err *err)
{
	const char *syntax = b->dockerfile.syntax, *name;

	if (b->dockerfile.check)
		report_warning(&b->report,
			"[Warning] the check directive is not executed yet: no checks are made");
	if (!syntax)
		return 0;
	name = strncmp(syntax, "docker.io/", 10) == 0 ? syntax + 10 : syntax;
	if (strncmp(name, "docker/dockerfile", 17) == 0 &&
		(!name[17] || name[17] == ':' || name[17] == '@' || name[17] == '-'))
		return 0;
	return err_set(err, E_UNSUPPORTED,
		"the frontend '%s' is not executed: only docker/dockerfile is "
		"built in",
		syntax);
}

static int load(struct build *b, const char *where, struct err *err)
{
	report_begin(&b->report, "[internal] load build context");
	if (context_open(&b->context, where, b->options->file, &b->work, err) < 0) {
		report_error(&b->report, err);
		return -err->code;
	}
	report_done(&b->report);
	report_begin(
		&b->report, "[internal] load build definition from %s", b->context.dockerfile_name);
	report_note(&b->report, "transferring dockerfile: %zuB done", b->context.dockerfile.len);
	if (parse_dockerfile(buf_str(&b->context.dockerfile), b->context.dockerfile.len,
		    &b->dockerfile, &b->arena, err) < 0 ||
		check_directives(b, err) < 0) {
		report_error(&b->report, err);
		return -err->code;
	}
	report_done(&b->report);
	for (size_t i = 0; i < b->dockerfile.warnings.count; i++) {
		const struct dockerfile_warning *w = &b->dockerfile.warnings.items[i];

		report_warning(&b->report, " - %s: %s (line %d)", w->rule, w->text, w->line);
	}
	return stages_plan(b, err);
}

static void warn_unused_args(struct build *b)
{
	own_buf struct buf names = {0};

	for (size_t i = 0; i < b->args.values.count; i++) {
		const char *name = b->args.values.items[i].key;
		bool known = b->args.used[i] || variables_is_proxy(name);

		for (size_t j = 0; j < ARRAY_LEN(known_args); j++)
			known |= strcmp(name, known_args[j]) == 0;
		if (!known)
			buf_addf(&names, "%s%s", names.len ? " " : "", name);
	}
	if (names.len)
		report_warning(&b->report,
			"[Warning] One or more build-args [%s] were not consumed", buf_str(&names));
}

static int write_id_file(struct build *b, const struct digest *id, struct err *err)
{
	if (!b->options->iidfile)
		return 0;
	return output_write(b->options->iidfile, id->text, strlen(id->text), 0644, 0, err);
}

/* What stdout ends with: the descriptor where JSON is spoken, with "quiet" the image ID alone. */
static int write_result(
	struct build *b, struct descriptor *manifest, const struct digest *id, struct err *err)
{
	char line[DIGEST_LEN + 2];
	int r;

	if (b->report.id_only) {
		snprintf(line, sizeof(line), "%s\n", id->text);
		r = io_write_full(1, line, strlen(line));
		return r < 0 ? err_set(err, -r, "cannot write to standard output: %s", strerror(-r))
			     : 0;
	}
	if (!b->report.json)
		return 0;
	string_map_set(&b->arena, &manifest->annotations, ANNOTATION_IMAGE_ID, id->text);
	return json_write_line(1, schema_encode(&descriptor_schema, manifest, &b->arena), err);
}

static int build_in(struct build *b, const char *where, struct err *err)
{
	struct descriptor manifest;
	struct digest id;
	struct stage *target;

	b->lease = store_lease(b->store, STORE_LEASE_ADD, err);
	if (b->lease < 0 || workspace_open(&b->place, &b->work, err) < 0 || load(b, where, err) < 0)
		return -err->code;
	target = stages_target(b, err);
	if (!target || stage_build(target, err) < 0)
		return -err->code;
	warn_unused_args(b);
	if (export_image(target, &manifest, &id, err) < 0 || write_id_file(b, &id, err) < 0)
		return -err->code;
	return write_result(b, &manifest, &id, err);
}

/* Where in the Dockerfile it went wrong: the lines around the instruction, ">>>" at its own. */
static void show_excerpt(const struct build *b)
{
	const char *text = buf_str(&b->context.dockerfile), *lf;
	long first = b->failed ? b->failed->line : b->dockerfile.error_line;
	long last = b->failed ? b->failed->end_line : first, number = 1;
	own_buf struct buf out = {0};

	if (!first)
		return;
	buf_addf(&out, "%s:%ld\n--------------------\n", b->context.dockerfile_name, first);
	for (const char *p = text; *p && number <= last + 2; p = *lf ? lf + 1 : lf, number++) {
		char line[400];

		lf = strchrnul(p, '\n');
		if (number < first - 2)
			continue;
		err_escape(line, sizeof(line),
			arena_strndup((struct arena *)&b->arena, p, (size_t)(lf - p)));
		buf_addf(&out, "%4ld | %s %s\n", number,
			number >= first && number <= last ? ">>>" : "   ", line);
	}
	buf_adds(&out, "--------------------\n");
	io_write_full(2, buf_str(&out), out.len);
}

static void show_failure(struct build *b, const struct err *err)
{
	own_buf struct buf out = {0};

	if (b->failed && err->code == E_CHILD)
		report_show_tail(&b->report);
	show_excerpt(b);
	buf_addf(&out, "ERROR: failed to solve: %s\n", err->msg);
	io_write_full(2, buf_str(&out), out.len);
}

static void build_release(struct build *b)
{
	context_release(&b->context);
	run_network_close(&b->network, &b->place, b->work.path);
	workspace_release(&b->work);
	own_fd_release(&b->lease);
	store_close(b->store);
	place_release(&b->place);
	report_release(&b->report);
	arena_release(&b->arena);
}

int build_run(const struct build_options *options, const char *where)
{
	own(build_release) struct build b = {
		.options = options, .lease = -1, .work = WORKSPACE_INIT, .context = CONTEXT_INIT};
	struct err err = {0};

	umask(0);
	if (report_init(&b.report, options->quiet ? "quiet" : options->progress, &err) < 0 ||
		check_options(&b, &err) < 0 ||
		place_find(options->root, options->run, &b.place, &err) < 0 ||
		store_open(b.place.root, b.place.run, 0, &b.store, &err) < 0)
		return err_report("kist-build", &err);
	if (build_in(&b, where, &err) == 0)
		return 0;
	show_failure(&b, &err);
	return 1;
}

int build_collect(const struct build_options *options, struct err *err)
{
	own_place struct place place = {0};

	if (place_find(options->root, options->run, &place, err) < 0)
		return -err->code;
	return workspace_collect(&place, err);
}
