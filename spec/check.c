/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/check.h"

#include <string.h>

int check_word(const char *value, const struct check_words *w, struct err *err)
{
	for (const char *const *word = w->words; *word; word++)
		if (strcmp(*word, value) == 0)
			return 0;
	return err_set(err, E_SYNTAX, "'%.80s' is not %s", value, w->what);
}

int check_all_words(const struct strings *values, const struct check_words *w, struct err *err)
{
	for (size_t i = 0; i < values->count; i++)
		if (check_word(values->items[i], w, err) < 0)
			return schema_error_at(err, "[%zu]", i);
	return 0;
}

int check_absolute(const char *path, struct err *err)
{
	return *path == '/' ? 0 : err_set(err, E_SYNTAX, "'%.200s' is not an absolute path", path);
}

int check_all_absolute(const struct strings *paths, struct err *err)
{
	for (size_t i = 0; i < paths->count; i++)
		if (check_absolute(paths->items[i], err) < 0)
			return schema_error_at(err, "[%zu]", i);
	return 0;
}
