/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/network.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/io.h"
#include "lib/own.h"
#include "store/container.h"

#define HOST_FILE_MAX (1u << 20) /* of the host's own hosts and resolv.conf */

static bool is(const char *mode, const char *name)
{
	return strcmp(mode, name) == 0;
}

/* The bridge that is there without being made has two names in docker. */
static bool is_default(const char *mode)
{
	return is(mode, "default") || is(mode, "bridge");
}

/* Networks of which nothing has to be made on the host. */
static bool is_simple(const char *mode)
{
	return is(mode, "none") || is(mode, "host");
}

int network_known(struct engine *e, const char *mode, struct err *err)
{
	if (is_default(mode) || is_simple(mode))
		return 0;
	if (strncmp(mode, "container:", 10) == 0)
		return err_set(err, E_UNSUPPORTED,
			"--network %s: kist cannot share another container's network yet", mode);
	if (network_name_valid(mode) &&
		access(engine_root_path(e, "networks/%s.json", mode), F_OK) == 0)
		return 0;
	return err_set(err, E_NOT_FOUND, "network %s not found", mode);
}

/* One of the host's own files, "" when it cannot be read: a host may do without. */
static const char *host_file(struct engine *e, const char *path)
{
	own_buf struct buf text = {0};

	if (io_read_file(AT_FDCWD, path, HOST_FILE_MAX, &text, &(struct err){0}) < 0)
		return "";
	return arena_strdup(&e->arena, buf_str(&text));
}

static void add_lines(struct buf *out, const char *keyword, const struct strings *values)
{
	for (size_t i = 0; i < values->count; i++)
		buf_addf(out, "%s%s\n", keyword, values->items[i]);
}

static void add_joined(struct buf *out, const char *keyword, const struct strings *values)
{
	if (!values->count)
		return;
	buf_adds(out, keyword);
	for (size_t i = 0; i < values->count; i++)
		buf_addf(out, " %s", values->items[i]);
	buf_addc(out, '\n');
}

/* "name:address" and "name=address" as lines of hosts; an IPv6 address has colons itself */
static void add_extra_hosts(struct buf *out, const struct strings *hosts)
{
	for (size_t i = 0; i < hosts->count; i++) {
		size_t name = strcspn(hosts->items[i], ":=");

		buf_addf(out, "%s\t%.*s\n", hosts->items[i] + name + 1, (int)name, hosts->items[i]);
	}
}

static const char *hosts_text(struct engine *e, const struct docker_container *docker)
{
	own_buf struct buf text = {0};

	if (is(docker->host_config.network_mode, "host"))
		buf_adds(&text, host_file(e, "/etc/hosts"));
	else
		buf_adds(&text,
			"127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"
			"fe00::\tip6-localnet\nff00::\tip6-mcastprefix\nff02::1\tip6-allnodes\n"
			"ff02::2\tip6-allrouters\n");
	if (text.len && text.data[text.len - 1] != '\n')
		buf_addc(&text, '\n');
	add_extra_hosts(&text, &docker->host_config.extra_hosts);
	return arena_strdup(&e->arena, buf_str(&text));
}

static const char *resolv_text(struct engine *e, const struct docker_host_config *h)
{
	own_buf struct buf text = {0};

	if (!h->dns.count && !h->dns_search.count && !h->dns_options.count)
		return host_file(e, "/etc/resolv.conf");
	add_lines(&text, "nameserver ", &h->dns);
	add_joined(&text, "search", &h->dns_search);
	add_joined(&text, "options", &h->dns_options);
	return arena_strdup(&e->arena, buf_str(&text));
}

/* Without a network of its own a container needs the files alone, and no program is started. */
static void plan_files(struct engine *e, const char *id, const struct docker_container *docker)
{
	const char *hostname = docker->config.hostname;
	const struct {
		const char *name, *text;
	} files[] = {{"hosts", hosts_text(e, docker)},
		{"hostname", arena_printf(&e->arena, "%s\n", hostname ? hostname : "")},
		{"resolv.conf", resolv_text(e, &docker->host_config)}};

	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		plan_file(&e->plan, engine_root_path(e, "containers/%s/%s", id, files[i].name),
			0644, files[i].text);
}

static const char *document_text(struct engine *e, const struct json *document)
{
	own_buf struct buf text = {0};

	json_write(document, JSON_COMPACT, &text);
	buf_addc(&text, '\n');
	return arena_strdup(&e->plan.arena, buf_str(&text));
}

