/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/teardown.h"

#include <string.h>

#include "lib/log.h"
#include "lib/own.h"
#include "netsetup/driver/driver.h"
#include "netsetup/endpoint.h"
#include "netsetup/netns.h"
#include "netsetup/ports.h"
#include "netsetup/setup.h"

/* Keep the first failure of several. */
static int also(int r, int next, struct err *err, const struct err *latest)
{
	if (r == 0 && next < 0)
		*err = *latest;
	return r < 0 ? r : next < 0 ? next : 0;
}

static int leave_network(struct host *h, const struct endpoint *e, struct err *err)
{
	own_network_lock struct network_lock lock = NETWORK_UNLOCKED;

	if (network_lock(h->state, e->network, &lock, err) < 0 ||
		lease_release(&lock, e->address, e->id, err) < 0)
		return -err->code;
	return driver_network_down(h, &lock, e->network, e->bridge, err);
}

/* The kernel's part first: an address is not given to another one while a link still has it. */
static int remove_endpoint(struct host *h, int dir, const struct endpoint *e, struct err *err)
{
	/* records of the older form belong to the container as a whole */
	const char *owner = e->netns ? e->id : endpoint_key(h->arena, e->id, e->network);
	const struct driver *driver = driver_find(e->driver, err);
	struct err latest;
	int r = driver ? 0 : -err->code;

	if (!e->network)
		return endpoint_forget(h->state, dir, e, err);
	if (driver)
		r = driver->detach(h, e, err);
	/* killed before it wrote down what it took: look for everything */
	r = also(r,
		e->address ? ports_release(h->state, &e->ports, owner, &latest)
			   : ports_release_all(h->state, owner, &latest),
		err, &latest);
	r = also(r, leave_network(h, e, &latest), err, &latest);
	return r < 0 ? r : endpoint_forget(h->state, dir, e, err);
}

static bool is_among(const struct endpoint_list *list, const char *network)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].network && strcmp(list->items[i].network, network) == 0)
			return true;
	return false;
}

static int remove_unrecorded(
	struct host *h, int dir, const char *id, const char *network, struct err *err)
{
	char link[ENDPOINT_LINK_MAX];
	struct endpoint e = {.id = id, .network = network, .link = link};

	endpoint_link_name(id, network, link);
	return remove_endpoint(h, dir, &e, err);
}

/*
 * What was made for the wish alone, when no record is there that says so (it was removed by hand,
 * or is damaged): names and leases tell. Otherwise the records are all there is.
 */
static int remove_planned(struct host *h, int dir, const struct network_wish *wish,
	const struct tenant *tenant, const struct endpoint_list *known, struct err *err)
{
	int r = 0;

	for (size_t i = 0; tenant && i < tenant->endpoints.count; i++) {
		const char *network = tenant->endpoints.items[i].network;
		struct err latest;

		if (!is_among(known, network))
			r = also(r, remove_unrecorded(h, dir, wish->container_id, network, &latest),
				err, &latest);
	}
	for (size_t i = 0; !tenant && i < wish->endpoints.count; i++) {
		const char *network = wish->endpoints.items[i].network;
		struct err latest;

		if (!is_among(known, network) && strcmp(network, NETWORK_HOST) != 0 &&
			strcmp(network, NETWORK_NONE) != 0)
			r = also(r, remove_unrecorded(h, dir, wish->container_id, network, &latest),
				err, &latest);
	}
	return r;
}

/* A namespace that no record tells of: in our own directory nobody else makes any. */
static int remove_namespace_of_ours(struct host *h, const char *netns, struct err *err)
{
	const char *dir = arena_printf(h->arena, "%s/netns/", h->state->place.run);

	if (!netns || strncmp(netns, dir, strlen(dir)) != 0 || strchr(netns + strlen(dir), '/'))
		return 0;
	return netns_remove(netns, err);
}

/*
 * A record that can be read but not understood will not be understood later either: what it does
 * not tell is looked for by the names that follow from the id.
 */
static bool is_damaged(int r)
{
	return r == -E_SYNTAX || r == -E_LIMIT;
}

