/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cli/env_flag.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "lib/io.h"
#include "lib/own.h"

#define LIST_FILE_MAX (1u << 20)

/* "K=V" as it stands, "K" with the value of our environment; without one "K" removes. */
static void add(const char *text, struct strings *env, struct arena *a)
{
	const char *value = strchr(text, '=') ? NULL : getenv(text);

	strings_add(a, env, value ? arena_printf(a, "%s=%s", text, value) : text);
}

/* One line, without white space in front. */
static int add_line(
	const char *line, bool env, struct strings *list, struct arena *a, struct err *err)
{
	size_t name = strcspn(line, "=");

	if (name == 0)
		return err_set(err, E_USAGE, "no variable name on line '%s'", line);
	for (size_t i = 0; i < name; i++)
		if (isspace((unsigned char)line[i]))
			return err_set(err, E_USAGE,
				"poorly formatted environment: variable '%.*s' contains whitespaces",
				(int)name, line);
	if (env && !line[name] && !getenv(line))
		return 0;
	if (env)
		add(line, list, a);
	else
		strings_add(a, list, line);
	return 0;
}

int env_flag_read_file(
	const char *path, bool env, struct strings *list, struct arena *a, struct err *err)
{
	own_buf struct buf text = {0};
	char *save = NULL, *copy;

	if (io_read_file(AT_FDCWD, path, LIST_FILE_MAX, &text, err) < 0)
		return -err->code;
	copy = arena_strdup(a, buf_str(&text));
	for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		line[strcspn(line, "\r")] = '\0';
		line += strspn(line, " \t");
		if (*line && *line != '#' && add_line(line, env, list, a, err) < 0)
			return err_wrap(err, "'%s'", path);
	}
	return 0;
}

int env_flag_gather(const struct strv *files, const struct strv *flags, struct strings *env,
	struct arena *a, struct err *err)
{
	for (size_t i = 0; i < files->count; i++)
		if (env_flag_read_file(files->items[i], true, env, a, err) < 0)
			return -err->code;
	for (size_t i = 0; i < flags->count; i++)
		add(flags->items[i], env, a);
	return 0;
}
