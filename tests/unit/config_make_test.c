/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/config_make.h"

#include <errno.h>
#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

/* One config made from two texts; everything in the arena. */
struct made {
	struct arena a;
	struct runtime_config c;
	struct err err;
	int result;
};

static void made_release(struct made *m)
{
	arena_release(&m->a);
}

#define IMAGE "{\"rootfs\":{\"diff_ids\":[]},\"config\":{%s}}"

static void make(struct made *m, const char *image, const char *options)
{
	struct image_config config;
	struct config_options o;
	const char *text;

	memset(m, 0, sizeof(*m));
	text = arena_printf(&m->a, IMAGE, image);
	UNIT_OK(image_config_parse(text, strlen(text), &config, &m->a, &m->err), &m->err);
	text = arena_printf(&m->a, "{%s}", options);
	UNIT_OK(schema_decode_text(&config_options_schema, text, strlen(text), JSON_LINE_MAX, &o,
			&m->a, &m->err),
		&m->err);
	m->result = config_make(&config, &o, &m->c, &m->a, &m->err);
}

#define MAKE(m, image, options)                                                                    \
	own(made_release) struct made m;                                                           \
	make(&(m), image, options);                                                                \
	UNIT_OK((m).result, &(m).err);                                                             \
	if ((m).result < 0)                                                                        \
	return

static const char *joined(const struct strings *list, struct arena *a)
{
	const char *text = "";

	for (size_t i = 0; i < list->count; i++)
		text = arena_printf(a, "%s%s%s", text, i ? " " : "", list->items[i]);
	return text;
}

static bool contains(const struct strings *list, const char *s)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i], s) == 0)
			return true;
	return false;
}

static const struct mount_config *mount_at(const struct made *m, const char *destination)
{
	for (size_t i = 0; i < m->c.mounts.count; i++)
		if (strcmp(m->c.mounts.items[i].destination, destination) == 0)
			return &m->c.mounts.items[i];
	return NULL;
}

static void arguments(void)
{
	static const struct {
		const char *image, *options, *args;
	} table[] = {
		{"\"Cmd\":[\"c\"]", "", "c"},
		{"\"Entrypoint\":[\"e\"],\"Cmd\":[\"c\"]", "", "e c"},
		{"\"Entrypoint\":[\"e\"],\"Cmd\":[\"c\"]", "\"args\":[\"a\",\"b\"]", "e a b"},
		{"\"Entrypoint\":[\"e\"],\"Cmd\":[\"c\"]", "\"entrypoint\":[\"x\"]", "x"},
		{"\"Entrypoint\":[\"e\"],\"Cmd\":[\"c\"]",
			"\"entrypoint\":[\"x\"],\"args\":[\"a\"]", "x a"},
		{"\"Entrypoint\":[\"e\"],\"Cmd\":[\"c\"]", "\"entrypoint\":[],\"args\":[\"a\"]",
			"a"},
		{"\"Entrypoint\":null,\"Cmd\":[\"c\"]", "", "c"},
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		MAKE(m, table[i].image, table[i].options);
		UNIT_STRING(joined(&m.c.process->args, &m.a), table[i].args);
	}
}

static void environment(void)
{
	static const struct {
		const char *image, *options, *env;
	} table[] = {
		{"", "", "PATH=" CONFIG_DEFAULT_PATH " HOME=/"},
		{"\"Env\":[\"PATH=/p\",\"A=1\"]", "\"hostname\":\"h\",\"terminal\":true",
			"PATH=/p HOSTNAME=h TERM=xterm A=1 HOME=/"},
		{"\"Env\":[\"A=1\",\"B=2\"]", "\"env\":[\"A=3\",\"C=\",\"B\"],\"home\":\"/root\"",
			"PATH=" CONFIG_DEFAULT_PATH " A=3 C= HOME=/root"},
		{"\"Env\":[\"HOME=/x\"]", "\"home\":\"/y\"",
			"PATH=" CONFIG_DEFAULT_PATH " HOME=/x"},
		{"", "\"env\":[\"PATH\",\"HOME\"]", ""},
		{"", "\"env\":[\"TERM=vt100\"],\"terminal\":true",
			"PATH=" CONFIG_DEFAULT_PATH " TERM=vt100 HOME=/"},
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		own_arena struct arena a = {0};
		const char *options = arena_printf(
			&a, "\"args\":[\"x\"]%s%s", *table[i].options ? "," : "", table[i].options);

		MAKE(m, table[i].image, options);
		UNIT_STRING(joined(&m.c.process->env, &m.a), table[i].env);
	}
}

