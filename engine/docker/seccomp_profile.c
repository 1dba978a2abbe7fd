/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/seccomp_profile.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "lib/own.h"

#if defined(__x86_64__)
#define HOST_ARCHITECTURE "SCMP_ARCH_X86_64"
#define HOST_NAME         "amd64"
#elif defined(__aarch64__)
#define HOST_ARCHITECTURE "SCMP_ARCH_AARCH64"
#define HOST_NAME         "arm64"
#elif defined(__riscv)
#define HOST_ARCHITECTURE "SCMP_ARCH_RISCV64"
#define HOST_NAME         "riscv64"
#else
#define HOST_ARCHITECTURE ""
#define HOST_NAME         ""
#endif

/* "4.8" against the running kernel */
static bool kernel_at_least(const char *wanted)
{
	int major = 0, minor = 0, have_major = 0, have_minor = 0;
	struct utsname u;

	if (sscanf(wanted, "%d.%d", &major, &minor) < 1 || uname(&u) < 0 ||
		sscanf(u.release, "%d.%d", &have_major, &have_minor) < 2)
		return false;
	return have_major > major || (have_major == major && have_minor >= minor);
}

/* Every condition of "includes" must hold, and none of "excludes". */
static bool applies(const struct json *rule, const struct strings *capabilities)
{
	const struct json *in = json_get(rule, "includes"), *out = json_get(rule, "excludes");
	const struct json *arches = json_get(in, "arches");
	const char *kernel = json_get_string(in, "minKernel");

	json_each (cap, json_get(in, "caps"))
		if (cap->type != JSON_STRING || !strings_has(capabilities, cap->text))
			return false;
	if (arches && arches->count && !json_has_string(arches, HOST_NAME))
		return false;
	if (kernel && !kernel_at_least(kernel))
		return false;
	json_each (cap, json_get(out, "caps"))
		if (cap->type == JSON_STRING && strings_has(capabilities, cap->text))
			return false;
	kernel = json_get_string(out, "minKernel");
	return !json_has_string(json_get(out, "arches"), HOST_NAME) &&
		!(kernel && kernel_at_least(kernel));
}

/* The host's architecture and those that archMap lists beneath it. */
static struct json *host_architectures(const struct json *map, struct arena *a)
{
	struct json *list = json_new_array(a);

	json_each (entry, map) {
		const char *name = json_get_string(entry, "architecture");

		if (!name || strcmp(name, HOST_ARCHITECTURE) != 0)
			continue;
		json_append(list, json_new_string(a, name));
		json_each (sub, json_get(entry, "subArchitectures"))
			json_append(list, json_copy(a, sub));
	}
	return list;
}

int seccomp_profile_decode(const struct json *profile, const struct strings *capabilities,
	struct seccomp_config *out, struct arena *a, struct err *err)
{
	struct json *plain = json_new_object(a), *rules = json_new_array(a);
	int r;

	json_each_member (member, profile) {
		if (strcmp(member->key, "archMap") == 0)
			json_set(a, plain, "architectures", host_architectures(member, a));
		else if (strcmp(member->key, "syscalls") != 0)
			json_set(a, plain, member->key, json_copy(a, member));
	}
	json_each (rule, json_get(profile, "syscalls"))
		if (applies(rule, capabilities))
			json_append(rules, json_copy(a, rule));
	json_set(a, plain, "syscalls", rules);
	r = schema_decode(&seccomp_config_schema, plain, out, a, err);
	return r == 0 ? seccomp_config_check(out, err) : r;
}
