/* SPDX-License-Identifier: Apache-2.0 */
/* kist network create and rm, by kist-netsetup */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/verb/inspect.h"
#include "engine/verb/network.h"
#include "lib/own.h"

struct create_options {
	const char *driver, *subnet, *gateway;
	struct strv option;
};

/* docker's options of the bridge driver that kist-netsetup has flags for. */
static int add_option(struct engine *e, struct step *s, const char *text, struct err *err)
{
	static const char *const known[][2] = {{"com.docker.network.bridge.name=", "--bridge"},
		{"com.docker.network.driver.mtu=", "--mtu"}};

	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		size_t n = strlen(known[i][0]);

		if (strncmp(text, known[i][0], n) == 0) {
			step_add2(&e->plan, s, known[i][1], text + n);
			return 0;
		}
	}
	return err_set(
		err, E_UNSUPPORTED, "network create: kist does not have the option '%s'", text);
}

static int print_id(struct engine *e, const char *name, struct err *err)
{
	struct json *d = inspect_network(e, name, err);

	if (!d)
		return -err->code;
	printf("%s\n", json_get_string(d, "Id"));
	return 0;
}

static int run_create(const struct cli_call *call, struct err *err)
{
	const struct create_options *o = call->options;
	const char *name = call->args[0];
	own_mouth struct mouth m = {0};
	struct engine *e = &m.engine;
	struct step *s;

	if (o->driver && strcmp(o->driver, "bridge") != 0)
		return err_set(err, E_UNSUPPORTED,
			"could not find plugin %s: kist has bridges only", o->driver);
	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	if (network_check(e, name, err) == 0)
		return err_set(err, E_EXISTS, "network with name %s already exists", name);
	s = plan_program(&e->plan, "kist-netsetup", "create", NULL);
	s->flags = STEP_QUIET;
	if (o->subnet)
		step_add2(&e->plan, s, "--subnet", o->subnet);
	if (o->gateway)
		step_add2(&e->plan, s, "--gateway", o->gateway);
	for (size_t i = 0; i < o->option.count; i++)
		if (add_option(e, s, o->option.items[i], err) < 0)
			return -err->code;
	step_add2(&e->plan, s, "--", name);
	if (mouth_finish(&m, engine_do(e, &m.sink, err), err) < 0)
		return -err->code;
	return e->plan_only ? 0 : print_id(e, name, err);
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

struct rm_options {
	bool force;
};

static int remove_one(struct mouth *m, const char *name, struct err *err)
{
	static const char *const built_in[] = {"bridge", "host", "none", "default"};
	struct engine *e = &m->engine;

	for (size_t i = 0; i < ARRAY_LEN(built_in); i++)
		if (strcmp(name, built_in[i]) == 0)
			return err_set(err, E_DENIED,
				"%s is a pre-defined network and cannot be removed", name);
	if (network_check(e, name, err) < 0)
		return -err->code;
	plan_program(&e->plan, "kist-netsetup", "rm", "--", name, NULL);
	return engine_do(e, &m->sink, err);
}

static int run_rm(const struct cli_call *call, struct err *err)
{
	const struct rm_options *o = call->options;
	own_mouth struct mouth m = {0};
	struct engine *e = &m.engine;
	int status = 0;

	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	for (size_t i = 0; i < call->nargs; i++) {
		if (remove_one(&m, call->args[i], err) >= 0) {
			if (!e->plan_only)
				printf("%s\n", call->args[i]);
		} else if (!(o->force && err->code == E_NOT_FOUND)) {
			mouth_complain(&m, err, &status);
		}
	}
	return mouth_finish(&m, engine_do(e, &m.sink, err), err) < 0 ? -err->code : status;
}

static const struct cli_option rm_options[] = {
	OPT_FLAG(struct rm_options, force, "force", 'f', "one that is not there is no error"),
};

const struct cli_command cmd_network_rm = {
	.name = "network rm",
	.synopsis = "NETWORK [NETWORK...]",
	.help = "Remove networks that no container is in",
	.options = rm_options,
	.noptions = ARRAY_LEN(rm_options),
	.options_size = sizeof(struct rm_options),
	.min_args = 1,
	.max_args = -1,
	.run = run_rm,
};