void network_plan_setup(struct engine *e, const char *id, const struct docker_container *docker)
{
	struct step *s;

	if (is_simple(docker->host_config.network_mode)) {
		plan_files(e, id, docker);
		return;
	}
	network_plan_teardown(e, id, docker);
	plan_make_undo(&e->plan);
	plan_directory(&e->plan, engine_run_path(e, "netns"), 0700);
	s = plan_program(
		&e->plan, "kist-netsetup", "setup", engine_run_path(e, "netns/%s", id), NULL);
	s->input = document_text(e, docker->network);
	s->output_file = arena_strdup(
		&e->plan.arena, engine_run_path(e, "containers/%s/network.json", id));
}

void network_plan_teardown(struct engine *e, const char *id, const struct docker_container *docker)
{
	struct step *s;

	if (!docker->network || is_simple(docker->host_config.network_mode))
		return;
	s = plan_program(
		&e->plan, "kist-netsetup", "teardown", engine_run_path(e, "netns/%s", id), NULL);
	s->input = document_text(e, docker->network);
	s->flags = STEP_QUIET;
}

bool network_is_left(struct engine *e, const char *id)
{
	return access(engine_run_path(e, "endpoints/%s", id), F_OK) == 0 ||
		access(engine_run_path(e, "endpoints/%s.json", id), F_OK) == 0;
}

bool network_result(struct engine *e, const char *id, struct network_result *result)
{
	const char *path = engine_run_path(e, "containers/%s/network.json", id);
	const struct json *doc = json_read_file(&e->arena, AT_FDCWD, path, &(struct err){0});

	*result = (struct network_result){0};
	return doc &&
		schema_decode(&network_result_schema, doc, result, &e->arena, &(struct err){0}) ==
		0;
}

const char *network_shown_name(const char *name)
{
	return is(name, NETWORK_DEFAULT) ? "bridge" : name;
}

/* The default network is known only while it is set up, unless a definition was made for it. */
static const char *definition_path(struct engine *e, const char *name)
{
	const char *path;

	if (!is_default(name))
		return engine_root_path(e, "networks/%s.json", name);
	path = engine_run_path(e, "networks/" NETWORK_DEFAULT "/active.json");
	if (access(path, F_OK) == 0)
		return path;
	return engine_root_path(e, "networks/" NETWORK_DEFAULT ".json");
}

int network_read(struct engine *e, const char *name, struct network_definition *d, struct err *err)
{
	struct arena *a = &e->arena;
	const char *path = definition_path(e, name);
	const struct json *doc;

	*d = (struct network_definition){.name = arena_strdup(a, name), .driver = "bridge"};
	if (is_simple(name)) {
		d->driver = is(name, NETWORK_HOST) ? "host" : "null";
		return 0;
	}
	if (!network_name_valid(name) || access(path, F_OK) < 0)
		return is_default(name) ? 0
					: err_set(err, E_NOT_FOUND, "network %s not found", name);
	doc = json_read_file(a, AT_FDCWD, path, err);
	if (!doc || schema_decode(&network_definition_schema, doc, d, a, err) < 0)
		return err_wrap(err, "network %s: '%s'", name, path);
	d->name = arena_strdup(a, name);
	if (!d->driver)
		d->driver = "bridge";
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int network_names(struct engine *e, struct strings *names, struct err *err)
{
	static const char *const built_in[] = {"bridge", NETWORK_HOST, NETWORK_NONE};
	own_strv struct strv files = {0};

	if (dir_names(AT_FDCWD, engine_root_path(e, "networks"), NULL, &files, err) < 0 &&
		err->code != ENOENT)
		return -err->code;
	*names = (struct strings){0};
	for (size_t i = 0; i < ARRAY_LEN(built_in); i++)
		strings_add(&e->arena, names, built_in[i]);
	for (size_t i = 0; i < files.count; i++) {
		size_t n = strlen(files.items[i]);
		const char *name;

		if (n < 6 || strcmp(files.items[i] + n - 5, ".json") != 0)
			continue;
		name = arena_strndup(&e->arena, files.items[i], n - 5);
		if (network_name_valid(name) && !is_default(name) && !is_simple(name))
			strings_add(&e->arena, names, name);
	}
	qsort(names->items, names->count, sizeof(*names->items), compare_names);
	return 0;
}
