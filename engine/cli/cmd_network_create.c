/* SPDX-License-Identifier: Apache-2.0 */
/* kist network create */
#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"
#include "lib/own.h"

struct create_options {
	const char *driver, *subnet, *gateway;
	struct strv option;
};

static int run_create(const struct cli_call *call, struct err *err)
{
	const struct create_options *o = call->options;
	const struct network_create_request rq = {.name = call->args[0],
		.driver = o->driver,
		.subnet = o->subnet,
		.gateway = o->gateway,
		.options = {(const char **)o->option.items, o->option.count}};
	own_mouth struct mouth m = {0};

	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	return mouth_finish(&m, verb_network_create(&m.engine, &rq, &m.sink, err), err);
}

#define CREATE struct create_options

static const struct cli_option create_options[] = {
	OPT_STRING(CREATE, driver, "driver", 'd', "NAME", "only bridge"),
	OPT_STRING(CREATE, gateway, "gateway", 0, "ADDRESS", "of the bridge"),
	OPT_LIST(CREATE, option, "opt", 'o', "KEY=VALUE", "com.docker.network.bridge.name, ...mtu"),
	OPT_STRING(CREATE, subnet, "subnet", 0, "CIDR", "10.90.0.0/16"),
};

const struct cli_command cmd_network_create = {
	.name = "network create",
	.synopsis = "[OPTIONS] NETWORK",
	.help = "Make a network",
	.options = create_options,
	.noptions = ARRAY_LEN(create_options),
	.options_size = sizeof(struct create_options),
	.min_args = 1,
	.max_args = 1,
	.run = run_create,
};
