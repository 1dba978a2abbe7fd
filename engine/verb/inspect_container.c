/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "engine/docker/publish.h"
#include "engine/verb/inspect.h"
#include "engine/verb/network.h"
#include "engine/verb/ports.h"
#include "lib/own.h"
#include "store/disk_usage.h"
#include "store/layer_store.h"

static bool is_empty(const struct json *value)
{
	return (value->type == JSON_ARRAY || value->type == JSON_OBJECT) && !value->count;
}

void inspect_null(struct engine *e, struct json *object, const char *const *keys)
{
	for (; *keys; keys++) {
		struct json *value = json_get(object, *keys);

		if (!value)
			json_set(&e->arena, object, *keys, json_new_null(&e->arena));
		else if (is_empty(value))
			value->type = JSON_NULL;
	}
}

static struct json *state_document(struct engine *e, const struct subject *s)
{
	struct arena *a = &e->arena;
	const struct container_state *st = &s->state;
	bool running = st->status == STATUS_RUNNING || st->status == STATUS_PAUSED;
	struct json *state = json_new_object(a);
	int pid = running ? container_pid(e, s->container, &s->docker, &(struct err){0}) : 0;

	json_set_string(a, state, "Status", container_status_name(st->status));
	json_set_bool(a, state, "Running", running);
	json_set_bool(a, state, "Paused", st->status == STATUS_PAUSED);
	json_set_bool(a, state, "Restarting", false);
	json_set_bool(a, state, "OOMKilled", st->oom_killed);
	json_set_bool(a, state, "Dead", false);
	json_set_int(a, state, "Pid", pid > 0 ? pid : 0);
	json_set_int(a, state, "ExitCode", st->exit_code);
	json_set_string(a, state, "Error", st->error);
	json_set_string(a, state, "StartedAt", st->started_at);
	json_set_string(a, state, "FinishedAt", st->finished_at);
	return state;
}

static struct json *strings_document(struct engine *e, const struct strings *list)
{
	struct json *array = json_new_array(&e->arena);

	for (size_t i = 0; i < list->count; i++)
		json_append(array, json_new_string(&e->arena, list->items[i]));
	return array;
}

/* What config.json says is masked is docker's MaskedPaths. */
static void set_paths(struct engine *e, struct json *host, const struct runtime_config *config)
{
	static const struct linux_config none;
	const struct linux_config *l = config->linux_ ? config->linux_ : &none;

	json_remove(host, "MaskedPaths");
	json_set(&e->arena, host, "MaskedPaths", strings_document(e, &l->masked_paths));
	json_remove(host, "ReadonlyPaths");
	json_set(&e->arena, host, "ReadonlyPaths", strings_document(e, &l->readonly_paths));
}

/* The record keeps rows of ports; docker shows each port. */
static const struct json *single_bindings(struct engine *e, const struct json *bindings)
{
	struct port_list ports;

	/* what does not decode was refused when the container was made */
	if (publish_read_bindings(bindings, &ports, &e->arena, &(struct err){0}) < 0)
		return bindings;
	return publish_bindings(&ports, true, &e->arena);
}

static void split_exposed(struct engine *e, struct strings *keys)
{
	struct port_list ports;

	if (publish_read_exposed(keys, &ports, &e->arena, &(struct err){0}) == 0)
		publish_keys(&ports, true, keys, &e->arena);
}

static struct json *host_config_document(
	struct engine *e, const struct subject *s, const struct runtime_config *config)
{
	static const char *const nulls[] = {"Binds", "VolumesFrom", "CapAdd", "CapDrop",
		"ExtraHosts", "GroupAdd", "SecurityOpt", "Links", "DeviceCgroupRules",
		"DeviceRequests", "MemorySwappiness", "OomKillDisable", "PidsLimit", "Ulimits",
		NULL};
	static const char *const zeros[] = {
		"CpuCount", "CpuPercent", "IOMaximumIOps", "IOMaximumBandwidth", NULL};
	struct arena *a = &e->arena;
	struct docker_host_config shown = s->docker.host_config;
	uint32_t unknown[2] = {0, 0};
	struct json *host;

	if (shown.console_size.count != 2)
		shown.console_size = (struct uint32_list){unknown, 2};
	if (shown.pids_limit && *shown.pids_limit < 0)
		shown.pids_limit = NULL;
	shown.port_bindings = single_bindings(e, shown.port_bindings);
	host = schema_encode(&docker_host_config_schema, &shown, a);
	for (size_t i = 0; zeros[i]; i++)
		json_set_int(a, host, zeros[i], 0);
	set_paths(e, host, config);
	inspect_null(e, host, nulls);
	return host;
}

static struct json *config_document(struct engine *e, const struct subject *s)
{
	static const char *const nulls[] = {"Cmd", "Volumes", "Entrypoint", "OnBuild", NULL};
	struct docker_config shown = s->docker.config;
	struct json *config;