int teardown_parts(struct host *h, int dir, const char *netns, const struct network_wish *wish,
	struct err *err)
{
	struct endpoint_list known;
	struct tenant tenant;
	struct err latest;
	int r = 0, loaded = tenant_load(dir, h->arena, &tenant, err), listed;

	if (loaded < 0 && loaded != -E_NOT_FOUND) {
		err_wrap(err, "%s/endpoints/%s", h->state->place.run, wish->container_id);
		if (!is_damaged(loaded))
			return loaded;
		log_warn("%s", err->msg);
	}
	listed = endpoints_load(h->state, dir, wish->container_id, h->arena, &known, err);
	if (listed < 0 && !is_damaged(listed))
		return listed;
	if (listed < 0)
		log_warn("%s", err->msg);
	for (size_t i = 0; i < known.count; i++)
		r = also(r, remove_endpoint(h, dir, &known.items[i], &latest), err, &latest);
	if (loaded != -E_NOT_FOUND || known.count)
		r = also(r,
			remove_planned(h, dir, wish, loaded == 0 ? &tenant : NULL, &known, &latest),
			err, &latest);
	for (size_t i = 0; i < known.count; i++)
		if (known.items[i].netns)
			r = also(r, netns_remove(known.items[i].netns, &latest), err, &latest);
	if (loaded == 0 && tenant.made)
		r = also(r, netns_remove(tenant.netns, &latest), err, &latest);
	if (loaded < 0)
		r = also(r, remove_namespace_of_ours(h, netns, &latest), err, &latest);
	return r;
}

int teardown_locked(struct host *h, int dir, const char *netns, const struct network_wish *wish,
	struct err *err)
{
	int r = teardown_parts(h, dir, netns, wish, err);

	return r < 0 ? r : tenant_forget(h->state, dir, wish->container_id, err);
}

int teardown(
	const struct state *s, const char *netns, const struct network_wish *wish, struct err *err)
{
	own_arena struct arena a = {0};
	own_host struct host h;
	own_fd int dir = tenant_lock(s, wish->container_id, TENANT_MAKE, err);

	host_init(&h, s, &a);
	return dir < 0 ? dir : teardown_locked(&h, dir, netns, wish, err);
}

int detach_locked(struct host *h, int dir, const struct network_wish *wish, struct err *err)
{
	struct endpoint_list known;
	struct tenant tenant;
	size_t left = 0;
	int r = 0;

	if (tenant_load(dir, h->arena, &tenant, err) < 0 ||
		endpoints_load(h->state, dir, wish->container_id, h->arena, &known, err) < 0)
		return err->code == E_NOT_FOUND ? 0 : -err->code;
	for (size_t i = 0; i < tenant.endpoints.count; i++) {
		struct tenant_endpoint *t = &tenant.endpoints.items[i];
		const struct endpoint *recorded = NULL;
		struct err latest;
		bool wanted = false;

		for (size_t k = 0; k < wish->endpoints.count; k++)
			wanted |= strcmp(wish->endpoints.items[k].network, t->network) == 0;
		for (size_t k = 0; k < known.count; k++)
			if (known.items[k].network &&
				strcmp(known.items[k].network, t->network) == 0)
				recorded = &known.items[k];
		if (wanted)
			r = also(r,
				recorded ? remove_endpoint(h, dir, recorded, &latest)
					 : remove_unrecorded(
						   h, dir, wish->container_id, t->network, &latest),
				err, &latest);
		else
			tenant.endpoints.items[left++] = *t;
	}
	tenant.endpoints.count = left;
	return r < 0 ? r : tenant_save(dir, &tenant, err);
}

int detach(const struct state *s, const struct network_wish *wish, struct err *err)
{
	own_arena struct arena a = {0};
	own_host struct host h;
	own_fd int dir = tenant_lock(s, wish->container_id, 0, err);

	host_init(&h, s, &a);
	if (dir < 0)
		return dir == -E_NOT_FOUND ? 0 : dir;
	return detach_locked(&h, dir, wish, err);
}
