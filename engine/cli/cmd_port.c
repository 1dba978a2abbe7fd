/* SPDX-License-Identifier: Apache-2.0 */
/* kist port */
#include <stdio.h>
#include <string.h>

#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"
#include "spec/port.h"

static int show(struct sink *sink, const struct result *result, struct err *err)
{
	const struct mouth *m = (const struct mouth *)sink;
	const struct port *p = result->port;
	const char *open = strchr(p->host_ip, ':') ? "[" : "", *close = *open ? "]" : "";

	(void)err;
	if (m->call->nargs == 1)
		printf("%u/%s -> ", p->container_port, p->protocol);
	printf("%s%s%s:%u\n", open, p->host_ip, close, p->host_port);
	return 0;
}

static int run_port(const struct cli_call *call, struct err *err)
{
	const struct port_request rq = {call->args[0], call->nargs > 1 ? call->args[1] : NULL};
	own_mouth struct mouth m = {0};

	if (mouth_open_looking(&m, call, err) < 0)
		return -err->code;
	m.sink.result = show;
	return verb_port(&m.engine, &rq, &m.sink, err);
}

const struct cli_command cmd_port = {
	.name = "port",
	.synopsis = "CONTAINER [PORT[/PROTOCOL]]",
	.help = "List a container's published ports",
	.min_args = 1,
	.max_args = 2,
	.run = run_port,
};