	split_exposed(e, &shown.exposed_ports);
	config = schema_encode(&docker_config_schema, &shown, &e->arena);
	if (!s->docker.config.exposed_ports.count)
		json_remove(config, "ExposedPorts");
	inspect_null(e, config, nulls);
	return config;
}

static struct json *mounts_document(struct engine *e, const struct subject *s)
{
	struct json *list = json_new_array(&e->arena);

	for (size_t i = 0; i < s->docker.mounts.count; i++) {
		struct json *mount = schema_encode(
			&docker_mount_schema, &s->docker.mounts.items[i], &e->arena);

		json_remove(mount, "Anonymous");
		json_append(list, mount);
	}
	return list;
}

/* The addresses of one endpoint, in the words that NetworkSettings and each of Networks share. */
static void set_addresses(
	struct engine *e, struct json *to, const struct network_attachment *endpoint)
{
	static const struct network_attachment none;
	const struct network_attachment *from = endpoint ? endpoint : &none;
	const char *first = from->addresses.count ? from->addresses.items[0] : NULL;
	const char *slash = first ? strchr(first, '/') : NULL;
	struct arena *a = &e->arena;
	int length = 0;

	if (slash && sscanf(slash, "/%d", &length) != 1)
		length = 0;
	json_set_string(a, to, "Gateway", from->gateway ? from->gateway : "");
	json_set_string(
		a, to, "IPAddress", slash ? arena_strndup(a, first, (size_t)(slash - first)) : "");
	json_set_int(a, to, "IPPrefixLen", length);
	json_set_string(a, to, "IPv6Gateway", "");
	json_set_string(a, to, "GlobalIPv6Address", "");
	json_set_int(a, to, "GlobalIPv6PrefixLen", 0);
	json_set_string(a, to, "MacAddress", from->mac ? from->mac : "");
}

/* What was asked for of it, in docker's words; what was not is null. */
static void set_asked(struct engine *e, struct json *to, const struct network_endpoint *asked)
{
	static const char *const nulls[] = {
		"IPAMConfig", "Links", "Aliases", "DriverOpts", "DNSNames", NULL};
	struct arena *a = &e->arena;

	if (asked->addresses.count)
		json_set_string(a, json_set(a, to, "IPAMConfig", json_new_object(a)), "IPv4Address",
			asked->addresses.items[0]);
	if (asked->aliases.count)
		json_set(a, to, "Aliases", strings_document(e, &asked->aliases));
	inspect_null(e, to, nulls);
}

static const struct network_attachment *attachment_of(
	const struct network_result *result, const char *network)
{
	for (size_t i = 0; i < result->endpoints.count; i++)
		if (strcmp(result->endpoints.items[i].network, network) == 0)
			return &result->endpoints.items[i];
	return NULL;
}

/* What the container was to be in; without a network of its own the mode alone. */
static void read_wish(
	struct engine *e, const struct subject *s, const char *mode, struct network_wish *wish)
{
	struct network_endpoint *only;

	if (s->docker.network &&
		schema_decode(&network_wish_schema, s->docker.network, wish, &e->arena,
			&(struct err){0}) == 0 &&
		wish->endpoints.count)
		return;
	only = arena_alloc(&e->arena, sizeof(*only));
	*only = (struct network_endpoint){.network = mode};
	*wish = (struct network_wish){.endpoints = {only, 1}};
}

/* Networks: the ones that were asked for, with what each has come to while the container runs. */
static struct json *networks_document(struct engine *e, const char *mode,
	const struct network_result *result, const struct subject *s)
{
	struct arena *a = &e->arena;
	struct json *networks = json_new_object(a);
	struct network_wish wish;

	read_wish(e, s, mode, &wish);
	for (size_t i = 0; i < wish.endpoints.count; i++) {
		const struct network_endpoint *asked = &wish.endpoints.items[i];
		const struct network_attachment *endpoint = attachment_of(result, asked->network);
		const struct network_attachment wanted = {.mac = asked->mac};
		const char *name = network_shown_name(asked->network);
		struct network_definition definition;
		struct json *n = json_new_object(a);

		if (network_read(e, name, &definition, &(struct err){0}) < 0)
			definition.id = NULL;
		set_asked(e, n, asked);
		json_set_string(a, n, "NetworkID", definition.id ? definition.id : "");
		json_set_string(a, n, "EndpointID", endpoint ? s->id : "");
		set_addresses(e, n, endpoint ? endpoint : &wanted);
		json_set(a, networks, name, n);
	}
	return networks;
}

static struct json *network_settings(struct engine *e, const struct subject *s)
{
	struct arena *a = &e->arena;
	const char *mode = s->docker.host_config.network_mode;
	const char *name = mode && strcmp(mode, "default") != 0 ? mode : "bridge";
	struct network_result result = {0};
	const struct network_attachment *endpoint;
	struct json *n = json_new_object(a);
	struct port_list ports = {0};

