/* SPDX-License-Identifier: Apache-2.0 */
/* kist-pull [OPTIONS] REF: an image from a registry into the store, or out as a tar stream. */
#include <string.h>

#include "lib/cli.h"
#include "lib/confine.h"
#include "lib/log.h"
#include "lib/own.h"
#include "lib/userns.h"
#include "puller/interrupt.h"
#include "puller/progress.h"
#include "puller/pull_layout.h"
#include "puller/pull_store.h"
#include "puller/pull_tags.h"
#include "puller/puller_options.h"

struct pull_options {
	const char *root, *run, *output, *platform;
	bool quiet, all_tags, all_platforms;
	int progress; /* enum progress_mode */
	int progress_fd;
	int64_t parallel;
	struct connection_options connection;
	struct credential_options credential;
};

static const struct cli_option pull_options[] = {
	OPT_STRING(struct pull_options, output, "output", 'o', "FILE|-",
		"write an OCI layout as a tar stream instead of pulling into the store"),
	OPT_STRING(struct pull_options, platform, "platform", 0, "OS/ARCH[/VARIANT]",
		"choose from a multi-platform image (default: this machine's)"),
	OPT_FLAG(struct pull_options, all_platforms, "all-platforms", 0,
		"with -o: the whole index with every platform's image"),
	OPT_FLAG(
		struct pull_options, all_tags, "all-tags", 'a', "pull every tag of the repository"),
	OPT_FLAG(struct pull_options, quiet, "quiet", 'q', "only the last line"),
	OPT_VALUE(struct pull_options, progress, "progress", 0, "MODE",
		"auto, plain, json or none (auto: bars on a terminal, else json)",
		progress_parse_mode),
	OPT_FD(struct pull_options, progress_fd, "progress-fd", 0, "N",
		"the lines of json go to this descriptor, and why it failed, in place of stderr"),
	OPT_INT(struct pull_options, parallel, "parallel", 0, "N", "blobs at once (default 4)"),
	OPT_STRING(struct pull_options, root, "root", 0, "DIR", "the store (KIST_ROOT)"),
	OPT_STRING(struct pull_options, run, "run", 0, "DIR", "run-time state (KIST_RUN)"),
	CREDENTIAL_OPTIONS(struct pull_options, credential),
	CONNECTION_OPTIONS(struct pull_options, connection),
};

static int check_options(const struct pull_options *o, const struct reference *ref, struct err *err)
{
	if (o->all_platforms && (!o->output || o->platform))
		return err_set(
			err, E_USAGE, "--all-platforms goes with -o, and not with --platform");
	if (o->all_tags && o->output)
		return err_set(err, E_USAGE, "--all-tags and -o are mutually exclusive");
	if (o->parallel < 0)
		return err_set(err, E_USAGE, "--parallel is a positive number");
	if (o->all_tags && (ref->digest.text[0] || strcmp(ref->tag, "latest") != 0))
		return err_set(err, E_USAGE, "tag can't be used with --all-tags/-a");
	return 0;
}

static int connect_registry(const struct pull_options *o, const struct reference *ref,
	const struct credential *given, struct registry **registry, struct err *err)
{
	struct registry_options options = {
		.auth_file = o->credential.auth_file,
		.given = given,
		.auth_hosts = &o->connection.auth_hosts,
	};

	if (connection_http_options(&o->connection, &options.http, err) < 0)
		return -err->code;
	return registry_open(registry, ref->registry, ref->repository, &options, err);
}

static struct progress *new_progress(const struct pull_options *o, bool stdout_taken)
{
	const struct progress_options options = {.mode = (enum progress_mode)o->progress,
		.verb = PROGRESS_PULL,
		.fd = o->progress_fd,
		.quiet = o->quiet,
		.stdout_taken = stdout_taken};

	return progress_new(&options);
}

