/* SPDX-License-Identifier: Apache-2.0 */
/* Which entry of an index is for a platform (image-spec, image-index.md, Platform Variants). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/own.h"
#include "spec/image.h"

/* Go's names, as the image-spec uses them. */
#if defined(__x86_64__)
#define HOST_ARCHITECTURE "amd64"
#elif defined(__aarch64__)
#define HOST_ARCHITECTURE "arm64"
#elif defined(__i386__)
#define HOST_ARCHITECTURE "386"
#elif defined(__arm__)
#define HOST_ARCHITECTURE "arm"
#elif defined(__riscv) && __riscv_xlen == 64
#define HOST_ARCHITECTURE "riscv64"
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define HOST_ARCHITECTURE "ppc64le"
#elif defined(__s390x__)
#define HOST_ARCHITECTURE "s390x"
#elif defined(__loongarch64)
#define HOST_ARCHITECTURE "loong64"
#else
#error "which architecture, in Go's words, is this?"
#endif

#define PART_MAX 32

/* Wanted: fixed room, because the text comes from a command line and has three short parts. */
struct wanted {
	char os[PART_MAX], architecture[PART_MAX], variant[PART_MAX];
};

static const struct {
	const char *alias, *architecture, *variant;
} aliases[] = {
	{"x86_64", "amd64", ""},
	{"x86-64", "amd64", ""},
	{"aarch64", "arm64", ""},
	{"i386", "386", ""},
	{"armhf", "arm", "v7"},
	{"armel", "arm", "v6"},
};

const char *platform_host(void)
{
	return "linux/" HOST_ARCHITECTURE;
}

static int take_part(const char **text, char part[PART_MAX], struct err *err)
{
	size_t n = strcspn(*text, "/");

	if (!n || n >= PART_MAX)
		return err_set(err, E_SYNTAX, "expected OS/ARCHITECTURE[/VARIANT]");
	memcpy(part, *text, n);
	part[n] = '\0';
	*text += n + ((*text)[n] == '/');
	return 0;
}

static void normalise(struct wanted *w)
{
	for (size_t i = 0; i < ARRAY_LEN(aliases); i++) {
		if (strcmp(w->architecture, aliases[i].alias) != 0)
			continue;
		snprintf(w->architecture, sizeof(w->architecture), "%s", aliases[i].architecture);
		if (!w->variant[0])
			snprintf(w->variant, sizeof(w->variant), "%s", aliases[i].variant);
	}
}

static int parse_wanted(const char *text, struct wanted *w, struct err *err)
{
	const char *rest = text;
	int r;

	memset(w, 0, sizeof(*w));
	r = take_part(&rest, w->os, err);
	if (r == 0)
		r = take_part(&rest, w->architecture, err);
	if (r == 0 && *rest)
		r = take_part(&rest, w->variant, err);
	if (r == 0 && *rest)
		r = err_set(err, E_SYNTAX, "expected OS/ARCHITECTURE[/VARIANT]");
	if (r < 0)
		return err_wrap(err, "invalid platform '%.80s'", text);
	normalise(w);
	return 0;
}

/*
 * Variants are levels of one ladder, "v7", "v8", "v8.2": the number times ten plus the part behind
 * the dot. Without a variant the architecture's base is meant. -1: no such form.
 */
static int variant_level(const char *architecture, const char *variant)
{
	char *end;
	long level, minor = 0;

	if (!variant || !*variant)
		return strcmp(architecture, "arm64") == 0  ? 80
			: strcmp(architecture, "arm") == 0 ? 70
							   : 10;
	variant += *variant == 'v';
	level = strtol(variant, &end, 10);
	if (end != variant && *end == '.')
		minor = strtol(end + 1, &end, 10);
	if (end == variant || *end || level < 0 || level > 99 || minor < 0 || minor > 9)
		return -1;
	return (int)(level * 10 + minor);
}

/* How well the entry fits: -1 not at all, else the level of its variant (higher is better). */
static int fitness(const struct platform *p, const struct wanted *w)
{
	int have, want;

	if (!p->os || !p->architecture || strcmp(p->os, w->os) != 0 ||
		strcmp(p->architecture, w->architecture) != 0)
		return -1;
	have = variant_level(p->architecture, p->variant);
	want = variant_level(w->architecture, w->variant);
	if (have < 0 || want < 0) /* a variant by name: only itself */
		return p->variant && strcmp(p->variant, w->variant) == 0 ? 0 : -1;
	return have <= want ? have : -1;
}

static int nothing_fits(const struct index *i, const char *platform, struct err *err)
{
	own_buf struct buf have = {0};

	for (size_t n = 0; n < i->manifests.count && have.len < 300; n++) {
		const struct platform *p = i->manifests.items[n].platform;

		if (!p || !p->os || !p->architecture || strcmp(p->os, "unknown") == 0)
			continue;
		buf_addf(&have, "%s%.30s/%.30s%s%.30s", have.len ? ", " : "", p->os,
			p->architecture, p->variant ? "/" : "", p->variant ? p->variant : "");
	}
	return err_set(err, E_NOT_FOUND, "no image for platform %s; there is %s", platform,
		have.len ? buf_str(&have) : "none for any platform");
}

/* What says nothing about its platform may be for ours; attestations are for none. */
static bool undeclared(const struct descriptor *d)
{
	return !d->platform && !d->artifact_type &&
		!string_map_get(&d->annotations, "vnd.docker.reference.type");
}

const struct descriptor *index_choose(const struct index *i, const char *platform, struct err *err)
{
	const struct descriptor *best = NULL, *fallback = NULL;
	struct wanted w;
	int best_fitness = -1;

	if (!platform)
		platform = platform_host();
	if (parse_wanted(platform, &w, err) < 0)
		return NULL;
	for (size_t n = 0; n < i->manifests.count; n++) {
		const struct descriptor *d = &i->manifests.items[n];
		int fit = d->platform ? fitness(d->platform, &w) : -1;

		if (!fallback && undeclared(d))
			fallback = d;
		if (fit > best_fitness) {
			best = d;
			best_fitness = fit;
		}
	}
	if (!best)
		best = fallback;
	if (!best)
		nothing_fits(i, platform, err);
	return best;
}
