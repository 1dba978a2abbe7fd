/* SPDX-License-Identifier: Apache-2.0 */
/* kist version, info and system df */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "engine/cli/cmd.h"
#include "engine/cli/format.h"
#include "engine/cli/mouth.h"
#include "engine/docker/units.h"
#include "engine/verb/disk_usage.h"
#include "engine/verb/state.h"
#include "lib/io.h"
#include "lib/own.h"
#include "spec/image.h"
#include "store/image.h"
#include "store/volume.h"

#define API_VERSION "1.45" /* whose words inspect and the listings have */

struct format_options {
	const char *format;
};

static const struct cli_option format_option[] = {
	{.name = "format",
		.letter = 'f',
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct format_options, format),
		.arg = "FORMAT",
		.help = "json or a Go template"},
};

static int print_document(
	const char *format, const struct json *document, struct arena *a, struct err *err)
{
	own_buf struct buf out = {0};
	struct json *list = json_new_array(a);
	int r;

	json_append(list, json_copy(a, document));
	r = format_documents(format, list, &out, err);
	format_print(&out);
	return r;
}

/* ---- version ---- */

static struct json *version_part(struct arena *a, const char *os, const char *arch)
{
	struct json *d = json_new_object(a);

	json_set_string(a, d, "Version", KIST_VERSION);
	json_set_string(a, d, "ApiVersion", API_VERSION);
	json_set_string(a, d, "GoVersion", "none (C)");
	json_set_string(a, d, "GitCommit", "");
	json_set_string(a, d, "Os", os);
	json_set_string(a, d, "Arch", arch);
	return d;
}

static int run_version(const struct cli_call *call, struct err *err)
{
	const struct format_options *o = call->options;
	own_arena struct arena a = {0};
	const char *arch = strchr(platform_host(), '/') + 1;
	struct json *d = json_new_object(&a);
	struct utsname u;

	if (uname(&u) < 0)
		return err_errno(err, "cannot ask the kernel for its version");
	json_set(&a, d, "Client", version_part(&a, "linux", arch));
	json_set(&a, d, "Server", version_part(&a, "linux", arch));
	json_set_string(&a, json_get(d, "Server"), "KernelVersion", u.release);
	if (o->format)
		return print_document(o->format, d, &a, err);
	printf("Client:\n Version:           %s\n API version:       %s\n OS/Arch:           %s\n"
	       " Context:           default\n\n"
	       "Server: kist (no daemon)\n Engine:\n  Version:          %s\n"
	       "  API version:      %s\n  OS/Arch:          %s\n kist-runtime:\n  Version:          %s\n"
	       " Kernel:\n  Version:          %s\n",
		KIST_VERSION, API_VERSION, platform_host(), KIST_VERSION, API_VERSION,
		platform_host(), KIST_VERSION, u.release);
	return 0;
}

const struct cli_command cmd_version = {
	.name = "version",
	.synopsis = "[OPTIONS]",
	.help = "Print versions",
	.options = format_option,
	.noptions = ARRAY_LEN(format_option),
	.options_size = sizeof(struct format_options),
	.run = run_version,
};

/* ---- info ---- */

struct counts {
	size_t containers, running, paused, stopped, images;
};