static void working_directory(void)
{
	static const struct {
		const char *image, *options, *cwd;
	} table[] = {
		{"", "\"args\":[\"x\"]", "/"},
		{"\"WorkingDir\":\"/a/../b/\"", "\"args\":[\"x\"]", "/b"},
		{"\"WorkingDir\":\"rel\"", "\"args\":[\"x\"]", "/rel"},
		{"\"WorkingDir\":\"/a\"", "\"args\":[\"x\"],\"cwd\":\"/c\"", "/c"},
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		MAKE(m, table[i].image, table[i].options);
		UNIT_STRING(m.c.process->cwd, table[i].cwd);
	}
}

static void capabilities(void)
{
	static const struct {
		const char *options;
		size_t count;
		const char *has, *lacks;
	} table[] = {
		{"", 14, "CAP_NET_RAW", "CAP_SYS_ADMIN"},
		{"\"cap_add\":[\"sys_admin\"]", 15, "CAP_SYS_ADMIN", "CAP_NET_ADMIN"},
		{"\"cap_add\":[\"CAP_CHOWN\"]", 14, "CAP_CHOWN", "CAP_NET_ADMIN"},
		{"\"cap_drop\":[\"Net_Raw\"]", 13, "CAP_CHOWN", "CAP_NET_RAW"},
		{"\"cap_drop\":[\"ALL\"]", 0, NULL, "CAP_CHOWN"},
		{"\"cap_drop\":[\"all\"],\"cap_add\":[\"KILL\"]", 1, "CAP_KILL", "CAP_CHOWN"},
		{"\"cap_add\":[\"ALL\"]", 41, "CAP_BPF", NULL},
		{"\"cap_add\":[\"ALL\"],\"cap_drop\":[\"BPF\"]", 40, "CAP_SYS_ADMIN", "CAP_BPF"},
		{"\"cap_add\":[\"ALL\"],\"host_capabilities\":3", 2, "CAP_DAC_OVERRIDE", "CAP_BPF"},
		{"\"privileged\":true,\"cap_drop\":[\"CHOWN\"]", 41, "CAP_CHOWN", NULL},
		{"\"privileged\":true,\"host_capabilities\":1", 1, "CAP_CHOWN", "CAP_BPF"},
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		MAKE(m, "\"Cmd\":[\"x\"]", table[i].options);
		const struct capability_sets *s = m.c.process->capabilities;

		CU_ASSERT_EQUAL(s->bounding.count, table[i].count);
		CU_ASSERT_EQUAL(s->effective.count, table[i].count);
		CU_ASSERT_EQUAL(s->permitted.count, table[i].count);
		CU_ASSERT_EQUAL(s->inheritable.count, 0);
		CU_ASSERT_EQUAL(s->ambient.count, 0);
		if (table[i].has)
			CU_ASSERT_TRUE(contains(&s->bounding, table[i].has));
		if (table[i].lacks)
			CU_ASSERT_FALSE(contains(&s->bounding, table[i].lacks));
	}
}

static void default_mounts(void)
{
	MAKE(m, "\"Cmd\":[\"x\"]", "\"hosts_file\":\"/h\",\"resolv_conf\":\"/r\"");
	UNIT_STRING(joined(&mount_at(&m, "/dev/shm")->options, &m.a),
		"nosuid noexec nodev mode=1777 size=67108864");
	UNIT_STRING(joined(&mount_at(&m, "/sys")->options, &m.a), "nosuid noexec nodev ro");
	UNIT_STRING(mount_at(&m, "/sys/fs/cgroup")->type, "cgroup");
	UNIT_STRING(mount_at(&m, "/etc/hosts")->source, "/h");
	UNIT_STRING(mount_at(&m, "/etc/resolv.conf")->source, "/r");
	CU_ASSERT_PTR_NULL(mount_at(&m, "/etc/hostname"));
	CU_ASSERT_EQUAL(m.c.mounts.count, 9);
}

