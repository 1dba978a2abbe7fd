/* SPDX-License-Identifier: Apache-2.0 */
/* Containers that nobody keeps alive any more. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/dir.h"
#include "lib/own.h"
#include "netsetup/endpoint.h"
#include "netsetup/host.h"
#include "netsetup/setup.h"
#include "netsetup/teardown.h"
#include "spec/network_definition.h"

/* Returns whether it was torn down. */
static bool sweep_one(const struct state *s, const char *id)
{
	own_arena struct arena a = {0};
	own_host struct host h;
	struct err ignored;
	own_fd int dir = tenant_lock(s, id, TENANT_TRY, &ignored);
	struct network_wish wish = {.container_id = id};
	struct endpoint_list endpoints;
	struct netlink *route;
	struct tenant tenant;

	host_init(&h, s, &a);
	if (dir < 0)
		return false;
	/* a record that cannot be read is for a person to look at; a missing one was never made */
	switch (tenant_load(dir, &a, &tenant, &ignored)) {
	case 0:
		break;
	case -E_NOT_FOUND:
		return endpoints_load(s, dir, id, &a, &endpoints, &ignored) == 0 &&
			!endpoints.count && tenant_forget(s, dir, id, &ignored) == 0;
	default:
		return false;
	}
	route = host_route(&h, &ignored);
	if (!route || endpoints_load(s, dir, id, &a, &endpoints, &ignored) < 0 ||
		tenant_alive(&tenant, &endpoints, route))
		return false;
	return teardown_locked(&h, dir, NULL, &wish, &ignored) == 0;
}

/* What cannot be read is left to a later sweep. */
static void list_ids(const struct state *s, struct strv *ids)
{
	own_dir DIR *dir = dir_open(s->endpoints, ".");
	struct dirent *d;
	struct err ignored;

	while (dir && dir_next(dir, &d, &ignored) > 0)
		if (network_name_valid(d->d_name) && d->d_type != DT_REG)
			strv_add(ids, d->d_name);
}

int sweep(const struct state *s, size_t limit)
{
	own_strv struct strv ids = {0};
	struct timespec now;
	size_t first = 0;
	int swept = 0;

	list_ids(s, &ids);
	if (limit == SWEEP_ALL || limit > ids.count)
		limit = ids.count;
	else if (clock_gettime(CLOCK_MONOTONIC, &now) == 0)
		first = (size_t)now.tv_nsec /
			1000; /* others each time, so that all get their turn */
	for (size_t i = 0; i < limit; i++)
		swept += sweep_one(s, ids.items[(first + i) % ids.count]);
	return swept;
}
