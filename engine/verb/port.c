/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "engine/verb/ports.h"
#include "engine/verb/subject.h"
#include "engine/verb/verb.h"

/* "80" or "80/udp" */
static bool asked_for(const char *text, const struct port *p)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	return n == p->container_port && strcmp(*end ? end + 1 : "tcp", p->protocol) == 0;
}

int verb_port(struct engine *e, const struct port_request *rq, struct sink *sink, struct err *err)
{
	own_subject struct subject s = {0};
	struct port_list ports = {0};
	size_t told = 0;

	if (subject_find(e, rq->container, 0, &s, err) < 0)
		return -err->code;
	if (s.state.monitor)
		ports_of(e, s.id, &s.docker, &ports);
	for (size_t i = 0; i < ports.count; i++) {
		struct port p = ports.items[i];
		const struct result result = {.kind = RESULT_PORT, .port = &p};

		for (uint32_t left = port_count(&p); left; left--) {
			if (!rq->port || asked_for(rq->port, &p)) {
				if (sink_result(sink, &result, err) < 0)
					return -err->code;
				told++;
			}
			p.host_port++;
			p.container_port++;
		}
	}
	if (rq->port && !told)
		return err_set(err, E_NOT_FOUND, "no public port '%s%s' published for %s", rq->port,
			strchr(rq->port, '/') ? "" : "/tcp", rq->container);
	return 0;
}
