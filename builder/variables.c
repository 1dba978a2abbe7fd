/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/variables.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "builder/dockerfile/substitute.h"
#include "lib/own.h"

static const char *const proxy_names[] = {
	"HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"};

bool variables_is_proxy(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(proxy_names); i++)
		if (strcasecmp(name, proxy_names[i]) == 0)
			return true;
	return false;
}

const char *environment_get(const struct strings *env, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < env->count; i++)
		if (strncmp(env->items[i], name, n) == 0 && env->items[i][n] == '=')
			return env->items[i] + n + 1;
	return NULL;
}

void environment_set(struct strings *env, const char *name, const char *value, struct arena *a)
{
	const char *entry = arena_printf(a, "%s=%s", name, value);
	size_t n = strlen(name);

	for (size_t i = 0; i < env->count; i++) {
		if (strncmp(env->items[i], name, n) == 0 && env->items[i][n] == '=') {
			env->items[i] = entry;
			return;
		}
	}
	strings_add(a, env, entry);
}

void build_args_add(struct build_args *b, const char *text, struct arena *a)
{
	size_t n = strcspn(text, "=");
	const char *name = arena_strndup(a, text, n);
	const char *value = text[n] ? text + n + 1 : getenv(name);
	bool *used;

	if (!value)
		return; /* docker: a name alone that the environment does not have is not given */
	string_map_set(a, &b->values, name, value);
	used = arena_array(a, b->values.count, sizeof(*used));
	b->used = used;
}

/* The value of --build-arg, which is used then. */
static const char *given(struct build_args *b, const char *name)
{
	for (size_t i = 0; b && i < b->values.count; i++) {
		if (strcmp(b->values.items[i].key, name) == 0) {
			b->used[i] = true;
			return b->values.items[i].value;
		}
	}
	return NULL;
}

void variables_declare(
	struct variables *v, const char *name, const char *fallback, const struct variables *outer)
{
	const char *value = given(v->given, name);

	if (!value)
		value = fallback;
	if (!value && outer)
		value = string_map_get(&outer->args, name);
	if (value)
		string_map_set(v->arena, &v->args, name, value);
}

static void declare_one(struct variables *v, const char *who, const char *what, const char *value)
{
	const char *name = arena_printf(v->arena, "%s%s", who, what);

	variables_declare(v, name, value, NULL);
}

void variables_declare_platform(struct variables *v, const char *platform, const char *target)
{
	const char *arch = strchr(platform, '/') + 1, *variant = strchr(arch, '/');
	static const char *const who[] = {"TARGET", "BUILD"};

	for (size_t i = 0; i < ARRAY_LEN(who); i++) {
		declare_one(v, who[i], "PLATFORM", platform);
		declare_one(v, who[i], "OS",
			arena_strndup(v->arena, platform, (size_t)(arch - 1 - platform)));
		declare_one(v, who[i], "ARCH",
			arena_strndup(
				v->arena, arch, variant ? (size_t)(variant - arch) : strlen(arch)));
		declare_one(v, who[i], "VARIANT", variant ? variant + 1 : "");
	}
	declare_one(v, "TARGETSTAGE", "", target ? target : "default");
}

const char *variables_get(const struct variables *v, const char *name)
{
	const char *value = v->env ? environment_get(v->env, name) : NULL;

	if (!value)
		value = string_map_get(&v->args, name);
	if (!value && v->proxies && variables_is_proxy(name))
		value = given(v->given, name);
	return value;
}

static const char *lookup(const void *ctx, const char *name)
{
	return variables_get(ctx, name);
}

static struct substitution language(const struct variables *v)
{
	return (struct substitution){.escape = v->escape, .lookup = lookup, .ctx = v};
}

int variables_expand(const struct variables *v, const char *word, const char **out, struct err *err)
{
	struct substitution s = language(v);
	own_buf struct buf text = {0};

	if (substitute_word(&s, word, &text, err) < 0)
		return -err->code;
	*out = arena_strdup(v->arena, buf_str(&text));
	return 0;
}

int variables_expand_words(
	const struct variables *v, const char *word, struct strings *out, struct err *err)
{
	struct substitution s = language(v);
	own_strv struct strv words = {0};

	if (substitute_words(&s, word, &words, err) < 0)
		return -err->code;
	for (size_t i = 0; i < words.count; i++)
		strings_add(v->arena, out, words.items[i]);
	return 0;
}

int variables_expand_text(
	const struct variables *v, const char *text, const char **out, struct err *err)
{
	struct substitution s = language(v);
	own_buf struct buf expanded = {0};

	s.plain_quotes = true;
	if (substitute_word(&s, text, &expanded, err) < 0)
		return -err->code;
	*out = arena_strdup(v->arena, buf_str(&expanded));
	return 0;
}
