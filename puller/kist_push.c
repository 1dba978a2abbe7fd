/* SPDX-License-Identifier: Apache-2.0 */
/* kist-push [OPTIONS] REF: an image out of the store, or out of a tar stream, to a registry. */
#include <fcntl.h>
#include <string.h>

#include "lib/cli.h"
#include "lib/confine.h"
#include "lib/own.h"
#include "puller/progress.h"
#include "puller/puller_options.h"
#include "puller/push_layout.h"
#include "puller/push_store.h"

struct push_options {
	const char *root, *run, *input;
	bool quiet;
	int progress; /* enum progress_mode */
	int progress_fd;
	int64_t parallel;
	struct connection_options connection;
	struct credential_options credential;
};

static const struct cli_option push_options[] = {
	OPT_STRING(struct push_options, input, "input", 'i', "FILE|-",
		"push an OCI layout from a tar stream instead of an image of the store"),
	OPT_FLAG(struct push_options, quiet, "quiet", 'q', "only the last line"),
	OPT_VALUE(struct push_options, progress, "progress", 0, "MODE",
		"auto, plain, json or none (auto: bars on a terminal, else json)",
		progress_parse_mode),
	OPT_FD(struct push_options, progress_fd, "progress-fd", 0, "N",
		"the lines of json go to this descriptor, and why it failed, in place of stderr"),
	OPT_INT(struct push_options, parallel, "parallel", 0, "N", "blobs at once (default 4)"),
	OPT_STRING(struct push_options, root, "root", 0, "DIR", "the store (KIST_ROOT)"),
	OPT_STRING(struct push_options, run, "run", 0, "DIR", "run-time state (KIST_RUN)"),
	CREDENTIAL_OPTIONS(struct push_options, credential),
	CONNECTION_OPTIONS(struct push_options, connection),
};

/* Where the image comes from: the store, or a descriptor. */
struct source {
	struct store *store;
	int fd;
	bool opened; /* fd is ours */
};

static void source_release(struct source *s)
{
	store_close(s->store);
	if (s->opened)
		own_fd_release(&s->fd);
}

static int source_open(struct source *s, const struct push_options *o, struct err *err)
{
	if (!o->input)
		return store_open(o->root, o->run, 0, &s->store, err);
	s->opened = strcmp(o->input, "-") != 0;
	s->fd = s->opened ? open(o->input, O_RDONLY | O_CLOEXEC | O_NOCTTY) : 0;
	return s->fd < 0 ? err_errno(err, "cannot open '%s'", o->input) : 0;
}

/* What is needed is open; a registry's bytes come next. */
static int give_up_rights(const struct source *s, struct err *err)
{
	own_strv struct strv writable = {0};

	if (s->store)
		strv_add_many(&writable, store_root_path(s->store), store_run_path(s->store), NULL);
	return confine_enter(CONFINE_PUSH, &writable, err);
}

static int open_and_run(const struct push_options *o, const struct reference *ref, struct err *err)
{
	own(source_release) struct source source = {0};
	own_credential struct credential given = {0};
	own_registry struct registry *registry = NULL;
	own(own_progress_release) struct progress *progress = NULL;
	struct registry_options options = {
		.auth_file = o->credential.auth_file,
		.given = &given,
		.auth_hosts = &o->connection.auth_hosts,
		.push = true,
	};

	if (connection_http_options(&o->connection, &options.http, err) < 0 ||
		credential_from_options(&o->credential, &given, err) < 0 ||
		source_open(&source, o, err) < 0 || give_up_rights(&source, err) < 0)
		return -err->code;
	progress = progress_new(&(struct progress_options){.mode = (enum progress_mode)o->progress,
		.verb = PROGRESS_PUSH,
		.fd = o->progress_fd,
		.quiet = o->quiet});
	if (registry_open(&registry, ref->registry, ref->repository, &options, err) < 0)
		return -err->code;
	if (!source.store)
		return push_from_layout(source.fd, registry, ref, progress, err);
	return push_from_store(source.store, registry, ref, o->parallel, progress, err);
}

static int push(const struct cli_call *call, struct err *err)
{
	const struct push_options *o = call->options;
	own_arena struct arena a = {0};
	struct reference ref;
	int r;

	if (reference_parse(call->args[0], &ref, &a, err) < 0)
		return -err->code;
	if (ref.digest.text[0])
		return err_set(err, E_USAGE, "cannot push a digest reference");
	if (o->input && strcmp(o->input, "-") == 0 && o->credential.password_stdin)
		return err_set(err, E_USAGE, "-i - and --password-stdin both want stdin");
	if (o->parallel < 0)
		return err_set(err, E_USAGE, "--parallel is a positive number");
	r = open_and_run(o, &ref, err);
	/* who reads the lines knows what it asked for */
	return r < 0 && !o->progress_fd ? err_wrap(err, "cannot push '%s'", call->args[0]) : r;
}

static const struct cli_command commands[] = {{
	.synopsis = "[OPTIONS] REF",
	.help = "Push an image to a registry, from the store or from a tar stream",
	.options = push_options,
	.noptions = ARRAY_LEN(push_options),
	.options_size = sizeof(struct push_options),
	.min_args = 1,
	.max_args = 1,
	.run = push,
	.details =
		"Blobs that the registry has are not sent. With -i the archive is read as a stream: "
		"nothing is written to disk, and the manifest is put when everything it refers to is "
		"there, so that an archive that ends early leaves no image behind.",
}};

static int report(const struct cli_call *call, const struct err *err)
{
	const struct push_options *o = call->options;

	return o && o->progress_fd ? progress_report(o->progress_fd, call->args[0], err)
				   : err_report("kist-push", err);
}

int main(int argc, char **argv)
{
	static const struct cli_program program = {
		.name = "kist-push",
		.help = "push an image to a registry",
		.commands = commands,
		.ncommands = 1,
		.report = report,
	};

	return cli_main(&program, argc, argv);
}
