/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/step_copy.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "builder/base.h"
#include "builder/build.h"
#include "builder/build_step.h"
#include "builder/copy.h"
#include "builder/inflater.h"
#include "builder/probe.h"
#include "builder/stage_build.h"
#include "builder/stages.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/path.h"
#include "spec/user_files.h"
#include "store/layer/layer_worker.h"

struct copy_step {
	struct build_step step;
	const struct instruction *in;
	struct strings sources;    /* expanded; heredocs as they stand in args */
	const char *destination;   /* absolute */
	const char *chown, *chmod; /* expanded; NULL: not given */
	struct stage *from;        /* NULL: the build context */
	struct root from_root;
	struct dockerignore excludes;
	struct tree tree;
	size_t named;    /* sources, patterns counted by their matches */
	size_t heredocs; /* of the instruction's, those that were added: they stand in order */
	bool has_archives;
};

static void copy_step_release(struct copy_step *c)
{
	root_close(&c->from_root);
	dockerignore_release(&c->excludes);
}

static bool is_remote(const char *source)
{
	size_t n = strlen(source);

	return strncmp(source, "http://", 7) == 0 || strncmp(source, "https://", 8) == 0 ||
		strncmp(source, "git@", 4) == 0 || strncmp(source, "git://", 6) == 0 ||
		strncmp(source, "ssh://", 6) == 0 ||
		(n > 4 && strcmp(source + n - 4, ".git") == 0 && strstr(source, "://"));
}

static int expand_flag(struct stage *s, const struct instruction *in, const char *name,
	const char **value, struct err *err)
{
	const char *text = instruction_flag(in, name);

	*value = NULL;
	return text ? stage_expand(s, text, value, err) : 0;
}

/* Relative to WORKDIR; "." and a '/' at the end say that it is a directory. */
static const char *absolute_destination(struct stage *s, const char *text)
{
	const char *base = s->config.config.working_dir;
	own_mem char *joined = xasprintf("%s/%s", base && *base ? base : "", text);
	own_mem char *clean = path_clean(*text == '/' ? text : joined);
	size_t n = strlen(text);
	bool directory = n == 0 || text[n - 1] == '/' || strcmp(text, ".") == 0 ||
		(n > 1 && strcmp(text + n - 2, "/.") == 0);

	return stage_text(s, "%s%s", clean, directory && strcmp(clean, "/") != 0 ? "/" : "");
}

static int expand_words(struct copy_step *c, struct err *err)
{
	struct stage *s = c->step.stage;
	const struct strings *args = &c->in->args;
	const char *word;
	struct heredoc h;

	for (size_t i = 0; i + 1 < args->count; i++) {
		word = args->items[i];
		if ((c->in->json || !heredoc_parse(word, &h, &s->build->arena)) &&
			stage_expand(s, args->items[i], &word, err) < 0)
			return -err->code;
		if (c->in->kind == INSTRUCTION_ADD && is_remote(word))
			return err_set(err, E_UNSUPPORTED,
				"ADD of the remote source '%s' is not executed yet", word);
		strings_add(&s->build->arena, &c->sources, word);
	}
	if (stage_expand(s, args->items[args->count - 1], &word, err) < 0)
		return -err->code;
	c->destination = absolute_destination(s, word);
	if (c->sources.count > 1 && c->destination[strlen(c->destination) - 1] != '/')
		return err_set(err, E_SYNTAX,
			"When using %s with more than one source file, the destination must be a "
			"directory and end with a /",
			c->in->name);
	if (expand_flag(s, c->in, "chown", &c->chown, err) < 0)
		return -err->code;
	return expand_flag(s, c->in, "chmod", &c->chmod, err);
}

static int find_source(struct copy_step *c, struct err *err)
{
	const char *from = instruction_flag(c->in, "from");
	struct stage *s = c->step.stage;

	if (!from)
		return 0;
	if (strchr(from, '$'))
		return err_set(err, E_SYNTAX,
			"variable expansion is not supported for --from, define a new stage with FROM "
			"using ARG from global scope as a workaround");
	c->from = stages_find(s->build, from, s->index);
	if (c->from)
		return stage_build(c->from, err);
	c->from = base_open_image(s->build, from, err);
	return c->from ? 0 : -err->code;
}

