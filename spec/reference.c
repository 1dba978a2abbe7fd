/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/reference.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"

#define DEFAULT_REGISTRY "docker.io"
#define LEGACY_REGISTRY  "index.docker.io"
#define OFFICIAL_PREFIX  "library/"
#define DEFAULT_TAG      "latest"
#define REPOSITORY_MAX   255
#define TAG_MAX          128
#define NAME_MAX_LEN     255 /* a name is also a file's name */

#define LOWER        "abcdefghijklmnopqrstuvwxyz"
#define UPPER        "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS       "0123456789"
#define ALNUM        LOWER UPPER DIGITS
#define HEX          "0123456789abcdefABCDEF"
#define FORMAT_ERROR "invalid reference format"

static bool has_upper(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (isupper((unsigned char)s[i]))
			return true;
	return false;
}

/* [a-z0-9]+ ( [._] | __ | -+ ) [a-z0-9]+ ...; sets *end behind it. */
static bool path_component(const char *s, const char **end)
{
	for (;;) {
		size_t n = strspn(s, LOWER DIGITS);

		if (!n)
			return false;
		s += n;
		if (*s == '.' || (*s == '_' && s[1] != '_'))
			s++;
		else if (*s == '_')
			s += 2;
		else if (*s == '-')
			s += strspn(s, "-");
		else
			break;
	}
	*end = s;
	return true;
}

static bool repository_valid(const char *s)
{
	while (path_component(s, &s)) {
		if (!*s)
			return true;
		if (*s++ != '/')
			return false;
	}
	return false;
}

static bool host_valid(const char *s, size_t n)
{
	const char *end = s + n;

	if (*s == '[')
		return n > 2 && end[-1] == ']' && strspn(s + 1, HEX ":") == n - 2;
	while (s < end) {
		size_t len = strspn(s, ALNUM "-");

		if (!len || *s == '-' || s[len - 1] == '-')
			return false;
		s += len;
		if (s == end)
			return true;
		if (*s++ != '.')
			return false;
	}
	return false;
}

static bool registry_valid(const char *s)
{
	const char *bracket = strrchr(s, ']');
	const char *port = strchr(bracket ? bracket : s, ':');
	size_t host = port ? (size_t)(port - s) : strlen(s);
	size_t digits = port ? strspn(port + 1, DIGITS) : 0;

	if (!host_valid(s, host))
		return false;
	return !port || (digits && digits <= 5 && !port[1 + digits] && atoi(port + 1) <= 65535);
}

static bool tag_valid(const char *s)
{
	size_t n = strlen(s);

	return n && n <= TAG_MAX && *s != '.' && *s != '-' && strspn(s, ALNUM "_.-") == n;
}

/* Does the part in front of the first slash name a registry? */
static bool names_registry(const char *s, size_t n)
{
	return memchr(s, '.', n) || memchr(s, ':', n) || has_upper(s, n) ||
		(n == 9 && strncmp(s, "localhost", 9) == 0);
}

/* Registry and the rest; "alpine" gets docker.io and library/. */
static void split_registry(
	const char *text, const char **registry, const char **rest, struct arena *a)
{
	const char *slash = strchr(text, '/');

	*registry = DEFAULT_REGISTRY;
	*rest = text;
	if (slash && names_registry(text, (size_t)(slash - text))) {
		*registry = arena_strndup(a, text, (size_t)(slash - text));
		*rest = slash + 1;
		if (strcmp(*registry, LEGACY_REGISTRY) == 0)
			*registry = DEFAULT_REGISTRY;
	}
	if (strcmp(*registry, DEFAULT_REGISTRY) == 0 && **rest && !strchr(*rest, '/'))
		*rest = arena_printf(a, OFFICIAL_PREFIX "%s", *rest);
}

