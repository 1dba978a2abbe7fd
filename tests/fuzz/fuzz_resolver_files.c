/* SPDX-License-Identifier: Apache-2.0 */
/* The host's resolv.conf and hosts, from which a container's are made. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "netsetup/config.h"
#include "netsetup/files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const wishes[] = {
	"{\"container_id\":\"x\",\"endpoints\":[{\"network\":\"default\"}]}",
	"{\"container_id\":\"x\",\"endpoints\":[{\"network\":\"host\"}]}",
	"{\"container_id\":\"x\",\"endpoints\":[{\"network\":\"default\"}],\"dns\":[\"192.0.2.1\"],"
	"\"dns_search\":[\"b.example\"],\"dns_options\":[\"rotate\"],\"hostname\":\"h\","
	"\"extra_hosts\":[\"up:host-gateway\"]}",
};

/* Every line is one that a resolver knows, and servers of the host's loopback are not passed on. */
static void check_resolv(const struct network_wish *w, const char *text, size_t servers)
{
	static const char *const words[] = {"nameserver", "search", "domain", "options"};
	size_t seen = 0;

	while (*text) {
		size_t n = strcspn(text, "\n");
		bool known = false;

		for (size_t i = 0; i < ARRAY_LEN(words); i++)
			known |= strncmp(text, words[i], strlen(words[i])) == 0;
		if (!known || text[n] != '\n')
			abort();
		if (strncmp(text, "nameserver", 10) == 0) {
			seen++;
			if (config_kind(w) != CONFIG_HOST &&
				strncmp(text + 11 + strspn(text + 11, " \t"), "127.", 4) == 0)
				abort();
		}
		text += n + 1;
	}
	if (seen != servers)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_mem char *host = xstrndup((const char *)data, size);

	for (size_t i = 0; i < ARRAY_LEN(wishes); i++) {
		own_arena struct arena a = {0};
		own_buf struct buf resolv = {0}, hosts = {0};
		struct network_result result = {0};
		struct network_wish w;
		struct err err;
		size_t servers;

		if (config_parse(&a, wishes[i], strlen(wishes[i]), &w, &err) < 0)
			abort();
		servers = files_resolv(&w, host, &resolv);
		check_resolv(&w, buf_str(&resolv), servers);
		files_hosts(&w, &result, host, &hosts);
		if (hosts.len && hosts.data[hosts.len - 1] != '\n')
			abort();
	}
	return 0;
}
