/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "engine/verb/host_limits.h"
#include "engine/verb/limits.h"
#include "engine/verb/state.h"
#include "engine/verb/verb.h"
#include "lib/dir.h"
#include "lib/io.h"
#include "lib/own.h"
#include "store/image.h"

struct counts {
	size_t containers, running, paused, stopped, images;
	struct limits limits;
};

/* What is damaged is told, and hides no other. */
static int count(struct engine *e, struct counts *n, struct sink *sink, struct err *err)
{
	struct container_records records;
	struct image_list images;

	*n = (struct counts){0};
	if (stored_container_list(e->store, &records, &e->arena, err) < 0 ||
		image_list(e->store, &images, &e->arena, err) < 0)
		return -err->code;
	n->images = images.count;
	for (size_t i = 0; i < records.damaged.count; i++)
		sink_notice(sink, "kist: %s", records.damaged.items[i]);
	for (size_t i = 0; i < records.count; i++) {
		struct docker_container docker;
		struct container_state state;

		if (container_state_read(e, &records.items[i], &state, err) < 0)
			continue; /* it went while we looked */
		if (state.status == STATUS_RUNNING || state.status == STATUS_PAUSED) {
			if (container_docker(&records.items[i], &docker, &e->arena, err) < 0)
				sink_notice(sink, "kist: %s", err->msg);
			else
				limits_add(
					&n->limits, records.items[i].id, &docker, e->cgroup_parent);
		}
		n->containers++;
		n->running += state.status == STATUS_RUNNING;
		n->paused += state.status == STATUS_PAUSED;
		n->stopped += state.status == STATUS_CREATED || state.status == STATUS_EXITED;
	}
	return 0;
}

/* PRETTY_NAME of os-release. In the arena. */
static const char *system_name(struct arena *a)
{
	own_buf struct buf text = {0};
	const char *line;

	if (io_read_file(AT_FDCWD, "/etc/os-release", 65536, &text, &(struct err){0}) < 0)
		return "Linux";
	line = strstr(buf_str(&text), "PRETTY_NAME=\"");
	if (!line)
		return "Linux";
	line += strlen("PRETTY_NAME=\"");
	return arena_strndup(a, line, strcspn(line, "\"\n"));
}

/* Is the number in a file of /proc or /sys not 0, the letter not N? */
static bool is_on(const char *file)
{
	own_buf struct buf text = {0};

	return io_read_file(AT_FDCWD, file, 64, &text, &(struct err){0}) == 0 && text.len &&
		text.data[0] != '0' && text.data[0] != 'N';
}

static int64_t open_files(void)
{
	own_dir DIR *dir = dir_open(AT_FDCWD, "/proc/self/fd");
	struct dirent *entry;
	int64_t n = 0;

	while (dir && dir_next(dir, &entry, &(struct err){0}) > 0)
		n++;
	return n;
}

static const char *file_system(const char *path)
{
	static const struct {
		unsigned magic;
		const char *name;
	} known[] = {{0xef53, "extfs"}, {0x58465342, "xfs"}, {0x9123683e, "btrfs"},
		{0x01021994, "tmpfs"}, {0x794c7630, "overlayfs"}, {0xf2f52010, "f2fs"},
		{0x2fc12fc1, "zfs"}, {0x6969, "nfs"}};
	struct statfs st;

	if (statfs(path, &st) < 0)
		return "<unknown>";
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if ((unsigned)st.f_type == known[i].magic)
			return known[i].name;
	return "<unknown>";
}

/* "a,b" as ["a","b"] */
static struct json *list_of(struct arena *a, const char *words)
{
	struct json *list = json_new_array(a);

	while (*words) {
		size_t n = strcspn(words, ",");

		json_append(list, json_new_string(a, arena_strndup(a, words, n)));
		words += n + (words[n] == ',');
	}
	return list;
}

/* docker's names of what control groups can limit, and its sentences where they cannot. */
static void add_limits(struct arena *a, struct json *d, const struct host_limits *l)
{
	const struct {
		const char *key;
		bool there, wanted; /* wanted: its absence is worth a warning */
		const char *words;
	} rows[] = {{"MemoryLimit", l->memory, true, "memory limit"},
		{"SwapLimit", l->swap, true, "swap limit"},
		{"CpuCfsPeriod", l->cfs_period, true, "cpu cfs period"},
		{"CpuCfsQuota", l->cfs_quota, true, "cpu cfs quota"},
		{"CPUShares", l->cpu_shares, true, "cpu shares"},
		{"CPUSet", l->cpuset, true, "cpuset"}, {"PidsLimit", l->pids, true, "pids limit"},
		{"OomKillDisable", l->oom_kill_disable, !l->v2, "oom kill disable"}};
	struct json *warnings = json_new_array(a);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_set_bool(a, d, rows[i].key, rows[i].there);
		if (!rows[i].there && rows[i].wanted)
			json_append(warnings,
				json_new_string(a,
					arena_printf(a, "WARNING: No %s support", rows[i].words)));
	}
	json_set(a, d, "Warnings", warnings);
}

