/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/own.h"
#include "lib/userns.h"
#include "spec/apparmor.h"
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

/* Without the right to load kist's profile, or the program for it, containers have none. */
static bool has_apparmor(void)
{
	own_fd int fd = open(APPARMOR_ENABLED, O_RDONLY | O_CLOEXEC);
	char answer = 'N';

	return fd >= 0 && read(fd, &answer, 1) == 1 && answer == 'Y' &&
		access(APPARMOR_LOAD, W_OK) == 0 && access(APPARMOR_PARSER, X_OK) == 0;
}

void config_host(struct config_options *o)
{
	if (!o->host_cpus)
		o->host_cpus = sysconf(_SC_NPROCESSORS_CONF);
	if (!o->host_capabilities)
		o->host_capabilities = bounding_set();
	if (!o->host_rootless)
		o->host_rootless = userns_rootless();
	if (o->host_rootless && !o->host_one_id)
		o->host_one_id = userns_is_narrow();
	if (!o->host_apparmor)
		o->host_apparmor = has_apparmor();
}
