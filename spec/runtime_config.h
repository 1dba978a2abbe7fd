/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.json, the whole of it (runtime-spec 1.3, config.md): what a bundle's container is.
 * Sections for other systems than Linux are kept as they stand.
 */
#ifndef KIST_SPEC_RUNTIME_CONFIG_H
#define KIST_SPEC_RUNTIME_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/schema.h"
#include "spec/linux_config.h"
#include "spec/process_config.h"

#define RUNTIME_SPEC_VERSION "1.3.0" /* what is known here; any 1.x is read */

struct root_config {
	const char *path; /* relative to the bundle, or absolute */
	bool readonly;
};

struct mount_config {
	const char *destination; /* absolute, in the container */
	const char *type, *source;
	struct strings options;
	LIST_OF(struct id_mapping) uid_mappings, gid_mappings; /* both or none */
};

struct hook {
	const char *path; /* absolute */
	struct strings args, env;
	int64_t *timeout; /* seconds, > 0; NULL: none */
};

struct hook_list {
	struct hook *items;
	size_t count;
};

struct hooks {
	struct hook_list prestart, create_runtime, create_container, start_container, poststart,
		poststop;
};

struct runtime_config {
	const char *oci_version;
	struct process_config *process; /* NULL: the container cannot be started */
	struct root_config root;
	const char *hostname, *domainname;
	LIST_OF(struct mount_config) mounts;
	struct hooks hooks;
	struct string_map annotations;
	struct linux_config *linux_; /* NULL: nothing is asked for (the macro "linux" may be 1) */
	const struct json *solaris, *windows, *vm, *zos, *freebsd;
};

/*
 * Decode and check config.json. Errors name the place: "config.json: linux.namespaces[2].type:
 * 'pid' occurs twice". Everything lives in the arena. Returns 0, E_SYNTAX, E_LIMIT, or
 * E_UNSUPPORTED for another major version.
 */
int runtime_config_parse(
	const char *text, size_t len, struct runtime_config *c, struct arena *a, struct err *err);

/* Was it written for a minor version that may have members which are not known here? */
bool runtime_config_is_newer(const struct runtime_config *c);

/* The checks of runtime_config_parse() alone. Returns 0, or E_SYNTAX. */
int runtime_config_check(const struct runtime_config *c, struct err *err);

/* Append the document. style as for json_write(). */
void runtime_config_encode(const struct runtime_config *c, enum json_style style, struct buf *out);

#endif
