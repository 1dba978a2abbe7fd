/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/body.h"

#include <stdio.h>
#include <string.h>

#include "engine/docker/signals.h"
#include "lib/own.h"

/* Does the value say anything? Not null, false, 0, "", [], {} or an array of such. */
static bool matters(const struct json *value)
{
	int64_t n;

	if (!value)
		return false;
	switch (value->type) {
	case JSON_NULL:
		return false;
	case JSON_BOOL:
		return value->boolean;
	case JSON_NUMBER:
		return json_int64(value, &n) < 0 || n != 0;
	case JSON_STRING:
		return *value->text;
	case JSON_OBJECT:
		return value->count;
	case JSON_ARRAY:
		json_each (item, value)
			if (matters(item))
				return true;
		return false;
	}
	return true;
}

static const struct schema_field *find_field(const struct schema *schema, const char *name)
{
	for (size_t i = 0; i < schema->nfields; i++)
		if (strcmp(schema->fields[i].name, name) == 0)
			return &schema->fields[i];
	return NULL;
}

/*
 * Name the first member, however deep, that says something and stands in no table. other: a second
 * table for the same object, or NULL. Depth is that of the tables.
 */
static int refuse_unknown(const struct schema *schema, const struct schema *other,
	const struct json *object, struct err *err)
{
	json_each_member (member, object) {
		const struct schema_field *f = find_field(schema, member->key);
		int r = 0;

		if (!f && other)
			f = find_field(other, member->key);
		if (!f && matters(member))
			return err_set(
				err, E_UNSUPPORTED, "%s: kist does not have this", member->key);
		if (!f || !f->sub)
			continue;
		if (f->kind == SCHEMA_STRUCT)
			r = refuse_unknown(f->sub, NULL, member, err);
		else
			json_each (item, member) {
				r = refuse_unknown(f->sub, NULL, item, err);
				if (r < 0)
					break;
			}
		if (r < 0)
			return schema_error_at(err, "%.100s", member->key);
	}
	return 0;
}

/* Docker's strslice: one string stands for an array of one. */
static void string_to_array(struct json *o, const char *key, struct arena *a)
{
	struct json *member = json_get(o, key), *next;
	struct json *word;

	if (!member || member->type != JSON_STRING)
		return;
	word = json_new_string(a, member->text);
	next = member->next;
	*member = (struct json){.type = JSON_ARRAY, .key = member->key, .next = next};
	json_append(member, word);
}

int docker_body_decode(struct json *o, struct docker_body *body, struct arena *a, struct err *err)
{
	if (o->type == JSON_OBJECT) {
		string_to_array(o, "Cmd", a);
		string_to_array(o, "Entrypoint", a);
	}
	if (schema_decode(&docker_body_schema, o, body, a, err) < 0 ||
		schema_decode(&docker_config_schema, o, &body->config, a, err) < 0)
		return -err->code;
	return refuse_unknown(&docker_config_schema, &docker_body_schema, o, err);
}

int docker_check_count(
	const char *whose, const char *member, size_t count, size_t max, struct err *err)
{
	if (count <= max)
		return 0;
	return err_set(err, E_LIMIT, "%.200s%s%s has %zu entries, kist takes at most %zu",
		whose ? whose : "", whose ? ": " : "", member, count, max);
}

static bool is_set(const char *text)
{
	return text && *text;
}

/* A member of which kist has one value, or a few, yet. words ends with NULL; "" is always right. */
static int one_of(const char *member, const char *value, const char *const *words, struct err *err)
{
	const char *only = words[0];

	if (!is_set(value))
		return 0;
	for (; *words; words++)
		if (strcmp(value, *words) == 0)
			return 0;
	return err_set(err, E_UNSUPPORTED, "invalid %s: '%.200s': kist has \"%s\" only", member,
		value, only);
}

#define ONE_OF(member, value, err, ...)                                                            \
	one_of(member, value, (const char *const[]){__VA_ARGS__, NULL}, err)

static int check_namespaces(const struct docker_body *b, struct err *err)
{
	const struct docker_host_config *h = &b->host;

	if (is_set(h->uts_mode) && is_set(b->config.hostname))
		return err_set(err, E_USAGE, "conflicting options: hostname and the UTS mode");
	if (ONE_OF("PID mode", h->pid_mode, err, "host") < 0 ||
		ONE_OF("IPC mode", h->ipc_mode, err, "private", "host", "shareable") < 0 ||
		ONE_OF("UTS mode", h->uts_mode, err, "host") < 0 ||
		ONE_OF("cgroup namespace mode", h->cgroupns_mode, err, "private", "host") < 0)
		return -err->code;
	if (is_set(h->userns_mode) && strcmp(h->userns_mode, "host") != 0)
		return err_set(err, E_USAGE, "--userns: invalid USER mode");
	return 0;
}

