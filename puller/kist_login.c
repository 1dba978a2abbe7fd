/* SPDX-License-Identifier: Apache-2.0 */
/* kist-login [OPTIONS] [REGISTRY]: check credentials and keep them in docker's config.json. */
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "lib/cli.h"
#include "lib/confine.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "puller/puller_options.h"
#include "puller/registry.h"

struct login_options {
	const char *user, *password, *auth_file;
	bool password_stdin;
	struct connection_options connection;
};

static const struct cli_option login_options[] = {
	OPT_STRING(struct login_options, user, "username", 'u', "NAME", "user name"),
	OPT_STRING(struct login_options, password, "password", 'p', "TEXT",
		"password (others can see it: prefer --password-stdin)"),
	OPT_FLAG(struct login_options, password_stdin, "password-stdin", 0,
		"take the password from stdin"),
	OPT_STRING(struct login_options, auth_file, "authfile", 0, "FILE",
		"keep credentials in FILE instead of docker's config.json"),
	CONNECTION_OPTIONS(struct login_options, connection),
};

/* Ask on the terminal; the caller frees the answer. hidden: what is typed is not shown. */
static int ask(const char *prompt, bool hidden, char **answer, struct err *err)
{
	struct termios before, silent;
	own_mem char *line = NULL;
	size_t size = 0;
	ssize_t n;

	if (!isatty(0))
		return err_set(err, E_USAGE,
			"Error: Cannot perform an interactive login from a non TTY device "
			"(use --username and --password-stdin)");
	fprintf(stderr, "%s", prompt);
	if (hidden && tcgetattr(0, &before) == 0) {
		silent = before;
		silent.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(0, TCSAFLUSH, &silent);
	}
	n = getline(&line, &size, stdin);
	if (hidden) {
		tcsetattr(0, TCSAFLUSH, &before);
		fprintf(stderr, "\n");
	}
	while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
		line[--n] = '\0';
	if (n <= 0)
		return err_set(err, E_USAGE, "nothing was entered");
	*answer = give(line);
	return 0;
}

static int collect(const struct login_options *o, struct credential *c, struct err *err)
{
	if (o->password && o->password_stdin)
		return err_set(
			err, E_USAGE, "--password and --password-stdin are mutually exclusive");
	if (o->password_stdin && !o->user)
		return err_set(err, E_USAGE, "Must provide --username with --password-stdin");
	if (o->user)
		c->user = xstrdup(o->user);
	else if (ask("Username: ", false, &c->user, err) < 0)
		return -err->code;
	if (strchr(c->user, ':'))
		return err_set(err, E_USAGE, "a user name cannot contain ':'");
	if (o->password_stdin)
		return password_from_stdin(&c->password, err);
	if (o->password) {
		log_warn("using --password via the CLI is insecure. Use --password-stdin.");
		c->password = xstrdup(o->password);
		return 0;
	}
	return ask("Password: ", true, &c->password, err);
}

/* Only the file's directory, which is made when it is missing, stays writable. */
static int give_up_rights(const char *path, struct err *err)
{
	own_mem char *text = xstrdup(path);
	const char *name = dirname(text);
	own_strv struct strv writable = {0};
	own_fd int dir = path_make_dirs(name, 0700, err);

	if (dir < 0)
		return -err->code;
	strv_add(&writable, name);
	return confine_enter(CONFINE_LOGIN, &writable, err);
}

static int login(const struct cli_call *call, struct err *err)
{
	const struct login_options *o = call->options;
	own_credential struct credential c = {0};
	own_registry struct registry *registry = NULL;
	struct registry_options options = {.given = &c};
	own_mem char *path = NULL, *name = NULL;
	int r;

	if (registry_name(call->nargs ? call->args[0] : "docker.io", &name, err) < 0)
		return -err->code;
	if (collect(o, &c, err) < 0 || credential_file(o->auth_file, &path, err) < 0)
		return -err->code;
	if (connection_http_options(&o->connection, &options.http, err) < 0)
		return -err->code;
	options.auth_hosts = &o->connection.auth_hosts;
	if (give_up_rights(path, err) < 0)
		return -err->code;
	r = registry_open(&registry, name, NULL, &options, err);
	if (r >= 0)
		r = registry_check_login(registry, err);
	if (r < 0)
		return err_wrap(err, "cannot log in to '%s'", name);
	if (credential_store(path, name, &c, err) < 0)
		return -err->code;
	return puts("Login Succeeded") < 0;
}

static const struct cli_command commands[] = {{
	.synopsis = "[OPTIONS] [REGISTRY]",
	.help = "Check a user name and password with a registry and keep them",
	.options = login_options,
	.noptions = ARRAY_LEN(login_options),
	.options_size = sizeof(struct login_options),
	.max_args = 1,
	.run = login,
	.details =
		"The credentials are kept in $REGISTRY_AUTH_FILE, $DOCKER_CONFIG/config.json or "
		"~/.docker/config.json (mode 0600, base64, not encrypted), where docker, podman and "
		"skopeo find them, too. Without REGISTRY it is Docker Hub.",
}};

int main(int argc, char **argv)
{
	static const struct cli_program program = {
		.name = "kist-login",
		.help = "log in to a registry",
		.commands = commands,
		.ncommands = 1,
	};

	return cli_main(&program, argc, argv);
}
