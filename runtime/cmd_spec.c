/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "runtime/cgroup.h"
#include "runtime/runtime.h"
#include "spec/runtime_config.h"

struct spec_command {
	const char *bundle;
	bool rootless;
};

static const struct cli_option options[] = {
	OPT_STRING(struct spec_command, bundle, "bundle", 'b', "DIR",
		"where config.json is written (default the current directory)"),
	OPT_FLAG(struct spec_command, rootless, "rootless", 0,
		"for a user who is not root: in a user namespace where he is"),
};

/* runc's: what is changed by those who begin with it (a jq filter, a suite) is as they expect it.
 */
static const char document[] =
	"{\"ociVersion\":\"1.0.2\","
	"\"process\":{\"terminal\":true,\"user\":{\"uid\":0,\"gid\":0},\"args\":[\"sh\"],"
	"\"env\":[\"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\","
	"\"TERM=xterm\"],\"cwd\":\"/\",\"capabilities\":{"
	"\"bounding\":[\"CAP_AUDIT_WRITE\",\"CAP_KILL\",\"CAP_NET_BIND_SERVICE\"],"
	"\"effective\":[\"CAP_AUDIT_WRITE\",\"CAP_KILL\",\"CAP_NET_BIND_SERVICE\"],"
	"\"permitted\":[\"CAP_AUDIT_WRITE\",\"CAP_KILL\",\"CAP_NET_BIND_SERVICE\"]},"
	"\"rlimits\":[{\"type\":\"RLIMIT_NOFILE\",\"hard\":1024,\"soft\":1024}],"
	"\"noNewPrivileges\":true},"
	"\"root\":{\"path\":\"rootfs\",\"readonly\":true},\"hostname\":\"kist\","
	"\"mounts\":[{\"destination\":\"/proc\",\"type\":\"proc\",\"source\":\"proc\"},"
	"{\"destination\":\"/dev\",\"type\":\"tmpfs\",\"source\":\"tmpfs\","
	"\"options\":[\"nosuid\",\"strictatime\",\"mode=755\",\"size=65536k\"]},"
	"{\"destination\":\"/dev/pts\",\"type\":\"devpts\",\"source\":\"devpts\","
	"\"options\":[\"nosuid\",\"noexec\",\"newinstance\",\"ptmxmode=0666\",\"mode=0620\","
	"\"gid=5\"]},"
	"{\"destination\":\"/dev/shm\",\"type\":\"tmpfs\",\"source\":\"shm\","
	"\"options\":[\"nosuid\",\"noexec\",\"nodev\",\"mode=1777\",\"size=65536k\"]},"
	"{\"destination\":\"/dev/mqueue\",\"type\":\"mqueue\",\"source\":\"mqueue\","
	"\"options\":[\"nosuid\",\"noexec\",\"nodev\"]},"
	"{\"destination\":\"/sys\",\"type\":\"sysfs\",\"source\":\"sysfs\","
	"\"options\":[\"nosuid\",\"noexec\",\"nodev\",\"ro\"]},"
	"{\"destination\":\"/sys/fs/cgroup\",\"type\":\"cgroup\",\"source\":\"cgroup\","
	"\"options\":[\"nosuid\",\"noexec\",\"nodev\",\"relatime\",\"ro\"]}],"
	"\"linux\":{\"resources\":{\"devices\":[{\"allow\":false,\"access\":\"rwm\"}]},"
	"\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"network\"},{\"type\":\"ipc\"},"
	"{\"type\":\"uts\"},{\"type\":\"mount\"}],"
	"\"maskedPaths\":[\"/proc/acpi\",\"/proc/asound\",\"/proc/kcore\",\"/proc/keys\","
	"\"/proc/latency_stats\",\"/proc/timer_list\",\"/proc/timer_stats\","
	"\"/proc/sched_debug\",\"/sys/firmware\",\"/proc/scsi\"],"
	"\"readonlyPaths\":[\"/proc/bus\",\"/proc/fs\",\"/proc/irq\",\"/proc/sys\","
	"\"/proc/sysrq-trigger\"]}}";