/* {"Test":["NONE"]} is no check; an image's own is told apart by the translator. */
static int check_healthcheck(const struct json *check, struct err *err)
{
	const struct json *test = json_get(check, "Test");

	if (test && test->type == JSON_ARRAY && test->count == 1 &&
		test->first->type == JSON_STRING && strcmp(test->first->text, "NONE") == 0)
		return 0;
	json_each (member, check)
		if (matters(member))
			return err_set(err, E_UNSUPPORTED,
				"Healthcheck.%.40s: kist does not check health yet", member->key);
	return 0;
}

static int check_policies(const struct docker_body *b, struct err *err)
{
	const struct docker_host_config *h = &b->host;
	const char *restart = h->restart_policy.name;

	if (is_set(restart) && strcmp(restart, "no") != 0 && h->auto_remove)
		return err_set(err, E_USAGE, "Conflicting options: --restart and --rm");
	if (ONE_OF("RestartPolicy.Name", restart, err, "no") < 0 ||
		ONE_OF("LogConfig.Type", h->log_config.type, err, "json-file") < 0 ||
		ONE_OF("Isolation", h->isolation, err, "default") < 0 ||
		ONE_OF("VolumeDriver", h->volume_driver, err, "local") < 0 ||
		check_healthcheck(b->config.healthcheck, err) < 0)
		return -err->code;
	if (h->log_config.config.count)
		return err_set(err, E_UNSUPPORTED,
			"LogConfig.Config: kist does not have '%.100s' yet",
			h->log_config.config.items[0].key);
	if (is_set(h->cgroup))
		return err_set(err, E_UNSUPPORTED, "Cgroup: kist does not have this");
	if (!h->masked_paths.items != !h->readonly_paths.items || h->masked_paths.count ||
		h->readonly_paths.count)
		return err_set(err, E_UNSUPPORTED,
			"MaskedPaths and ReadonlyPaths: kist has docker's own, or none of both");
	if (h->console_size.count && h->console_size.count != 2)
		return err_set(err, E_USAGE, "ConsoleSize: expected height and width");
	return 0;
}

static int check_process(const struct docker_config *c, struct err *err)
{
	if (is_set(c->working_dir) && c->working_dir[0] != '/')
		return err_set(err, E_USAGE,
			"the working directory '%.200s' is invalid, it needs to be an absolute path",
			c->working_dir);
	if (is_set(c->stop_signal) && signal_parse(c->stop_signal) < 0)
		return err_set(err, E_USAGE, "invalid signal: %.100s", c->stop_signal);
	for (size_t i = 0; i < c->env.count; i++)
		if (!*c->env.items[i] || *c->env.items[i] == '=')
			return err_set(err, E_USAGE, "invalid environment variable: %.200s",
				c->env.items[i]);
	if (docker_check_count(NULL, "Env", c->env.count, DOCKER_ENV_MAX, err) < 0 ||
		docker_check_count(NULL, "Labels", c->labels.count, DOCKER_LABELS_MAX, err) < 0 ||
		docker_check_count(
			NULL, "ExposedPorts", c->exposed_ports.count, DOCKER_PORTS_MAX, err) < 0)
		return -err->code;
	return docker_check_count(NULL, "Volumes", c->volumes.count, DOCKER_VOLUMES_MAX, err);
}

static int check_memory(const struct docker_host_config *h, struct err *err)
{
	if (h->memory > 0 && h->memory < 6 << 20)
		return err_set(err, E_USAGE, "Minimum memory limit allowed is 6MB");
	if (h->memory > 0 && h->memory_swap > 0 && h->memory_swap < h->memory)
		return err_set(err, E_USAGE,
			"Minimum memoryswap limit should be larger than memory limit, see usage");
	if (h->memory <= 0 && h->memory_swap > 0)
		return err_set(err, E_USAGE,
			"You should always set the Memory limit when using Memoryswap limit, see usage");
	if (h->memory > 0 && h->memory_reservation > h->memory)
		return err_set(err, E_USAGE,
			"Minimum memory limit can not be less than memory reservation limit, see usage");
	if (h->memory_swappiness && (*h->memory_swappiness < -1 || *h->memory_swappiness > 100))
		return err_set(err, E_USAGE,
			"Invalid value: %lld, valid memory swappiness range is 0-100",
			(long long)*h->memory_swappiness);
	if (h->shm_size < 0)
		return err_set(err, E_USAGE, "SHM size can not be less than 0");
	return 0;
}