/* Cut "@digest" and ":tag" off the end of rest, which is ours to change. */
static int split_suffixes(char *rest, struct reference *ref, struct err *err)
{
	char *at = strchr(rest, '@');
	char *colon;

	if (at) {
		*at = '\0';
		if (digest_parse(at + 1, &ref->digest, err) < 0)
			return err_wrap(err, FORMAT_ERROR);
	}
	colon = strchr(rest, ':');
	if (colon) {
		*colon = '\0';
		ref->tag = colon + 1;
		if (!tag_valid(ref->tag))
			return err_set(
				err, E_SYNTAX, FORMAT_ERROR ": '%.140s' is not a tag", ref->tag);
	} else if (!at) {
		ref->tag = DEFAULT_TAG;
		ref->default_tag = true;
	}
	return 0;
}

static int check_parts(const struct reference *ref, const char *text, struct err *err)
{
	const char *repository = ref->repository;

	if (has_upper(repository, strlen(repository)))
		return err_set(err, E_SYNTAX,
			FORMAT_ERROR ": repository name (%.300s) must be lowercase", repository);
	if (strlen(repository) > REPOSITORY_MAX)
		return err_set(err, E_SYNTAX,
			FORMAT_ERROR
			": repository name must not be more than 255 characters (%.40s...)",
			repository);
	if (!registry_valid(ref->registry))
		return err_set(
			err, E_SYNTAX, FORMAT_ERROR ": '%.280s' is not a registry", ref->registry);
	if (!repository_valid(repository))
		return err_set(err, E_SYNTAX, FORMAT_ERROR ": '%.280s'", text);
	return 0;
}

int reference_parse(const char *text, struct reference *ref, struct arena *a, struct err *err)
{
	struct reference parsed = {0};
	const char *rest;
	char *repository;
	int r;

	if (strlen(text) == DIGEST_HEX_LEN && strspn(text, LOWER DIGITS) == DIGEST_HEX_LEN &&
		strspn(text, HEX) == DIGEST_HEX_LEN)
		return err_set(err, E_SYNTAX,
			"invalid repository name (%s), cannot specify 64-byte hexadecimal strings",
			text);
	split_registry(text, &parsed.registry, &rest, a);
	repository = arena_strdup(a, rest);
	parsed.repository = repository;
	r = split_suffixes(repository, &parsed, err);
	if (r == 0)
		r = check_parts(&parsed, text, err);
	if (r == 0)
		*ref = parsed;
	return r;
}

static const char *with_suffixes(const char *name, const struct reference *ref, struct arena *a)
{
	bool digest = ref->digest.text[0] != '\0';

	return arena_printf(a, "%s%s%s%s%s", name, ref->tag ? ":" : "", ref->tag ? ref->tag : "",
		digest ? "@" : "", ref->digest.text);
}

const char *reference_canonical(const struct reference *ref, struct arena *a)
{
	return with_suffixes(arena_printf(a, "%s/%s", ref->registry, ref->repository), ref, a);
}

const char *reference_familiar_name(const struct reference *ref, struct arena *a)
{
	size_t official = strlen(OFFICIAL_PREFIX);
	const char *repository = ref->repository;
	size_t first = strcspn(repository, "/");

	/* docker.io/a.b/c keeps its registry: without it, a.b would be taken for one */
	if (strcmp(ref->registry, DEFAULT_REGISTRY) != 0 ||
		(repository[first] && names_registry(repository, first)))
		return arena_printf(a, "%s/%s", ref->registry, repository);
	if (strncmp(repository, OFFICIAL_PREFIX, official) == 0 &&
		!strchr(repository + official, '/'))
		repository += official;
	return arena_strdup(a, repository);
}

const char *reference_familiar(const struct reference *ref, struct arena *a)
{
	return with_suffixes(reference_familiar_name(ref, a), ref, a);
}

bool name_valid(const char *name)
{
	size_t n = strlen(name);

	return n >= 2 && n <= NAME_MAX_LEN && isalnum((unsigned char)*name) &&
		strspn(name, ALNUM "_.-") == n;
}