static void users_mounts(void)
{
	MAKE(m, "\"Cmd\":[\"x\"]",
		"\"mounts\":[{\"source\":\"/s\",\"destination\":\"/a/b/c\"},"
		"{\"source\":\"/s\",\"destination\":\"/a/\",\"readonly\":true},"
		"{\"type\":\"tmpfs\",\"destination\":\"/t\",\"options\":[\"size=1m\",\"exec\"]},"
		"{\"source\":\"/s\",\"destination\":\"/dev/shm\",\"propagation\":\"rshared\","
		"\"non_recursive\":true}]");
	const size_t n = m.c.mounts.count;

	CU_ASSERT_EQUAL(n, 6 + 4);
	UNIT_STRING(m.c.mounts.items[n - 4].destination, "/a");
	UNIT_STRING(m.c.mounts.items[n - 3].destination, "/t");
	UNIT_STRING(m.c.mounts.items[n - 2].destination, "/dev/shm");
	UNIT_STRING(m.c.mounts.items[n - 1].destination, "/a/b/c");
	UNIT_STRING(joined(&mount_at(&m, "/a")->options, &m.a), "rbind ro rprivate");
	UNIT_STRING(joined(&mount_at(&m, "/t")->options, &m.a), "nosuid nodev size=1m exec");
	UNIT_STRING(joined(&mount_at(&m, "/dev/shm")->options, &m.a), "bind rshared");
	UNIT_STRING(m.c.linux_->rootfs_propagation, "rshared");
}

static void mount_over_dev(void)
{
	MAKE(m, "\"Cmd\":[\"x\"]", "\"mounts\":[{\"source\":\"/dev\",\"destination\":\"/dev\"}]");
	CU_ASSERT_PTR_NULL(mount_at(&m, "/dev/pts"));
	UNIT_STRING(mount_at(&m, "/dev")->type, "bind");
}

static void readonly_root(void)
{
	MAKE(m, "\"Cmd\":[\"x\"]",
		"\"readonly_rootfs\":true,\"hosts_file\":\"/h\","
		"\"mounts\":[{\"source\":\"/s\",\"destination\":\"/v\"}]");
	CU_ASSERT_TRUE(m.c.root.readonly);
	CU_ASSERT_TRUE(contains(&mount_at(&m, "/etc/hosts")->options, "ro"));
	CU_ASSERT_FALSE(contains(&mount_at(&m, "/dev/shm")->options, "ro"));
	CU_ASSERT_FALSE(contains(&mount_at(&m, "/v")->options, "ro"));
}

static void privileged(void)
{
	MAKE(m, "\"Cmd\":[\"x\"]",
		"\"privileged\":true,\"devices\":[{\"path\":\"/dev/sda\",\"type\":\"b\","
		"\"major\":8,\"minor\":0}]");
	CU_ASSERT_PTR_NULL(m.c.linux_->seccomp);
	CU_ASSERT_EQUAL(m.c.linux_->masked_paths.count, 0);
	CU_ASSERT_EQUAL(m.c.linux_->readonly_paths.count, 0);
	CU_ASSERT_FALSE(contains(&mount_at(&m, "/sys")->options, "ro"));
	CU_ASSERT_FALSE(contains(&mount_at(&m, "/sys/fs/cgroup")->options, "ro"));
	CU_ASSERT_EQUAL(m.c.linux_->resources->devices.count, 1);
	CU_ASSERT_TRUE(m.c.linux_->resources->devices.items[0].allow);
	UNIT_STRING(m.c.linux_->devices.items[0].path, "/dev/sda");
}

