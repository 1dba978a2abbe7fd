/* SPDX-License-Identifier: Apache-2.0 */
/*
 * creation CASE N: a container with N of something, from a posted body or a command line and an
 * image to its record, its config.json and what inspect reads back. Its instructions are counted by
 * tests/growth/creation.sh.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/docker/body.h"
#include "engine/docker/publish.h"
#include "engine/verb/translate.h"
#include "lib/own.h"
#include "tests/unit/run_words.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void need(int r, const struct err *err)
{
	if (r >= 0)
		return;
	fprintf(stderr, "%s\n", err->msg);
	exit(1);
}

/* What is repeated, with @ for its number; NULL: nothing. */
struct growth {
	const char *name;
	const char *image; /* a member of the image's config */
	const char *config, *host;
	const char *open, *close; /* around the members or elements */
	const char *each;
	const char *words; /* in place of a body */
};

static const struct growth cases[] = {
	{"image-env", .image = "Env", .open = "[", .each = "\"NAME@=value\"", .close = "]"},
	{"image-labels", .image = "Labels", .open = "{", .each = "\"label@\":\"value\"",
		.close = "}"},
	{"image-volumes", .image = "Volumes", .open = "{", .each = "\"/v@\":{}", .close = "}"},
	{"image-ports", .image = "ExposedPorts", .open = "{", .each = "\"@/tcp\":{}", .close = "}"},
	{"env", .config = "Env", .open = "[", .each = "\"NAME@=value\"", .close = "]"},
	/* ... both, so that each replaces the image's */
	{"env-twice", .image = "Env", .config = "Env", .open = "[", .each = "\"NAME@=value\"",
		.close = "]"},
	{"labels", .config = "Labels", .open = "{", .each = "\"label@\":\"value\"", .close = "}"},
	{"labels-twice", .image = "Labels", .config = "Labels", .open = "{",
		.each = "\"label@\":\"value\"", .close = "}"},
	{"volumes", .config = "Volumes", .open = "{", .each = "\"/v@\":{}", .close = "}"},
	{"binds", .host = "Binds", .open = "[", .each = "\"/host:/b@\"", .close = "]"},
	{"hosts", .host = "ExtraHosts", .open = "[", .each = "\"host@:10.0.0.1\"", .close = "]"},
	{"exposed", .config = "ExposedPorts", .open = "{", .each = "\"@/tcp\":{}", .close = "}"},
	/* every second one, so that there are no rows */
	{"bindings", .host = "PortBindings", .open = "{",
		.each = "\"@/tcp\":[{\"HostPort\":\"7\"},{\"HostPort\":\"9\"}]", .close = "}"},
	{"flag-env", .words = " -e NAME@=value"},
	{"flag-label", .words = " -l label@=value"},
	{"flag-volume", .words = " -v /v@"},
	{"flag-port", .words = " -p 127.0.0.@:80:80"},
	{"flag-port-row", .words = " -p 1-@:1-@"},
};

static void add_numbered(struct buf *out, const char *pattern, size_t n)
{
	for (; *pattern; pattern++)
		if (*pattern == '@')
			buf_addf(out, "%zu", n);
		else
			buf_addc(out, *pattern);
}

static void add_list(struct buf *out, const struct growth *g, size_t n)
{
	buf_adds(out, g->open);
	for (size_t i = 0; i < n; i++) {
		buf_adds(out, i ? "," : "");
		add_numbered(out, g->each, i + 1);
	}
	buf_adds(out, g->close);
}

static const char *image_text(const struct growth *g, size_t n, struct buf *out)
{
	buf_adds(out,
		"{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\","
		"\"diff_ids\":[]},\"config\":{\"Cmd\":[\"sh\"]");
	if (g->image) {
		buf_addf(out, ",\"%s\":", g->image);
		add_list(out, g, n);
	}
	buf_adds(out, "}}");
	return buf_str(out);
}

static const char *body_text(const struct growth *g, size_t n, struct buf *out)
{
	buf_adds(out, "{\"Image\":\"image\"");
	if (g->config) {
		buf_addf(out, ",\"%s\":", g->config);
		add_list(out, g, n);
	}
	if (g->host) {
		buf_addf(out, ",\"HostConfig\":{\"%s\":", g->host);
		add_list(out, g, n);
		buf_addc(out, '}');
	}
	buf_addc(out, '}');
	return buf_str(out);
}

static size_t write_out(const struct json *value)
{
	own_buf struct buf text = {0};

	json_write(value, JSON_COMPACT, &text);
	return text.len;
}

/* What inspect does with the ports of a record. */
static void show_ports(const struct docker_container *docker, struct arena *a)
{
	struct port_list ports, left;
	struct strings keys;
	struct err err;

	need(publish_read_bindings(docker->host_config.port_bindings, &ports, a, &err), &err);
	write_out(publish_bindings(&ports, true, a));
	publish_join(&ports);
	need(publish_read_exposed(&docker->config.exposed_ports, &left, a, &err), &err);
	publish_without(&left, &ports, &left, a);
	publish_keys(&left, true, &keys, a);
}

/* Everything behind the body. arg: the image's config. */
static int make(const struct docker_body *body, void *arg, struct err *err)
{
	own_arena struct arena a = {0};
	const struct image_config *image = arg;
	struct translate_context c = {.id = ID,
		.name = "name",
		.image_name = "image",
		.image = image,
		.directory = "/root/containers/" ID,
		.volumes = "/root/volumes",
		.netns = "/run/netns/" ID,
		.cgroup_parent = "/kist",
		.arena = &a};
	struct translation t;
	struct docker_container back;
	struct config_options options;
	struct runtime_config config;
	own_buf struct buf text = {0};
	struct json *record, *words, *wish;

	need(translate(&c, body, &t, err), err);
	wish = schema_encode(&network_wish_schema, &t.wish, &a);
	t.docker.network = wish;
	record = schema_encode(&docker_container_schema, &t.docker, &a);
	write_out(record);
	need(schema_decode(&docker_container_schema, record, &back, &a, err), err);
	words = schema_encode(&config_options_schema, &t.options, &a);
	write_out(words);
	need(schema_decode(&config_options_schema, words, &options, &a, err), err);
	need(config_make(image, &options, &config, &a, err), err);
	runtime_config_encode(&config, JSON_COMPACT, &text);
	show_ports(&back, &a);
	return 0;
}

int main(int argc, char **argv)
{
	const struct growth *g = NULL;
	own_buf struct buf image = {0}, text = {0};
	own_arena struct arena a = {0};
	struct image_config config;
	struct docker_body body;
	struct err err = {0};
	size_t n;

	for (size_t i = 0; argc == 3 && i < ARRAY_LEN(cases); i++)
		if (strcmp(cases[i].name, argv[1]) == 0)
			g = &cases[i];
	if (!g)
		return 2;
	n = strtoul(argv[2], NULL, 10);
	image_text(g, n, &image);
	need(image_config_parse(image.data, image.len, &config, &a, &err), &err);
	if (g->words) {
		buf_adds(&text, "--name=x");
		/* a row is one word, whatever its length */
		if (strstr(g->words, "1-@"))
			add_numbered(&text, n ? g->words : "", n);
		else
			for (size_t i = 0; i < n; i++)
				add_numbered(&text, g->words, i + 1);
		buf_adds(&text, " image");
		need(run_words(buf_str(&text), make, &config, &err), &err);
		return 0;
	}
	body_text(g, n, &text);
	need(docker_body_decode(
		     json_parse(&a, text.data, text.len, JSON_DOCUMENT_MAX, &err), &body, &a, &err),
		&err);
	return make(&body, &config, &err);
}
