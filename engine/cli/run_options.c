/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cli/run_options.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "engine/cli/run_options_parts.h"
#include "engine/docker/signals.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/spawn.h"

#define LIST_FILE_MAX (1u << 20) /* of an --env-file or --label-file */

void run_options_take(struct strings *to, const struct strv *from, struct arena *a)
{
	for (size_t i = 0; i < from->count; i++)
		strings_add(a, to, from->items[i]);
}

int64_t *run_options_optional(const struct optional_number *n, struct arena *a)
{
	int64_t *value;

	if (!n->given)
		return NULL;
	value = arena_alloc(a, sizeof(*value));
	*value = n->value;
	return value;
}

void run_options_add_env(const char *text, struct strings *env, struct arena *a)
{
	const char *value = strchr(text, '=') ? NULL : getenv(text);

	strings_add(a, env, value ? arena_printf(a, "%s=%s", text, value) : text);
}

/* One line, without white space in front. A variable without a value and unset here is left out. */
static int add_line(
	const char *line, bool env, struct strings *list, struct arena *a, struct err *err)
{
	size_t name = strcspn(line, "=");

	if (name == 0)
		return err_set(err, E_USAGE, "no variable name on line '%s'", line);
	for (size_t i = 0; i < name; i++)
		if (isspace((unsigned char)line[i]))
			return err_set(err, E_USAGE,
				"poorly formatted environment: variable '%.*s' contains whitespaces",
				(int)name, line);
	if (env && !line[name] && !getenv(line))
		return 0;
	if (env)
		run_options_add_env(line, list, a);
	else
		strings_add(a, list, line);
	return 0;
}

int run_options_read_file(
	const char *path, bool env, struct strings *list, struct arena *a, struct err *err)
{
	own_buf struct buf text = {0};
	char *save = NULL, *copy;

	if (io_read_file(AT_FDCWD, path, LIST_FILE_MAX, &text, err) < 0)
		return -err->code;
	copy = arena_strdup(a, buf_str(&text));
	for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		line[strcspn(line, "\r")] = '\0';
		line += strspn(line, " \t");
		if (*line && *line != '#' && add_line(line, env, list, a, err) < 0)
			return err_wrap(err, "'%s'", path);
	}
	return 0;
}

void run_options_pair(struct string_map *map, const char *text, struct arena *a)
{
	size_t key = strcspn(text, "=");

	string_map_set(a, map, arena_strndup(a, text, key), text[key] ? text + key + 1 : "");
}

static int set_labels(
	const struct run_options *o, struct string_map *labels, struct arena *a, struct err *err)
{
	struct strings lines = {0};

	for (size_t i = 0; i < o->label_file.count; i++)
		if (run_options_read_file(o->label_file.items[i], false, &lines, a, err) < 0)
			return -err->code;
	run_options_take(&lines, &o->label, a);
	for (size_t i = 0; i < lines.count; i++) {
		if (!*lines.items[i] || *lines.items[i] == '=')
			return err_set(
				err, E_USAGE, "invalid label format: \"%s\"", lines.items[i]);
		run_options_pair(labels, lines.items[i], a);
	}
	return 0;
}

static int set_env(
	const struct run_options *o, struct strings *env, struct arena *a, struct err *err)
{
	for (size_t i = 0; i < o->env_file.count; i++)
		if (run_options_read_file(o->env_file.items[i], true, env, a, err) < 0)
			return -err->code;
	for (size_t i = 0; i < o->env.count; i++) {
		if (!*o->env.items[i] || *o->env.items[i] == '=')
			return err_set(
				err, E_USAGE, "invalid environment variable: %s", o->env.items[i]);
		run_options_add_env(o->env.items[i], env, a);
	}
	return 0;
}

