/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "engine/verb/inspect.h"
#include "engine/verb/network.h"
#include "engine/verb/summary.h"
#include "lib/own.h"

int network_summary_read(
	struct engine *e, const char *name, struct network_summary *n, struct err *err)
{
	static const char *const built_in[] = {"bridge", NETWORK_HOST, NETWORK_NONE};

	*n = (struct network_summary){0};
	if (network_read(e, name, &n->d, err) < 0)
		return -err->code;
	for (size_t i = 0; i < ARRAY_LEN(built_in); i++)
		n->built_in |= strcmp(built_in[i], name) == 0;
	/* docker's users expect ids of the built-in ones as well: always the same */
	if (n->d.id && strlen(n->d.id) == SHA256_HEX_LEN)
		memcpy(n->id, n->d.id, sizeof(n->id));
	else
		sha256_hex(name, strlen(name), n->id);
	return 0;
}

static const struct network_attachment *endpoint_in(
	const struct network_result *result, const char *network)
{
	for (size_t i = 0; i < result->endpoints.count; i++)
		if (strcmp(network_shown_name(result->endpoints.items[i].network), network) == 0)
			return &result->endpoints.items[i];
	return NULL;
}

/* The running containers that are in a network. */
static int add_containers(struct engine *e, const char *network, struct json *to, struct err *err)
{
	struct arena *a = &e->arena;
	struct container_records records;

	if (stored_container_list(e->store, &records, a, err) < 0)
		return -err->code;
	for (size_t i = 0; i < records.count; i++) {
		const struct network_attachment *endpoint;
		struct network_result result;
		struct container_state state;
		struct json *c;

		network_result(e, records.items[i].id, &result);
		endpoint = endpoint_in(&result, network);
		if (!endpoint || container_state_read(e, &records.items[i], &state, err) < 0 ||
			!state.monitor)
			continue;
		c = json_new_object(a);
		json_set_string(a, c, "Name", records.items[i].name);
		json_set_string(a, c, "EndpointID", records.items[i].id);
		json_set_string(a, c, "MacAddress", endpoint->mac ? endpoint->mac : "");
		json_set_string(a, c, "IPv4Address",
			endpoint->addresses.count ? endpoint->addresses.items[0] : "");
		json_set_string(a, c, "IPv6Address", "");
		json_set(a, to, records.items[i].id, c);
	}
	return 0;
}

/* {"a":"b"} */
static struct json *labels_document(struct arena *a, const struct string_map *labels)
{
	struct json *d = json_new_object(a);

	for (size_t i = 0; i < labels->count; i++)
		json_set_string(a, d, labels->items[i].key, labels->items[i].value);
	return d;
}

static struct json *options_document(struct arena *a, const struct network_definition *n)
{
	struct json *d = json_new_object(a);

	if (n->bridge)
		json_set_string(a, d, "com.docker.network.bridge.name", n->bridge);
	if (n->mtu)
		json_set_string(a, d, "com.docker.network.driver.mtu",
			arena_printf(a, "%lld", (long long)n->mtu));
	return d;
}

struct json *inspect_network_document(struct engine *e, const struct network_summary *n)
{
	static const char *const flags[] = {
		"EnableIPv6", "Internal", "Attachable", "Ingress", "ConfigOnly"};
	struct arena *a = &e->arena;
	struct json *d = json_new_object(a);
	struct json *ipam = json_new_object(a), *configs = json_new_array(a);

	json_set_string(a, d, "Name", n->d.name);
	json_set_string(a, d, "Id", n->id);
	json_set_string(a, d, "Created", n->d.created ? n->d.created : "0001-01-01T00:00:00Z");
	json_set_string(a, d, "Scope", "local");
	json_set_string(a, d, "Driver", n->d.driver);
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		json_set_bool(a, d, flags[i], i == 1 && n->d.internal);
	json_set_string(a, ipam, "Driver", "default");
	json_set(a, ipam, "Options", json_new_null(a));
	if (n->d.subnet) {
		struct json *config = json_new_object(a);

		json_set_string(a, config, "Subnet", n->d.subnet);
		json_set_string(a, config, "Gateway", n->d.gateway);
		json_append(configs, config);
	}
	json_set(a, ipam, "Config", configs);
	json_set(a, d, "IPAM", ipam);
	json_set(a, d, "Containers", json_new_object(a));
	json_set(a, d, "Options", options_document(a, &n->d));
	json_set(a, d, "Labels", labels_document(a, &n->d.labels));
	return d;
}

struct json *inspect_network(struct engine *e, const char *text, struct err *err)
{
	const char *name = network_find(e, text, err);
	struct network_summary n;
	struct json *d;

	if (!name || network_summary_read(e, name, &n, err) < 0)
		return NULL;
	d = inspect_network_document(e, &n);
	return add_containers(e, name, json_get(d, "Containers"), err) < 0 ? NULL : d;
}

const char *network_find(struct engine *e, const char *text, struct err *err)
{
	const char *found = NULL;
	struct strings names;

	if (network_known(e, text, err) == 0)
		return text;
	if (err->code != E_NOT_FOUND || !*text || network_names(e, &names, err) < 0)
		return NULL;
	for (size_t i = 0; i < names.count; i++) {
		struct network_summary n;

		if (network_summary_read(e, names.items[i], &n, &(struct err){0}) < 0 ||
			strncmp(n.id, text, strlen(text)) != 0)
			continue;
		if (found) {
			err_set(err, E_USAGE, "network %s is ambiguous: several IDs begin so",
				text);
			return NULL;
		}
		found = names.items[i];
	}
	if (!found)
		err_set(err, E_NOT_FOUND, "network %s not found", text);
	return found;
}