static int count(struct engine *e, struct counts *n, struct err *err)
{
	struct container_records records;
	struct image_list images;

	*n = (struct counts){0};
	if (stored_container_list(e->store, &records, &e->arena, err) < 0 ||
		image_list(e->store, &images, &e->arena, err) < 0)
		return -err->code;
	n->images = images.count;
	for (size_t i = 0; i < records.count; i++) {
		struct container_state state;

		if (container_state_read(e, &records.items[i], &state, err) < 0)
			continue; /* it went while we looked */
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
	return d;
}

static void print_info(const struct json *d)
{
	static const struct {
		const char *label, *key;
	} rows[] = {{" Containers", "Containers"}, {"  Running", "ContainersRunning"},
		{"  Paused", "ContainersPaused"}, {"  Stopped", "ContainersStopped"},
		{" Images", "Images"}, {" Server Version", "ServerVersion"},
		{" Storage Driver", "Driver"}, {" Logging Driver", "LoggingDriver"},
		{" Cgroup Driver", "CgroupDriver"}, {" Cgroup Version", "CgroupVersion"},
		{" Default Runtime", "DefaultRuntime"}, {" Kernel Version", "KernelVersion"},
		{" Operating System", "OperatingSystem"}, {" OSType", "OSType"},
		{" Architecture", "Architecture"}, {" CPUs", "NCPU"}, {" Name", "Name"},
		{" Docker Root Dir", "DockerRootDir"}};
	char text[UNITS_TEXT_MAX];
	int64_t bytes = 0;

	printf("Client:\n Version:    %s\n Context:    default\n\nServer:\n", KIST_VERSION);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		printf("%s: %s\n", rows[i].label, json_get(d, rows[i].key)->text);
	json_int64(json_get(d, "MemTotal"), &bytes);
	units_memory(bytes, text);
	printf(" Total Memory: %s\n", text);
}

static int run_info(const struct cli_call *call, struct err *err)
{
	const struct format_options *o = call->options;
	own_mouth struct mouth m = {0};
	struct engine *e = &m.engine;
	struct utsname u;
	struct counts n;
	struct json *d;

	if (mouth_open_looking(&m, call, err) < 0 || count(e, &n, err) < 0)
		return -err->code;
	if (uname(&u) < 0)
		return err_errno(err, "cannot ask the kernel for its name");
	d = info_document(e, &n, &u);
	if (o->format)
		return print_document(o->format, d, &e->arena, err);
	print_info(d);
	return 0;
}

const struct cli_command cmd_info = {
	.name = "info",
	.synopsis = "[OPTIONS]",
	.help = "Print what kist knows of this machine",
	.options = format_option,
	.noptions = ARRAY_LEN(format_option),
	.options_size = sizeof(struct format_options),
	.run = run_info,
};

/* ---- system df ---- */

struct usage {
	size_t total, active;
	int64_t size, reclaimable;
};

static int container_usage(
	struct engine *e, struct container_records *records, struct usage *u, struct err *err)
{
	if (stored_container_list(e->store, records, &e->arena, err) < 0)
		return -err->code;
	for (size_t i = 0; i < records->count; i++) {
		struct container_state state;
		int64_t upper, layers;

		if (container_state_read(e, &records->items[i], &state, err) < 0)
			continue; /* it went while we looked */
		disk_usage_container(e, &records->items[i], &upper, &layers);
		u->total++;
		u->size += upper;
		if (state.monitor)
			u->active++;
		else
			u->reclaimable += upper;
	}
	return 0;
}

static bool image_used(const struct container_records *records, const struct image_entry *entry)
{
	for (size_t i = 0; i < records->count; i++)
		if (records->items[i].image_id &&
			strcmp(records->items[i].image_id, entry->id.text) == 0)
			return true;
	return false;
}

static int image_usage(
	struct engine *e, const struct container_records *records, struct usage *u, struct err *err)
{
	struct image_list list;

	if (image_list(e->store, &list, &e->arena, err) < 0)
		return -err->code;
	for (size_t i = 0; i < list.count; i++) {
		bool again = false;

		for (size_t k = 0; k < i; k++)
			again = again || digest_equal(&list.items[k].id, &list.items[i].id);
		if (again)
			continue;
		u->total++;
		u->size += list.items[i].size;
		if (image_used(records, &list.items[i]))
			u->active++;
		else
			u->reclaimable += list.items[i].size;
	}
	return 0;
}

static bool volume_used(struct engine *e, const struct container_records *records, const char *name)
{
	for (size_t i = 0; i < records->count; i++) {
		struct docker_container docker;

		if (container_docker(&records->items[i], &docker, &e->arena, &(struct err){0}) < 0)
			continue;
		for (size_t k = 0; k < docker.mounts.count; k++)
			if (docker.mounts.items[k].name &&
				strcmp(docker.mounts.items[k].name, name) == 0)
				return true;
	}
	return false;
}

static int volume_usage(
	struct engine *e, const struct container_records *records, struct usage *u, struct err *err)
{
	struct volume_list list;

	if (volume_list(e->store, &list, &e->arena, err) < 0)
		return -err->code;
	for (size_t i = 0; i < list.count; i++) {
		int64_t bytes = disk_usage_tree(e->store->volumes, list.items[i].name);

		u->total++;
		u->size += bytes;
		if (volume_used(e, records, list.items[i].name))
			u->active++;
		else
			u->reclaimable += bytes;
	}
	return 0;
}

static struct json *usage_row(struct arena *a, const char *type, const struct usage *u)
{
	struct json *row = json_new_object(a);
	char size[UNITS_TEXT_MAX], reclaimable[UNITS_TEXT_MAX];

	units_size(u->size, 4, size);
	units_size(u->reclaimable, 4, reclaimable);
	json_set_string(a, row, "Type", type);
	json_set_string(a, row, "TotalCount", arena_printf(a, "%zu", u->total));
	json_set_string(a, row, "Active", arena_printf(a, "%zu", u->active));
	json_set_string(a, row, "Size", size);
	json_set_string(a, row, "Reclaimable",
		u->size ? arena_printf(a, "%s (%d%%)", reclaimable,
				  (int)(u->reclaimable * 100 / u->size))
			: reclaimable);
	return row;
}

static int run_df(const struct cli_call *call, struct err *err)
{
	static const struct format_column columns[] = {{"Active", "ACTIVE"},
		{"Reclaimable", "RECLAIMABLE"}, {"Size", "SIZE"}, {"TotalCount", "TOTAL"},
		{"Type", "TYPE"}};
	static const struct format_kind kind = {"*formatter.diskUsageContext", columns,
		ARRAY_LEN(columns),
		"{{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}"};
	const struct format_options *o = call->options;
	own_mouth struct mouth m = {0};
	struct engine *e = &m.engine;
	own_buf struct buf out = {0};
	struct usage containers = {0}, images = {0}, volumes = {0}, cache = {0};
	struct container_records records;
	struct json *rows;

	if (mouth_open_looking(&m, call, err) < 0 ||
		container_usage(e, &records, &containers, err) < 0 ||
		image_usage(e, &records, &images, err) < 0 ||
		volume_usage(e, &records, &volumes, err) < 0)
		return -err->code;
	cache.size = cache.reclaimable = disk_usage_tree(e->store->root, "cache");
	rows = json_new_array(&e->arena);
	json_append(rows, usage_row(&e->arena, "Images", &images));
	json_append(rows, usage_row(&e->arena, "Containers", &containers));
	json_append(rows, usage_row(&e->arena, "Local Volumes", &volumes));
	json_append(rows, usage_row(&e->arena, "Build Cache", &cache));
	if (format_rows(&kind, o->format, rows, &out, err) < 0)
		return -err->code;
	format_print(&out);
	return 0;
}

const struct cli_command cmd_system_df = {
	.name = "system df",
	.synopsis = "[OPTIONS]",
	.help = "Print how much room images, containers and volumes take",
	.options = format_option,
	.noptions = ARRAY_LEN(format_option),
	.options_size = sizeof(struct format_options),
	.run = run_df,
};