static void add_namespace(struct linux_config *l, const char *type, struct arena *a)
{
	struct namespace_config *all = arena_array(a, l->namespaces.count + 1, sizeof(*all));

	memcpy(all, l->namespaces.items, l->namespaces.count * sizeof(*all));
	all[l->namespaces.count] = (struct namespace_config){.type = type};
	l->namespaces.items = all;
	l->namespaces.count++;
}

static void remove_namespace(struct linux_config *l, const char *type)
{
	size_t n = 0;

	for (size_t i = 0; i < l->namespaces.count; i++)
		if (strcmp(l->namespaces.items[i].type, type) != 0)
			l->namespaces.items[n++] = l->namespaces.items[i];
	l->namespaces.count = n;
}

static struct id_mapping *map_root(uint32_t host, struct arena *a)
{
	struct id_mapping *m = arena_alloc(a, sizeof(*m));

	*m = (struct id_mapping){.container_id = 0, .host_id = host, .size = 1};
	return m;
}

/* Without a network namespace of its own, in which nothing could be set up, sysfs is the host's. */
static void make_mounts_rootless(struct runtime_config *c, struct arena *a)
{
	static const char *const bind[] = {"rbind", "nosuid", "noexec", "nodev", "ro"};

	for (size_t i = 0; i < c->mounts.count; i++) {
		struct mount_config *m = &c->mounts.items[i];
		size_t n = 0;

		if (strcmp(m->destination, "/sys") == 0) {
			m->type = "none";
			m->source = "/sys";
			m->options = (struct strings){0};
			for (size_t k = 0; k < ARRAY_LEN(bind); k++)
				strings_add(a, &m->options, bind[k]);
		}
		/* of groups there is one */
		for (size_t k = 0; k < m->options.count; k++)
			if (strncmp(m->options.items[k], "gid=", 4) != 0)
				m->options.items[n++] = m->options.items[k];
		m->options.count = n;
	}
}

static void make_rootless(struct runtime_config *c, struct arena *a)
{
	struct linux_config *l = c->linux_;

	remove_namespace(l, "network");
	add_namespace(l, "user", a);
	l->uid_mappings.items = map_root(geteuid(), a);
	l->gid_mappings.items = map_root(getegid(), a);
	l->uid_mappings.count = l->gid_mappings.count = 1;
	l->resources = NULL;
	make_mounts_rootless(c, a);
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct spec_command *o = call->options;
	const char *dir = o->bundle ? o->bundle : ".";
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct runtime_config config;
	struct statfs fs;
	own_fd int dirfd = -1;

	if (runtime_begin(call, err) < 0 ||
		runtime_config_parse(document, strlen(document), &config, &a, err) < 0)
		return -err->code;
	if (o->rootless)
		make_rootless(&config, &a);
	if (statfs(CGROUP_ROOT, &fs) == 0 && fs.f_type == CGROUP2_SUPER_MAGIC)
		add_namespace(config.linux_, "cgroup", &a);
	runtime_config_encode(&config, JSON_PRETTY, &text);
	buf_addc(&text, '\n');
	dirfd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dirfd < 0)
		return err_errno(err, "cannot open '%s'", dir);
	if (io_publish_file(dirfd, "config.json", text.data, text.len, 0644, IO_EXCLUSIVE, err) < 0)
		return err_wrap(err, "config.json");
	return 0;
}

const struct cli_command runtime_spec_command = {
	.name = "spec",
	.synopsis = "[OPTIONS]",
	.help = "Write a config.json to begin with",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct spec_command),
	.max_args = 0,
	.run = run,
	.details =
		"It is runc's: a shell on a terminal. kist-spec config writes those of kist's containers.",
};