/* Words of the history, and of the key of what stands in the instruction itself. */
static void describe(struct copy_step *c, struct buf *text)
{
	buf_adds(text, c->in->name);
	if (c->chown)
		buf_addf(text, " --chown=%s", c->chown);
	if (c->chmod)
		buf_addf(text, " --chmod=%s", c->chmod);
	for (size_t i = 0; i < c->in->flags.count; i++)
		if (strcmp(c->in->flags.items[i].name, "exclude") == 0)
			buf_addf(text, " --exclude=%s", c->in->flags.items[i].value);
	for (size_t i = 0; i < c->sources.count; i++)
		buf_addf(text, " %s", c->sources.items[i]);
	buf_addf(text, " %s # buildkit", c->in->args.items[c->in->args.count - 1]);
}

static int add_excludes(struct copy_step *c, struct err *err)
{
	for (size_t i = 0; i < c->in->flags.count; i++) {
		const char *pattern;

		if (strcmp(c->in->flags.items[i].name, "exclude") != 0)
			continue;
		if (stage_expand(c->step.stage, c->in->flags.items[i].value, &pattern, err) < 0 ||
			dockerignore_add(&c->excludes, pattern, err) < 0)
			return -err->code;
	}
	return 0;
}

static int add_heredoc(struct copy_step *c, const char *name, struct err *err)
{
	struct stage *s = c->step.stage;
	const struct heredoc *h = NULL;
	const char *text;

	while (c->heredocs < c->in->heredocs.count && !h) {
		h = &c->in->heredocs.items[c->heredocs++];
		if (strcmp(h->name, name) != 0)
			h = NULL;
	}
	if (!h)
		return err_set(err, E_SYNTAX, "the heredoc %s has no text", name);
	text = heredoc_text(h, &s->build->arena);
	if (h->expand && variables_expand_text(&s->vars, text, &text, err) < 0)
		return -err->code;
	if (strchr(name, '/'))
		return err_set(err, E_SYNTAX, "a heredoc cannot be named '%s'", name);
	tree_add_data(&c->tree, name, text, s->build->has_epoch ? &s->build->epoch : NULL);
	return 0;
}

/* Is a named file an archive that ADD unpacks? */
static int find_archive(struct copy_step *c, struct tree_item *item, struct err *err)
{
	own_mem char *block = xmalloc(PROBE_SIZE);
	own_fd int fd = tree_open(&c->tree, item, err);
	ssize_t n;
	int kind;

	if (fd < 0)
		return fd;
	n = io_read_full(fd, block, PROBE_SIZE);
	if (n < 0)
		return err_set(err, (int)-n, "cannot read '%s'", item->source);
	kind = probe(block, (size_t)n, err);
	item->foreign = kind == PROBE_FOREIGN;
	if (item->foreign) {
		kind = probe_foreign(fd, err);
		kind = kind > 0 ? PROBE_TAR : kind;
	}
	item->archive = kind == PROBE_TAR;
	c->has_archives |= item->archive;
	return kind < 0 ? kind : 0;
}

static int find_archives(struct copy_step *c, struct err *err)
{
	bool wanted = c->in->kind == INSTRUCTION_ADD &&
		(!instruction_flag(c->in, "unpack") || instruction_flag_true(c->in, "unpack"));

	for (size_t i = 0; wanted && i < c->tree.count; i++) {
		struct tree_item *item = c->tree.items[i];

		if (item->named && S_ISREG(item->st.st_mode) && find_archive(c, item, err) < 0)
			return -err->code;
	}
	if (c->has_archives && (c->chown || c->chmod))
		return err_set(err, E_UNSUPPORTED,
			"ADD --chown and --chmod are not executed yet for archives that are unpacked");
	return 0;
}

static bool is_heredoc(const struct copy_step *c, const char *source, struct heredoc *h)
{
	return !c->in->json && heredoc_parse(source, h, &c->step.stage->build->arena);
}

/* Which sources are named once more behind: only the last time counts, and costs. */
static const bool *find_repeated(const struct copy_step *c)
{
	struct arena *a = &c->step.stage->build->arena;
	bool *repeated = arena_array(a, c->sources.count, sizeof(*repeated));
	struct strings seen = {0};
	struct names names = {0};
	struct heredoc h;

	for (size_t i = c->sources.count; i-- > 0;) {
		own_mem char *rooted = xasprintf("/%s", c->sources.items[i]),
			     *clean = path_clean(rooted);

		repeated[i] = !is_heredoc(c, c->sources.items[i], &h) &&
			!names_add_word(&names, &seen, clean, a);
	}
	return repeated;
}

static int not_found(struct copy_step *c, struct err *err)
{
	return err->code == E_NOT_FOUND
		? err_set(err, E_NOT_FOUND, "failed to calculate checksum of the %s: %s",
			  c->tree.what, err->msg)
		: -err->code;
}

