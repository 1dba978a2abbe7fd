/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/puller_options.h"

#include <string.h>

#include "lib/log.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "spec/reference.h"

int connection_http_options(
	const struct connection_options *o, struct http_options *http, struct err *err)
{
	if (o->timeout < 0 || o->timeout > 86400)
		return err_set(err, E_USAGE, "--timeout is a number of seconds, at most 86400");
	*http = (struct http_options){
		.timeout = o->timeout,
		.insecure = &o->insecure,
		.cert_dir = o->cert_dir,
	};
	return 0;
}

int credential_from_options(
	const struct credential_options *o, struct credential *c, struct err *err)
{
	const char *colon;

	if (o->password_stdin != !!o->user)
		return err_set(err, E_USAGE, "--username and --password-stdin go together");
	if (o->user && o->creds)
		return err_set(err, E_USAGE, "--creds and --username are mutually exclusive");
	if (o->user) {
		c->user = xstrdup(o->user);
		return password_from_stdin(&c->password, err);
	}
	if (!o->creds)
		return 0;
	log_warn("--creds shows the password to whoever may list processes: use "
		 "--username and --password-stdin");
	colon = strchr(o->creds, ':');
	if (!colon || colon == o->creds)
		return err_set(err, E_USAGE, "--creds expects USER:PASSWORD");
	c->user = xstrndup(o->creds, (size_t)(colon - o->creds));
	c->password = xstrdup(colon + 1);
	return 0;
}

int registry_name(const char *text, char **name, struct err *err)
{
	const char *host = strstr(text, "://");
	own_arena struct arena a = {0};
	struct err ignored;
	struct reference ref;
	own_mem char *probe = NULL;
	size_t n;

	host = host ? host + 3 : text;
	n = strcspn(host, "/");
	if (n == 15 && strncmp(host, "index.docker.io", n) == 0)
		host = "docker.io", n = strlen(host);
	/* the grammar of registries is that of references */
	probe = xasprintf("%.*s/name", (int)n, host);
	if (!n || reference_parse(probe, &ref, &a, &ignored) < 0 || strlen(ref.registry) != n ||
		strncmp(ref.registry, host, n) != 0)
		return err_set(
			err, E_USAGE, "'%.100s' is not the name of a registry (HOST[:PORT])", text);
	*name = xstrndup(host, n);
	return 0;
}
