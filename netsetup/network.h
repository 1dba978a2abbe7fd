/* SPDX-License-Identifier: Apache-2.0 */
/* Networks: their definitions, which of them are set up, and who has which address. */
#ifndef KIST_NETSETUP_NETWORK_H
#define KIST_NETSETUP_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/mem.h"
#include "netsetup/ip.h"
#include "netsetup/state.h"
#include "spec/network_definition.h"
#include "spec/network_wish.h"

struct network {
	struct network_definition d; /* subnet NULL: "default", whose driver has yet to choose */
	struct ip_subnet subnet;
	uint32_t gateway;
	unsigned index; /* of its interface on the host, once it is up */
};

/*
 * Read and check a definition; a missing gateway is the subnet's first address, a missing driver is
 * bridge. *n's strings live in the arena. Returns 0.
 */
int network_parse(struct arena *a, const struct json *doc, struct network *n, struct err *err);

/* Check *n's definition and fill in the rest, as network_parse(). */
int network_check(struct arena *a, struct network *n, struct err *err);

/*
 * The network as created (ROOT/networks/NAME.json). Without a file there is still "default".
 * E_NOT_FOUND for others; a file that cannot be read is named in the error.
 */
int network_load(const struct state *s, struct arena *a, const char *name, struct network *n,
	struct err *err);

/* Is name one that is there without being made: default, host, none? */
bool network_is_built_in(const char *name);

/* ROOT/networks, made when it is missing. Returns a descriptor. */
int network_open_definitions(const struct state *s, struct err *err);

/* Names of ROOT/networks without ".json", sorted, and "default" in front in any case. Returns 0. */
int network_list(const struct state *s, struct strv *names, struct err *err);

/*
 * Call each() for every definition that can be read and its set-up form, but for the network
 * called except. Ends with each()'s first result that is not 0.
 */
int network_each(const struct state *s, const char *except,
	int (*each)(const struct network *n, void *arg), void *arg, struct err *err);

/* RUN/networks/NAME while it is locked. */
struct network_lock {
	int dir, fd;
};

#define NETWORK_UNLOCKED                                                                           \
	{                                                                                          \
		-1, -1                                                                             \
	}

int network_lock(
	const struct state *s, const char *name, struct network_lock *lock, struct err *err);
void network_unlock(struct network_lock *lock);

#define own_network_lock __attribute__((cleanup(network_unlock)))

/* With the lock held: the network as it is set up now. Returns 1, or 0 when it is not. */
int network_read_active(
	struct arena *a, const struct network_lock *lock, struct network *n, struct err *err);

/* With the lock held: it is set up as *n from now on; or no longer. */
int network_save_active(
	struct arena *a, const struct network_lock *lock, const struct network *n, struct err *err);
int network_forget_active(const struct network_lock *lock, const char *name, struct err *err);

/*
 * With the lock held: an address for the container id, recorded as a lease: wanted, or when that is
 * 0 a free one. Returns 0; E_IN_USE when it is taken, or when all are.
 */
int lease_take(const struct network_lock *lock, const struct network *n, const char *id,
	uint32_t wanted, uint32_t *address, struct err *err);

/* With the lock held: give it back. address NULL: look for all that belong to id. */
int lease_release(
	const struct network_lock *lock, const char *address, const char *id, struct err *err);

/* With the lock held: is an address taken? 1, 0, or negative. */
int lease_any(const struct network_lock *lock, struct err *err);

/*
 * With the lock held: the addresses in use and whose they are, into a definition's endpoints.
 * Returns 0.
 */
int lease_list(struct arena *a, const struct network_lock *lock,
	struct network_definition *definition, struct err *err);

#endif
