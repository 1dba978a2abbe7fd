/* SPDX-License-Identifier: Apache-2.0 */
/* kist-spec check: is the document a valid one of its kind? */
#include <fcntl.h>
#include <string.h>

#include "lib/io.h"
#include "lib/json.h"
#include "lib/own.h"
#include "spec/image.h"
#include "spec/kist_spec.h"
#include "spec/runtime_config.h"

struct check_options {
	const char *kind;
};

static int check_config(const char *text, size_t len, struct arena *a, struct err *err)
{
	struct runtime_config c;

	return runtime_config_parse(text, len, &c, a, err);
}

static int check_manifest(const char *text, size_t len, struct arena *a, struct err *err)
{
	struct manifest m;

	return manifest_parse(text, len, &m, a, err);
}

static int check_index(const char *text, size_t len, struct arena *a, struct err *err)
{
	struct index i;

	return index_parse(text, len, &i, a, err);
}

static int check_image_config(const char *text, size_t len, struct arena *a, struct err *err)
{
	struct image_config c;

	return image_config_parse(text, len, &c, a, err);
}

static const struct kind {
	const char *name;
	const char *member; /* by which it is known when no kind is given */
	int (*check)(const char *text, size_t len, struct arena *a, struct err *err);
} kinds[] = {
	{"config", "ociVersion", check_config},
	{"index", "manifests", check_index},
	{"manifest", "layers", check_manifest},
	{"image-config", "rootfs", check_image_config},
};

static const struct kind *kind_by_name(const char *name, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	err_set(err, E_USAGE, "unknown kind '%.40s': config, manifest, index or image-config",
		name);
	return NULL;
}

static const struct kind *kind_by_content(
	const char *text, size_t len, struct arena *a, struct err *err)
{
	const struct json *o = json_parse(a, text, len, JSON_DOCUMENT_MAX, err);

	for (size_t i = 0; o && i < ARRAY_LEN(kinds); i++)
		if (json_get(o, kinds[i].member))
			return &kinds[i];
	if (o)
		err_set(err, E_SYNTAX, "cannot tell what kind of document this is: say --kind");
	return NULL;
}

static int print_verdict(const struct cli_call *call, const struct kind *kind,
	const struct err *invalid, struct arena *a, struct err *err)
{
	struct json *verdict = json_new_object(a);

	json_set_string(a, verdict, "kind", kind->name);
	json_set_bool(a, verdict, "valid", !invalid);
	if (invalid)
		json_set_string(a, verdict, "error", invalid->msg);
	return json_write_line(spec_session_of(call)->out, verdict, err);
}

static int read_document(const struct cli_call *call, struct buf *text, struct err *err)
{
	if (!call->nargs || strcmp(call->args[0], "-") == 0)
		return io_read_fd(
			spec_session_of(call)->in, JSON_DOCUMENT_MAX, "document", text, err);
	return io_read_file(AT_FDCWD, call->args[0], JSON_DOCUMENT_MAX, text, err);
}

static int run_check(const struct cli_call *call, struct err *err)
{
	const struct check_options *o = call->options;
	own_buf struct buf text = {0};
	own_arena struct arena a = {0};
	const struct kind *kind = NULL;

	if (o->kind) {
		kind = kind_by_name(o->kind, err);
		if (!kind)
			return -err->code;
	}
	if (read_document(call, &text, err) < 0)
		return -err->code;
	if (!kind)
		kind = kind_by_content(buf_str(&text), text.len, &a, err);
	if (!kind)
		return -err->code;
	if (kind->check(buf_str(&text), text.len, &a, err) < 0) {
		struct err unwritten;

		if (print_verdict(call, kind, err, &a, &unwritten) < 0)
			*err = unwritten;
		return -err->code;
	}
	return print_verdict(call, kind, NULL, &a, err);
}

static const struct cli_option options[] = {
	OPT_STRING(struct check_options, kind, "kind", 0, "KIND",
		"config, manifest, index or image-config; without it by the members"),
};

const struct cli_command spec_check_command = {
	.name = "check",
	.synopsis = "[--kind KIND] [FILE]",
	.help = "Check a document (FILE, else stdin) and say where it is wrong",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct check_options),
	.max_args = 1,
	.run = run_check,
	.details =
		"Prints one line of JSON, {\"kind\",\"valid\",\"error\"}. The exit status is 0 when the "
		"document is valid. An error begins with the path of the member it is about.",
};
