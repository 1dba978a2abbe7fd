/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/network.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "spec/reference.h"
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

int network_check(struct engine *e, const char *mode, struct err *err)
{
	if (is_default(mode) || is_simple(mode))
		return 0;
	if (strncmp(mode, "container:", 10) == 0)
		return err_set(err, E_UNSUPPORTED,
			"--network %s: kist cannot share another container's network yet", mode);
	if (name_valid(mode) && access(engine_root_path(e, "networks/%s.json", mode), F_OK) == 0)
		return 0;
	return err_set(err, E_NOT_FOUND, "network %s not found", mode);
}

const char *network_namespace(struct engine *e, const char *mode, const char *id)
{
	if (is(mode, "host"))
		return "host";
	return is(mode, "none") ? NULL : engine_run_path(e, "netns/%s", id);
}

static struct json *json_strings(struct arena *a, const struct strings *list)
{
	struct json *array = json_new_array(a);

	for (size_t i = 0; i < list->count; i++)
		json_append(array, json_new_string(a, list->items[i]));
	return array;
}

static struct json *json_ports(struct arena *a, const struct port_list *ports)
{
	struct json *array = json_new_array(a);

	for (size_t i = 0; i < ports->count; i++) {
		struct port p = ports->items[i];

		for (uint32_t n = port_count(&p); n > 0; n--, p.container_port++) {
			p.count = 0;
			json_append(array, schema_encode(&port_schema, &p, a));
			p.host_port += p.host_port ? 1 : 0;
		}
	}
	return array;
}

const struct json *network_document(struct engine *e, const char *id, const char *name,
	const struct docker_container *docker, const struct port_list *ports)
{
	const struct docker_host_config *h = &docker->host_config;
	struct arena *a = &e->arena;
	struct json *config = json_new_object(a);

	json_set_string(a, config, "container_id", id);
	json_set_string(a, config, "name", name);
	json_set_string(a, config, "hostname", docker->config.hostname);
	json_set_string(
		a, config, "network", is_default(h->network_mode) ? "default" : h->network_mode);
	json_set(a, config, "ports", json_ports(a, ports));
	json_set(a, config, "dns", json_strings(a, &h->dns));
	json_set(a, config, "dns_search", json_strings(a, &h->dns_search));
	json_set(a, config, "dns_options", json_strings(a, &h->dns_options));
	json_set(a, config, "extra_hosts", json_strings(a, &h->extra_hosts));
	json_set_string(a, config, "files", engine_root_path(e, "containers/%s", id));
	return config;
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

const struct json *network_result(struct engine *e, const char *id)
{
	char path[CONTAINER_ID_LEN + 32];

	snprintf(path, sizeof(path), "containers/%s/network.json", id);
	return json_read_file(&e->arena, e->store->run, path, &(struct err){0});
}
