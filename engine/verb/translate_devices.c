/* SPDX-License-Identifier: Apache-2.0 */
/* Devices of the host, and limits of their use. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "engine/verb/translate_parts.h"
#include "lib/dir.h"
#include "lib/own.h"

struct maker {
	const struct docker_host_config *host;
	struct config_options *options;
	struct arena *arena;
};

/* The list of devices doubles at powers of two. */
static bool full(size_t count)
{
	return (count & (count - 1)) == 0;
}

static size_t room(size_t count)
{
	return count ? count * 2 : 1;
}

static int add_device(const struct maker *m, const char *host, const char *path, const char *access,
	struct err *err)
{
	struct config_options *o = m->options;
	struct arena *a = m->arena;
	struct device_option *more, *d;
	struct stat st;

	if (stat(host, &st) < 0)
		return err_set(err, errno == ENOENT ? E_NOT_FOUND : errno,
			"error gathering device information while adding custom device \"%s\": %s",
			host, errno == ENOENT ? "no such file or directory" : strerror(errno));
	if (!S_ISCHR(st.st_mode) && !S_ISBLK(st.st_mode))
		return err_set(err, E_USAGE,
			"error gathering device information while adding custom device \"%s\": not a "
			"device node",
			host);
	if (full(o->devices.count)) {
		more = arena_array(a, room(o->devices.count), sizeof(*more));
		if (o->devices.count)
			memcpy(more, o->devices.items, o->devices.count * sizeof(*more));
		o->devices.items = more;
	}
	d = &o->devices.items[o->devices.count++];
	d->device.path = arena_strdup(a, path);
	d->device.type = S_ISCHR(st.st_mode) ? "c" : "b";
	d->device.major = major(st.st_rdev);
	d->device.minor = minor(st.st_rdev);
	d->device.file_mode = arena_alloc(a, 3 * sizeof(uint32_t));
	d->device.uid = d->device.file_mode + 1;
	d->device.gid = d->device.file_mode + 2;
	*d->device.file_mode = st.st_mode & 07777;
	*d->device.uid = st.st_uid;
	*d->device.gid = st.st_gid;
	d->access = access;
	return 0;
}

/* With --privileged the container has every device of the host, but for terminals and such. */
static int add_host_devices(const struct maker *m, const char *dir, int depth, struct err *err)
{
	static const char *const skipped[] = {"pts", "shm", "fd", "mqueue", "console", "ptmx",
		"tty", "null", "zero", "full", "random", "urandom", ".lxc", ".lxd-mounts", ".udev"};
	own_dir DIR *d = opendir(dir);
	struct dirent *entry;
	int r;

	if (!d)
		return err_errno(err, "cannot read '%s'", dir);
	while ((r = dir_next(d, &entry, err)) > 0) {
		own_mem char *path = xasprintf("%s/%s", dir, entry->d_name);
		bool skip = entry->d_name[0] == '.';

		for (size_t i = 0; i < ARRAY_LEN(skipped) && depth == 0; i++)
			skip = skip || strcmp(entry->d_name, skipped[i]) == 0;
		if (skip)
			continue;
		if (entry->d_type == DT_DIR && depth < 4 &&
			add_host_devices(m, path, depth + 1, err) < 0)
			return -err->code;
		if ((entry->d_type == DT_CHR || entry->d_type == DT_BLK) &&
			add_device(m, path, path, "rwm", err) < 0 && err->code != E_NOT_FOUND)
			return -err->code;
	}
	return r < 0 ? err_wrap(err, "'%s'", dir) : 0;
}

/* "c 1:3 rwm", with "*" for any number */
static int add_device_rule(const struct maker *m, const char *text, struct err *err)
{
	struct config_options *o = m->options;
	struct arena *a = m->arena;
	char type, major_text[16], minor_text[16], access[4];
	struct device_rule *rule;
	const char *texts[2] = {major_text, minor_text};
	int end = 0;

	if (sscanf(text, "%c %15[0-9*]:%15[0-9*] %3[rwm]%n", &type, major_text, minor_text, access,
		    &end) != 4 ||
		text[end] || !strchr("abc", type))
		return err_set(err, E_USAGE, "invalid device cgroup rule format: '%s'", text);
	rule = &o->device_rules.items[o->device_rules.count++];
	*rule = (struct device_rule){.allow = true,
		.type = arena_strndup(a, &type, 1),
		.access = arena_strdup(a, access)};
	for (int i = 0; i < 2; i++) {
		int64_t **number = i ? &rule->minor : &rule->major;

		if (strchr(texts[i], '*'))
			continue;
		*number = arena_alloc(a, sizeof(int64_t));
		**number = strtoll(texts[i], NULL, 10);
	}
	return 0;
}

