/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/stubs.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"

void stubs_release(struct stubs *s)
{
	for (size_t i = 0; i < s->nparents; i++)
		free(s->parents[i].path);
	free(s->parents);
	strv_release(&s->missing);
}

static bool exists(int root, const char *path, struct timespec *time)
{
	struct err err;
	struct stat st;
	own_fd int fd = path_open(root, path, O_PATH, 0, PATH_IN_ROOT, &err);

	if (fd < 0 || fstat(fd, &st) < 0)
		return false;
	*time = st.st_mtim;
	return true;
}

static void note_parent(struct stubs *s, const char *path, struct timespec time)
{
	for (size_t i = 0; i < s->nparents; i++)
		if (strcmp(s->parents[i].path, path) == 0)
			return;
	s->parents = xreallocarray(s->parents, s->nparents + 1, sizeof(*s->parents));
	s->parents[s->nparents++] = (struct stub_parent){xstrdup(path), time};
}

void stubs_note(struct stubs *s, const char *path)
{
	own_mem char *clean = path_clean(path);
	struct timespec time, parent_time;
	size_t first = s->missing.count;

	if (exists(s->root, clean, &time))
		return;
	if (!exists(s->root, "/", &parent_time))
		return;
	for (char *slash = strchr(clean + 1, '/');; slash = strchr(slash + 1, '/')) {
		if (slash)
			*slash = '\0';
		if (!exists(s->root, clean, &time)) {
			if (s->missing.count == first) {
				own_mem char *parent = xstrdup(clean);

				*(strrchr(parent, '/') + (strrchr(parent, '/') == parent)) = '\0';
				note_parent(s, parent, parent_time);
			}
			strv_add(&s->missing, clean);
		} else {
			parent_time = time;
		}
		if (!slash)
			return;
		*slash = '/';
	}
}

/* An empty file or directory; anything else was the command's own work. */
static void remove_stub(const struct stubs *s, const char *path)
{
	const char *name;
	struct err err;
	struct stat st;
	own_fd int parent = path_open_parent(s->root, path, &name, &err);

	if (parent < 0 || fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	if (S_ISDIR(st.st_mode))
		unlinkat(parent, name, AT_REMOVEDIR); /* fails when it is not empty: right */
	else if (S_ISREG(st.st_mode) && st.st_size == 0)
		unlinkat(parent, name, 0);
}

void stubs_remove(struct stubs *s)
{
	struct stat st;
	struct err err;

	for (size_t i = s->missing.count; i-- > 0;)
		remove_stub(s, s->missing.items[i]);
	for (size_t i = 0; i < s->nparents; i++) {
		struct timespec times[2] = {s->parents[i].time, s->parents[i].time};
		own_fd int fd = path_open(
			s->root, s->parents[i].path, O_RDONLY | O_DIRECTORY, 0, PATH_IN_ROOT, &err);

		/* untouched ones stay so: setting the same time would copy them up into the layer
		 */
		if (fd >= 0 && fstat(fd, &st) == 0 &&
			(st.st_mtim.tv_sec != times[0].tv_sec ||
				st.st_mtim.tv_nsec != times[0].tv_nsec))
			futimens(fd, times);
	}
}