static bool is_access(const char *text)
{
	return is_set(text) && text[strspn(text, "rwm")] == '\0';
}

static int check_rates(const struct docker_rates *rates, struct err *err)
{
	for (size_t i = 0; i < rates->count; i++)
		if (!is_set(rates->items[i].path) || rates->items[i].path[0] != '/' ||
			rates->items[i].rate < 0)
			return err_set(err, E_USAGE, "invalid rate for device: %.200s:%lld",
				rates->items[i].path ? rates->items[i].path : "",
				(long long)rates->items[i].rate);
	return 0;
}

static int check_block_io(const struct docker_host_config *h, struct err *err)
{
	if (h->blkio_weight && (h->blkio_weight < 10 || h->blkio_weight > 1000))
		return err_set(err, E_USAGE, "Range of blkio weight is from 10 to 1000");
	for (size_t i = 0; i < h->blkio_weight_device.count; i++) {
		const struct docker_weight *w = &h->blkio_weight_device.items[i];

		/* 0 takes a weight away: a container has none yet */
		if (!is_set(w->path) || w->path[0] != '/' ||
			(w->weight && (w->weight < 10 || w->weight > 1000)))
			return err_set(err, E_USAGE, "invalid weight for device: %.200s:%lld",
				w->path ? w->path : "", (long long)w->weight);
	}
	if (check_rates(&h->read_bps, err) < 0 || check_rates(&h->write_bps, err) < 0 ||
		check_rates(&h->read_iops, err) < 0)
		return -err->code;
	return check_rates(&h->write_iops, err);
}

static int check_resources(const struct docker_host_config *h, struct err *err)
{
	if (h->nano_cpus && (h->cpu_period || h->cpu_quota))
		return err_set(err, E_USAGE,
			"Conflicting options: Nano CPUs and CPU %s cannot both be set",
			h->cpu_quota ? "Quota" : "Period");
	for (size_t i = 0; i < h->ulimits.count; i++) {
		const struct docker_ulimit *u = &h->ulimits.items[i];

		if (!is_set(u->name) || u->soft < -1 || u->hard < -1)
			return err_set(err, E_USAGE, "invalid ulimit argument: %.100s",
				u->name ? u->name : "");
		if (u->hard != -1 && (u->soft > u->hard || u->soft == -1))
			return err_set(err, E_USAGE,
				"ulimit soft limit must be less than or equal to hard limit: %lld > %lld",
				(long long)u->soft, (long long)u->hard);
	}
	for (size_t i = 0; i < h->devices.count; i++) {
		const struct docker_device *d = &h->devices.items[i];

		if (!is_access(d->permissions))
			return err_set(err, E_USAGE, "invalid device mode: %.100s",
				d->permissions ? d->permissions : "");
		if (!is_set(d->host_path) || d->host_path[0] != '/' || !is_set(d->container_path) ||
			d->container_path[0] != '/')
			return err_set(err, E_USAGE, "invalid device specification: %.200s:%.200s",
				d->host_path ? d->host_path : "",
				d->container_path ? d->container_path : "");
	}
	return check_memory(h, err) < 0 ? -err->code : check_block_io(h, err);
}

static int check_security(const char *text, struct err *err)
{
	static const char *const known[] = {"no-new-privileges", "no-new-privileges=true",
		"no-new-privileges:true", "no-new-privileges=false", "no-new-privileges:false",
		"apparmor=unconfined", "apparmor:unconfined", "label=disable", "label:disable"};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (strcmp(text, known[i]) == 0)
			return 0;
	if (strncmp(text, "seccomp=", 8) == 0 || strncmp(text, "seccomp:", 8) == 0 ||
		strncmp(text, "apparmor=", 9) == 0)
		return 0;
	return err_set(err, E_USAGE, "Invalid --security-opt: \"%.200s\"", text);
}

int docker_body_check(const struct docker_body *b, struct err *err)
{
	const struct docker_host_config *h = &b->host;

	if (check_process(&b->config, err) < 0 || check_policies(b, err) < 0 ||
		check_namespaces(b, err) < 0 || check_resources(h, err) < 0)
		return -err->code;
	for (size_t i = 0; i < h->security_opt.count; i++)
		if (check_security(h->security_opt.items[i], err) < 0)
			return -err->code;
	for (size_t i = 0; i < h->extra_hosts.count; i++)
		if (!strpbrk(h->extra_hosts.items[i], ":="))
			return err_set(err, E_USAGE, "bad format for add-host: \"%.200s\"",
				h->extra_hosts.items[i]);
	return docker_check_count(NULL, "Binds and Mounts",
		h->binds.count + h->mounts.count + h->tmpfs.count, DOCKER_VOLUMES_MAX, err);
}
