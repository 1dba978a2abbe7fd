/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/io.h"
#include "lib/json.h"
#include "lib/own.h"
#include "runtime/capabilities.h"
#include "runtime/runtime.h"
#include "spec/runtime_config.h"

static const char *const hooks[] = {
	"prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"};
static const char *const mount_words[] = {"async", "atime", "bind", "defaults", "dev", "diratime",
	"dirsync", "exec", "idmap", "lazytime", "noatime", "nodev", "nodiratime", "noexec",
	"norelatime", "nostrictatime", "nosuid", "nosymfollow", "private", "ratime", "rbind",
	"rdev", "rdiratime", "relatime", "remount", "rexec", "ridmap", "rnoatime", "rnodev",
	"rnodiratime", "rnoexec", "rnorelatime", "rnostrictatime", "rnosuid", "rnosymfollow", "ro",
	"rprivate", "rrelatime", "rro", "rrw", "rshared", "rslave", "rstrictatime", "rsuid",
	"rsymfollow", "runbindable", "rw", "shared", "silent", "slave", "strictatime", "suid",
	"symfollow", "sync", "tmpcopyup", "unbindable"};
static const char *const namespaces[] = {
	"cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"};
static const char *const actions[] = {"SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL",
	"SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_LOG", "SCMP_ACT_TRACE",
	"SCMP_ACT_TRAP"};
static const char *const operators[] = {"SCMP_CMP_EQ", "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_LE",
	"SCMP_CMP_LT", "SCMP_CMP_MASKED_EQ", "SCMP_CMP_NE"};
static const char *const architectures[] = {"SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM", "SCMP_ARCH_MIPS",
	"SCMP_ARCH_MIPS64", "SCMP_ARCH_MIPS64N32", "SCMP_ARCH_MIPSEL", "SCMP_ARCH_MIPSEL64",
	"SCMP_ARCH_MIPSEL64N32", "SCMP_ARCH_PPC", "SCMP_ARCH_PPC64", "SCMP_ARCH_PPC64LE",
	"SCMP_ARCH_RISCV64", "SCMP_ARCH_S390", "SCMP_ARCH_S390X", "SCMP_ARCH_X32", "SCMP_ARCH_X86",
	"SCMP_ARCH_X86_64"};
static const char *const filter_flags[] = {
	"SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_TSYNC"};

static void add_words(
	struct arena *a, struct json *to, const char *key, const char *const *words, size_t count)
{
	struct json *list = json_new_array(a);

	for (size_t i = 0; i < count; i++)
		json_append(list, json_new_string(a, words[i]));
	json_set(a, to, key, list);
}

#define WORDS(to, key, words) add_words(a, to, key, words, ARRAY_LEN(words))

static struct json *enabled(struct arena *a, bool yes)
{
	struct json *object = json_new_object(a);

	json_set_bool(a, object, "enabled", yes);
	return object;
}

static void add_capabilities(struct arena *a, struct json *to)
{
	struct json *list = json_new_array(a);

	for (int n = 0; capability_name(n); n++)
		json_append(
			list, json_new_string(a, arena_printf(a, "CAP_%s", capability_name(n))));
	json_set(a, to, "capabilities", list);
}

static struct json *linux_features(struct arena *a)
{
	struct json *features = json_new_object(a), *cgroup = json_new_object(a);
	struct json *seccomp = enabled(a, true), *mounts = json_new_object(a);

	WORDS(features, "namespaces", namespaces);
	add_capabilities(a, features);
	json_set_bool(a, cgroup, "v1", true);
	json_set_bool(a, cgroup, "v2", true);
	json_set_bool(a, cgroup, "systemd", false);
	json_set_bool(a, cgroup, "systemdUser", false);
	json_set_bool(a, cgroup, "rdma", true);
	json_set(a, features, "cgroup", cgroup);
	WORDS(seccomp, "actions", actions);
	WORDS(seccomp, "operators", operators);
	WORDS(seccomp, "archs", architectures);
	WORDS(seccomp, "knownFlags", filter_flags);
	WORDS(seccomp, "supportedFlags", filter_flags);
	json_set(a, features, "seccomp", seccomp);
	json_set(a, features, "apparmor", enabled(a, true));
	json_set(a, features, "selinux", enabled(a, false));
	json_set(a, features, "intelRdt", enabled(a, false));
	json_set(a, mounts, "idmap", enabled(a, true));
	json_set(a, features, "mountExtensions", mounts);
	return features;
}

static int run(const struct cli_call *call, struct err *err)
{
	own_arena struct arena arena = {0};
	own_buf struct buf text = {0};
	struct arena *a = &arena;
	struct json *features = json_new_object(a);
	int r;

	if (runtime_begin(call, err) < 0)
		return -err->code;
	json_set_string(a, features, "ociVersionMin", "1.0.0");
	json_set_string(a, features, "ociVersionMax", RUNTIME_SPEC_VERSION);
	WORDS(features, "hooks", hooks);
	WORDS(features, "mountOptions", mount_words);
	json_set(a, features, "linux", linux_features(a));
	json_write(features, JSON_PRETTY, &text);
	buf_addc(&text, '\n');
	r = io_write_full(1, text.data, text.len);
	return r < 0 ? err_set(err, -r, "cannot write the features") : 0;
}

const struct cli_command runtime_features_command = {
	.name = "features",
	.synopsis = "",
	.help = "Print what this runtime can do as JSON",
	.max_args = 0,
	.run = run,
};