static void devices(void)
{
	MAKE(m, "\"Cmd\":[\"x\"]",
		"\"devices\":[{\"path\":\"/dev/fuse\",\"type\":\"c\",\"major\":10,\"minor\":229,"
		"\"access\":\"rw\"}],\"device_rules\":[{\"allow\":true,\"type\":\"b\","
		"\"access\":\"r\"}]");
	const struct linux_resources *r = m.c.linux_->resources;

	CU_ASSERT_EQUAL(r->devices.count, 10);
	CU_ASSERT_FALSE(r->devices.items[0].allow);
	CU_ASSERT_FALSE(r->devices.items[7].allow);
	CU_ASSERT_EQUAL(*r->devices.items[8].minor, 229);
	UNIT_STRING(r->devices.items[8].access, "rw");
	UNIT_STRING(r->devices.items[9].type, "b");
}

static void namespaces(void)
{
	MAKE(m, "\"Cmd\":[\"x\"]",
		"\"network_namespace\":\"/run/netns/x\",\"pid_namespace\":\"host\","
		"\"uts_namespace\":\"host\",\"hostname\":\"h\",\"sysctls\":{\"a\":\"1\"}");
	const struct linux_config *l = m.c.linux_;

	UNIT_STRING(linux_config_namespace(l, "network")->path, "/run/netns/x");
	CU_ASSERT_PTR_NULL(linux_config_namespace(l, "pid"));
	CU_ASSERT_PTR_NULL(linux_config_namespace(l, "ipc")->path);
	CU_ASSERT_PTR_NOT_NULL(linux_config_namespace(l, "mount"));
	CU_ASSERT_PTR_NOT_NULL(linux_config_namespace(l, "cgroup"));
	CU_ASSERT_PTR_NULL(m.c.hostname);
	UNIT_STRING(string_map_get(&l->sysctl, "net.ipv4.ip_unprivileged_port_start"), "0");
	UNIT_STRING(string_map_get(&l->sysctl, "a"), "1");
}

static void host_network(void)
{
	MAKE(m, "\"Cmd\":[\"x\"]", "\"network_namespace\":\"host\",\"ipc_namespace\":\"host\"");
	CU_ASSERT_PTR_NULL(linux_config_namespace(m.c.linux_, "network"));
	CU_ASSERT_EQUAL(m.c.linux_->sysctl.count, 0);
	UNIT_STRING(mount_at(&m, "/dev/shm")->source, "/dev/shm");
}

static void resources(void)
{
	MAKE(m, "\"Cmd\":[\"x\"]",
		"\"memory\":67108864,\"nano_cpus\":1500000000,\"host_cpus\":2,\"pids_limit\":9,"
		"\"cpu_shares\":1,\"rlimits\":[{\"type\":\"nofile\",\"soft\":1,\"hard\":2}]");
	const struct linux_resources *r = m.c.linux_->resources;

	CU_ASSERT_EQUAL(*r->memory->limit, 67108864);
	CU_ASSERT_EQUAL(*r->memory->swap, 134217728);
	CU_ASSERT_EQUAL(*r->cpu->quota, 150000);
	CU_ASSERT_EQUAL(*r->cpu->period, 100000);
	CU_ASSERT_EQUAL(*r->cpu->shares, 2);
	CU_ASSERT_EQUAL(*r->pids->limit, 9);
	UNIT_STRING(m.c.process->rlimits.items[0].type, "RLIMIT_NOFILE");
	CU_ASSERT_TRUE(contains(
		&m.c.linux_->masked_paths, "/sys/devices/system/cpu/cpu1/thermal_throttle"));
	CU_ASSERT_EQUAL(m.c.linux_->masked_paths.count, 12 + 2);
}