static int set_devices(const struct maker *m, struct err *err)
{
	const struct docker_host_config *h = m->host;

	if (h->privileged && add_host_devices(m, "/dev", 0, err) < 0)
		return -err->code;
	for (size_t i = 0; i < h->devices.count; i++) {
		const struct docker_device *d = &h->devices.items[i];

		if (add_device(m, d->host_path, d->container_path, d->permissions, err) < 0)
			return -err->code;
	}
	m->options->device_rules.items = arena_array(
		m->arena, h->device_cgroup_rules.count, sizeof(*m->options->device_rules.items));
	for (size_t i = 0; i < h->device_cgroup_rules.count; i++)
		if (add_device_rule(m, h->device_cgroup_rules.items[i], err) < 0)
			return -err->code;
	return 0;
}

static int device_number(
	const char *path, int64_t *major_number, int64_t *minor_number, struct err *err)
{
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISBLK(st.st_mode))
		return err_set(err, E_USAGE, "'%s' is no block device", path);
	*major_number = major(st.st_rdev);
	*minor_number = minor(st.st_rdev);
	return 0;
}

/* One of the four kinds of throttling. */
#define SET_RATES(m, rates, throttle, err)                                                         \
	set_rates(m, rates, (void *)&(throttle).items, &(throttle).count, err)

static int set_rates(const struct maker *m, const struct docker_rates *rates,
	struct throttle_device **items, size_t *count, struct err *err)
{
	*items = arena_array(m->arena, rates->count, sizeof(**items));
	for (size_t i = 0; i < rates->count; i++) {
		struct throttle_device *t = &(*items)[i];

		t->rate = (uint64_t)rates->items[i].rate;
		if (device_number(rates->items[i].path, &t->major, &t->minor, err) < 0)
			return -err->code;
		(*count)++;
	}
	return 0;
}

static int set_block_io(const struct maker *m, struct err *err)
{
	const struct docker_host_config *h = m->host;
	struct arena *a = m->arena;
	struct block_io_resources *b;

	if (!h->blkio_weight && !h->blkio_weight_device.count && !h->read_bps.count &&
		!h->write_bps.count && !h->read_iops.count && !h->write_iops.count)
		return 0;
	m->options->block_io = b = arena_alloc(a, sizeof(*b));
	if (h->blkio_weight) {
		b->weight = arena_alloc(a, sizeof(uint32_t));
		*b->weight = (uint32_t)h->blkio_weight;
	}
	b->weight_device.items = arena_array(
		a, h->blkio_weight_device.count, sizeof(*b->weight_device.items));
	for (size_t i = 0; i < h->blkio_weight_device.count; i++) {
		struct weight_device *w = &b->weight_device.items[b->weight_device.count++];

		w->weight = arena_alloc(a, sizeof(uint32_t));
		*w->weight = (uint32_t)h->blkio_weight_device.items[i].weight;
		if (device_number(h->blkio_weight_device.items[i].path, &w->major, &w->minor, err) <
			0)
			return -err->code;
	}
	if (SET_RATES(m, &h->read_bps, b->throttle_read_bps, err) < 0 ||
		SET_RATES(m, &h->write_bps, b->throttle_write_bps, err) < 0 ||
		SET_RATES(m, &h->read_iops, b->throttle_read_iops, err) < 0)
		return -err->code;
	return SET_RATES(m, &h->write_iops, b->throttle_write_iops, err);
}

int translate_devices(const struct translate_context *c, struct translation *t, struct err *err)
{
	const struct maker m = {&t->docker.host_config, &t->options, c->arena};

	return set_devices(&m, err) < 0 ? -err->code : set_block_io(&m, err);
}