/* List all sources. */
static int list_tree(struct copy_step *c, struct err *err)
{
	struct stage *s = c->step.stage;
	const bool *repeated;
	bool found = false;
	struct err unmatched;
	struct heredoc h;

	c->tree = (struct tree){.arena = &s->build->arena,
		.root = s->build->context.root,
		.what = "build context",
		.ignore = &s->build->context.ignore,
		.excludes = &c->excludes};
	if (c->from) {
		if (root_open(&c->from_root, c->from, false, err) < 0)
			return -err->code;
		c->tree.root = c->from_root.mount;
		c->tree.what = "image";
		c->tree.ignore = NULL;
		c->tree.from_image = true;
	}
	repeated = find_repeated(c);
	for (size_t i = 0; i < c->sources.count; i++) {
		const char *source = c->sources.items[i];
		int r = 0;

		if (is_heredoc(c, source, &h))
			r = add_heredoc(c, h.name, err);
		else if (!repeated[i])
			r = tree_add(&c->tree, source, &c->named, err);
		/* a pattern may match nothing as long as another source is there */
		if (r == -E_NOT_FOUND && glob_is_pattern(source) && c->sources.count > 1) {
			unmatched = *err;
			continue;
		}
		if (r < 0)
			return not_found(c, err);
		found = true;
	}
	if (!found) {
		*err = unmatched;
		return not_found(c, err);
	}
	return find_archives(c, err);
}

static int find_owner(struct copy_step *c, int root, struct tree_owner *owner, struct err *err)
{
	struct stage *s = c->step.stage;
	struct user user;

	*owner = (struct tree_owner){.set = c->chown != NULL, .text = c->chown, .chmod = c->chmod};
	if (!c->chown || root < 0)
		return 0;
	if (user_lookup_in(root, c->chown, &user, &s->build->arena, err) < 0)
		return err_wrap(err, "--chown");
	owner->uid = user.uid;
	owner->gid = strchr(c->chown, ':') ? user.gid : user.uid;
	return 0;
}

static int unpack_into(int dir, int in, struct err *err)
{
	const struct layer_unpack options = {.whiteouts = LAYER_WHITEOUTS_APPLY};
	struct layer_worker worker;
	struct layer_result result;
	int r;

	if (layer_unpack_start(dir, in, &options, &worker, err) < 0)
		return -err->code;
	r = layer_unpack_finish(&worker, &result, err);
	layer_worker_release(&worker);
	return r;
}

static int unpack_foreign(int dir, int in, struct err *err)
{
	struct inflater inflater;
	struct err unpack_err;
	int r, inflated;

	if (inflater_start(in, &inflater, err) < 0)
		return -err->code;
	r = unpack_into(dir, inflater.out, &unpack_err);
	/* an inflater that failed is why the archive ends early: its reason is the better one */
	inflated = inflater_finish(&inflater, err);
	if (inflated < 0)
		return inflated;
	if (r < 0)
		*err = unpack_err;
	return r;
}

static int unpack_archive(struct copy_step *c, struct tree_item *item, int root, struct err *err)
{
	own_fd int in = tree_open(&c->tree, item, err), dir = -1;
	int r;

	if (in < 0)
		return in;
	dir = path_open(root, c->destination, O_RDONLY | O_DIRECTORY, 0, PATH_IN_ROOT, err);
	if (dir < 0)
		return dir;
	r = item->foreign ? unpack_foreign(dir, in, err) : unpack_into(dir, in, err);
	return r < 0 ? err_wrap(err, "cannot unpack '%s'", item->source) : 0;
}

static int execute(struct copy_step *c, struct root *root, struct err *err)
{
	struct stage *s = c->step.stage;
	struct copy copy = {.destination = c->destination,
		.many = c->sources.count > 1 || c->named > 1,
		.time = s->build->has_epoch ? &s->build->epoch : NULL};

	step_executing(&c->step);
	if (root_open(root, s, true, err) < 0 || find_owner(c, root->mount, &copy.owner, err) < 0)
		return -err->code;
	copy.root = root->mount;
	if (c->named > 1 && c->destination[strlen(c->destination) - 1] != '/' &&
		!copy_is_directory(root->mount, c->destination))
		return err_set(err, E_SYNTAX,
			"When using %s with more than one source file, the destination must be a "
			"directory and end with a /",
			c->in->name);
	if (copy_tree(&c->tree, &copy, err) < 0)
		return -err->code;
	for (size_t i = 0; i < c->tree.count; i++)
		if (c->tree.items[i]->archive &&
			unpack_archive(c, c->tree.items[i], root->mount, err) < 0)
			return -err->code;
	return 0;
}