/* Out as a stream: a signal may end us while the pipe is full, there is nothing to tidy. */
static int run_layout(const struct pull_options *o, const struct reference *ref,
	const struct credential *given, struct err *err)
{
	own_output struct output out = OUTPUT_INIT;
	own_registry struct registry *registry = NULL;
	own(own_progress_release) struct progress *progress = NULL;
	own_strv struct strv writable = {0};

	if (output_open(&out, o->output, 0666, 0, err) < 0)
		return -err->code;
	if (out.directory >= 0)
		strv_addf(&writable, "/proc/self/fd/%d", out.directory);
	if (confine_enter(CONFINE_PULL_STREAM, &writable, err) < 0 ||
		connect_registry(o, ref, given, &registry, err) < 0)
		return -err->code;
	progress = new_progress(o, strcmp(o->output, "-") == 0);
	return pull_to_layout(registry, ref, o->platform, o->all_platforms, &out, progress, err);
}

/* Into the store: kist-layer is started, which needs some rights and gives them up itself. */
static int run_store(const struct pull_options *o, const struct reference *ref,
	const struct credential *given, struct interrupt *interrupt, struct err *err)
{
	const struct pull_store_options options = {
		.platform = o->platform, .parallel = o->parallel};
	own_store struct store *store = NULL;
	own_registry struct registry *registry = NULL;
	own(own_progress_release) struct progress *progress = NULL;
	own_buf struct buf said = {0};
	int r;

	if (userns_enter(o->root, o->run, &said, err) < 0)
		return -err->code;
	if (said.len)
		log_warn("%s", buf_str(&said));
	if (store_open(o->root, o->run, 0, &store, err) < 0 ||
		confine_enter(CONFINE_PULL_STORE, NULL, err) < 0 ||
		connect_registry(o, ref, given, &registry, err) < 0 ||
		interrupt_start(interrupt, registry_http(registry), err) < 0)
		return -err->code;
	progress = new_progress(o, false);
	if (o->all_tags)
		r = pull_all_tags(store, registry, ref, &options, progress, err);
	else
		r = pull_to_store(store, registry, ref, &options, progress, err);
	interrupt_stop(interrupt);
	return r;
}

static int pull(const struct cli_call *call, struct err *err)
{
	const struct pull_options *o = call->options;
	own_arena struct arena a = {0};
	own_credential struct credential given = {0};
	struct interrupt interrupt = {.fd = -1};
	struct reference ref;
	int r;

	if (reference_parse(call->args[0], &ref, &a, err) < 0 || check_options(o, &ref, err) < 0 ||
		credential_from_options(&o->credential, &given, err) < 0)
		return -err->code;
	if (o->output)
		r = run_layout(o, &ref, &given, err);
	else
		r = run_store(o, &ref, &given, &interrupt, err);
	interrupt_obey(&interrupt);
	/* who reads the lines knows what it asked for */
	return r < 0 && !o->progress_fd ? err_wrap(err, "cannot pull '%s'", call->args[0]) : r;
}

static const struct cli_command commands[] = {{
	.synopsis = "[OPTIONS] REF",
	.help = "Pull an image from a registry into the store, or as a tar stream",
	.options = pull_options,
	.noptions = ARRAY_LEN(pull_options),
	.options_size = sizeof(struct pull_options),
	.min_args = 1,
	.max_args = 1,
	.run = pull,
	.details =
		"Layers are downloaded, verified and unpacked at the same time. An interrupted pull is "
		"continued by the next one. When stdout is no terminal, JSON lines of progress are "
		"written there; the last one is the image's descriptor.\n\n"
		"With -o an OCI image layout is written as a tar stream, manifests first: "
		"kist-pull -o - A | kist-push -i - B copies an image from registry to registry.\n\n"
		"Certificates are looked for in /etc/docker/certs.d/HOST:PORT and "
		"/etc/kist/certs.d/HOST:PORT. Plain HTTP is spoken to loopback hosts and to those "
		"that --insecure names.",
}};

static int report(const struct cli_call *call, const struct err *err)
{
	const struct pull_options *o = call->options;

	return o && o->progress_fd ? progress_report(o->progress_fd, call->args[0], err)
				   : err_report("kist-pull", err);
}

int main(int argc, char **argv)
{
	static const struct cli_program program = {
		.name = "kist-pull",
		.help = "pull an image from a registry",
		.commands = commands,
		.ncommands = 1,
		.report = report,
	};

	return cli_main(&program, argc, argv);
}