	if (s->state.monitor) {
		network_result(e, s->id, &result);
		ports_of(e, s->id, &s->docker, &ports);
	}
	endpoint = result.endpoints.count ? &result.endpoints.items[0] : NULL;
	json_set_string(a, n, "Bridge", "");
	json_set_string(a, n, "SandboxID", s->state.monitor ? s->id : "");
	json_set_string(a, n, "SandboxKey", result.netns ? result.netns : "");
	json_set(a, n, "Ports",
		s->state.monitor ? ports_document(e, &s->docker, &ports) : json_new_object(a));
	json_set_bool(a, n, "HairpinMode", false);
	json_set_string(a, n, "LinkLocalIPv6Address", "");
	json_set_int(a, n, "LinkLocalIPv6PrefixLen", 0);
	json_set(a, n, "SecondaryIPAddresses", json_new_null(a));
	json_set(a, n, "SecondaryIPv6Addresses", json_new_null(a));
	json_set_string(a, n, "EndpointID", endpoint ? s->id : "");
	set_addresses(e, n, endpoint);
	json_set(a, n, "Networks", networks_document(e, name, &result, s));
	return n;
}

/* Where a layer is, as the store calls it. */
static const char *layer_name(struct engine *e, const char *diff_id)
{
	own_mem char *path = NULL;
	struct digest id;

	if (digest_parse(diff_id, &id, &(struct err){0}) < 0)
		return "";
	path = layer_store_path(e->store, &id);
	return arena_strdup(&e->arena, path);
}

struct json *inspect_graph_driver(
	struct engine *e, const struct strings *layers, const char *container_dir)
{
	struct arena *a = &e->arena;
	struct json *driver = json_new_object(a), *data = json_new_object(a);
	own_buf struct buf lower = {0};

	for (size_t i = layers->count; i-- > 0;)
		if (container_dir || i + 1 < layers->count)
			buf_addf(&lower, "%s%s", lower.len ? ":" : "",
				layer_name(e, layers->items[i]));
	if (lower.len)
		json_set_string(a, data, "LowerDir", buf_str(&lower));
	if (container_dir) {
		json_set_string(
			a, data, "MergedDir", arena_printf(a, "%s/bundle/rootfs", container_dir));
		json_set_string(a, data, "UpperDir", arena_printf(a, "%s/upper", container_dir));
		json_set_string(a, data, "WorkDir", arena_printf(a, "%s/work", container_dir));
	} else if (layers->count) {
		json_set_string(
			a, data, "UpperDir", layer_name(e, layers->items[layers->count - 1]));
	}
	json_set(a, driver, "Data", data);
	json_set_string(a, driver, "Name", "overlay2");
	return driver;
}

static void set_files(struct engine *e, struct json *d, const char *path)
{
	static const char *const files[][2] = {{"ResolvConfPath", "resolv.conf"},
		{"HostnamePath", "hostname"}, {"HostsPath", "hosts"}, {"LogPath", "log.json"}};

	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		json_set_string(&e->arena, d, files[i][0],
			arena_printf(&e->arena, "%s/%s", path, files[i][1]));
}

struct json *inspect_container(
	struct engine *e, const struct subject *s, bool size, struct err *err)
{
	struct arena *a = &e->arena;
	const struct stored_container *c = s->container;
	const char *image_id = c->record.image_id;
	struct runtime_config config = {0}; /* of one that was not started there may be none */
	const char *profile = NULL;
	struct json *d = json_new_object(a);

	if (container_config(e, c, &config, err) < 0 && err->code != ENOENT)
		return NULL;
	if (config.process)
		profile = config.process->apparmor_profile;
	json_set_string(a, d, "Id", c->id);
	json_set_string(a, d, "Created", c->record.created);
	json_set_string(a, d, "Path", s->docker.path ? s->docker.path : "");
	json_set(a, d, "Args", strings_document(e, &s->docker.args));
	json_set(a, d, "State", state_document(e, s));
	json_set_string(a, d, "Image", image_id ? image_id : "");
	set_files(e, d, c->path);
	json_set_string(a, d, "Name", arena_printf(a, "/%s", c->record.name));
	json_set_int(a, d, "RestartCount", 0);
	json_set_string(a, d, "Driver", "overlay2");
	json_set_string(a, d, "Platform", "linux");
	json_set_string(a, d, "MountLabel", "");
	json_set_string(a, d, "ProcessLabel", "");
	json_set_string(a, d, "AppArmorProfile", profile ? profile : "");
	json_set(a, d, "ExecIDs", json_new_null(a));
	json_set(a, d, "HostConfig", host_config_document(e, s, &config));
	json_set(a, d, "GraphDriver", inspect_graph_driver(e, &c->record.layers, c->path));
	if (size) {
		int64_t upper, layers;

		if (disk_usage_container(e->store, &c->record, &upper, &layers, err) < 0)
			return NULL;
		json_set_int(a, d, "SizeRw", upper);
		json_set_int(a, d, "SizeRootFs", upper + layers);
	}
	json_set(a, d, "Mounts", mounts_document(e, s));
	json_set(a, d, "Config", config_document(e, s));
	json_set(a, d, "NetworkSettings", network_settings(e, s));
	return d;
}
