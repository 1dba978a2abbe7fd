/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/step_run.h"

#include <string.h>

#include "builder/build.h"
#include "builder/build_step.h"
#include "builder/execution.h"
#include "builder/step_mounts.h"
#include "lib/io.h"
#include "lib/own.h"

struct run_step {
	struct build_step step;
	const struct instruction *in;
	struct execution x;
	struct step_mounts mounts;
	const char *script; /* a heredoc that begins with "#!": a file that is executed; or NULL */
	const char *script_path;
};

static void run_step_release(struct run_step *r)
{
	step_mounts_release(&r->mounts);
}

static void set_network(struct run_step *r)
{
	const char *network = instruction_flag(r->in, "network");

	if (!network || strcmp(network, "default") == 0)
		network = r->step.stage->build->options->network;
	r->x.network = !network                ? EXECUTION_DEFAULT
		: strcmp(network, "host") == 0 ? EXECUTION_HOST
		: strcmp(network, "none") == 0 ? EXECUTION_NONE
					       : EXECUTION_DEFAULT;
}

/* Is the text nothing but the one heredoc's word? */
static bool only_heredoc(const struct run_step *r)
{
	const char *text = r->in->args.count ? r->in->args.items[0] : "";
	struct heredoc h;

	return r->in->heredocs.count == 1 && !r->in->json && !strpbrk(text, ";|&()") &&
		heredoc_parse(text, &h, &r->step.stage->build->arena) &&
		strcmp(h.name, r->in->heredocs.items[0].name) == 0;
}

/* The text of the shell form, or the script. */
static void set_heredoc_command(struct run_step *r)
{
	struct stage *s = r->step.stage;
	struct strings shell = stage_shell(s);
	own_buf struct buf text = {0};

	if (only_heredoc(r)) {
		const struct heredoc *h = &r->in->heredocs.items[0];
		const char *content = heredoc_text(h, &s->build->arena);

		if (strncmp(content, "#!", 2) == 0) {
			r->script = content;
			r->script_path = stage_text(s, "/dev/pipes/%s", h->name);
			strings_add(&s->build->arena, &r->x.args, r->script_path);
			return;
		}
		buf_adds(&text, content);
	} else {
		/* the shell reads the heredocs itself */
		buf_adds(&text, r->in->args.items[0]);
		for (size_t i = 0; i < r->in->heredocs.count; i++)
			buf_addf(&text, "\n%s%s", r->in->heredocs.items[i].content,
				r->in->heredocs.items[i].name);
	}
	for (size_t i = 0; i < shell.count; i++)
		strings_add(&s->build->arena, &r->x.args, shell.items[i]);
	strings_add(&s->build->arena, &r->x.args, buf_str(&text));
}

static int set_command(struct run_step *r, struct err *err)
{
	if (r->in->heredocs.count)
		set_heredoc_command(r);
	else
		r->x.args = stage_command(r->step.stage, r->in);
	if (!r->x.args.count)
		return err_set(err, E_SYNTAX, "RUN has no command");
	return 0;
}

/*
 * ENV, then the ARGs in scope that no ENV hides. Proxy arguments reach the command, but neither key
 * nor history, unless they were declared.
 */
static void set_environment(struct run_step *r, struct strings *visible)
{
	struct stage *s = r->step.stage;
	struct arena *a = &s->build->arena;
	const struct build_args *given = &s->build->args;

	r->x.env = strings_copy(&s->config.config.env, a);
	for (size_t i = 0; i < s->vars.args.count; i++) {
		const struct string_pair *arg = &s->vars.args.items[i];
		const char *text;

		if (variables_has_env(&s->vars, arg->key))
			continue;
		text = stage_text(s, "%s=%s", arg->key, arg->value);
		strings_add(a, &r->x.env, text);
		strings_add(a, visible, text);
	}
	for (size_t i = 0; i < given->values.count; i++) {
		const struct string_pair *p = &given->values.items[i];

		if (!variables_is_proxy(p->key) || variables_has(&s->vars, p->key))
			continue;
		given->used[i] = true;
		strings_add(a, &r->x.env, stage_text(s, "%s=%s", p->key, p->value));
	}
}

