/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/resolve.h"

#include <string.h>

#include "lib/json.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/sha256.h"
#include "store/overlay.h"

#define ACCEPT_MANIFESTS                                                                           \
	"Accept: " MEDIA_TYPE_INDEX ", " MEDIA_TYPE_MANIFEST ", " MEDIA_TYPE_DOCKER_LIST           \
	", " MEDIA_TYPE_DOCKER_MANIFEST ";q=0.9"
#define SCHEMA1_TYPES "application/vnd.docker.distribution.manifest.v1+"

void document_release(struct document *d)
{
	free(give(d->media_type));
	buf_release(&d->text);
}

void resolved_release(struct resolved *r)
{
	document_release(&r->top);
	document_release(&r->document);
	buf_release(&r->config_text);
	arena_release(&r->arena);
}

bool document_is_index(const struct document *d)
{
	struct err ignored;
	own_arena struct arena a = {0};
	struct json *o;

	if (media_type_is_index(d->media_type))
		return true;
	if (media_type_is_manifest(d->media_type))
		return false;
	o = json_parse(&a, buf_str(&d->text), d->text.len, JSON_DOCUMENT_MAX, &ignored);
	return json_get(o, "manifests") && !json_get(o, "layers");
}

/* The registry's words, with a code that says what it does not have. */
static int manifest_failure(const struct call *c, struct err *err)
{
	call_failure(c, err);
	if (err->code == E_NOT_FOUND)
		err->code = E_MANIFEST_UNKNOWN;
	return -err->code;
}

static char *media_type_of(const struct call *c)
{
	const char *type = c->http.reply.content_type;

	return xstrndup(type ? type : "", type ? strcspn(type, "; \t") : 0);
}

static int verify_digest(
	const struct call *c, const struct digest *wanted, struct document *d, struct err *err)
{
	char hex[SHA256_HEX_LEN + 1];
	const char *told = c->http.reply.digest;

	sha256_hex(buf_str(&d->text), d->text.len, hex);
	d->digest = digest_from_hex(hex);
	if (wanted->text[0] && !digest_equal(wanted, &d->digest))
		return err_set(err, E_DIGEST_MISMATCH,
			"the registry sent another document than %s: it has %s", wanted->text,
			d->digest.text);
	/* a digest of another algorithm, or none at all, proves nothing */
	if (told && digest_valid(told) && strcmp(told, d->digest.text) != 0)
		return err_set(err, E_DIGEST_MISMATCH,
			"the registry says the manifest has %s, but it has %s", told,
			d->digest.text);
	return 0;
}

int fetch_manifest(
	struct registry *registry, const struct reference *ref, struct document *d, struct err *err)
{
	own_call struct call c = {0};

	c.http.method = HTTP_GET;
	c.http.max_body = JSON_DOCUMENT_MAX;
	c.path = xasprintf("/v2/%s/manifests/%s", registry_repository(registry),
		ref->digest.text[0] ? ref->digest.text : ref->tag);
	strv_add(&c.headers, ACCEPT_MANIFESTS);
	if (registry_run(registry, &c, err) < 0 || !call_good(&c)) {
		manifest_failure(&c, err);
		return err->code == E_LIMIT ? err_wrap(err, "manifest") : -err->code;
	}
	document_release(d);
	d->media_type = media_type_of(&c);
	d->text = c.http.text;
	c.http.text = (struct buf){0};
	if (strncmp(d->media_type, SCHEMA1_TYPES, strlen(SCHEMA1_TYPES)) == 0)
		return err_set(err, E_UNSUPPORTED,
			"the registry has this image only in docker's schema 1, which is not supported: "
			"push it again with a current client");
	return verify_digest(&c, &ref->digest, d, err);
}

int fetch_manifest_digest(struct registry *registry, const struct reference *ref,
	char digest[DIGEST_LEN + 1], struct err *err)
{
	own_call struct call c = {0};
	const char *told;

	c.http.method = HTTP_HEAD;
	c.path = xasprintf("/v2/%s/manifests/%s", registry_repository(registry),
		ref->digest.text[0] ? ref->digest.text : ref->tag);
	strv_add(&c.headers, ACCEPT_MANIFESTS);
	if (registry_run(registry, &c, err) < 0 || !call_good(&c))
		return manifest_failure(&c, err);
	told = c.http.reply.digest;
	if (!told || !digest_valid(told))
		return err_set(err, E_UNSUPPORTED, "the registry says no digest");
	memcpy(digest, told, DIGEST_LEN + 1);
	return 0;
}

static int choose_from_index(struct registry *registry, const struct reference *ref,
	const char *platform, struct resolved *r, struct err *err)
{
	const struct descriptor *chosen;
	struct reference by_digest = *ref;
	struct index index;

	if (index_parse(buf_str(&r->top.text), r->top.text.len, &index, &r->arena, err) < 0)
		return -err->code;
	chosen = index_choose(&index, platform, err);
	if (!chosen)
		return -err->code;
	if (!media_type_is_manifest(chosen->media_type))
		return err_set(err, E_UNSUPPORTED,
			"the index leads to a '%.100s', not to a manifest", chosen->media_type);
	if (digest_parse(chosen->digest, &by_digest.digest, err) < 0)
		return -err->code;
	if (fetch_manifest(registry, &by_digest, &r->document, err) < 0)
		return -err->code;
	if ((int64_t)r->document.text.len != chosen->size)
		return err_set(err, E_SIZE_MISMATCH,
			"manifest %s has %zu bytes, and the index says %lld", chosen->digest,
			r->document.text.len, (long long)chosen->size);
	r->from_index = true;
	return 0;
}