/* Which streams: without -a all that make sense. */
static int set_attach(const struct run_options *o, struct docker_config *c, struct err *err)
{
	if (o->detach && o->attach.count)
		return err_set(err, E_USAGE, "Conflicting options: -a and -d");
	c->attach_stdin = o->interactive && !o->attach.count && !o->detach;
	c->attach_stdout = c->attach_stderr = !o->attach.count && !o->detach;
	for (size_t i = 0; i < o->attach.count; i++) {
		const char *stream = o->attach.items[i];

		if (strcasecmp(stream, "stdin") == 0)
			c->attach_stdin = true;
		else if (strcasecmp(stream, "stdout") == 0)
			c->attach_stdout = true;
		else if (strcasecmp(stream, "stderr") == 0)
			c->attach_stderr = true;
		else
			return err_set(err, E_USAGE,
				"invalid argument \"%s\" for \"-a, --attach\" flag: valid streams are "
				"STDIN, STDOUT and STDERR",
				stream);
	}
	return 0;
}

static int set_config(const struct run_options *o, char *const *words, size_t nwords,
	struct create_request *r, struct arena *a, struct err *err)
{
	struct docker_config *c = &r->config;

	r->image = c->image = words[0];
	for (size_t i = 1; i < nwords; i++)
		strings_add(a, &c->cmd, words[i]);
	if (o->entrypoint) {
		c->entrypoint.items = arena_array(a, 1, sizeof(char *));
		if (*o->entrypoint)
			strings_add(a, &c->entrypoint, o->entrypoint);
	}
	c->hostname = o->hostname;
	c->domainname = o->domainname;
	c->user = o->user;
	c->tty = o->tty;
	c->open_stdin = o->interactive;
	c->working_dir = o->workdir;
	c->stop_timeout = run_options_optional(&o->stop_timeout, a);
	c->stop_signal = o->stop_signal;
	if (o->workdir && o->workdir[0] != '/')
		return err_set(err, E_USAGE,
			"the working directory '%s' is invalid, it needs to be an absolute path",
			o->workdir);
	if (o->stop_signal && signal_parse(o->stop_signal) < 0)
		return err_set(err, E_USAGE, "invalid signal: %s", o->stop_signal);
	if (set_attach(o, c, err) < 0 || set_env(o, &c->env, a, err) < 0 ||
		set_labels(o, &c->labels, a, err) < 0)
		return -err->code;
	c->stdin_once = c->open_stdin && c->attach_stdin;
	return 0;
}

static const char *unquoted_network(const char *name)
{
	return strncmp(name, "name=", 5) == 0 ? name + 5 : name;
}

static int set_network(
	const struct run_options *o, struct create_request *r, struct arena *a, struct err *err)
{
	struct docker_host_config *h = &r->host;

	if (o->network.count > 1)
		return err_set(err, E_UNSUPPORTED,
			"--network: kist joins one network; '%s' and '%s' were given",
			o->network.items[0], o->network.items[1]);
	r->network_given = o->network.count;
	h->network_mode = o->network.count ? unquoted_network(o->network.items[0]) : "default";
	run_options_take(&h->dns, &o->dns, a);
	run_options_take(&h->dns_options, &o->dns_option, a);
	run_options_take(&h->dns_search, &o->dns_search, a);
	run_options_take(&h->extra_hosts, &o->add_host, a);
	for (size_t i = 0; i < o->add_host.count; i++)
		if (!strpbrk(o->add_host.items[i], ":="))
			return err_set(err, E_USAGE,
				"invalid argument \"%s\" for \"--add-host\" flag: bad format for add-host: "
				"\"%s\"",
				o->add_host.items[i], o->add_host.items[i]);
	h->publish_all_ports = o->publish_all;
	for (size_t i = 0; i < o->publish.count; i++)
		if (publish_parse(o->publish.items[i], &r->ports, a, err) < 0)
			return -err->code;
	for (size_t i = 0; i < o->expose.count; i++)
		if (publish_parse_expose(o->expose.items[i], &r->exposed, a, err) < 0)
			return -err->code;
	return 0;
}

