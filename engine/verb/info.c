/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "engine/verb/limits.h"
#include "engine/verb/state.h"
#include "engine/verb/verb.h"
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

static const char *cgroup_version(void)
{
	return access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0 ? "2" : "1";
}

static struct json *info_document(struct engine *e, const struct counts *n, const struct utsname *u)
{
	struct arena *a = &e->arena;
	struct json *d = json_new_object(a);
	struct sysinfo memory = {0};

	sysinfo(&memory);
	json_set_string(a, d, "ID", "");
	json_set_int(a, d, "Containers", (int64_t)n->containers);
	json_set_int(a, d, "ContainersRunning", (int64_t)n->running);
	json_set_int(a, d, "ContainersPaused", (int64_t)n->paused);
	json_set_int(a, d, "ContainersStopped", (int64_t)n->stopped);
	json_set_int(a, d, "Images", (int64_t)n->images);
	json_set_string(a, d, "Driver", "overlay2");
	json_set_string(a, d, "LoggingDriver", "json-file");
	json_set_string(a, d, "CgroupDriver", "cgroupfs");
	json_set_string(a, d, "CgroupVersion", cgroup_version());
	json_set_string(a, d, "DefaultRuntime", "kist-runtime");
	json_set_string(a, d, "KernelVersion", u->release);
	json_set_string(a, d, "OperatingSystem", system_name(a));
	json_set_string(a, d, "OSType", "linux");
	json_set_string(a, d, "Architecture", u->machine);
	json_set_int(a, d, "NCPU", sysconf(_SC_NPROCESSORS_ONLN));
	json_set_int(a, d, "MemTotal", (int64_t)memory.totalram * memory.mem_unit);
	json_set_string(a, d, "DockerRootDir", e->root_path);
	json_set_string(a, d, "Name", u->nodename);
	json_set_string(a, d, "ServerVersion", KIST_VERSION);
	json_set(a, d, "Limits", limits_document(&n->limits, a));
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
