/* SPDX-License-Identifier: Apache-2.0 */
/* What kist-netsetup has given one container: its answer, kept while the container runs. */
#ifndef KIST_SPEC_NETWORK_RESULT_H
#define KIST_SPEC_NETWORK_RESULT_H

#include "lib/schema.h"
#include "spec/port.h"

struct network_attachment {
	const char *network, *driver;
	const char *interface; /* inside: "eth0" */
	const char *link;      /* the host's end */
	const char *bridge;
	const char *mac;
	struct strings addresses; /* with their bits: "10.88.0.2/16" */
	const char *gateway;
	struct strings aliases;
	struct port_list ports; /* as asked, with host_port filled in */
};

struct network_files {
	const char *hosts, *hostname, *resolv_conf;
};

struct network_result {
	const char *netns;
	LIST_OF(struct network_attachment)
	endpoints;                   /* in the wish's order; none for host and none */
	struct network_files *files; /* NULL: not written */
};

extern const struct schema network_result_schema;

#endif
