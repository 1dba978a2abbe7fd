/* SPDX-License-Identifier: Apache-2.0 */
/* kist images */
#include "engine/cli/cmd.h"
#include "engine/cli/listing.h"
#include "engine/docker/units.h"
#include "engine/verb/summary.h"
#include "engine/verb/verb.h"
#include "lib/own.h"
#include "lib/size.h"

struct images_options {
	bool all, digests, no_trunc, quiet;
	const char *format;
	struct strv filter;
};

static const struct format_column columns[] = {
	{"Containers", "CONTAINERS"},
	{"CreatedAt", "CREATED AT"},
	{"CreatedSince", "CREATED"},
	{"Digest", "DIGEST"},
	{"ID", "IMAGE ID"},
	{"Repository", "REPOSITORY"},
	{"SharedSize", "SHARED SIZE"},
	{"Size", "SIZE"},
	{"Tag", "TAG"},
	{"UniqueSize", "UNIQUE SIZE"},
	{"VirtualSize", "VIRTUAL SIZE"},
};

#define TABLE "{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}"
#define TABLE_DIGESTS                                                                              \
	"{{.Repository}}\t{{.Tag}}\t{{.Digest}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}"

static struct json *make_row(const struct listing *l, const struct result *result, struct arena *a)
{
	const struct images_options *o = l->options;
	const struct image_summary *r = result->image;
	const struct image_entry *entry = r->entry;
	const char *id = entry->id.text;
	struct json *row = json_new_object(a);
	char text[UNITS_TEXT_MAX];

	json_set_string(a, row, "Containers", "N/A");
	units_date(entry->created, text);
	json_set_string(a, row, "CreatedAt", text);
	units_age(entry->created, text);
	json_set_string(a, row, "CreatedSince", text);
	json_set_string(a, row, "Digest", entry->repo_digest ? entry->repo_digest : "<none>");
	json_set_string(
		a, row, "ID", o->no_trunc ? id : arena_strndup(a, id + DIGEST_PREFIX_LEN, 12));
	json_set_string(a, row, "Repository", r->name);
	json_set_string(a, row, "SharedSize", "N/A");
	size_decimal(image_entry_bytes(entry), 3, text);
	json_set_string(a, row, "Size", text);
	json_set_string(a, row, "Tag", r->tag);
	json_set_string(a, row, "UniqueSize", "N/A");
	json_set_string(a, row, "VirtualSize", text);
	return row;
}

static int run_images(const struct cli_call *call, struct err *err)
{
	const struct images_options *o = call->options;
	const struct format_kind kind = {"*formatter.imageContext", columns, ARRAY_LEN(columns),
		o->digests ? TABLE_DIGESTS : TABLE};
	const struct images_request rq = {
		.repository = call->nargs ? call->args[0] : NULL, .filter = o->filter};
	own_listing struct listing l = {0};

	if (listing_open(&l, call, make_row, err) < 0 ||
		verb_images(&l.mouth.engine, &rq, &l.mouth.sink, err) < 0)
		return -err->code;
	return listing_print(&l, &kind, o->quiet ? "{{.ID}}" : NULL, o->format, err);
}

static const struct cli_option options[] = {
	OPT_FLAG(struct images_options, all, "all", 'a',
		"all images: kist keeps no intermediate ones"),
	OPT_FLAG(struct images_options, digests, "digests", 0, "with the registry's digests"),
	OPT_LIST(struct images_options, filter, "filter", 'f', "KEY=VALUE",
		"only those, dangling=true"),
	OPT_STRING(struct images_options, format, "format", 0, "FORMAT",
		"table, json or a Go template"),
	OPT_FLAG(struct images_options, no_trunc, "no-trunc", 0, "nothing shortened"),
	OPT_FLAG(struct images_options, quiet, "quiet", 'q', "ids alone"),
};

const struct cli_command cmd_images = {
	.name = "images",
	.synopsis = "[OPTIONS] [REPOSITORY[:TAG]]",
	.help = "List images",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct images_options),
	.max_args = 1,
	.run = run_images,
};
