/* SPDX-License-Identifier: Apache-2.0 */
/* kist-logout [OPTIONS] [REGISTRY]: forget what kist-login kept. */
#include <stdio.h>

#include "lib/cli.h"
#include "lib/own.h"
#include "puller/credentials.h"
#include "puller/puller_options.h"

struct logout_options {
	const char *auth_file;
};

static const struct cli_option logout_options[] = {
	OPT_STRING(struct logout_options, auth_file, "authfile", 0, "FILE",
		"where the credentials are kept, instead of docker's config.json"),
};

static int logout(const struct cli_call *call, struct err *err)
{
	const struct logout_options *o = call->options;
	own_mem char *path = NULL, *name = NULL;
	int found;

	if (registry_name(call->nargs ? call->args[0] : "docker.io", &name, err) < 0)
		return -err->code;
	if (credential_file(o->auth_file, &path, err) < 0)
		return -err->code;
	found = credential_store(path, name, NULL, err);
	if (found < 0)
		return found;
	if (!found)
		return printf("Not logged in to %s\n", name) < 0;
	return printf("Removing login credentials for %s\n", name) < 0;
}

static const struct cli_command commands[] = {{
	.synopsis = "[OPTIONS] [REGISTRY]",
	.help = "Forget the user name and password for a registry",
	.options = logout_options,
	.noptions = ARRAY_LEN(logout_options),
	.options_size = sizeof(struct logout_options),
	.max_args = 1,
	.run = logout,
}};

int main(int argc, char **argv)
{
	static const struct cli_program program = {
		.name = "kist-logout",
		.help = "log out from a registry",
		.commands = commands,
		.ncommands = 1,
	};

	return cli_main(&program, argc, argv);
}
