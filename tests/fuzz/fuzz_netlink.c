/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's answers: acknowledgements, errors with words, and dumps of routes, chains and
 * sockets. What reads them is static, so it is compiled in here.
 */
#include "netsetup/link.c"
#include "netsetup/netlink.c"
#include "netsetup/nft.c"

/* every one of them has a struct of this name */
#define search listeners_search
#include "netsetup/listeners.c"
#undef search

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct port_set set;
	static const struct ip_subnet subnet = {10u << 24, 8};
	struct route_search routes = {.subnet = &subnet};
	char chain[80] = "";
	struct chain_search chains = {"kist0", chain};
	struct listeners_search sockets = {0, &set};
	const struct {
		netlink_each each;
		void *arg;
	} readers[] = {{NULL, NULL}, {look_at_route, &routes}, {look_at_chain, &chains},
		{look_at_socket, &sockets}, {ignore, &(bool){false}}};
	struct netlink nl = {.fd = -1, .first = 1, .count = 2};
	/* recv() gives an aligned buffer, and the fuzzer a byte's */
	own_mem char *answers = xmalloc(size + 1);

	if (size == 0)
		return 0;
	memcpy(answers, data + 1, size - 1);
	snprintf(nl.labels[0].what, sizeof(nl.labels[0].what), "do the first");
	snprintf(nl.labels[1].what, sizeof(nl.labels[1].what), "do the second");
	nl.labels[1].forgiven[0] = EEXIST;
	for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
		size_t failed = 0;
		bool done = false;
		struct err err = {0};
		int r = read_answers(&nl, answers, size - 1, readers[i].each, readers[i].arg, &done,
			&failed, &err);

		if (r > 0 || (r < 0 && (err.code != -r || failed > 1)))
			abort();
	}
	if (strlen(chain) >= sizeof(chain))
		abort();
	return 0;
}
