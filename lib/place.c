/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/place.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"

/* A variable that is set to something. */
static const char *env(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static const char *absolute_env(const char *name)
{
	const char *value = env(name);

	return value && *value == '/' ? value : NULL;
}

static char *user_root(void)
{
	const char *data = absolute_env("XDG_DATA_HOME"), *home = absolute_env("HOME");

	if (data)
		return xasprintf("%s/kist", data);
	return home ? xasprintf("%s/.local/share/kist", home) : NULL;
}

static char *user_run(void)
{
	const char *runtime = absolute_env("XDG_RUNTIME_DIR");

	if (runtime)
		return xasprintf("%s/kist", runtime);
	return xasprintf("/run/user/%u/kist", (unsigned)geteuid());
}

void place_release(struct place *p)
{
	free(p->root);
	free(p->run);
	*p = (struct place){0};
}

char *place_find_run(const char *run)
{
	own_mem char *usual = geteuid() != 0 ? user_run() : xstrdup("/run/kist");

	if (!run || !*run)
		run = env("KIST_RUN") ? env("KIST_RUN") : usual;
	return path_absolute(run);
}

int place_find(const char *root, const char *run, struct place *place, struct err *err)
{
	own_mem char *usual = geteuid() != 0 ? user_root() : xstrdup("/var/lib/kist");

	if (!root || !*root)
		root = env("KIST_ROOT") ? env("KIST_ROOT") : usual;
	if (!root)
		return err_set(err, ENOENT,
			"cannot tell where images and containers are: set HOME or KIST_ROOT");
	*place = (struct place){
		.root = path_absolute(root), .run = place_find_run(run), .cgroup_parent = "/kist"};
	return 0;
}