static const char *join(struct stage *s, const struct strings *words)
{
	own_buf struct buf text = {0};

	for (size_t i = 0; i < words->count; i++)
		buf_addf(&text, "%s%s", i ? " " : "", words->items[i]);
	return stage_text(s, "%s", buf_str(&text));
}

static const char *created_by(struct run_step *r, const struct strings *visible)
{
	struct stage *s = r->step.stage;
	own_buf struct buf text = {0};

	buf_adds(&text, "RUN ");
	if (visible->count)
		buf_addf(&text, "|%zu %s ", visible->count, join(s, visible));
	buf_addf(&text, "%s # buildkit", join(s, &r->x.args));
	return stage_text(s, "%s", buf_str(&text));
}

static int make_key(
	struct run_step *r, const struct strings *visible, struct cache_key *key, struct err *err)
{
	static const char *const networks[] = {[EXECUTION_DEFAULT] = "network",
		[EXECUTION_HOST] = "host",
		[EXECUTION_NONE] = NULL};
	struct stage *s = r->step.stage;
	int result;

	cache_key_begin(key, s, "RUN");
	cache_key_add_all(key, &r->x.args);
	cache_key_add_all(key, &s->config.config.env);
	cache_key_add_all(key, visible);
	cache_key_add(key, r->script);
	cache_key_add(key, networks[r->x.network]);
	result = step_mounts_key(&r->mounts, key, err);
	cache_key_end(key);
	return result;
}

/* The script becomes a file of the snapshot's directory, bound over its path in the container. */
static int add_script(struct run_step *r, struct root *root, struct err *err)
{
	struct mount_option *o;

	if (!r->script)
		return 0;
	if (io_publish_file(root->dir, "script", r->script, strlen(r->script), 0755, 0, err) < 0)
		return -err->code;
	o = arena_alloc(&r->step.stage->build->arena, sizeof(*o));
	o->source = stage_text(r->step.stage, "%s/script", root->path);
	o->destination = r->script_path;
	o->readonly = true;
	r->x.mounts.items = o;
	r->x.mounts.count = 1;
	return 0;
}

static int run_now(struct run_step *r, const struct cache_key *key, struct err *err)
{
	struct stage *s = r->step.stage;
	own_root struct root root = ROOT_INIT;
	int status;

	step_executing(&r->step);
	r->x.cwd = s->config.config.working_dir;
	r->x.user = s->config.config.user;
	r->x.architecture = s->config.architecture;
	if (root_open(&root, s, true, err) < 0 || add_script(r, &root, err) < 0 ||
		step_mounts_open(&r->mounts, &r->x, err) < 0 ||
		execution_run(s->build, &root, &r->x, &status, err) < 0)
		return -err->code;
	step_mounts_release(&r->mounts);
	if (status)
		return err_set(err, E_CHILD,
			"process \"%s\" did not complete successfully: exit code: %d",
			join(s, &r->x.args), status);
	return step_made(&r->step, &root, key, 1, err);
}

static int find_or_run(struct run_step *r, struct err *err)
{
	struct strings visible = {0};
	struct cache_entry e = {0};
	struct cache_key key;
	int found;

	set_network(r);
	if (set_command(r, err) < 0)
		return -err->code;
	set_environment(r, &visible);
	r->step.created_by = created_by(r, &visible);
	if (make_key(r, &visible, &key, err) < 0)
		return -err->code;
	found = cache_find(r->step.stage->build, &key, &e, err);
	if (found != 0)
		return found < 0 ? found : step_cached(&r->step, &e, err);
	return run_now(r, &key, err);
}

int step_run(struct stage *s, const struct instruction *in, struct err *err)
{
	own(run_step_release) struct run_step r = {.in = in};

	r.step.stage = s;
	/* stages that mounts name are built before this step begins */
	if (step_mounts_parse(&r.mounts, s, in, err) < 0)
		return -err->code;
	step_begin(&r.step, s, in);
	return find_or_run(&r, err) < 0 ? step_failed(&r.step, err) : 0;
}