static void copy_document(struct document *to, const struct document *from)
{
	to->digest = from->digest;
	to->media_type = xstrdup(from->media_type);
	buf_add(&to->text, buf_str(&from->text), from->text.len);
}

int resolve_manifest(struct registry *registry, const struct reference *ref, const char *platform,
	struct resolved *r, struct err *err)
{
	if (fetch_manifest(registry, ref, &r->top, err) < 0)
		return -err->code;
	if (!document_is_index(&r->top))
		copy_document(&r->document, &r->top);
	else if (choose_from_index(registry, ref, platform, r, err) < 0)
		return -err->code;
	if (manifest_parse(buf_str(&r->document.text), r->document.text.len, &r->manifest,
		    &r->arena, err) < 0)
		return -err->code;
	/* what the document says of itself counts: it is what the digest covers */
	if (r->manifest.media_type) {
		free(r->document.media_type);
		r->document.media_type = xstrdup(r->manifest.media_type);
	} else if (!media_type_is_manifest(r->document.media_type)) {
		free(r->document.media_type);
		r->document.media_type = xstrdup(MEDIA_TYPE_MANIFEST);
	}
	return 0;
}

static bool platform_matches(const char *platform, const struct image_config *c)
{
	size_t os = strcspn(platform, "/"), arch;
	const char *rest = platform + os + (platform[os] == '/');

	arch = strcspn(rest, "/");
	return c->os && c->architecture && strlen(c->os) == os &&
		strncmp(c->os, platform, os) == 0 && strlen(c->architecture) == arch &&
		strncmp(c->architecture, rest, arch) == 0;
}

/* Check that config and manifest fit together, and that it is an image. r->config_text is there. */
static int check_config(
	const struct reference *ref, const char *platform, struct resolved *r, struct err *err)
{
	const char *type = r->manifest.config.media_type;
	const struct image_config *c = &r->config;
	own_arena struct arena a = {0};

	if (strcmp(type, MEDIA_TYPE_CONFIG) != 0 && strcmp(type, MEDIA_TYPE_DOCKER_CONFIG) != 0)
		return err_set(err, E_UNSUPPORTED,
			"%s is not a container image: its config is a '%.100s' (kist-pull -o takes anything)",
			reference_familiar(ref, &a), type);
	if (image_config_parse(
		    buf_str(&r->config_text), r->config_text.len, &r->config, &r->arena, err) < 0)
		return -err->code;
	if (c->rootfs.diff_ids.count != r->manifest.layers.count)
		return err_set(err, E_SYNTAX,
			"the manifest has %zu layers, and the config %zu diff_ids",
			r->manifest.layers.count, c->rootfs.diff_ids.count);
	if (r->manifest.layers.count > OVERLAY_LOWERS_MAX)
		return err_set(err, E_UNSUPPORTED,
			"the image has %zu layers, and overlayfs takes at most %d",
			r->manifest.layers.count, OVERLAY_LOWERS_MAX);
	for (size_t i = 0; i < r->manifest.layers.count; i++)
		if (!media_type_is_layer(r->manifest.layers.items[i].media_type))
			return err_set(err, E_UNSUPPORTED,
				"layer %zu is a '%.100s', which is not supported", i + 1,
				r->manifest.layers.items[i].media_type);
	if (platform && !platform_matches(platform, c))
		return err_set(err, E_NOT_FOUND, "wanted %s, actual: %s/%s", platform,
			c->os ? c->os : "", c->architecture ? c->architecture : "");
	return 0;
}

int resolve_config(struct registry *registry, const struct reference *ref, const char *platform,
	struct resolved *r, struct err *err)
{
	const struct descriptor *d = &r->manifest.config;
	own_call struct call c = {0};
	char hex[SHA256_HEX_LEN + 1];

	if (d->size > JSON_DOCUMENT_MAX)
		return err_set(
			err, E_LIMIT, "the config is larger than %u bytes", JSON_DOCUMENT_MAX);
	c.http.method = HTTP_GET;
	c.http.max_body = d->size;
	c.path = xasprintf("/v2/%s/blobs/%s", registry_repository(registry), d->digest);
	if (registry_run(registry, &c, err) < 0 || !call_good(&c)) {
		call_failure(&c, err);
		if (err->code == E_LIMIT)
			err->code = E_SIZE_MISMATCH;
		return err_wrap(err, "cannot fetch the config %s", d->digest);
	}
	if ((int64_t)c.http.text.len != d->size)
		return err_set(err, E_SIZE_MISMATCH,
			"config %s has %zu bytes, and the manifest says %lld", d->digest,
			c.http.text.len, (long long)d->size);
	sha256_hex(buf_str(&c.http.text), c.http.text.len, hex);
	if (strcmp(hex, d->digest + DIGEST_PREFIX_LEN) != 0)
		return err_set(err, E_DIGEST_MISMATCH,
			"config %s has other bytes than its digest says: they have sha256:%s",
			d->digest, hex);
	r->config_text = c.http.text;
	c.http.text = (struct buf){0};
	return check_config(ref, platform, r, err);
}