/* What kist does itself, and nothing on this machine changes. */
static void add_engine(struct engine *e, struct json *d)
{
	struct arena *a = &e->arena;
	struct json *plugins = json_set(a, d, "Plugins", json_new_object(a)), *runtimes, *swarm;
	struct json *status = json_set(a, d, "DriverStatus", json_new_array(a));
	struct json *registries, *security;

	json_append(status,
		list_of(a, arena_printf(a, "Backing Filesystem,%s", file_system(e->root_path))));
	json_append(status, list_of(a, "Supports d_type,true"));
	json_set(a, plugins, "Volume", list_of(a, "local"));
	json_set(a, plugins, "Network", list_of(a, "bridge,host,none"));
	json_set(a, plugins, "Authorization", json_new_null(a));
	json_set(a, plugins, "Log", list_of(a, "json-file"));
	runtimes = json_set(a, d, "Runtimes", json_new_object(a));
	json_set_string(a, json_set(a, runtimes, "kist-runtime", json_new_object(a)), "path",
		"kist-runtime");
	json_set_string(a, d, "DefaultRuntime", "kist-runtime");
	swarm = json_set(a, d, "Swarm", json_new_object(a));
	json_set_string(a, swarm, "NodeID", "");
	json_set_string(a, swarm, "LocalNodeState", "inactive");
	registries = json_set(a, d, "RegistryConfig", json_new_object(a));
	json_set(a, registries, "InsecureRegistryCIDRs", list_of(a, "127.0.0.0/8"));
	json_set(a, registries, "Mirrors", json_new_array(a));
	security = json_set(a, d, "SecurityOptions", json_new_array(a));
	json_append(security, json_new_string(a, "name=seccomp,profile=builtin"));
	json_set_bool(a, d, "LiveRestoreEnabled", true); /* nothing depends on kistd */
	json_set_bool(a, d, "ExperimentalBuild", false);
	json_set_bool(a, d, "Debug", false);
	json_set_string(a, d, "InitBinary", "");
	json_set_string(a, d, "IndexServerAddress", "https://index.docker.io/v1/");
	json_set(a, d, "Labels", json_new_array(a));
}

static void add_host(struct engine *e, const struct utsname *u, struct json *d)
{
	struct arena *a = &e->arena;
	struct sysinfo memory = {0};
	struct host_limits limits;
	char now[IO_TIME_MAX];

	sysinfo(&memory);
	host_limits_read("/proc/self/mountinfo", &limits);
	json_set_string(a, d, "CgroupDriver", "cgroupfs");
	json_set_string(a, d, "CgroupVersion", limits.v2 ? "2" : "1");
	json_set_string(a, d, "KernelVersion", u->release);
	json_set_string(a, d, "OperatingSystem", system_name(a));
	json_set_string(a, d, "OSType", "linux");
	json_set_string(a, d, "Architecture", u->machine);
	json_set_string(a, d, "Name", u->nodename);
	json_set_int(a, d, "NCPU", sysconf(_SC_NPROCESSORS_ONLN));
	json_set_int(a, d, "MemTotal", (int64_t)memory.totalram * memory.mem_unit);
	json_set_int(a, d, "NFd", open_files());
	io_time_now(now);
	json_set_string(a, d, "SystemTime", now);
	/* kist-netsetup turns it on with the first network that needs it: no warning without it */
	json_set_bool(a, d, "IPv4Forwarding", is_on("/proc/sys/net/ipv4/ip_forward"));
	json_set_bool(
		a, d, "BridgeNfIptables", is_on("/proc/sys/net/bridge/bridge-nf-call-iptables"));
	json_set_bool(
		a, d, "BridgeNfIp6tables", is_on("/proc/sys/net/bridge/bridge-nf-call-ip6tables"));
	if (is_on("/sys/module/apparmor/parameters/enabled"))
		json_append(json_get(d, "SecurityOptions"), json_new_string(a, "name=apparmor"));
	if (access("/proc/self/ns/cgroup", F_OK) == 0)
		json_append(json_get(d, "SecurityOptions"), json_new_string(a, "name=cgroupns"));
	add_limits(a, d, &limits);
}

static struct json *info_document(struct engine *e, const struct counts *n, const struct utsname *u)
{
	struct arena *a = &e->arena;
	struct json *d = json_new_object(a);

	json_set_string(a, d, "ID", "");
	json_set_int(a, d, "Containers", (int64_t)n->containers);
	json_set_int(a, d, "ContainersRunning", (int64_t)n->running);
	json_set_int(a, d, "ContainersPaused", (int64_t)n->paused);
	json_set_int(a, d, "ContainersStopped", (int64_t)n->stopped);
	json_set_int(a, d, "Images", (int64_t)n->images);
	json_set_string(a, d, "Driver", "overlay2");
	json_set_string(a, d, "LoggingDriver", "json-file");
	json_set_string(a, d, "DockerRootDir", e->root_path);
	json_set_string(a, d, "ServerVersion", KIST_VERSION);
	json_set(a, d, "Limits", limits_document(&n->limits, a));
	add_engine(e, d);
	add_host(e, u, d);
	return d;
}

int verb_info(struct engine *e, struct sink *sink, struct err *err)
{
	struct result result = {.kind = RESULT_DOCUMENT};
	struct utsname u;
	struct counts n;

	if (count(e, &n, sink, err) < 0)
		return -err->code;
	if (uname(&u) < 0)
		return err_errno(err, "cannot ask the kernel for its name");
	result.document = info_document(e, &n, &u);
	return sink_result(sink, &result, err);
}