enum { KEY_SOURCE, KEY_SHAPE, KEY_CONTENT, KEYS };

/*
 * Three keys: of the stage that is copied from as a whole (nothing has to be mounted), of the tree
 * without its content (when nobody has seen it, digesting the content beforehand is in vain), and
 * of the content, which alone says what the layer is.
 */
static void make_key(struct copy_step *c, int which, struct cache_key *key)
{
	static const char *const kinds[KEYS] = {"COPY source", "COPY shape", "COPY content"};
	struct tree_owner owner = {.set = c->chown != NULL, .text = c->chown, .chmod = c->chmod};
	char hex[SHA256_HEX_LEN + 1];

	cache_key_begin(key, c->step.stage, kinds[which]);
	cache_key_add(key, c->in->name);
	cache_key_add(key, c->destination);
	cache_key_add(key, c->step.created_by);
	cache_key_add(key, instruction_flag(c->in, "unpack"));
	if (which == KEY_SOURCE) {
		struct strings layers = stage_diff_ids(c->from);

		cache_key_add_all(key, &layers);
		for (size_t i = 0; i < c->in->heredocs.count; i++)
			cache_key_add(key, c->in->heredocs.items[i].content);
		cache_key_add_all(key, &c->step.stage->config.config.env);
		for (size_t i = 0; i < c->step.stage->vars.args.count; i++) {
			cache_key_add(key, c->step.stage->vars.args.items[i].key);
			cache_key_add(key, c->step.stage->vars.args.items[i].value);
		}
	} else {
		tree_summary(&c->tree, &owner, which == KEY_CONTENT, hex);
		cache_key_add(key, hex);
	}
	cache_key_end(key);
}

/* Returns 1 when the content's entry is there. */
static int find_content(
	struct copy_step *c, struct cache_key *keys, struct cache_entry *e, struct err *err)
{
	struct cache_entry shape;
	int known;

	make_key(c, KEY_SHAPE, &keys[KEY_SHAPE]);
	known = cache_find(c->step.stage->build, &keys[KEY_SHAPE], &shape, err);
	if (known <= 0)
		return known;
	if (tree_digest(&c->tree, err) < 0)
		return -err->code;
	make_key(c, KEY_CONTENT, &keys[KEY_CONTENT]);
	return cache_find(c->step.stage->build, &keys[KEY_CONTENT], e, err);
}

static int copy_now(struct copy_step *c, struct cache_key *keys, struct err *err)
{
	own_root struct root root = ROOT_INIT;

	if (execute(c, &root, err) < 0 || tree_digest(&c->tree, err) < 0)
		return -err->code;
	make_key(c, KEY_CONTENT, &keys[KEY_CONTENT]);
	return step_made(
		&c->step, &root, c->from ? keys : keys + 1, c->from ? KEYS : KEYS - 1, err);
}

static int find_or_copy(struct copy_step *c, struct err *err)
{
	struct build *b = c->step.stage->build;
	struct cache_key keys[KEYS];
	struct cache_entry e = {0};
	int r = 0;

	if (c->from) {
		make_key(c, KEY_SOURCE, &keys[KEY_SOURCE]);
		r = cache_find(b, &keys[KEY_SOURCE], &e, err);
		if (r != 0)
			return r < 0 ? r : step_cached(&c->step, &e, err);
	}
	if (list_tree(c, err) < 0)
		return -err->code;
	r = find_content(c, keys, &e, err);
	if (r > 0 && c->from)
		r = cache_add(b, &keys[KEY_SOURCE], &e, err) < 0 ? -err->code : 1;
	if (r != 0)
		return r < 0 ? r : step_cached(&c->step, &e, err);
	return copy_now(c, keys, err);
}

int step_copy(struct stage *s, const struct instruction *in, struct err *err)
{
	own(copy_step_release) struct copy_step c = {.in = in, .from_root = ROOT_INIT};
	own_buf struct buf created_by = {0};

	c.step.stage = s;
	/* a stage that is copied from is built before this step begins */
	if (find_source(&c, err) < 0)
		return -err->code;
	step_begin(&c.step, s, in);
	if (expand_words(&c, err) < 0 || add_excludes(&c, err) < 0)
		return step_failed(&c.step, err);
	describe(&c, &created_by);
	c.step.created_by = arena_strdup(&s->build->arena, buf_str(&created_by));
	return find_or_copy(&c, err) < 0 ? step_failed(&c.step, err) : 0;
}
