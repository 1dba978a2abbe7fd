/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold for every image config and every body of a create call that are accepted. */
#ifndef KIST_TESTS_FUZZ_CREATE_H
#define KIST_TESTS_FUZZ_CREATE_H

#include "engine/docker/body.h"
#include "engine/verb/translate.h"
#include "spec/container_record.h"
#include "spec/network_wish.h"
#include "tests/fuzz/fuzz.h"

#define CREATE_ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static inline int create_read_docker(
	const char *text, size_t len, void *value, struct arena *a, struct err *err)
{
	return schema_decode_text(
		&docker_container_schema, text, len, JSON_DOCUMENT_MAX, value, a, err);
}

static inline int create_read_options(
	const char *text, size_t len, void *value, struct arena *a, struct err *err)
{
	return schema_decode_text(
		&config_options_schema, text, len, JSON_DOCUMENT_MAX, value, a, err);
}

static inline int create_read_wish(
	const char *text, size_t len, void *value, struct arena *a, struct err *err)
{
	return schema_decode_text(
		&network_wish_schema, text, len, JSON_DOCUMENT_MAX, value, a, err);
}

/* A path in the container: absolute, and leading nowhere but down. */
static inline void create_check_path(const char *path)
{
	size_t n = strlen(path);

	FUZZ_CHECK(*path == '/' && !strstr(path, "//") && !strstr(path, "/../") &&
		!strstr(path, "/./"));
	FUZZ_CHECK(n < 3 || strcmp(path + n - 3, "/..") != 0);
}

/* What the monitor would give to kist-runtime is accepted by it. */
static inline void create_check_config(
	const struct translate_context *c, const struct config_options *options, struct arena *a)
{
	own_buf struct buf out = {0};
	struct runtime_config config;
	struct err err = {0};
	int r = config_make(c->image, options, &config, a, &err);

	if (r < 0) {
		fuzz_check_error(r, &err);
		return;
	}
	runtime_config_encode(&config, JSON_COMPACT, &out);
	if (out.len > JSON_DOCUMENT_MAX)
		return;
	if (runtime_config_parse(buf_str(&out), out.len, &config, a, &err) < 0) {
		fprintf(stderr, "%s\n%s\n", buf_str(&out), err.msg);
		abort();
	}
}

/* What is kept in containers/<id>/record.json is read again. */
static inline void create_check_record(const struct translation *t, struct arena *a)
{
	const struct container_record record = {.version = CONTAINER_RECORD_VERSION,
		.id = CREATE_ID,
		.name = "name",
		.created = "2026-01-02T03:04:05Z",
		.engine = schema_encode(&docker_container_schema, &t->docker, a)};
	own_buf struct buf text = {0};
	struct container_record back;
	struct err err;

	fuzz_encode(&container_record_schema, &record, &text);
	FUZZ_CHECK(text.len > JSON_DOCUMENT_MAX ||
		container_record_decode(buf_str(&text), text.len, &back, a, &err) == 0);
}

/* Returns whether the body was accepted. */
static inline bool create_check(const struct image_config *image, struct json *body)
{
	own_arena struct arena a = {0};
	const struct translate_context c = {.id = CREATE_ID,
		.name = "name",
		.image_name = "img",
		.image = image,
		.directory = "/root/containers/" CREATE_ID,
		.volumes = "/root/volumes",
		.netns = "/run/netns/" CREATE_ID,
		.held = "/run/containers/" CREATE_ID "/lock",
		.cgroup_parent = "/kist",
		.arena = &a};
	struct docker_container docker;
	struct config_options options;
	struct network_wish wish;
	struct docker_body decoded;
	struct translation t;
	struct err err = {0};
	int r = docker_body_decode(body, &decoded, &a, &err);

	if (r == 0)
		r = translate(&c, &decoded, &t, &err);
	if (r < 0) {
		fuzz_check_error(r, &err);
		return false;
	}
	for (size_t i = 0; i < t.mounts.count; i++)
		create_check_path(t.mounts.items[i].wish.destination);
	FUZZ_CHECK(t.ports.count <= 4096 && t.mounts.count <= DOCKER_VOLUMES_MAX);
	FUZZ_CHECK(t.docker.host_config.pids_limit);
	fuzz_check_stable(&docker_container_schema, &t.docker, create_read_docker, &docker);
	fuzz_check_stable(&config_options_schema, &t.options, create_read_options, &options);
	if (t.wish.endpoints.count)
		fuzz_check_stable(&network_wish_schema, &t.wish, create_read_wish, &wish);
	create_check_record(&t, &a);
	create_check_config(&c, &t.options, &a);
	return true;
}

#endif
