/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/prctl.h>
#include <unistd.h>

#include "spec/config_make.h"

/* A process cannot hand on what its own bounding set lacks. */
static uint64_t bounding_set(void)
{
	uint64_t set = 0;
	int held;

	for (int i = 0; i < 64 && (held = prctl(PR_CAPBSET_READ, i)) >= 0; i++)
		if (held)
			set |= UINT64_C(1) << i;
	return set;
}

void config_host(struct config_options *o)
{
	if (!o->host_cpus)
		o->host_cpus = sysconf(_SC_NPROCESSORS_CONF);
	if (!o->host_capabilities)
		o->host_capabilities = bounding_set();
}
