/* SPDX-License-Identifier: Apache-2.0 */
/* Networks: listed, looked at, made and removed. */
#include <errno.h>
#include <string.h>

#include "engine/api/router.h"
#include "engine/verb/inspect.h"
#include "engine/verb/summary.h"
#include "engine/verb/verb.h"
#include "lib/own.h"

/* ---- looking ---- */

static struct json *network_row(struct call *call, const struct result *result)
{
	return inspect_network_document(&call->engine, result->network);
}

int api_networks(struct call *call, struct err *err)
{
	own_strv struct strv filters = {0};
	struct network_ls_request rq;
	int r;

	if (api_filters(call, &filters, err) < 0)
		return -err->code;
	rq.filter = filters; /* borrowed */
	call->row = network_row;
	r = verb_network_ls(&call->engine, &rq, &call->sink, err);
	/* 1: one that is damaged hides no other, and has no place in the answer */
	if (r < 0)
		return r;
	answer_json(call->request, 200, call->rows);
	return 0;
}

int api_network_inspect(struct call *call, struct err *err)
{
	const struct inspect_request rq = {.name = call->name, .type = "network"};
	int r = verb_inspect(&call->engine, &rq, &call->sink, err);

	if (r == 0)
		answer_json(call->request, 200, call->document);
	return r;
}

/* ---- making ---- */

struct ipam_config {
	const char *subnet, *gateway, *range;
	struct string_map others; /* AuxiliaryAddresses */
};

/* docker's body of networks/create. What kist's networks do not have says nothing, or is refused.
 */
struct network_body {
	const char *name, *driver, *scope;
	bool internal, attachable, ingress, config_only, ipv6;
	struct {
		const char *driver;
		LIST_OF(struct ipam_config) config;
		struct string_map options;
	} ipam;
	struct string_map options, labels;
};

static const struct schema_field config_fields[] = {
	FIELD(struct ipam_config, subnet, "Subnet", SCHEMA_STRING),
	FIELD(struct ipam_config, gateway, "Gateway", SCHEMA_STRING),
	FIELD(struct ipam_config, range, "IPRange", SCHEMA_STRING),
	FIELD(struct ipam_config, others, "AuxiliaryAddresses", SCHEMA_STRING_MAP),
};
static const struct schema config_schema = SCHEMA(struct ipam_config, config_fields);

#define IPAM(member, json_name, kind_, ...)                                                        \
	{                                                                                          \
		.name = json_name, .kind = kind_,                                                  \
		.offset = offsetof(struct network_body, member) -                                  \
			offsetof(struct network_body, ipam),                                       \
		##__VA_ARGS__                                                                      \
	}

static const struct schema_field ipam_fields[] = {
	IPAM(ipam.driver, "Driver", SCHEMA_STRING),
	IPAM(ipam.config, "Config", SCHEMA_LIST, .sub = &config_schema),
	IPAM(ipam.options, "Options", SCHEMA_STRING_MAP),
};
static const struct schema ipam_schema = {
	.size = sizeof(((struct network_body *)0)->ipam),
	.fields = ipam_fields,
	.nfields = ARRAY_LEN(ipam_fields),
};

static const struct schema_field body_fields[] = {
	FIELD(struct network_body, name, "Name", SCHEMA_STRING),
	FIELD(struct network_body, driver, "Driver", SCHEMA_STRING),
	FIELD(struct network_body, scope, "Scope", SCHEMA_STRING),
	FIELD(struct network_body, internal, "Internal", SCHEMA_BOOL),
	FIELD(struct network_body, attachable, "Attachable", SCHEMA_BOOL),
	FIELD(struct network_body, ingress, "Ingress", SCHEMA_BOOL),
	FIELD(struct network_body, config_only, "ConfigOnly", SCHEMA_BOOL),
	FIELD(struct network_body, ipv6, "EnableIPv6", SCHEMA_BOOL),
	FIELD(struct network_body, ipam, "IPAM", SCHEMA_STRUCT, .sub = &ipam_schema),
	FIELD(struct network_body, options, "Options", SCHEMA_STRING_MAP),
	FIELD(struct network_body, labels, "Labels", SCHEMA_STRING_MAP),
};
static const struct schema body_schema = SCHEMA(struct network_body, body_fields);

/* What is asked for and cannot be had is named. */
static int check(const struct network_body *b, struct err *err)
{
	const struct ipam_config *config = b->ipam.config.count ? &b->ipam.config.items[0] : NULL;
	const struct {
		bool asked;
		const char *member;
	} refused[] = {{b->internal, "Internal"}, {b->ingress, "Ingress"},
		{b->config_only, "ConfigOnly"}, {b->ipv6, "EnableIPv6"},
		{b->labels.count, "Labels"}, {b->ipam.options.count, "IPAM.Options"},
		{b->ipam.config.count > 1, "IPAM.Config: more than one"},
		{config && config->range && *config->range, "IPAM.Config.IPRange"},
		{config && config->others.count, "IPAM.Config.AuxiliaryAddresses"},
		{b->ipam.driver && *b->ipam.driver && strcmp(b->ipam.driver, "default") != 0,
			"IPAM.Driver"},
		{b->scope && *b->scope && strcmp(b->scope, "local") != 0, "Scope"}};

	if (!b->name || !*b->name)
		return err_set(err, EINVAL, "Name: the body names none");
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		if (refused[i].asked)
			return err_set(err, E_UNSUPPORTED, "%s: kist's networks do not have it",
				refused[i].member);
	return 0;
}

static const char *or_null(const char *text)
{
	return text && *text ? text : NULL;
}

static struct json *created_row(struct call *call, const struct result *result)
{
	struct arena *a = &call->request->arena;
	struct json *row = json_new_object(a);

	json_set_string(a, row, "Id", result->line);
	json_set_string(a, row, "Warning", "");
	return row;
}

int api_network_create(struct call *call, struct err *err)
{
	struct arena *a = &call->request->arena;
	const struct json *body = api_body(call, err);
	struct network_create_request rq;
	struct network_body b;
	int r;

	if (!body)
		return -err->code;
	if (schema_decode(&body_schema, body, &b, a, err) < 0)
		return err_wrap(err, "the request's body");
	if (check(&b, err) < 0)
		return -err->code;
	rq = (struct network_create_request){.name = b.name, .driver = or_null(b.driver)};
	if (b.ipam.config.count) {
		rq.subnet = or_null(b.ipam.config.items[0].subnet);
		rq.gateway = or_null(b.ipam.config.items[0].gateway);
	}
	for (size_t i = 0; i < b.options.count; i++)
		strings_add(a, &rq.options,
			arena_printf(a, "%s=%s", b.options.items[i].key, b.options.items[i].value));
	call->row = created_row;
	r = verb_network_create(&call->engine, &rq, &call->sink, err);
	if (r == 0 && call->rows->first)
		answer_json(call->request, 201, call->rows->first);
	return r;
}

int api_network_remove(struct call *call, struct err *err)
{
	const struct network_rm_request rq = {call->name};
	int r = verb_network_rm(&call->engine, &rq, &call->sink, err);

	if (r > 0)
		r = api_program_failed(call, r, err);
	/* docker: one with containers in it is forbidden to remove */
	if (r < 0 && api_program_failed(call, 0, err) == -E_IN_USE)
		err->code = E_DENIED;
	return r < 0 ? -err->code : 0;
}
