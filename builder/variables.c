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

void variables_begin(struct variables *v)
{
	names_read_variables(&v->env_names, v->env, v->arena);
}

void variables_set_env(struct variables *v, const char *name, const char *value)
{
	names_set_variable(&v->env_names, v->env, name, value, v->arena);
}

static const char *get_env(const struct variables *v, const char *name)
{
	return v->env ? names_get_variable(&v->env_names, v->env, name) : NULL;
}

const char *variables_get_arg(const struct variables *v, const char *name)
{
	ptrdiff_t at = names_find_pair(&v->arg_names, name);

	return at < 0 ? NULL : v->args.items[at].value;
}

bool variables_has_env(const struct variables *v, const char *name)
{
	return get_env(v, name) != NULL;
}

bool variables_has(const struct variables *v, const char *name)
{
	return get_env(v, name) || variables_get_arg(v, name);
}

int variables_spend(const struct variables *v, size_t bytes, struct err *err)
{
	if (!v->spent)
		return 0;
	*v->spent += bytes;
	if (*v->spent > VARIABLES_MAX)
		return err_set(err, E_LIMIT,
			"the variables of the Dockerfile expand to more than %u MiB of text",
			VARIABLES_MAX >> 20);
	return 0;
}

void build_args_add(struct build_args *b, const char *text, struct arena *a)
{
	size_t n = strcspn(text, "=");
	const char *name = arena_strndup(a, text, n);
	const char *value = text[n] ? text + n + 1 : getenv(name);
	bool *used;

	if (!value)
		return; /* docker: a name alone that the environment does not have is not given */
	names_set_pair(&b->names, &b->values, name, value, a);
	if ((b->values.count & (b->values.count - 1)) == 0) {
		used = arena_array(a, 2 * b->values.count, sizeof(*used));
		b->used = used; /* nobody has asked yet */
	}
}

/* The value of --build-arg, which is used then. */
static const char *given(struct build_args *b, const char *name)
{
	ptrdiff_t at = b ? names_find_pair(&b->names, name) : -1;

	if (at < 0)
		return NULL;
	b->used[at] = true;
	return b->values.items[at].value;
}

void variables_declare(
	struct variables *v, const char *name, const char *fallback, const struct variables *outer)
{
	const char *value = given(v->given, name);

	if (!value)
		value = fallback;
	if (!value && outer)
		value = variables_get_arg(outer, name);
	if (value)
		names_set_pair(&v->arg_names, &v->args, name, value, v->arena);
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

static const char *lookup(const void *ctx, const char *name)
{
	const struct variables *v = ctx;
	const char *value = get_env(v, name);

	if (!value)
		value = variables_get_arg(v, name);
	if (!value && v->proxies && variables_is_proxy(name))
		value = given(v->given, name);
	return value;
}

static struct substitution language(const struct variables *v)
{
	return (struct substitution){.escape = v->escape, .lookup = lookup, .ctx = v};
}

int variables_expand(const struct variables *v, const char *word, const char **out, struct err *err)
{
	struct substitution s = language(v);
	own_buf struct buf text = {0};

	if (substitute_word(&s, word, &text, err) < 0 || variables_spend(v, text.len, err) < 0)
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
	for (size_t i = 0; i < words.count; i++) {
		if (variables_spend(v, strlen(words.items[i]), err) < 0)
			return -err->code;
		strings_add(v->arena, out, words.items[i]);
	}
	return 0;
}

int variables_expand_text(
	const struct variables *v, const char *text, const char **out, struct err *err)
{
	struct substitution s = language(v);
	own_buf struct buf expanded = {0};

	s.plain_quotes = true;
	if (substitute_word(&s, text, &expanded, err) < 0 ||
		variables_spend(v, expanded.len, err) < 0)
		return -err->code;
	*out = arena_strdup(v->arena, buf_str(&expanded));
	return 0;
}
