/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "engine/verb/network.h"
#include "engine/verb/verb.h"
#include "lib/own.h"

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

int verb_network_create(struct engine *e, const struct network_create_request *rq,
	struct sink *sink, struct err *err)
{
	struct step *s;
	int r;

	if (rq->driver && strcmp(rq->driver, "bridge") != 0)
		return err_set(err, E_UNSUPPORTED,
			"could not find plugin %s: kist has bridges only", rq->driver);
	if (network_known(e, rq->name, err) == 0)
		return err_set(err, E_EXISTS, "network with name %s already exists", rq->name);
	s = plan_program(&e->plan, "kist-netsetup", "create", NULL);
	if (rq->subnet)
		step_add2(&e->plan, s, "--subnet", rq->subnet);
	if (rq->gateway)
		step_add2(&e->plan, s, "--gateway", rq->gateway);
	for (size_t i = 0; i < rq->options.count; i++)
		if (add_option(e, s, rq->options.items[i], err) < 0)
			return -err->code;
	step_add2(&e->plan, s, "--", rq->name);
	plan_pipe(&e->plan, s, "kist", "tell", "id", NULL)->flags = STEP_ANSWER;
	r = engine_do(e, sink, err);
	if (r == 0 && !e->plan_only)
		sink_event(sink, "network", "create", rq->name, rq->name);
	return r;
}