static void set_mount_documents(
	const struct run_options *o, struct create_request *r, struct arena *a)
{
	static const char *const kinds[] = {"bind", "volume", "tmpfs"};
	struct json *list = json_new_array(a);

	run_options_take(&r->host.binds, &o->volume, a);
	/* those that came by --mount: -v was read first */
	for (size_t i = o->volume.count; i < o->volume.count + o->mount.count; i++) {
		const struct mount_request *m = &r->mounts.items[i];
		struct json *object = json_new_object(a);

		json_set_string(a, object, "Type", kinds[m->kind]);
		json_set_string(a, object, "Source", m->source);
		json_set_string(a, object, "Target", m->destination);
		if (m->read_only)
			json_set_bool(a, object, "ReadOnly", true);
		json_append(list, object);
	}
	if (o->mount.count)
		r->host.mounts = list;
	for (size_t i = 0; i < o->tmpfs.count; i++) {
		const char *text = o->tmpfs.items[i];
		size_t n = strcspn(text, ":");

		string_map_set(
			a, &r->host.tmpfs, arena_strndup(a, text, n), text[n] ? text + n + 1 : "");
	}
}

static int set_mounts(
	const struct run_options *o, struct create_request *r, struct arena *a, struct err *err)
{
	for (size_t i = 0; i < o->volume.count; i++)
		if (mount_flag_volume(o->volume.items[i], &r->mounts, a, err) < 0)
			return -err->code;
	for (size_t i = 0; i < o->mount.count; i++)
		if (mount_flag_mount(o->mount.items[i], &r->mounts, a, err) < 0)
			return -err->code;
	for (size_t i = 0; i < o->tmpfs.count; i++)
		if (mount_flag_tmpfs(o->tmpfs.items[i], &r->mounts, a, err) < 0)
			return -err->code;
	set_mount_documents(o, r, a);
	run_options_take(&r->host.volumes_from, &o->volumes_from, a);
	return mount_flag_check(&r->mounts, err);
}

/* Flags of which kist has one value: others are named. */
static int check_single_values(const struct run_options *o, struct err *err)
{
	const struct {
		const char *flag, *value, *only;
	} list[] = {{"restart", o->restart, "no"}, {"log-driver", o->log_driver, "json-file"},
		{"isolation", o->isolation, "default"},
		{"volume-driver", o->volume_driver, "local"}};

	if (o->restart && *o->restart && strcmp(o->restart, "no") != 0 && o->rm)
		return err_set(err, E_USAGE, "Conflicting options: --restart and --rm");
	for (size_t i = 0; i < ARRAY_LEN(list); i++)
		if (list[i].value && *list[i].value && strcmp(list[i].value, list[i].only) != 0)
			return err_set(err, E_UNSUPPORTED,
				"invalid argument \"%s\" for \"--%s\" flag: kist has only \"%s\" yet",
				list[i].value, list[i].flag, list[i].only);
	if (o->runtime && *o->runtime) {
		own_mem char *path = NULL;

		if (program_find(o->runtime, &path, &(struct err){0}) < 0)
			return err_set(
				err, E_USAGE, "unknown or invalid runtime name: %s", o->runtime);
	}
	return 0;
}

static int set_policies(const struct run_options *o, struct create_request *r, struct err *err)
{
	struct docker_host_config *h = &r->host;

	r->name = o->name;
	r->platform = o->platform;
	r->quiet = o->quiet;
	if (!o->pull || strcmp(o->pull, "missing") == 0)
		r->pull = PULL_MISSING;
	else if (strcmp(o->pull, "always") == 0)
		r->pull = PULL_ALWAYS;
	else if (strcmp(o->pull, "never") == 0)
		r->pull = PULL_NEVER;
	else
		return err_set(err, E_USAGE,
			"invalid pull option: '%s': must be one of \"always\", \"missing\" or \"never\"",
			o->pull);
	h->auto_remove = o->rm;
	h->container_id_file = o->cidfile;
	h->log_config.type = "json-file";
	h->restart_policy.name = "no";
	h->runtime = o->runtime && *o->runtime ? o->runtime : "kist-runtime";
	return check_single_values(o, err);
}

int run_options_request(const struct run_options *o, char *const *words, size_t nwords,
	struct create_request *r, struct arena *a, struct err *err)
{
	*r = (struct create_request){0};
	if (set_policies(o, r, err) < 0 || set_config(o, words, nwords, r, a, err) < 0 ||
		run_options_resources(o, &r->host, a, err) < 0 ||
		run_options_security(o, &r->host, a, err) < 0 || set_network(o, r, a, err) < 0)
		return -err->code;
	return set_mounts(o, r, a, err);
}
