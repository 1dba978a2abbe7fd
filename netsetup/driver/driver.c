/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/driver/driver.h"

#include <string.h>

#include "lib/log.h"
#include "lib/own.h"

static const struct driver *const drivers[] = {&driver_bridge};

const struct driver *driver_find(const char *name, struct err *err)
{
	own_buf struct buf known = {0};

	for (size_t i = 0; i < ARRAY_LEN(drivers); i++) {
		if (!name || strcmp(drivers[i]->name, name) == 0)
			return drivers[i];
		buf_addf(&known, "%s%s", i ? ", " : "", drivers[i]->name);
	}
	err_set(err, E_UNSUPPORTED, "there is no network driver '%.100s', only: %s", name,
		buf_str(&known));
	return NULL;
}

const struct driver *driver_network_up(struct host *h, const struct network_lock *lock,
	const char *name, struct network *n, struct err *err)
{
	int active = network_read_active(h->arena, lock, n, err);
	const struct driver *driver;

	if (active < 0)
		err_wrap(err, "%s/networks/%s", h->state->place.run, name);
	if (active < 0 || (!active && network_load(h->state, h->arena, name, n, err) < 0))
		return NULL;
	driver = driver_find(n->d.driver, err);
	return driver && driver->up(h, lock, n, active, err) == 0 ? driver : NULL;
}

/* What is set up when the record that says so cannot be read: as its definition has it. */
static void guess(struct host *h, const char *name, const char *bridge, struct network *n)
{
	struct err ignored;

	if (network_load(h->state, h->arena, name, n, &ignored) < 0)
		*n = (struct network){.d.name = name};
	if (bridge)
		n->d.bridge = bridge;
}

int driver_network_down(struct host *h, const struct network_lock *lock, const char *name,
	const char *bridge, struct err *err)
{
	int others = lease_any(lock, err);
	const struct driver *driver;
	struct network n;
	int active;

	if (others)
		return others < 0 ? others : 0;
	active = network_read_active(h->arena, lock, &n, err);
	if (active < 0) {
		log_warn("%s/networks/%s: %s", h->state->place.run, name, err->msg);
		guess(h, name, bridge, &n);
	}
	if (active) {
		driver = driver_find(n.d.driver, err);
		if (!driver || driver->down(h, &n, err) < 0)
			return err_wrap(err, "cannot take down network %s", name);
	}
	return network_forget_active(lock, name, err);
}
