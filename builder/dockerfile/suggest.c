/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/dockerfile/suggest.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define WORD_MAX 64

static int fold(char c, bool ignore_case)
{
	return ignore_case ? toupper((unsigned char)c) : c;
}

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Levenshtein's distance, row by row. */
static size_t distance(const char *a, const char *b, bool ignore_case)
{
	size_t row[WORD_MAX + 1], n = strlen(b);

	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t above = row[j];
			bool same = fold(a[i - 1], ignore_case) == fold(b[j - 1], ignore_case);

			row[j] = min3(above + 1, row[j - 1] + 1, diagonal + !same);
			diagonal = above;
		}
	}
	return row[n];
}

const char *suggest(const char *word, const char *const *candidates, size_t count, bool ignore_case)
{
	size_t best = SUGGEST_DISTANCE_MAX + 1;
	const char *found = NULL;

	if (strlen(word) > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t d, len = strlen(candidates[i]);

		if (len > WORD_MAX)
			continue;
		d = distance(word, candidates[i], ignore_case);
		if (d < best && d < len) {
			best = d;
			found = candidates[i];
		}
	}
	return found;
}
