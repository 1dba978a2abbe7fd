/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/step_workdir.h"

#include <string.h>

#include "builder/build.h"
#include "builder/build_step.h"
#include "builder/copy.h"
#include "lib/own.h"
#include "lib/path.h"
#include "spec/user_files.h"

static void set_directory(struct stage *s, const char *path)
{
	const char *old = s->config.config.working_dir;
	own_mem char *joined = NULL, *clean = NULL;

	if (*path == '/') {
		s->config.config.working_dir = path;
		return;
	}
	joined = xasprintf("%s/%s", old && *old ? old : "/", path);
	clean = path_clean(joined);
	s->config.config.working_dir = arena_strdup(&s->build->arena, clean);
}

static int make(struct build_step *st, const struct cache_key *key, struct err *err)
{
	struct stage *s = st->stage;
	own_root struct root root = ROOT_INIT;
	const struct timespec *time = s->build->has_epoch ? &s->build->epoch : NULL;
	const char *name = s->config.config.user;
	struct tree_owner owner = {.set = name && *name};
	struct user user;
	int made;

	step_executing(st);
	if (root_open(&root, s, true, err) < 0)
		return -err->code;
	if (copy_is_directory(root.mount, s->config.config.working_dir))
		return step_made(st, NULL, key, 1, err);
	if (owner.set) {
		if (user_lookup_in(root.mount, name, &user, &s->build->arena, err) < 0)
			return err_wrap(err, "cannot make the directory for USER %s", name);
		owner.uid = user.uid;
		owner.gid = user.gid;
	}
	made = copy_make_directory(root.mount, s->config.config.working_dir, &owner, time, err);
	return made < 0 ? made : step_made(st, made ? &root : NULL, key, 1, err);
}

int step_workdir(struct stage *s, const struct instruction *in, struct err *err)
{
	struct cache_entry e = {0};
	struct cache_key key;
	struct build_step st;
	const char *path;
	int r;

	step_begin(&st, s, in);
	r = stage_expand(s, in->args.items[0], &path, err);
	if (r == 0 && !*path)
		r = err_set(
			err, E_SYNTAX, "WORKDIR needs a path: '%s' is empty", in->args.items[0]);
	if (r < 0)
		return step_failed(&st, err);
	set_directory(s, path);
	st.created_by = stage_text(s, "WORKDIR %s", s->config.config.working_dir);
	cache_key_begin(&key, s, "WORKDIR");
	cache_key_end(&key);
	r = cache_find(s->build, &key, &e, err);
	if (r > 0)
		r = step_cached(&st, &e, err);
	else if (r == 0)
		r = make(&st, &key, err);
	return r < 0 ? step_failed(&st, err) : 0;
}