static void refused(void)
{
	static const struct {
		const char *options, *message;
	} table[] = {
		{"\"args\":[]", "no command specified"},
		{"\"entrypoint\":[]", "no command specified"},
		{"\"args\":[\"x\"],\"cwd\":\"rel\"",
			"the working directory 'rel' is invalid, it "
			"needs to be an absolute path"},
		{"\"args\":[\"x\"],\"cap_add\":[\"foo\"]",
			"invalid CapAdd: unknown capability: \"CAP_FOO\""},
		{"\"args\":[\"x\"],\"cap_drop\":[\"\"]", "invalid CapDrop: unknown capability"},
		{"\"args\":[\"x\"],\"memory\":1048576", "Minimum memory limit allowed is 6MB"},
		{"\"args\":[\"x\"],\"memory\":-1", "Minimum memory limit allowed is 6MB"},
		{"\"args\":[\"x\"],\"memory_swap\":6291456", "You should always set the Memory"},
		{"\"args\":[\"x\"],\"memory\":9291456,\"memory_swap\":6291456",
			"Minimum memoryswap limit should be larger than memory limit, see usage"},
		{"\"args\":[\"x\"],\"nano_cpus\":1,\"cpu_quota\":5000",
			"Conflicting options: Nano CPUs and CPU Quota cannot both be set"},
		{"\"args\":[\"x\"],\"nano_cpus\":3000000000,\"host_cpus\":2",
			"Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available"},
		{"\"args\":[\"x\"],\"cpu_period\":1", "CPU cfs period"},
		{"\"args\":[\"x\"],\"nano_cpus\":9000000000000000000", "Range of CPUs"},
		{"\"args\":[\"x\"],\"nano_cpus\":20000000000,\"host_cpus\":"
		 "9223372036854775807,\"memory\":1",
			"Minimum memory limit"},
		{"\"args\":[\"x\"],\"shm_size\":-1", "SHM size can not be less than 0"},
		{"\"args\":[\"x\"],\"network_namespace\":\"x\"", "invalid network namespace 'x'"},
		{"\"args\":[\"x\"],\"mounts\":[{\"source\":\"/s\",\"destination\":\"/\"}]",
			"invalid specification: destination can't be '/'"},
		{"\"args\":[\"x\"],\"mounts\":[{\"source\":\"/s\",\"destination\":\"x\"}]",
			"invalid mount path: 'x' mount path must be absolute"},
		{"\"args\":[\"x\"],\"mounts\":[{\"source\":\"s\",\"destination\":\"/x\"}]",
			"invalid mount of 's' on '/x'"},
		{"\"args\":[\"x\"],\"mounts\":[{\"source\":\"/s\",\"destination\":\"/x\"},"
		 "{\"source\":\"/s\",\"destination\":\"/x/\"}]",
			"Duplicate mount point: /x"},
		{"\"args\":[\"x\"],\"rlimits\":[{\"type\":\"x\",\"soft\":1,\"hard\":1}]",
			"process.rlimits[0].type:"},
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		own(made_release) struct made m;

		make(&m, "", table[i].options);
		CU_ASSERT_TRUE(m.result < 0);
		if (strncmp(m.err.msg, table[i].message, strlen(table[i].message)) != 0)
			UNIT_STRING(m.err.msg, table[i].message);
	}
}

/* The rule that allows a call whatever its arguments are, or NULL. */
static const struct seccomp_rule *rule_for(const struct seccomp_config *s, const char *name)
{
	for (size_t i = 0; i < s->syscalls.count; i++)
		if (contains(&s->syscalls.items[i].names, name))
			return &s->syscalls.items[i];
	return NULL;
}

static void seccomp(void)
{
	static const char *const without[] = {"mount", "unshare", "setns", "bpf", "perf_event_open",
		"keyctl", "add_key", "kexec_load", "reboot", "init_module", "open_by_handle_at",
		"io_uring_setup", "userfaultfd", "settimeofday", "acct", "iopl", "swapon"};
	MAKE(m, "\"Cmd\":[\"x\"]", "");
	const struct seccomp_config *s = m.c.linux_->seccomp;

	UNIT_STRING(s->default_action, "SCMP_ACT_ERRNO");
	CU_ASSERT_EQUAL(*s->default_errno_ret, EPERM);
	CU_ASSERT_TRUE(contains(&s->syscalls.items[0].names, "ptrace"));
	CU_ASSERT_TRUE(contains(&s->syscalls.items[0].names, "openat2"));
	for (size_t i = 0; i < ARRAY_LEN(without); i++)
		CU_ASSERT_PTR_NULL(rule_for(s, without[i]));
	UNIT_STRING(rule_for(s, "clone3")->action, "SCMP_ACT_ERRNO");
	CU_ASSERT_EQUAL(*rule_for(s, "clone3")->errno_ret, ENOSYS);
	UNIT_STRING(rule_for(s, "clone")->args.items[0].op, "SCMP_CMP_MASKED_EQ");
	CU_ASSERT_EQUAL(rule_for(s, "clone")->args.items[0].value, 0x7e020000);
	CU_ASSERT_PTR_NOT_NULL(rule_for(s, "chroot")); /* CAP_SYS_CHROOT is a default */
}

