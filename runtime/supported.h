/* SPDX-License-Identifier: Apache-2.0 */
/* What of a valid config.json this runtime does not execute. */
#ifndef KIST_RUNTIME_SUPPORTED_H
#define KIST_RUNTIME_SUPPORTED_H

#include "runtime/namespaces.h"
#include "spec/runtime_config.h"

/*
 * E_UNSUPPORTED by the name of the member that would be ignored otherwise; also what a container
 * cannot do without (process, linux). Returns 0.
 */
int supported_check(const struct runtime_config *c, struct err *err);

/*
 * What is said about a namespace that is not the container's own would change the host's, or
 * another container's, or nothing at all: E_DENIED by the member's name. Returns 0.
 */
int supported_namespaces(
	const struct runtime_config *c, const struct namespaces *ns, struct err *err);

#endif
