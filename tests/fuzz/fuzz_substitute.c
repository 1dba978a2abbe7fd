/* SPDX-License-Identifier: Apache-2.0 */
/* Any word, expanded and split: no crash, and bounded work. */
#include <stdint.h>
#include <string.h>

#include "builder/dockerfile/substitute.h"
#include "lib/mem.h"
#include "lib/own.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *lookup(const void *ctx, const char *name)
{
	(void)ctx;
	return strcmp(name, "a") == 0 ? "/usr/lib/x.tar.gz" : strcmp(name, "e") == 0 ? "" : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_mem char *text = NULL;
	own_buf struct buf out = {0};
	own_strv struct strv words = {0};
	struct substitution s = {.escape = '\\', .lookup = lookup};
	struct err err;

	if (size > 4096)
		return 0;
	text = xstrndup((const char *)data, size);
	substitute_word(&s, text, &out, &err);
	s.keep_quotes = s.keep_escapes = s.keep_unset = true;
	substitute_words(&s, text, &words, &err);
	return 0;
}