static void seccomp_with_capabilities(void)
{
	MAKE(m, "\"Cmd\":[\"x\"]", "\"cap_add\":[\"SYS_ADMIN\"],\"cap_drop\":[\"SYS_CHROOT\"]");
	const struct seccomp_config *s = m.c.linux_->seccomp;

	CU_ASSERT_PTR_NOT_NULL(rule_for(s, "mount"));
	CU_ASSERT_PTR_NULL(rule_for(s, "chroot"));
	UNIT_STRING(rule_for(s, "clone3")->action, "SCMP_ACT_ALLOW");
	CU_ASSERT_EQUAL(rule_for(s, "clone")->args.count, 0);
}

/* No value of socket's family passes that the kernel would read as AF_ALG or AF_VSOCK. */
static void sockets(void)
{
	MAKE(m, "\"Cmd\":[\"x\"]", "");
	const struct seccomp_config *s = m.c.linux_->seccomp;
	static const uint64_t families[] = {
		38, 40, (1ull << 32) + 38, (1ull << 32) + 40, UINT64_MAX - 1, (1ull << 63) + 40};

	for (size_t f = 0; f < ARRAY_LEN(families); f++) {
		for (size_t i = 0; i < s->syscalls.count; i++) {
			const struct seccomp_rule *r = &s->syscalls.items[i];
			const struct seccomp_arg *arg = r->args.items;

			if (!contains(&r->names, "socket"))
				continue;
			CU_ASSERT_EQUAL_FATAL(r->args.count, 1);
			if (strcmp(arg->op, "SCMP_CMP_LT") == 0)
				CU_ASSERT_FALSE(families[f] < arg->value);
			if (strcmp(arg->op, "SCMP_CMP_EQ") == 0)
				CU_ASSERT_FALSE(families[f] == arg->value);
			CU_ASSERT_STRING_NOT_EQUAL(arg->op, "SCMP_CMP_GT");
			CU_ASSERT_STRING_NOT_EQUAL(arg->op, "SCMP_CMP_NE");
		}
	}
}

static void without_image(void)
{
	own_arena struct arena a = {0};
	struct config_options o = {0};
	struct runtime_config c;
	struct err err = {0};

	strings_add(&a, &o.args, "/init");
	UNIT_OK(config_make(NULL, &o, &c, &a, &err), &err);
	UNIT_STRING(c.process->cwd, "/");
	UNIT_STRING(c.root.path, "rootfs");
}

UNIT_TESTS(config_make) = {
	{"arguments come from entrypoint and cmd by docker's rule", arguments},
	{"the environment is merged: defaults, image, options", environment},
	{"the working directory is cleaned, an image's may be relative", working_directory},
	{"capabilities: the default 14, add, drop, ALL, privileged", capabilities},
	{"the default mounts are docker's", default_mounts},
	{"a user's mounts stand in for defaults, the shallow ones first", users_mounts},
	{"a mount over /dev takes the defaults beneath it away", mount_over_dev},
	{"with a read-only root only what must be written is writable", readonly_root},
	{"privileged confines nothing", privileged},
	{"devices get a node and a rule behind the default ones", devices},
	{"namespaces are new, joined or the host's", namespaces},
	{"the host's network and IPC are shared as they are", host_network},
	{"resources follow docker's rules", resources},
	{"what docker refuses is refused in its words", refused},
	{"the default seccomp policy denies what needs a capability", seccomp},
	{"capabilities open the seccomp policy", seccomp_with_capabilities},
	{"no socket family reaches AF_ALG or AF_VSOCK", sockets},
	{"a bare root file system needs no image", without_image},
};
UNIT_COUNT(config_make)
